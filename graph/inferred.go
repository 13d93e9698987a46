package graph

import "github.com/cayleygraph/quad"

// InferredOnly says whether the fact cannot be concluded from stated claims alone; supports are the
// claims of From that are not deprecated. A claim that says it of the same two things is enough by
// itself. So is one event or operation of which each link (to the agency, to the platform) is stated.
// Of any other conclusion each step must be stated.
func (d Derivation) InferredOnly(supports []Claim) bool {
	type step struct {
		from quad.IRI
		to   string
	}
	stated := map[step]bool{}
	reaches := map[quad.IRI]bool{} // events and operations that link to the agency
	for _, c := range supports {
		s := step{c.Subject, quad.ToString(c.Object)}
		stated[s] = stated[s] || c.Basis != Inferred
		if stated[s] && quad.Value(c.Subject) == d.Fact.Subject && c.Object == d.Fact.Object {
			return false
		}
		if c.Object == d.Fact.Subject {
			reaches[c.Subject] = true
		}
	}
	if len(reaches) == 0 {
		for _, ok := range stated {
			if !ok {
				return true
			}
		}
		return false
	}
	for at := range reaches {
		complete := true
		for s, ok := range stated {
			complete = complete && (ok || s.from != at)
		}
		if complete {
			return false
		}
	}
	return true
}
