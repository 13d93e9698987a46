package graph

import (
	"context"
	"slices"

	"github.com/cayleygraph/quad"
)

// A nameIndex finds entities by their names. It is made of the graph's names when it is first needed.
type nameIndex struct {
	entries []nameEntry           // by id; the name first, then aliases
	byName  map[string][]quad.IRI // folded
	byAlias map[string][]quad.IRI
	bySlug  map[string][]quad.IRI
	nameOf  map[quad.IRI]string
}

// A nameEntry is one name of an entity.
type nameEntry struct {
	id    quad.IRI
	text  string
	key   string // folded
	alias bool
}

// names returns the index, and makes it at the first call.
func (s *Store) names(ctx context.Context) (*nameIndex, error) {
	s.lookup.Lock()
	defer s.lookup.Unlock()
	if s.lookup.names != nil {
		return s.lookup.names, nil
	}
	ix := &nameIndex{
		byName: map[string][]quad.IRI{}, byAlias: map[string][]quad.IRI{},
		bySlug: map[string][]quad.IRI{}, nameOf: map[quad.IRI]string{},
	}
	for _, p := range []quad.IRI{Name, AltLabel} {
		for q, err := range s.Match(ctx, Pattern{Predicate: p}) {
			if err != nil {
				return nil, err
			}
			ix.add(q, p == AltLabel)
		}
	}
	slices.SortFunc(ix.entries, compareEntries)
	ix.entries = slices.Compact(ix.entries)
	s.lookup.names = ix
	return ix, nil
}

func (ix *nameIndex) add(q quad.Quad, alias bool) {
	id, ok := q.Subject.(quad.IRI)
	text := textOf(q.Object)
	if !ok || text == "" {
		return
	}
	e := nameEntry{id: id, text: text, key: Fold(text), alias: alias}
	ix.entries = append(ix.entries, e)
	if alias {
		addOnce(ix.byAlias, e.key, id)
		return
	}
	addOnce(ix.byName, e.key, id)
	if old, ok := ix.nameOf[id]; !ok || text < old {
		ix.nameOf[id] = text
	}
	if slug := SlugOf(id); slug != "" {
		addOnce(ix.bySlug, Fold(slug), id)
	}
}

func addOnce(m map[string][]quad.IRI, key string, id quad.IRI) {
	if !slices.Contains(m[key], id) {
		m[key] = append(m[key], id)
	}
}

// SlugOf returns the last part of an entity's IRI: sky-ecc of kg:platform/sky-ecc.
func SlugOf(id quad.IRI) string {
	for i := len(id) - 1; i >= 0; i-- {
		if id[i] == '/' || id[i] == ':' || id[i] == '#' {
			return string(id[i+1:])
		}
	}
	return string(id)
}

// textOf returns the text of a literal without its language or datatype; "" for other values.
func textOf(v quad.Value) string {
	switch t := v.(type) {
	case quad.String:
		return string(t)
	case quad.LangString:
		return string(t.Value)
	default:
		return ""
	}
}

// NameOf returns the name of an entity; of a class, predicate or concept its label in the schema;
// of what has neither, "".
func (s *Store) NameOf(ctx context.Context, id quad.IRI) (string, error) {
	s.lookup.Lock()
	ix := s.lookup.names
	s.lookup.Unlock()
	if ix != nil {
		if name, ok := ix.nameOf[id]; ok {
			return name, nil
		}
		return s.labelOf(id), nil
	}
	best := ""
	for q, err := range s.Match(ctx, Pattern{Subject: id, Predicate: Name}) {
		if err != nil {
			return "", err
		}
		if text := textOf(q.Object); text != "" && (best == "" || text < best) {
			best = text
		}
	}
	if best == "" {
		best = s.labelOf(id)
	}
	return best, nil
}

// Names returns the names of entities. What has no name is not in the map.
func (s *Store) Names(ctx context.Context, ids ...quad.IRI) (map[quad.IRI]string, error) {
	names := make(map[quad.IRI]string, len(ids))
	for _, id := range ids {
		if _, done := names[id]; done {
			continue
		}
		name, err := s.NameOf(ctx, id)
		if err != nil {
			return nil, err
		}
		if name != "" {
			names[id] = name
		}
	}
	return names, nil
}

// labelOf is how the schema calls one of its own things.
func (s *Store) labelOf(id quad.IRI) string {
	if c, ok := s.schema.Class(id); ok {
		return c.Label
	}
	if p, ok := s.schema.Predicate(id); ok {
		return p.Label
	}
	if c, ok := s.schema.Concept(id); ok {
		return c.Label
	}
	return ""
}
