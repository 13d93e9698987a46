package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// A Candidate is an entity that a text may mean.
type Candidate struct {
	ID   quad.IRI
	Name string // empty where it has none
}

// String prints the candidate as messages do: Sky ECC (kg:platform/sky-ecc).
func (c Candidate) String() string {
	if c.Name == "" {
		return string(c.ID)
	}
	return c.Name + " (" + string(c.ID) + ")"
}

// A NotFoundError says that no entity is meant by a text.
type NotFoundError struct {
	Text        string
	Wanted      []*Class    // the classes asked for; none: any
	Other       *Candidate  // what the text means among other classes
	OtherClass  *Class      // the class of Other
	Suggestions []Candidate // what is like it, the likest first
}

// Error names what was looked for and what may have been meant.
func (e *NotFoundError) Error() string {
	kind := "entity"
	if len(e.Wanted) > 0 {
		labels := make([]string, len(e.Wanted))
		for i, c := range e.Wanted {
			labels[i] = c.Label
		}
		kind = strings.Join(labels, " or ")
	}
	s := fmt.Sprintf("no %s %q", kind, shortened(e.Text))
	switch {
	case e.Other != nil && e.OtherClass != nil:
		return s + "; " + e.Other.String() + " is of class " + e.OtherClass.Label
	case e.Other != nil:
		return s + "; " + e.Other.String() + " is something else"
	case len(e.Suggestions) > 0:
		return s + "; did you mean " + orList(e.Suggestions) + "?"
	default:
		return s + "; kg search looks for parts of names"
	}
}

// An AmbiguousError says that a text means several entities.
type AmbiguousError struct {
	Text       string
	Candidates []Candidate // by id
}

// Error lists the candidates.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q may mean %s; give the id", shortened(e.Text), orList(e.Candidates))
}

// shortened keeps a text of any length to one line of a message.
func shortened(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func orList(cs []Candidate) string {
	var b strings.Builder
	for i, c := range cs {
		switch {
		case i > 0 && i == len(cs)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(c.String())
	}
	return b.String()
}

// Find returns the one entity that a text means: an IRI, short or full; class path and slug
// ("platform/sky-ecc"); a slug; a name or an alias, without regard to case, accents and punctuation.
// An id beats a name, and a name an alias. Claims, classes, predicates and concepts are found by IRI.
// With classes, only entities of these count, and of the classes that they include.
// The error is a [*NotFoundError], an [*AmbiguousError], or one of the store.
func (s *Store) Find(ctx context.Context, text string, classes ...quad.IRI) (quad.IRI, error) {
	var wanted []*Class
	for _, iri := range classes {
		if c, ok := s.schema.Class(iri); ok {
			wanted = append(wanted, c)
		}
	}
	text = strings.TrimSpace(text)
	found, err := s.meanings(ctx, text, wanted)
	if err != nil {
		return "", err
	}
	switch len(found) {
	case 1:
		return found[0], s.Err()
	case 0:
		return "", s.notFound(ctx, text, wanted)
	}
	slices.Sort(found)
	candidates := make([]Candidate, len(found))
	for i, id := range found {
		name, err := s.NameOf(ctx, id)
		if err != nil {
			return "", err
		}
		candidates[i] = Candidate{ID: id, Name: name}
	}
	return "", &AmbiguousError{Text: text, Candidates: candidates}
}

// meanings lists the entities that a text means, all at the same level: ids, else names, else aliases.
func (s *Store) meanings(ctx context.Context, text string, wanted []*Class) ([]quad.IRI, error) {
	ids, exact, err := s.byID(ctx, text)
	if err != nil {
		return nil, err
	}
	ids, err = s.ofClass(ctx, ids, wanted)
	if err != nil || exact || len(ids) > 0 {
		return ids, err
	}
	key := Fold(text)
	if key == "" {
		return nil, nil
	}
	for _, level := range []byte{rowName, rowAlias, rowSlug} {
		err := s.lookUp(ctx, namesAlone, func(ix *textIndex) error {
			ids = ix.exactly(level, key)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if ids, err = s.ofClass(ctx, ids, wanted); err != nil || len(ids) > 0 {
			return ids, err
		}
	}
	return nil, nil
}

// byID finds what a text names by id. It is exact when the text can be nothing but one id.
func (s *Store) byID(ctx context.Context, text string) (ids []quad.IRI, exact bool, err error) {
	if text == "" || strings.ContainsAny(text, " \t\n\"") {
		return nil, false, nil
	}
	inner, bracketed := strings.CutPrefix(text, "<")
	inner = strings.TrimSuffix(inner, ">")
	tries := []quad.IRI{quad.IRI(s.namespaces.Normal(inner))}
	if strings.Contains(inner, "/") {
		tries = append(tries, quad.IRI("kg:"+inner)) // not for single words: predicates are called like things
	}
	for _, iri := range tries {
		if s.Has(iri) {
			return []quad.IRI{iri}, true, nil
		}
	}
	if bracketed {
		return nil, true, nil
	}
	if !strings.ContainsAny(text, ":/") {
		for _, c := range s.schema.Classes() {
			if iri := quad.IRI("kg:" + c.Path + "/" + text); s.Has(iri) {
				ids = append(ids, iri)
			}
		}
	}
	return ids, false, context.Cause(ctx)
}

// ofClass keeps the entities of the wanted classes; of no class in particular, all.
func (s *Store) ofClass(ctx context.Context, ids []quad.IRI, wanted []*Class) ([]quad.IRI, error) {
	if len(wanted) == 0 {
		return slices.Clone(ids), nil
	}
	var kept []quad.IRI
	for _, id := range ids {
		classes, err := s.ClassesOf(ctx, id)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(classes, func(c *Class) bool {
			return slices.ContainsFunc(wanted, func(w *Class) bool { return s.schema.IsA(c, w) })
		}) {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

// ClassesOf returns the classes of an entity: the one that its id tells or, for an entity with an id
// that is not ours, those that the graph states.
func (s *Store) ClassesOf(ctx context.Context, id quad.IRI) ([]*Class, error) {
	if c, ok := s.schema.ClassOf(id); ok {
		return []*Class{c}, nil
	}
	var classes []*Class
	for q, err := range s.Match(ctx, Pattern{Subject: id, Predicate: Type}) {
		if err != nil {
			return nil, err
		}
		iri, _ := q.Object.(quad.IRI)
		if c, ok := s.schema.Class(iri); ok && !slices.Contains(classes, c) {
			classes = append(classes, c)
		}
	}
	slices.SortFunc(classes, func(a, b *Class) int { return cmp.Compare(a.Name, b.Name) })
	return classes, nil
}

// suggested is how many entities a message proposes.
const suggested = 3

// notFound explains why nothing was found.
func (s *Store) notFound(ctx context.Context, text string, wanted []*Class) error {
	e := &NotFoundError{Text: text, Wanted: wanted}
	if len(wanted) > 0 {
		others, err := s.meanings(ctx, text, nil)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			id := slices.Min(others)
			name, err := s.NameOf(ctx, id)
			if err != nil {
				return err
			}
			classes, err := s.ClassesOf(ctx, id)
			if err != nil {
				return err
			}
			e.Other = &Candidate{ID: id, Name: name}
			if len(classes) > 0 {
				e.OtherClass = classes[0]
			}
			return e
		}
	}
	var err error
	if e.Suggestions, err = s.like(ctx, text, wanted); err != nil {
		return err
	}
	return e
}
