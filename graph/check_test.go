package graph_test

import (
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func TestCheck(t *testing.T) {
	s := dataSchema(t)
	const (
		figure   = quad.IRI("kg:figure/f")
		platform = quad.IRI("kg:platform/sky-ecc")
		agency   = quad.IRI("kg:agency/nca")
		claim    = quad.IRI("kg:claim/A-1")
	)
	typed := func(value, datatype string) quad.Value {
		return quad.TypedString{Value: quad.String(value), Type: quad.IRI(datatype)}
	}
	tests := []struct {
		name      string
		subject   quad.Value
		predicate quad.Value
		object    quad.Value
		label     quad.Value
		want      string // "": nothing is wrong
	}{
		{"a foreign vocabulary may say anything", quad.IRI("http://x/a"), quad.IRI("http://xmlns.com/foaf/0.1/name"), quad.Int(1), nil, ""},
		{"a standard term that the schema does not have is foreign", agency, quad.IRI("skos:prefLabel"), quad.Int(1), nil, ""},
		{"a predicate that is not ours", agency, quad.IRI("kg:leadBy"), agency, claim, `want a predicate of the schema, found "leadBy"; did you mean ledBy?`},
		{"a predicate like no other", agency, quad.IRI("kg:velocity"), agency, claim, `want a predicate of the schema, found "velocity"; kg schema predicates lists them`},
		{"the schema's own graph is not checked", agency, quad.IRI("kg:velocity"), agency, graph.SchemaIn, ""},
		{"no predicate", agency, nil, agency, claim, "want an IRI as predicate, found nothing"},
		{"a literal as predicate", agency, quad.String("p"), agency, claim, `want an IRI as predicate, found "p"`},

		{"a subject of the domain", agency, quad.IRI("kg:infiltrated"), platform, claim, ""},
		{"a subject of a class within the domain", quad.IRI("kg:seizure/s"), quad.IRI("kg:massGrams"), quad.Int(1), claim, ""},
		{"a subject of another class", platform, quad.IRI("kg:infiltrated"), platform, claim, "want agency/… as subject of kg:infiltrated, found kg:platform/sky-ecc"},
		{"a figure is no seizure", figure, quad.IRI("kg:item"), quad.IRI("kg:item/cocaine"), claim, "want seizure/… as subject of kg:item, found kg:figure/f"},
		{"one of several domains is wanted", platform, quad.IRI("kg:receivedDataFrom"), agency, claim, "want agency/… as subject of kg:receivedDataFrom, found kg:platform/sky-ecc"},
		{"an entity of no class of ours", quad.IRI("kg:phone/x"), quad.IRI("kg:infiltrated"), platform, claim, "want agency/… as subject of kg:infiltrated, found kg:phone/x"},
		{"an entity of somebody else's may be an agency", quad.IRI("http://x/police"), quad.IRI("kg:infiltrated"), platform, claim, ""},
		{"a blank node may be an agency", quad.BNode("b"), quad.IRI("kg:infiltrated"), platform, claim, ""},
		{"a literal is no subject", quad.String("NCA"), quad.IRI("kg:infiltrated"), platform, claim, `want an entity as subject of kg:infiltrated, found "NCA"`},
		{"nor is nothing", nil, quad.IRI("schema:name"), quad.String("x"), nil, "want an entity as subject of schema:name, found nothing"},
		{"a predicate for everything", quad.IRI("kg:phone/x"), quad.IRI("schema:name"), quad.String("x"), nil, ""},

		{"a fact that the program concludes", agency, quad.IRI("kg:cracked"), platform, claim, "want a stated fact, found kg:cracked, which the program concludes itself; state what it follows from (kg schema cracked)"},
		{"the same, concluded", agency, quad.IRI("kg:cracked"), platform, quad.IRI("kg:derivation/x"), ""},

		{"an entity of the range", agency, quad.IRI("kg:infiltrated"), platform, claim, ""},
		{"an entity of another class", agency, quad.IRI("kg:infiltrated"), agency, claim, "want platform/… as value of kg:infiltrated, found kg:agency/nca"},
		{"text for an entity", agency, quad.IRI("kg:infiltrated"), quad.String("EncroChat"), claim, `want an entity as value of kg:infiltrated, found "EncroChat"`},
		{"nothing for an entity", agency, quad.IRI("kg:infiltrated"), nil, claim, "want an entity as value of kg:infiltrated, found nothing"},
		{"one of several classes", quad.IRI("kg:operation/o"), quad.IRI("kg:participant"), platform, claim, "want agency/… or location/… or company/… as value of kg:participant, found kg:platform/sky-ecc"},

		{"a word of the list", figure, quad.IRI("kg:measure"), quad.IRI("kg:measure/users"), claim, ""},
		{"a word of another list", agency, graph.Kind, quad.IRI("kg:measure/users"), claim, "want one of " + strings.Join(s.Words("agency-kind"), ", ") + " as value of kg:kind, found <kg:measure/users>"},
		{"text for a word", quad.IRI("kg:claim/A"), graph.RankIs, quad.String("preferred"), graph.Provenance, `want one of deprecated, preferred as value of kg:rank, found "preferred"`},
		{"no word", quad.IRI("kg:claim/A"), graph.RankIs, nil, graph.Provenance, `want one of deprecated, preferred as value of kg:rank, found nothing`},
		{"a kind of the subject's own class", agency, graph.Kind, quad.IRI("kg:kind/police"), graph.Gazetteer, ""},
		{"a kind of another class", platform, graph.Kind, quad.IRI("kg:kind/police"), graph.Gazetteer, "want one of market, messaging-app, phone-network, vpn as value of kg:kind, found <kg:kind/police>"},
		{"a kind that two classes share", quad.IRI("kg:event/e"), graph.Kind, quad.IRI("kg:kind/investigation"), graph.Gazetteer, ""},
		{"any kind for somebody else's entity", quad.IRI("http://x/a"), graph.Kind, quad.IRI("kg:kind/police"), nil, ""},

		{"text", agency, quad.IRI("kg:seat"), quad.String("London"), nil, ""},
		{"text in a language", agency, quad.IRI("kg:seat"), quad.LangString{Value: "Londres", Lang: "fr"}, nil, ""},
		{"empty text", agency, quad.IRI("kg:seat"), quad.String(" \n"), nil, `want text as value of kg:seat, found " \n"`},
		{"empty text in a language", agency, quad.IRI("kg:seat"), quad.LangString{Value: "", Lang: "fr"}, nil, `want text as value of kg:seat, found ""@fr`},
		{"a number for text", agency, quad.IRI("kg:seat"), quad.Int(1), nil, `want text as value of kg:seat, found "1"^^<xsd:integer>`},
		{"a name", agency, graph.Name, quad.String("NCA"), graph.Gazetteer, ""},
		{"a name in a language", agency, graph.Name, quad.LangString{Value: "NCA", Lang: "en"}, graph.Gazetteer, `want a name without a language as value of schema:name, found "NCA"@en`},
		{"an empty name", agency, graph.Name, quad.String(""), graph.Gazetteer, `want a name without a language as value of schema:name, found ""`},

		{"a day", figure, graph.StartDate, typed("2021-02-20", "xsd:date"), claim, ""},
		{"a year", figure, graph.StartDate, typed("2021", "xsd:gYear"), claim, ""},
		{"a day that is not given", figure, graph.StartDate, graph.SomeValue, claim, ""},
		{"a day that does not exist", figure, graph.StartDate, typed("2021-02-30", "xsd:date"), claim, `want a date (xsd:date, xsd:gYearMonth or xsd:gYear) as value of schema:startDate, found "2021-02-30"^^<xsd:date>`},
		{"a time for a day", figure, graph.StartDate, typed("2021-02-20T00:00:00Z", "xsd:dateTime"), claim, `want a date (xsd:date, xsd:gYearMonth or xsd:gYear) as value of schema:startDate, found "2021-02-20T00:00:00Z"^^<xsd:dateTime>`},
		{"text for a day", figure, graph.StartDate, quad.String("2021"), claim, `want a date (xsd:date, xsd:gYearMonth or xsd:gYear) as value of schema:startDate, found "2021"`},
		{"no day", figure, graph.StartDate, nil, claim, `want a date (xsd:date, xsd:gYearMonth or xsd:gYear) as value of schema:startDate, found nothing`},

		{"a number", figure, quad.IRI("kg:itemCount"), quad.Int(77), claim, ""},
		{"no number given", figure, quad.IRI("kg:itemCount"), graph.SomeValue, claim, ""},
		{"none", figure, quad.IRI("kg:itemCount"), graph.NoValue, claim, ""},
		{"a number withheld", figure, quad.IRI("kg:itemCount"), graph.Withheld, claim, ""},
		{"a number in words", figure, quad.IRI("kg:itemCount"), quad.String("dozens"), claim, `want an integer of at most 64 bits, printed like 42 (xsd:integer) as value of kg:itemCount, found "dozens"`},
		{"a number with a zero in front", figure, quad.IRI("kg:itemCount"), typed("077", "xsd:integer"), claim, `want an integer of at most 64 bits, printed like 42 (xsd:integer) as value of kg:itemCount, found "077"^^<xsd:integer>`},
		{"a decimal for an integer", figure, quad.IRI("kg:massGrams"), typed("27.64", "xsd:decimal"), claim, `want an integer of at most 64 bits, printed like 42 (xsd:integer) as value of kg:massGrams, found "27.64"^^<xsd:decimal>`},

		{"degrees", quad.IRI("kg:location/antwerp"), quad.IRI("geo:lat"), typed("51.27", "xsd:decimal"), graph.Gazetteer, ""},
		{"degrees south", quad.IRI("kg:location/antwerp"), quad.IRI("geo:lat"), typed("-51.27", "xsd:decimal"), graph.Gazetteer, ""},
		{"degrees as a double", quad.IRI("kg:location/antwerp"), quad.IRI("geo:lat"), quad.Float(51.27), graph.Gazetteer, `want a decimal number (xsd:decimal) as value of geo:lat, found "5.127E+01"^^<xsd:double>`},
		{"degrees in words", quad.IRI("kg:location/antwerp"), quad.IRI("geo:lat"), typed("51 N", "xsd:decimal"), graph.Gazetteer, `want a decimal number (xsd:decimal) as value of geo:lat, found "51 N"^^<xsd:decimal>`},

		{"true", figure, quad.IRI("kg:aggregate"), quad.Bool(true), claim, ""},
		{"true as a number", figure, quad.IRI("kg:aggregate"), typed("1", "xsd:boolean"), claim, `want true or false (xsd:boolean) as value of kg:aggregate, found "1"^^<xsd:boolean>`},

		{"an address", agency, quad.IRI("schema:url"), quad.IRI("https://www.nationalcrimeagency.gov.uk/"), graph.Gazetteer, ""},
		{"an address in a namespace of ours", agency, quad.IRI("schema:url"), quad.IRI("schema:Thing"), graph.Gazetteer, ""},
		{"an address as text", agency, quad.IRI("schema:url"), quad.String("https://x.org/"), graph.Gazetteer, `want an absolute address like https://example.org/page as value of schema:url, found "https://x.org/"`},
		{"an address without a scheme", agency, quad.IRI("schema:url"), quad.IRI("www.x.org"), graph.Gazetteer, `want an absolute address like https://example.org/page as value of schema:url, found <www.x.org>`},
		{"an address with a space", agency, quad.IRI("schema:url"), quad.IRI("https://x.org/a b"), graph.Gazetteer, `want an absolute address like https://example.org/page as value of schema:url, found <https://x.org/a b>`},

		{"anything", quad.IRI("kg:source/s"), quad.IRI("kg:mentions"), quad.String("x"), claim, ""},
		{"anything, but not nothing", quad.IRI("kg:source/s"), quad.IRI("kg:mentions"), nil, claim, "want something as value of kg:mentions, found nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if p := s.Check(quad.Quad{Subject: tt.subject, Predicate: tt.predicate, Object: tt.object, Label: tt.label}); p != nil {
				got = p.Error()
				if p.At != (graph.Position{}) {
					t.Errorf("position %v", p.At)
				}
			}
			if got != tt.want {
				t.Errorf("%v %v %v\ngot  %s\nwant %s", tt.subject, tt.predicate, tt.object, got, tt.want)
			}
		})
	}
}
