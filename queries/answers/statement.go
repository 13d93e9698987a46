package answers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
)

// TypeAny is the type of a column whose cells hold values of several types.
const TypeAny queries.Type = "any"

// Value shows an IRI or a literal by what people call it.
func (r *Reader) Value(ctx context.Context, v quad.Value) (queries.Value, error) {
	out := queries.Value{Term: v}
	iri, ok := v.(quad.IRI)
	if !ok {
		return out, nil
	}
	name, err := r.Store.NameOf(ctx, iri)
	out.Label = cmp.Or(name, ShortID(iri))
	return out, err
}

// ShortID is an identifier as people write it: A-SEED-010, derivation/1f…, platform/sky-ecc.
func ShortID(iri quad.IRI) string {
	return strings.TrimPrefix(strings.TrimPrefix(string(iri), "kg:claim/"), "kg:")
}

// ClaimValue shows what a claim says, with its unit, hedge and range.
func (r *Reader) ClaimValue(ctx context.Context, c graph.Claim) (queries.Value, error) {
	if p, ok := r.Schema.Predicate(c.Predicate); ok && p.Range == graph.RangeInteger && p.Unit != "" {
		return queries.ClaimedQuantity(r.Schema, p.Unit, c), nil
	}
	v, err := r.Value(ctx, c.Object)
	v.Qualifier = c.Qualifier
	v.Inferred = c.Basis == graph.Inferred
	return v, err
}

// Predicate shows a predicate by its label or, seen from the object, by the inverse label.
func (r *Reader) Predicate(iri quad.IRI, inverse bool) queries.Value {
	v := queries.Value{Term: iri, Label: string(iri)}
	if p, ok := r.Schema.Predicate(iri); ok {
		v.Label = p.Label
		if inverse && p.Inverse != "" {
			v.Label = p.Inverse
		}
	}
	return v
}

// Cell is a cell of one entity or literal; empty for nothing.
func (r *Reader) Cell(ctx context.Context, terms ...quad.Value) (queries.Cell, error) {
	var cell queries.Cell
	for _, t := range terms {
		if t == nil || t == quad.IRI("") {
			continue
		}
		v, err := r.Value(ctx, t)
		if err != nil {
			return nil, err
		}
		cell = append(cell, v)
	}
	return cell, nil
}

// Qualifier is the document's hedge as a word.
func Qualifier(c graph.Claim) string {
	return strings.TrimPrefix(string(c.Qualifier), "kg:")
}

// A standing says how a claim stands to the others on the same subject and predicate.
type standing struct {
	conflicts []graph.Claim // cannot both be right
	agrees    []graph.Claim // other values that mean the same number: roundings
	preferred string        // the rule that puts this claim before the others; "" for the others
}

// standings compares claims on one subject and predicate. Claims that agree to the letter say nothing.
func (r *Reader) standings(ctx context.Context, claims []graph.Claim) (map[quad.IRI]standing, error) {
	out := map[quad.IRI]standing{}
	if len(claims) < 2 {
		return out, nil
	}
	p, ok := r.Schema.Predicate(claims[0].Predicate)
	if !ok || p.Many {
		return out, nil
	}
	for _, a := range claims {
		var st standing
		for _, b := range claims {
			switch {
			case a.ID == b.ID || a.Object == b.Object && a.UpTo == b.UpTo && a.Qualifier == b.Qualifier:
			case p.Conflict(a, b):
				st.conflicts = append(st.conflicts, b)
			case bothNumbers(a, b):
				st.agrees = append(st.agrees, b)
			}
		}
		out[a.ID] = st
	}
	differ := slices.ContainsFunc(claims, func(c graph.Claim) bool { return c.Object != claims[0].Object })
	if !differ {
		return out, nil
	}
	documents, err := r.Documents(ctx, claims)
	if err != nil {
		return nil, err
	}
	best, rule := graph.Prefer(claims, func(iri quad.IRI) graph.Document { return documents[iri] })
	st := out[best.ID]
	st.preferred = rule
	out[best.ID] = st
	return out, nil
}

// conversion says of which claim a claim is the conversion that the document prints.
func conversion(c graph.Claim) string {
	if c.ConvertedFrom == "" {
		return ""
	}
	return "the document's conversion of " + ShortID(c.ConvertedFrom)
}

func bothNumbers(a, b graph.Claim) bool {
	_, oka := a.Covers()
	_, okb := b.Covers()
	return oka && okb
}

// InferredOnly says whether a derived fact rests on what the editors concluded, so that no documents
// state what it follows from.
func (r *Reader) InferredOnly(ctx context.Context, d graph.Derivation) (bool, error) {
	var supports []graph.Claim
	for _, from := range d.From {
		if !graph.IsClaim(from) {
			continue
		}
		c, err := r.Store.Claim(ctx, from)
		if err != nil {
			return false, err
		}
		if c.Rank != graph.Deprecated {
			supports = append(supports, c)
		}
	}
	return d.InferredOnly(supports), nil
}

// Documents reads what the choice between claims needs to know of their sources.
func (r *Reader) Documents(ctx context.Context, claims []graph.Claim) (map[quad.IRI]graph.Document, error) {
	documents := map[quad.IRI]graph.Document{}
	for _, c := range claims {
		if _, done := documents[c.Source]; done || c.Source == "" {
			continue
		}
		d, err := r.Store.Document(ctx, c.Source)
		if err != nil {
			return nil, err
		}
		documents[c.Source] = d
	}
	return documents, nil
}

// words says a standing in words: "conflicts with 17 t", "agrees with 28 t (rounding)".
func (st standing) words(show func(graph.Claim) string) string {
	var parts []string
	say := func(verb string, claims []graph.Claim, why string) {
		var values []string
		for _, c := range claims {
			if v := show(c); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			parts = append(parts, verb+" "+strings.Join(values, ", ")+why)
		}
	}
	say("conflicts with", st.conflicts, "")
	say("agrees with", st.agrees, " (rounding)")
	if st.preferred != "" {
		parts = append(parts, "preferred: "+st.preferred)
	}
	return strings.Join(parts, "; ")
}
