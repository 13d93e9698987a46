package queries

import (
	"context"
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A world is what a run asks of the store, each thing once. The first error stays: answers after it
// are empty, and the run ends with it.
type world struct {
	ctx    context.Context //nolint:containedctx // a world lives as long as one run
	store  *graph.Store
	schema *graph.Schema
	err    error

	names       map[quad.IRI]string
	claims      map[quad.IRI]graph.Claim
	derivations map[quad.IRI]derived
	documents   map[quad.IRI]graph.Document
	facts       map[factKey][]fact
	within      map[factKey][]quad.IRI
}

type factKey struct{ subject, predicate quad.IRI }

// A fact is an object and the label under which it stands.
type fact struct {
	object quad.Value
	label  quad.IRI
}

// A derived is what a derivation rests on.
type derived struct {
	supports []graph.Claim
	inferred bool // every way to conclude it takes an inferred claim
}

func newWorld(ctx context.Context, store *graph.Store) *world {
	return &world{
		ctx: ctx, store: store, schema: store.Schema(),
		names: map[quad.IRI]string{}, claims: map[quad.IRI]graph.Claim{}, derivations: map[quad.IRI]derived{},
		documents: map[quad.IRI]graph.Document{}, facts: map[factKey][]fact{},
		within: map[factKey][]quad.IRI{},
	}
}

// note keeps the first error.
func (w *world) note(err error) {
	if w.err == nil {
		w.err = err
	}
}

// remember returns what is known under the key, or asks for it once.
func remember[K comparable, V any](known map[K]V, key K, ask func() V) V {
	v, ok := known[key]
	if !ok {
		v = ask()
		known[key] = v
	}
	return v
}

// name is how people call an entity; its identifier where it has no name.
func (w *world) name(id quad.IRI) string {
	return remember(w.names, id, func() string {
		name, err := w.store.NameOf(w.ctx, id)
		w.note(err)
		if name == "" {
			name = string(id)
		}
		return name
	})
}

func (w *world) claim(id quad.IRI) graph.Claim {
	return remember(w.claims, id, func() graph.Claim {
		c, err := w.store.Claim(w.ctx, id)
		w.note(err)
		return c
	})
}

func (w *world) derivation(id quad.IRI) derived {
	return remember(w.derivations, id, func() derived {
		d, err := w.store.Derivation(w.ctx, id)
		w.note(err)
		var result derived
		for _, from := range d.From {
			if !graph.IsClaim(from) {
				continue // the gazetteer
			}
			if c := w.claim(from); c.Rank != graph.Deprecated {
				result.supports = append(result.supports, c)
			}
		}
		result.inferred = d.InferredOnly(result.supports)
		return result
	})
}

// document is what the choice between claims needs of a source.
func (w *world) document(source quad.IRI) graph.Document {
	return remember(w.documents, source, func() graph.Document {
		var d graph.Document
		for _, f := range w.about(source, graph.Kind) {
			if kind, ok := f.object.(quad.IRI); ok && d.Kind == "" {
				d.Kind = kind
			}
		}
		for _, f := range w.about(source, graph.Issued) {
			if issued, ok := graph.DateOf(f.object); ok && d.Issued.IsZero() {
				d.Issued = issued
			}
		}
		return d
	})
}

// about returns what is said of a subject under a predicate, whoever says it, in a fixed order.
func (w *world) about(subject, predicate quad.IRI) []fact {
	return remember(w.facts, factKey{subject, predicate}, func() []fact {
		quads, err := w.store.Facts(w.ctx, graph.Pattern{Subject: subject, Predicate: predicate})
		if err != nil {
			w.note(err)
			return nil
		}
		facts := make([]fact, 0, len(quads))
		for _, q := range quads {
			label, _ := q.Label.(quad.IRI)
			facts = append(facts, fact{q.Object, label})
		}
		return facts
	})
}

// valid returns the facts that no deprecated claim alone supports.
func (w *world) valid(subject, predicate quad.IRI) []fact {
	return slices.DeleteFunc(slices.Clone(w.about(subject, predicate)), func(f fact) bool {
		return graph.IsClaim(f.label) && w.claim(f.label).Rank == graph.Deprecated
	})
}

// guessed says whether a fact is known only by inference.
func (w *world) guessed(f fact) bool {
	switch {
	case graph.IsClaim(f.label):
		return w.claim(f.label).Basis == graph.Inferred
	case graph.IsDerivation(f.label):
		return w.derivation(f.label).inferred
	default:
		return false
	}
}

// objects returns the entities that a subject is linked to, each once, in the order of their IRIs.
func (w *world) objects(subject, predicate quad.IRI) []quad.IRI {
	var list []quad.IRI
	for _, f := range w.valid(subject, predicate) {
		if iri, ok := f.object.(quad.IRI); ok && !slices.Contains(list, iri) {
			list = append(list, iri)
		}
	}
	slices.Sort(list)
	return list
}

// unnamedGroup is the kind of an agency that a document does not name.
const unnamedGroup quad.IRI = "kg:kind/unnamed-group"

// entity is the value of a thing of the graph.
func (w *world) entity(id quad.IRI) Value {
	v := Value{Term: id, Label: w.name(id)}
	if c, ok := w.schema.ClassOf(id); ok && c.Name == "Agency" {
		v.Unnamed = slices.Contains(w.objects(id, graph.Kind), unnamedGroup)
	}
	return v
}

// value is a term in a column.
func (w *world) value(c QuestionColumn, term quad.Value) Value {
	iri, ok := term.(quad.IRI)
	switch {
	case !ok:
		v := Value{Term: term}
		v.Label = v.Plain()
		return v
	case c.Type == TypeClaim:
		return Value{Term: iri, Label: shortID(iri)}
	case c.Type == TypePredicate:
		p, known := w.schema.Predicate(iri)
		switch {
		case known && c.Inverse && p.Inverse != "":
			return Value{Term: iri, Label: p.Inverse}
		case known:
			return Value{Term: iri, Label: p.Label}
		}
	}
	return w.entity(iri)
}
