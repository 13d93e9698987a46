package exporters_test

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/exporters"
	"kg/graph"
)

// trickyWorld is a small graph made by hand of what exports trip over: claims that disagree, a range, a
// hedge, a number that is not given, a derived fact, a conclusion of the editors, names that other
// syntaxes read, dates of every precision, a time that runs backwards, a thing without a name, and
// places at the ends of the map.
func trickyWorld() []quad.Quad {
	var quads []quad.Quad
	said := func(s, p quad.IRI, objects ...quad.Value) {
		for _, o := range objects {
			quads = append(quads, quad.Quad{Subject: s, Predicate: p, Object: o, Label: graph.Gazetteer})
		}
	}
	thing := func(id, class quad.IRI, name string) {
		said(id, graph.Type, class)
		if name != "" {
			said(id, graph.Name, quad.String(name))
		}
	}
	date := func(text string) quad.Value {
		d, err := graph.ParseDate(text)
		if err != nil {
			panic(err) // a slip in this file
		}
		return d.Value()
	}
	decimal := func(text quad.String) quad.Value { return quad.TypedString{Value: text, Type: "xsd:decimal"} }
	claim := func(c graph.Claim) {
		if c.Source == "" {
			c.Source = "kg:source/paper"
		}
		quads = append(quads, c.Quads()...)
	}

	const platform, fbi, users, cocaine = quad.IRI("kg:platform/anom"), quad.IRI("kg:agency/fbi"), quad.IRI("kg:figure/users"), quad.IRI("kg:seizure/cocaine")
	thing(platform, "kg:Platform", "ANOM <b>")
	said(platform, graph.AltLabel, quad.String(`AN0M & "friends"`), quad.String("אנום (anom)"))
	said(platform, graph.Kind, quad.IRI("kg:kind/phone-network"))
	thing("kg:platform/unnamed", "kg:Platform", "")
	thing(fbi, "kg:Agency", "Bureau\nof Investigation")
	said(fbi, graph.Kind, quad.IRI("kg:kind/police"))
	thing("kg:agency/police", "kg:Agency", "شرطة 'العاصمة'")
	thing("kg:agent/editors", "kg:Agent", "The editors")
	thing("kg:company/end", "kg:Company", "end")
	thing("kg:operation/venetic", "kg:Operation", "Venetic; DROP TABLE")
	thing("kg:event/backwards", "kg:Event", "Raid \\ %s {0} | `x`")
	said("kg:event/backwards", graph.Kind, quad.IRI("kg:kind/action-day"))
	thing("kg:location/taveuni", "kg:Location", "Taveuni")
	said("kg:location/taveuni", "geo:lat", decimal("-16.85"))
	said("kg:location/taveuni", "geo:long", decimal("180"))
	thing("kg:location/antwerp", "kg:Location", "Antwerp")
	said("kg:location/antwerp", "geo:lat", decimal("51.25"))
	said("kg:location/antwerp", "geo:long", decimal("4.4"))
	said("kg:location/antwerp", graph.Within, quad.IRI("kg:location/belgium"))
	thing("kg:location/belgium", "kg:Location", "Belgium")
	said("kg:location/belgium", "kg:countryCode", quad.String("BE"))
	thing("kg:location/somewhere", "kg:Location", "Europe")
	said("kg:location/somewhere", "geo:lat", decimal("510"))
	thing("kg:item/cocaine", "kg:Item", "cocaine")
	thing(users, "kg:Figure", "Users of ANOM")
	said(users, "kg:about", platform)
	said(users, "kg:measure", quad.IRI("kg:measure/users"))
	said(users, "kg:asOf", date("2021-06-08"))
	thing(cocaine, "kg:Seizure", "Cocaine, in Antwerp & elsewhere")
	said(cocaine, "kg:measure", quad.IRI("kg:measure/goods"))
	said(cocaine, "kg:aggregate", quad.Bool(true))
	thing("kg:source/paper", "kg:Source", "Paper | <i>of record</i>")
	said("kg:source/paper", graph.Kind, quad.IRI("kg:kind/press"))
	said("kg:source/paper", "dcterms:publisher", quad.String("News & Co"))
	said("kg:source/paper", "schema:url", quad.String("https://example.org/a?b=1&c=<2>|3"))
	said("kg:source/paper", graph.Issued, date("2021-06-08"))
	thing("kg:source/ruling", "kg:Source", "A ruling")
	said("kg:source/ruling", graph.Kind, quad.IRI("kg:kind/court-or-parliament"))
	said("kg:source/ruling", graph.Issued, date("2023"))

	claim(graph.Claim{ID: "kg:claim/C-01", Subject: users, Predicate: "kg:itemCount", Object: quad.Int(12000), Qualifier: graph.Approx, ReportedAs: "some 12,000", Speaker: fbi})
	claim(graph.Claim{ID: "kg:claim/C-02", Subject: users, Predicate: "kg:itemCount", Object: quad.Int(9000), Source: "kg:source/ruling", Qualifier: graph.AtLeast})
	claim(graph.Claim{ID: "kg:claim/C-03", Subject: users, Predicate: "kg:itemCount", Object: quad.Int(11000), UpTo: quad.Int(12500)})
	claim(graph.Claim{ID: "kg:claim/C-04", Subject: users, Predicate: "kg:itemCount", Object: quad.Int(1), Rank: graph.Deprecated, Notes: []string{"a slip of the paper"}})
	claim(graph.Claim{ID: "kg:claim/C-05", Subject: cocaine, Predicate: "kg:massGrams", Object: quad.Int(27640000), ReportedAs: "27.64 tons"})
	claim(graph.Claim{ID: "kg:claim/C-06", Subject: cocaine, Predicate: "kg:itemCount", Object: graph.SomeValue, ReportedAs: "dozens of crates"})
	claim(graph.Claim{ID: "kg:claim/C-07", Subject: cocaine, Predicate: "kg:place", Object: quad.IRI("kg:location/antwerp")})
	claim(graph.Claim{ID: "kg:claim/C-08", Subject: cocaine, Predicate: "kg:place", Object: quad.IRI("kg:location/taveuni")})
	claim(graph.Claim{ID: "kg:claim/C-09", Subject: cocaine, Predicate: "kg:item", Object: quad.IRI("kg:item/cocaine")})
	claim(graph.Claim{ID: "kg:claim/C-10", Subject: cocaine, Predicate: graph.StartDate, Object: date("2021")})
	claim(graph.Claim{ID: "kg:claim/C-11", Subject: fbi, Predicate: "kg:ran", Object: platform, Speaker: fbi, Valid: graph.Span{From: graph.Date{Year: 2019}, Until: graph.Date{Year: 2021, Month: 6, Day: 8}}})
	claim(graph.Claim{ID: "kg:claim/C-12", Subject: "kg:operation/venetic", Predicate: "kg:targeted", Object: platform, Speaker: graph.Editors, Basis: graph.Inferred, DerivedFrom: []quad.IRI{"kg:claim/C-11"}})
	claim(graph.Claim{ID: "kg:claim/C-13", Subject: "kg:operation/venetic", Predicate: graph.StartDate, Object: date("2020-04")})
	claim(graph.Claim{ID: "kg:claim/C-14", Subject: "kg:operation/venetic", Predicate: graph.EndDate, Object: date("2020-07-02")})
	claim(graph.Claim{ID: "kg:claim/C-15", Subject: "kg:event/backwards", Predicate: graph.StartDate, Object: date("2021-05")})
	claim(graph.Claim{ID: "kg:claim/C-16", Subject: "kg:event/backwards", Predicate: graph.EndDate, Object: date("2021-03-09")})
	claim(graph.Claim{ID: "kg:claim/C-17", Subject: "kg:event/backwards", Predicate: "kg:carriedOutBy", Object: quad.IRI("kg:agency/police"), Valid: graph.Span{From: graph.Date{Year: 2021, Month: 5}, Until: graph.Date{Year: 2021, Month: 3, Day: 9}}})
	claim(graph.Claim{ID: "kg:claim/C-18", Subject: platform, Predicate: "kg:describedAs", Object: quad.String(`=HYPERLINK("https://evil.example")`)})
	claim(graph.Claim{ID: "kg:claim/C-19", Subject: platform, Predicate: "kg:feature", Object: quad.String("+31 numbers,\n\"quoted\"\tand tabbed")})
	claim(graph.Claim{ID: "kg:claim/C-20", Subject: platform, Predicate: "kg:usedFor", Object: quad.String("-1")})
	claim(graph.Claim{ID: "kg:claim/C-21", Subject: platform, Predicate: "kg:status", Object: quad.String("@SUM(A1)")})
	claim(graph.Claim{ID: "kg:claim/C-22", Subject: platform, Predicate: "kg:soldBy", Object: quad.IRI("kg:company/end"), Rank: graph.Preferred, Notes: []string{"the only one left"}})
	claim(graph.Claim{ID: "kg:claim/C-23", Subject: "kg:platform/unnamed", Predicate: "kg:gainedUsersFrom", Object: platform})
	claim(graph.Claim{ID: "kg:claim/C-24", Subject: platform, Predicate: "schema:foundingDate", Object: date("2018-10")})
	derived := quad.IRI("kg:derivation/abc123")
	quads = append(quads,
		quad.Quad{Subject: fbi, Predicate: quad.IRI("kg:cracked"), Object: platform, Label: derived},
		quad.Quad{Subject: derived, Predicate: graph.Rule, Object: quad.String("ran"), Label: graph.Provenance},
		quad.Quad{Subject: derived, Predicate: graph.DerivedFrom, Object: quad.IRI("kg:claim/C-11"), Label: graph.Provenance})
	return quads
}

// trickyAbout is what is said of the whole.
func trickyAbout() exporters.About {
	return exporters.About{
		Title: "Tricky <world> & more", Dataset: "0123abc", Licence: "CC BY 4.0", Terms: "https://creativecommons.org/licenses/by/4.0/",
		Command: "kg export 'ANOM <b>' --depth 2", Program: "kg",
	}
}

// trickyDocument is the small graph as a document; what is lost is appended to lost.
func trickyDocument(t testing.TB, lost *[]string) exporters.Document {
	t.Helper()
	text, err := os.ReadFile("../data/schema.yaml")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := graph.ParseSchema("schema.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return exporters.Document{
		Quads: sequence(nil, trickyWorld()...), Namespaces: graph.DefaultNamespaces(), Schema: schema, About: trickyAbout(),
		Lost: func(text string) { *lost = append(*lost, text) },
	}
}

// viewFormats lists the formats that show a view.
func viewFormats() []exporters.Format {
	return slices.DeleteFunc(exporters.Formats(), func(f exporters.Format) bool { return !f.View })
}

// tricky is the small graph in a format.
func tricky(t testing.TB, format string) []byte {
	t.Helper()
	f, err := exporters.ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var lost []string
	if err := f.Write(&out, trickyDocument(t, &lost)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
