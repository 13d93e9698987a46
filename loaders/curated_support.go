package loaders

import (
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// support reads who said it, where, and what it rests on.
func (r *claimRow) support() {
	r.source()
	if text := r.Text("speaker"); text != "" {
		iri, p := r.reference(text)
		if said, ok := r.schema.Predicate(graph.SaidBy); ok && p == nil {
			p = r.ofClass(iri, said.Classes, "as speaker")
		}
		if p != nil {
			r.fail("speaker", p)
		} else {
			r.claim.Speaker = iri
			r.mustExist(iri, r.At("speaker"))
		}
	}
	for _, text := range split(r.Text("derived_from")) {
		if strings.Contains(text, "/") {
			iri, p := r.reference(text)
			if document, ok := r.schema.Predicate(graph.ReadIn); ok && p == nil {
				p = r.ofClass(iri, document.Classes, "or a claim id")
			}
			if p != nil {
				r.fail("derived_from", p)
				continue
			}
			r.mustExist(iri, r.At("derived_from"))
			r.claim.DerivedFrom = append(r.claim.DerivedFrom, iri)
			continue
		}
		r.mustBeClaim("derived_from", text, nil)
		r.claim.DerivedFrom = append(r.claim.DerivedFrom, quad.IRI("kg:claim/"+text))
	}
	if r.claim.Speaker == graph.Editors {
		r.claim.Basis = graph.Inferred
		if len(r.claim.DerivedFrom) == 0 {
			r.fail("derived_from", &graph.Problem{Want: "the claims from which the editors inferred it", Found: foundCell("")})
		}
	}
	if id := r.Text("converted_from"); id != "" {
		subject, predicate := r.claim.Subject, r.predicate
		r.mustBeClaim("converted_from", id, func(of stated) bool {
			sameMeasure := of.predicate == nil || predicate == nil || of.predicate == predicate ||
				of.predicate.Money != "" && of.predicate.Money == predicate.Money
			return sameMeasure && of.subject == subject
		})
		r.claim.ConvertedFrom = quad.IRI("kg:claim/" + id)
	}
}

// source reads the document, which must be in the table of sources.
func (r *claimRow) source() {
	id := r.Text("source_id")
	iri := quad.IRI("kg:source/" + id)
	_, known := r.entities[iri]
	switch {
	case id == "":
		r.fail("source_id", &graph.Problem{Want: "the document in which the claim was read", Found: foundCell("")})
	case !known:
		if r.unread["source"] {
			r.claim.Source = iri // its row may be among those that could not be read, which is told
		} else {
			hint := graph.DidYouMean(strings.TrimPrefix(id, "source/"), r.slugs["source"])
			r.fail("source_id", &graph.Problem{Want: "a document of sources.csv", Found: foundCell(id), Hint: hint})
		}
	default:
		r.claim.Source = iri
		r.claim.PrimarySource = r.primary[iri]
	}
}

// mustBeClaim reports a claim that no table has, once all of them have been read, and one that does
// not fit.
func (r *claimRow) mustBeClaim(column, id string, fits func(stated) bool) {
	c, at, self := r.curator, r.At(column), r.Text("claim_id")
	c.later = append(c.later, func() *graph.Problem {
		of, ok := c.claims[id]
		switch {
		case id == self:
			return &graph.Problem{At: at, Want: "another claim", Found: fmt.Sprintf("%q, the claim itself", id)}
		case !ok && c.unread["claim"]:
			return nil
		case !ok:
			return &graph.Problem{At: at, Want: "a claim of the tables", Found: foundCell(id)}
		case of.leftOut:
			return &graph.Problem{At: at, Want: "a claim", Found: fmt.Sprintf("%q, which was left out", id), Hint: "see " + of.at.String()}
		case fits != nil && !fits(of):
			return &graph.Problem{At: at, Want: "a claim on the same figure in another unit", Found: fmt.Sprintf("%q", id), Hint: "see " + of.at.String()}
		}
		return nil
	})
}
