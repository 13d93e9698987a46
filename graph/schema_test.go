package graph_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

const dataSchemaFile = "../data/schema.yaml"

// dataSchema is the schema that the program is shipped with.
func dataSchema(t testing.TB) *graph.Schema {
	t.Helper()
	text, err := os.ReadFile(dataSchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	s, err := graph.ParseSchema("data/schema.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDataSchemaIsComplete(t *testing.T) {
	s := dataSchema(t)
	if s.Version != 1 || len(s.Classes()) == 0 || len(s.Predicates()) == 0 || len(s.Units()) == 0 {
		t.Fatalf("version %d, %d classes, %d predicates, %d units", s.Version, len(s.Classes()), len(s.Predicates()), len(s.Units()))
	}
	// What the code itself names must be there.
	for _, p := range []quad.IRI{
		graph.Type, graph.Name, graph.AltLabel, graph.Kind, graph.Within, graph.Broader, graph.ReadIn, graph.PrimarySource, graph.SaidBy,
		graph.DerivedFrom, graph.QualifierIs, graph.ReportedAs, graph.UpTo, graph.ConvertedFrom, graph.LastDigit, graph.IsRounded,
		graph.ExactValue, graph.ValidFrom, graph.ValidUntil, graph.RankIs, graph.Basis, graph.Rule, graph.Note, graph.Issued,
		graph.PartOf, graph.NextInSeries, graph.StartDate, graph.EndDate,
	} {
		if _, ok := s.Predicate(p); !ok {
			t.Errorf("no predicate %s", p)
		}
	}
	for _, c := range []quad.IRI{
		graph.SomeValue, graph.NoValue, graph.Withheld, graph.Inferred, graph.Preferred, graph.Deprecated,
		graph.Approx, graph.Nearly, graph.AtLeast, graph.AtMost, graph.Estimated, graph.KindPrimary,
	} {
		if _, ok := s.Concept(c); !ok {
			t.Errorf("no concept %s", c)
		}
	}
	if c, ok := s.ClassOf(graph.Editors); !ok || c.Name != "Agent" {
		t.Errorf("the editors are %v", c)
	}
}

// A standard term, or the name of a predicate, in a vocabulary that we do not know would be exported
// as it is, and read by nobody.
func TestTermsOfTheDataSchemaAreInKnownVocabularies(t *testing.T) {
	ns := graph.DefaultNamespaces()
	full := func(what string, iri quad.IRI) {
		if iri != "" && !strings.Contains(ns.Expand(string(iri)), "://") {
			t.Errorf("%s: %s is in no known vocabulary", what, iri)
		}
	}
	for _, c := range dataSchema(t).Classes() {
		full(c.Name, c.IRI)
		full(c.Name, c.Exact)
		full(c.Name, c.Close)
	}
	for _, p := range dataSchema(t).Predicates() {
		full(p.Name, p.IRI)
		full(p.Name, p.Exact)
		full(p.Name, p.Close)
	}
}

func TestMoneyComesInEveryCurrency(t *testing.T) {
	s := dataSchema(t)
	for _, code := range []string{"EUR", "GBP", "USD", "BTC", "XMR"} {
		p, ok := s.Predicate(quad.IRI("kg:streetValue" + code))
		if !ok || p.Unit != code || p.Money != "streetValue" || !p.Estimate || p.Range != graph.RangeInteger || p.Many || p.Label != "street value" {
			t.Errorf("kg:streetValue%s is %+v", code, p)
		}
	}
	if p, ok := s.PredicateNamed("cash", "GBP"); !ok || p.Name != "cashGBP" || p.Estimate {
		t.Errorf("cash in GBP is %+v", p)
	}
}

func TestPredicateNamed(t *testing.T) {
	tests := []struct {
		name, word, unit string
		want             quad.IRI // "": none
	}{
		{"as tables write it", "place", "", "kg:place"},
		{"with our prefix", "kg:place", "", "kg:place"},
		{"of another vocabulary", "schema:startDate", "", "schema:startDate"},
		{"a unit changes nothing elsewhere", "massGrams", "tonne", "kg:massGrams"},
		{"money with its currency", "cash", "EUR", "kg:cashEUR"},
		{"money with our prefix", "kg:cash", "EUR", "kg:cashEUR"},
		{"money written out", "cashEUR", "", "kg:cashEUR"},
		{"money without a currency", "cash", "", ""},
		{"money in no currency", "cash", "tonne", ""},
		{"an unknown word", "velocity", "", ""},
		{"a foreign prefix", "foaf:name", "", ""},
		{"nothing", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, ok := dataSchema(t).PredicateNamed(tt.word, tt.unit)
			if ok != (tt.want != "") || ok && p.IRI != tt.want {
				t.Errorf("PredicateNamed(%q, %q) = %+v, %v", tt.word, tt.unit, p, ok)
			}
		})
	}
}

func TestClassOf(t *testing.T) {
	tests := []struct {
		name   string
		entity quad.IRI
		want   string // "": none
	}{
		{"a platform", "kg:platform/sky-ecc", "Platform"},
		{"a seizure", "kg:seizure/antwerp-cocaine-2021", "Seizure"},
		{"a claim", "kg:claim/A-SEED-010", "Claim"},
		{"a graph is no entity", graph.Gazetteer, ""},
		{"a word of a list", "kg:kind/police", ""},
		{"no slug", "kg:platform/", ""},
		{"a class", "kg:Platform", ""},
		{"somebody else's", "schema:platform/x", ""},
		{"a full IRI", "https://example.org/kg/platform/x", ""},
		{"nothing", "", ""},
	}
	s := dataSchema(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, ok := s.ClassOf(tt.entity)
			if ok != (tt.want != "") || ok && c.Name != tt.want {
				t.Errorf("ClassOf(%s) = %+v, %v", tt.entity, c, ok)
			}
		})
	}
	class := func(name string) *graph.Class {
		c, ok := s.Class(quad.IRI("kg:" + name))
		if !ok {
			t.Fatalf("no class %s", name)
		}
		return c
	}
	if !s.IsA(class("Seizure"), class("Figure")) || !s.IsA(class("Figure"), class("Figure")) || s.IsA(class("Figure"), class("Seizure")) || s.IsA(nil, class("Figure")) {
		t.Error("a seizure is a figure, and not the other way round")
	}
}

