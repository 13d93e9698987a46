package audit_test

import (
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/data"
	"kg/graph"
	"kg/graph/audit"
)

// FuzzTexts gives the rules that read texts any text: they come to an end, and what they find is one
// line that names the claim.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{
		"27,64 ton", "£1.4bn", "60.000 Nutzer", "1 234 567", "Jan van Testman said", "Mr. X", "A. B. C.", "’’ -", "9999999999999999999999999 t", "12,,3", "É’É É",
	} {
		f.Add(seed, int64(12))
	}
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, n int64) {
		c := graph.Claim{
			ID: "kg:claim/C1", Subject: "kg:figure/a", Predicate: "kg:massGrams", Object: quad.Int(n),
			Source: "kg:source/paper", ReportedAs: text, Notes: []string{text},
		}
		quads := append(c.Quads(), quad.Quad{Subject: c.Subject, Predicate: graph.Name, Object: quad.String(text), Label: graph.Gazetteer})
		for _, found := range audit.Inspect(schema, quads, func(quad.IRI) graph.Position { return graph.Position{} }, true, audit.Reviewed{}) {
			if found.About != c.ID && found.About != c.Subject {
				t.Errorf("%s is about %s", found.Rule, found.About)
			}
			if found.Problem.Want == "" || found.Problem.Found == "" || strings.TrimSpace(found.Problem.Hint) == "" {
				t.Errorf("%s: %v", found.Rule, found.Problem)
			}
		}
	})
}
