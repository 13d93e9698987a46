package graph

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// What a look-up needs: in a large store names are found far sooner than all texts.
const (
	namesAlone = false
	withTexts  = true
)

// lookUp calls do with the index of names, and texts if it needs them: the one that the store keeps, or
// one that is made of the graph at the first call.
func (s *Store) lookUp(ctx context.Context, texts bool, do func(*textIndex) error) error {
	if kept, err := s.keptIndex(do); kept || err != nil {
		return err
	}
	ix, err := s.madeIndex(ctx, texts)
	if err != nil {
		return err
	}
	return do(ix)
}

// keptText is the index that a store keeps, as one of its readers sees it.
type keptText struct {
	reader snapshot.Reader
	index  textIndex
}

// keptIndex calls do with the index that the store keeps, if it does.
func (s *Store) keptIndex(do func(*textIndex) error) (kept bool, err error) {
	keeps, ok := s.quads.(*snapshot.Store)
	if !ok {
		return false, nil
	}
	r, err := keeps.Reader()
	if err != nil {
		return false, fmt.Errorf("reading the store: %w", err)
	}
	err = r.Text(func(text []byte) error {
		known := s.keptText.Load()
		if known == nil || known.reader != *r {
			ix, ok := readTextIndex(text)
			if !ok {
				return nil
			}
			known = &keptText{*r, ix}
			s.keptText.Store(known)
		}
		kept = true
		return do(&known.index)
	})
	return kept, err
}

func (s *Store) madeIndex(ctx context.Context, withTexts bool) (*textIndex, error) {
	s.lookup.Lock()
	defer s.lookup.Unlock()
	switch {
	case s.lookup.index != nil:
		return s.lookup.index, nil
	case s.lookup.names != nil && !withTexts:
		return s.lookup.names, nil
	}
	quads := s.Match(ctx, Pattern{})
	if !withTexts {
		quads = s.namingQuads(ctx)
	}
	entities, err := gatherTexts(quads)
	if err != nil {
		return nil, err
	}
	ix := newTextIndex(entities)
	if withTexts {
		s.lookup.index, s.lookup.names = ix, nil
	} else {
		s.lookup.names = ix
	}
	return ix, nil
}

// namingQuads yields the quads that name things.
func (s *Store) namingQuads(ctx context.Context) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for _, p := range []quad.IRI{Name, AltLabel} {
			for q, err := range s.Match(ctx, Pattern{Predicate: p}) {
				if !yield(q, err) || err != nil {
					return
				}
			}
		}
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
	if name, ok := s.recalled.names.get(id, weighName); ok {
		return name, nil
	}
	name, err := s.readName(ctx, id)
	if err == nil {
		s.recalled.names.put(id, name, weighName(name))
	}
	return name, err
}

func (s *Store) readName(ctx context.Context, id quad.IRI) (string, error) {
	name := ""
	indexed := func(ix *textIndex) error {
		name = ix.nameOf(id)
		return nil
	}
	kept, err := s.keptIndex(indexed)
	if err != nil {
		return "", err
	}
	s.lookup.Lock()
	made := cmp.Or(s.lookup.index, s.lookup.names)
	s.lookup.Unlock()
	if made != nil && !kept {
		kept, _ = true, indexed(made)
	}
	if kept {
		if name == "" {
			name = s.labelOf(id)
		}
		return name, nil
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