func TestWordsAndNames(t *testing.T) {
	s := dataSchema(t)
	if diff := cmp.Diff([]string{"inferred", "deprecated", "preferred"}, s.Words("basis", "rank")); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if c, ok := s.ConceptNamed("police", "platform-kind", "agency-kind"); !ok || c.IRI != "kg:kind/police" || c.Label != "police" {
		t.Errorf("police is %+v", c)
	}
	if c, ok := s.ConceptNamed("police", "platform-kind"); ok {
		t.Errorf("police as a kind of platform is %+v", c)
	}
	if c, ok := s.ConceptNamed("unnamed-group", "agency-kind"); !ok || c.Label != "unnamed group" {
		t.Errorf("unnamed-group is %+v", c)
	}
	names := s.PredicateNames()
	if !slices.IsSorted(names) {
		t.Error("the names of predicates are not sorted")
	}
	for name, want := range map[string]bool{"place": true, "cash": true, "schema:startDate": true, "cashEUR": false, "cracked": false} {
		if slices.Contains(names, name) != want {
			t.Errorf("a table may write %s: %v, want %v", name, !want, want)
		}
	}
	if !slices.IsSorted(s.Units()) || !slices.Contains(s.Units(), "XMR") || !slices.Contains(s.Units(), "tonne") {
		t.Errorf("units %v", s.Units())
	}
	if _, ok := s.Unit("stone"); ok {
		t.Error("there is a unit stone")
	}
	if graph.RangeDate.String() != "date" || graph.RangeBoolean.String() != "boolean" {
		t.Error("ranges are not printed as the schema writes them")
	}
}

// smallSchema has one of everything; tests break one line of it.
const smallSchema = `version: 1
classes:
  Thing: {path: thing, label: thing, plural: things, definition: A thing., exact: "schema:Thing"}
  Car: {path: car, label: car, plural: cars, broader: Thing, definition: A car.}
concepts:
  colour:
    path: colour
    words: {red: Red., dark-blue: Blue.}
  rank:
    path: ""
    words: {atLeast: More.}
units:
  gram: {symbol: g, measures: mass, factor: 1}
currencies: {EUR: 2}
money:
  cash: {label: cash, domain: [Thing], definition: Money.}
predicates:
  paint: {label: paint, domain: [Car], in: [colour], cardinality: one, definition: Its colour.}
  weight: {label: weight, range: integer, unit: gram, cardinality: one, definition: Its weight.}
  carries: {label: carries, domain: [Car], range: [Thing], cardinality: many, definition: What it carries.}
`

