package graph

import "github.com/cayleygraph/quad"

// A roleRule concludes what an agency did to a platform.
type roleRule struct {
	role   quad.IRI   // the derived predicate
	direct []quad.IRI // agency → platform, said in so many words
	kinds  []string   // kinds of the event or operation; nil: any
	links  []quad.IRI // event or operation → agency
	rule   string
}

func roleRules() []roleRule {
	return []roleRule{
		{
			role:   "kg:cracked",
			direct: []quad.IRI{"kg:gainedAccessTo", "kg:infiltrated", "kg:intercepted", "kg:decrypted"},
			kinds:  []string{"infiltration", "interception", "decryption"},
			links:  []quad.IRI{"kg:carriedOutBy", "kg:ledBy"},
			rule:   "gained access to its content, or carried out or led an infiltration, interception or decryption that targeted it",
		},
		{
			role:   "kg:tookDown",
			direct: []quad.IRI{"kg:shutDown"},
			kinds:  []string{"takedown"},
			links:  []quad.IRI{"kg:carriedOutBy", "kg:ledBy"},
			rule:   "shut it down, or carried out or led a takedown that targeted it",
		},
		{
			role:   "kg:operated",
			direct: []quad.IRI{"kg:ran"},
			kinds:  []string{"undercover-platform"},
			links:  []quad.IRI{"kg:carriedOutBy", "kg:ledBy"},
			rule:   "ran it, or led the undercover operation that did",
		},
		{
			role:   "kg:exploitedDataOf",
			direct: []quad.IRI{"kg:usedDataOf"},
			kinds:  []string{"enforcement"},
			links:  []quad.IRI{"kg:ledBy", "kg:participant", "kg:carriedOutBy"},
			rule:   "used its data, or led or took part in an enforcement operation that targeted it",
		},
		{role: "kg:supported", links: []quad.IRI{"kg:supportedBy"}, rule: "supported an operation or event that targeted it"},
		{role: "kg:coordinated", links: []quad.IRI{"kg:coordinatedBy"}, rule: "coordinated an operation or event that targeted it"},
		{role: "kg:passedOnData", links: []quad.IRI{"kg:sharedDataVia"}, rule: "was the channel for the data of an operation or event that targeted it"},
	}
}
