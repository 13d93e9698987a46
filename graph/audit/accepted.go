package audit

import (
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Accepted is a warning that people have looked at and found right, with the reason.
type Accepted struct {
	Rule   string
	About  quad.IRI // the claim or entity of the finding
	Reason string
	At     graph.Position // of the row
}

// Accept takes away the warnings that are accepted, and adds a note for each acceptance that nothing
// needs any more, if all facts could be read. Errors cannot be accepted; to try is an error of its own.
func Accept(findings []Finding, accepted []Accepted) (left []Finding, taken int) {
	type key struct {
		rule  string
		about quad.IRI
	}
	used := map[key]bool{}
	for _, a := range accepted {
		used[key{a.Rule, a.About}] = false
	}
	for _, f := range findings {
		k := key{f.Rule, f.About}
		if _, ok := used[k]; ok && f.Level == Warning {
			used[k] = true
			taken++
			continue
		}
		left = append(left, f)
	}
	level := map[string]Level{}
	advice := ""
	for _, r := range Rules() {
		level[r.ID] = r.Level
		if r.ID == RuleAccepted {
			advice = asHint(r.Advice)
		}
	}
	partial := slices.ContainsFunc(findings, func(f Finding) bool { return f.Rule == RuleFacts || f.Rule == RuleStore })
	for _, a := range accepted {
		if used[key{a.Rule, a.About}] {
			continue
		}
		f := Finding{Rule: RuleAccepted, Level: Note, About: a.About}
		f.Problem = &graph.Problem{At: a.At, Want: "a warning that still occurs", Found: a.Rule + " of " + short(a.About) + ", which does not", Hint: advice}
		if l, known := level[a.Rule]; !known || l == Error {
			f.Level = Error
			f.Problem.Want, f.Problem.Found = "a rule whose findings are warnings", "\""+a.Rule+"\""
			f.Problem.Hint = "errors have to be mended; \"kg check --rules\" lists the rules"
		}
		if f.Level == Note && partial {
			continue // what could not be read may hold it
		}
		left = append(left, f)
	}
	Sort(left)
	return left, taken
}
