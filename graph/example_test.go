package graph_test

import (
	"fmt"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// The store holds short IRIs, files hold full ones, and either means the same thing.
func ExampleNamespaces() {
	ns := graph.DefaultNamespaces()
	fmt.Println(ns.Shorten("https://example.org/kg/platform/sky-ecc"))
	fmt.Println(ns.Expand("prov:wasAttributedTo"))
	fmt.Println(ns.Normal("kg:platform/sky-ecc") == ns.Normal("https://example.org/kg/platform/sky-ecc"))
	// Somebody else's IRI whose scheme is one of our prefixes is kept apart.
	fmt.Println(ns.Shorten("geo:51.27,4.34"))
	// Output:
	// kg:platform/sky-ecc
	// http://www.w3.org/ns/prov#wasAttributedTo
	// true
	// iri:geo:51.27,4.34
}

// Only what prints as it was written becomes a number that can be compared.
func ExampleNative() {
	fmt.Printf("%T\n", graph.Native(quad.TypedString{Value: "42", Type: "xsd:integer"}))
	fmt.Printf("%T\n", graph.Native(quad.TypedString{Value: "042", Type: "xsd:integer"}))
	// Output:
	// quad.Int
	// quad.TypedString
}

func ExampleUnit_ParseQuantity() {
	schema, err := graph.ParseSchema("schema.yaml", []byte(`
version: 1
units:
  tonne: {symbol: t, measures: mass, factor: 1000000}
  pound: {symbol: lb, measures: mass, factor: 453.59237}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	tonne, _ := schema.Unit("tonne")
	q, _ := tonne.ParseQuantity("27.64")
	fmt.Println(int64(q.Base), q.LastDigit)
	pound, _ := schema.Unit("pound")
	q, _ = pound.ParseQuantity("10")
	fmt.Println(int64(q.Base), q.Rounded, q.Exact)
	_, err = tonne.ParseQuantity("27,64")
	fmt.Println(err)
	// Output:
	// 27640000 10000
	// 4536 true 4535.9237
	// want a number like 27.64 (no thousands separator), found "27,64"
}

// Dates are as precise as the document that gives them.
func ExampleDate() {
	month, _ := graph.ParseDate("2020-07")
	day, _ := graph.ParseDate("2020-07-02")
	fmt.Println(month.Value())
	fmt.Println(month.Compare(day), month.Overlaps(day))
	fmt.Println(graph.Span{From: month})
	// Output:
	// "2020-07"^^<xsd:gYearMonth>
	// -1 true
	// since 2020-07
}

// 27.64 tonnes and nearly 28 are a rounding; 17 is another figure.
func ExamplePredicate_Conflict() {
	mass := &graph.Predicate{Name: "massGrams"}
	exact := graph.Claim{Object: quad.Int(27_640_000)}
	nearly := graph.Claim{Object: quad.Int(28_000_000), Qualifier: graph.Nearly}
	other := graph.Claim{Object: quad.Int(17_000_000)}
	fmt.Println(mass.Conflict(exact, nearly), mass.Conflict(exact, other))
	// Output: false true
}

func ExamplePrefer() {
	claims := []graph.Claim{
		{ID: "kg:claim/headline", Object: quad.Int(28_000_000), Qualifier: graph.Nearly, Source: "kg:source/news"},
		{ID: "kg:claim/text", Object: quad.Int(27_640_000), Source: "kg:source/news"},
	}
	best, rule := graph.Prefer(claims, func(quad.IRI) graph.Document {
		return graph.Document{Kind: "kg:kind/press"}
	})
	fmt.Println(best.ID, "for it is", rule)
	// Output: <kg:claim/text> for it is unhedged
}

func ExampleClaim_Quads() {
	claim := graph.Claim{
		ID: "kg:claim/A-1", Subject: "kg:seizure/antwerp-cocaine-2021", Predicate: "kg:massGrams", Object: quad.Int(27_640_000),
		Source: "kg:source/seed-article", Speaker: "kg:agency/belgian-federal-police", ReportedAs: "27.64 tons",
	}
	for _, q := range claim.Quads() {
		fmt.Println(q.Predicate, q.Object, q.Label)
	}
	// Output:
	// <kg:massGrams> "27640000"^^<xsd:integer> <kg:claim/A-1>
	// <dcterms:source> <kg:source/seed-article> <kg:graph/provenance>
	// <prov:wasAttributedTo> <kg:agency/belgian-federal-police> <kg:graph/provenance>
	// <kg:reportedAs> "27.64 tons" <kg:graph/provenance>
}

func ExampleFold() {
	fmt.Println(graph.Fold("Sky ECC") == graph.Fold("sky-ecc"), graph.Slug("Økokrim (Norway)"))
	// Output: true okokrim-norway
}

func ExampleDidYouMean() {
	fmt.Println(graph.DidYouMean("enkrochat", []string{"anom", "encrochat", "exclu"}))
	// Output: did you mean encrochat?
}

func ExampleProblem() {
	var problems graph.Problems
	_, err := graph.ParseDate("soon")
	if other := problems.Collect(err); other != nil {
		fmt.Println("an accident:", other)
	}
	problems[0].At = graph.Position{File: "claims/encrochat.csv", Line: 7, Column: 3}
	fmt.Println(problems.Join())
	// Output: claims/encrochat.csv:7:3: want a date like 2020-07-02, 2020-07 or 2020, found "soon"
}
