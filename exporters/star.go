package exporters

import (
	"io"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// claimNames knows which full IRIs are claims or derivations. A claim that labels a fact is, to RDF 1.2,
// the reifier of that fact: what is said about the claim is then said about the very triple, and no graph
// is needed.
type claimNames struct{ claim, derivation string }

func newClaims(ns graph.Namespaces) *claimNames {
	return &claimNames{ns.Expand("kg:claim/"), ns.Expand("kg:derivation/")}
}

// of returns the claim or derivation under which a full quad stands, else nil.
func (c *claimNames) of(q quad.Quad) quad.Value {
	if c == nil {
		return nil
	}
	if iri, ok := q.Label.(quad.IRI); ok && (strings.HasPrefix(string(iri), c.claim) || strings.HasPrefix(string(iri), c.derivation)) {
		return iri
	}
	return nil
}

const rdfReifies = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies>"

// writeNTriples writes triples and, where the document asks for it, what each claim reifies.
func writeNTriples(w io.Writer, d Document) error {
	var claims *claimNames
	if d.Star {
		claims = newClaims(d.Namespaces)
	}
	return stream(w, d.Quads, d.Namespaces, func(b []byte, q quad.Quad) []byte {
		claim := claims.of(q)
		q.Label = nil
		b = appendQuad(b, q)
		if claim == nil {
			return b
		}
		b = append(append(append(appendTerm(b, claim), ' '), rdfReifies...), " <<( "...)
		for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object} {
			b = append(appendTerm(b, v), ' ')
		}
		return append(b, ")>> .\n"...)
	}, nothing)
}