func TestParseSchemaReportsEveryFault(t *testing.T) {
	tests := []struct {
		name      string
		old, with string // what is replaced in smallSchema
		want      string // the messages, without positions
	}{
		{"nothing is wrong", "", "", ""},
		{"another version", "version: 1", "version: 2", `want version: 1, found 2`},
		{"no version", "version: 1\n", "", `want version: 1, found 0`},
		{"broken YAML", "classes:", "classes: [", `want a schema in YAML, found did not find expected ',' or ']'`},
		{"a word without meaning", "symbol: g", "sign: g", `want a schema in YAML, found sign, a word without a meaning here`},
		{"a list for a word", "factor: 1", "factor: [1]", `want a schema in YAML, found cannot unmarshal !!seq into string`},
		{"a name twice", "  weight:", "  paint:", `want a schema in YAML, found mapping key "paint" already defined at line 18`},

		{"an unknown broader class", "broader: Thing", "broader: Thng", `want a class for Car, found "Thng"; did you mean Thing?`},
		{"a class that includes itself", "definition: A thing.", "definition: A thing., broader: Thing", `want a broader class that is not included in it for Thing, found Thing, which is`},
		{"classes that include each other", "definition: A thing.", "definition: A thing., broader: Car", `want a broader class that is not included in it for Thing, found Thing, which is
want a broader class that is not included in it for Car, found Car, which is`},
		{"a path that is no slug", "path: car", "path: Car", `want a path of lower-case words joined by - for Car, found "Car"`},
		{"no path", "path: car, ", "", `want a path of lower-case words joined by - for Car, found ""`},
		{"one path for two classes", "path: car", "path: thing", `want a path of its own for Thing, found thing, which another class has`},
		{"a class without words for people", "label: car, plural: cars, ", "", `want a label for Car, found none
want a plural for Car, found none`},
		{"a class without a definition", "definition: A car.", `definition: " "`, `want a definition for Car, found none`},
		{"a term of an unknown vocabulary", "schema:Thing", "foaf:Agent", `want a term of dcterms: geo: kg: owl: prov: rdf: rdfs: schema: skos: xsd: for Thing, found "foaf:Agent"`},
		{"a term without a name", "schema:Thing", "schema:", `want a term of dcterms: geo: kg: owl: prov: rdf: rdfs: schema: skos: xsd: for Thing, found "schema:"`},

		{"a concept in a class's place", "path: colour", "path: car", `want a path of lower-case words joined by - that is no class's, or none for colour, found "car"`},
		{"a list without words", "words: {atLeast: More.}", "words: {}", `want words for rank, found none`},
		{"a word that is no name", "dark-blue", "dark blue", `want words of letters and digits for colour, found "dark blue"`},
		{"a word without a definition", "red: Red.", `red: ""`, `want a definition of red for colour, found none`},
		{"one IRI for two concepts", "path: \"\"\n    words: {atLeast: More.}", "path: colour\n    words: {red: Reddish.}", `want one meaning of kg:colour/red for rank, found another definition in colour; define both alike, or give one another name`},
		{"one IRI for a concept and a predicate", "atLeast: More.", "weight: Heavy.", `want one meaning of kg:weight for weight, found a predicate beside a word of rank`},
		{"one IRI for two predicates", "  weight:", "  kg:paint:", `want one meaning of kg:paint for paint, found a predicate beside a predicate`},
		{"one IRI for a predicate and money", "  weight:", "  cashEUR:", `want one meaning of kg:cashEUR for cash, found an amount of money beside a predicate`},

		{"a factor of nothing", "factor: 1", "factor: 0", `want a factor: a decimal number greater than 0 for gram, found "0"`},
		{"a factor below zero", "factor: 1", "factor: -1", `want a factor: a decimal number greater than 0 for gram, found "-1"`},
		{"a fraction as factor", "factor: 1", "factor: 1/3", `want a factor: a decimal number greater than 0 for gram, found "1/3"`},
		{"an enormous factor", "factor: 1", "factor: 1e999999", `want a factor: a decimal number greater than 0 for gram, found "1e999999"`},
		{"no factor", ", factor: 1", "", `want a factor: a decimal number greater than 0 for gram, found ""`},
		{"a currency with a unit's name", "gram: {", "EUR: {", `want a name of its own for EUR, found that of a unit
want a unit for weight, found "gram"`},
		{"a currency in small letters", "EUR: 2", "eur: 2", `want a code of capital letters for eur, found "eur"`},
		{"too many digits", "EUR: 2", "EUR: 19", `want 0 to 18 digits for EUR, found 19`},
		{"less than no digits", "EUR: 2", "EUR: -1", `want 0 to 18 digits for EUR, found -1`},
		{"money on no class", "domain: [Thing]", "domain: [Thng]", `want a class for cash, found "Thng"; did you mean Thing?`},
		{"money without a label", "label: cash, ", "", `want a label for cash, found none`},
		{"money with an odd name", "  cash:", "  Cash:", `want a name like streetValue for Cash, found "Cash"`},

		{"an unknown domain", "domain: [Car], in:", "domain: [Van], in:", `want a class for paint, found "Van"`},
		{"an unknown range", "range: [Thing]", "range: [Things]", `want a class for carries, found "Things"; did you mean Thing?`},
		{"an empty range", "range: [Thing]", "range: []", `want a range of classes for carries, found a list without or with other things`},
		{"a range of lists", "range: [Thing]", "range: [[Thing]]", `want a range of classes for carries, found a list without or with other things`},
		{"an unknown kind of value", "range: integer", "range: number", `want as range [Class, …] or one of any, text, name, date, url, integer, decimal, boolean for weight, found "number"
want range integer, as it has a unit for weight, found any`},
		{"a kind that is written as a list", "range: [Thing]", "range: entity", `want as range [Class, …] or one of any, text, name, date, url, integer, decimal, boolean for carries, found "entity"`},
		{"no range", "range: [Thing], ", "", `want a range, or lists of concepts (in) for carries, found neither`},
		{"two ranges", "in: [colour]", "in: [colour], range: text", `want a range or lists of concepts (in) for paint, found both`},
		{"an unknown list", "in: [colour]", "in: [color]", `want a list of concepts for paint, found "color"; did you mean colour?`},
		{"an unknown unit", "unit: gram", "unit: gramm", `want a unit for weight, found "gramm"; did you mean gram?`},
		{"a unit of text", "range: integer", "range: text", `want range integer, as it has a unit for weight, found text`},
		{"an unknown cardinality", "cardinality: many", "cardinality: some", `want cardinality one or many for carries, found "some"`},
		{"a predicate without words for people", "label: carries, ", "", `want a label for carries, found none`},
		{"a predicate that is called like a class", "  weight:", "  Weight:", `want a name like massGrams or schema:startDate for Weight, found "Weight"`},
		{"a predicate of an unknown vocabulary", "  weight:", "  foaf:weight:", `want a term of dcterms: geo: kg: owl: prov: rdf: rdfs: schema: skos: xsd: for foaf:weight, found "foaf:weight"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(smallSchema, tt.old) != 1 && tt.old != "" {
				t.Fatalf("%q stands %d times in the schema", tt.old, strings.Count(smallSchema, tt.old))
			}
			text := strings.Replace(smallSchema, tt.old, tt.with, 1)
			for range 3 { // the order of problems is always the same
				_, err := graph.ParseSchema("s.yaml", []byte(text))
				if diff := cmp.Diff(tt.want, messages(t, text, err)); diff != "" {
					t.Fatalf("messages (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// messages prints problems without their positions, once it is sure that each stands at the name that
// it says it is for.
func messages(t *testing.T, text string, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var ps graph.Problems
	if !errors.As(err, &ps) {
		t.Fatalf("%T is no list of problems", err)
	}
	lines := strings.Split(text, "\n")
	var all []string
	for _, p := range ps {
		if i := strings.LastIndex(p.Want, " for "); i >= 0 {
			if name := p.Want[i+len(" for "):]; !strings.HasPrefix(lines[p.At.Line-1][p.At.Column-1:], name) {
				t.Errorf("%v: does not point at %s", p, name)
			}
		}
		if p.At.File != "s.yaml" {
			t.Errorf("%v: in no file", p)
		}
		bare := *p
		bare.At = graph.Position{}
		all = append(all, bare.Error())
	}
	return strings.Join(all, "\n")
}

func TestParseSchemaOfNothing(t *testing.T) {
	for name, text := range map[string]string{"an empty file": "", "a comment": "# soon\n"} {
		_, err := graph.ParseSchema("s.yaml", []byte(text))
		if want := "s.yaml: want a schema, found an empty file"; err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	for name, text := range map[string]string{"not UTF-8": "a: \xff", "an unknown anchor": "version: *v", "a list": "- 1", "null": "null"} {
		if _, err := graph.ParseSchema("s.yaml", []byte(text)); err == nil {
			t.Errorf("%s is a schema", name)
		}
	}
}

func TestAWordMayBelongToTwoLists(t *testing.T) {
	s, err := graph.ParseSchema("s.yaml", []byte(strings.Replace(smallSchema, "path: \"\"\n    words: {atLeast: More.}", "path: colour\n    words: {red: Red.}", 1)))
	if err != nil {
		t.Fatal(err)
	}
	first, _ := s.ConceptNamed("red", "colour")
	second, ok := s.ConceptNamed("red", "rank")
	if !ok || first != second || first.List != "colour" {
		t.Errorf("two concepts: %+v and %+v", first, second)
	}
	count := 0
	for _, q := range s.Quads() {
		if q.Subject == quad.Value(quad.IRI("kg:colour/red")) {
			count++
		}
	}
	if count != 3 { // its type, label and definition
		t.Errorf("the concept stands in %d quads, want 3", count)
	}
}
