package queries_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/queries"
)

const sumQuestion = `/*
summary: sums
params:
  - {name: broader, type: boolean, default: "false", help: "wider items too"}
columns:
  - {name: item, type: entity}
  - {name: measure}
  - {name: amount}
  - {name: figures}
  - {name: facts}
sum: [item]
*/
var figures = g.V("<kg:Seizure>").in("<rdf:type>").tag("figure");
var amounts = g.V().has("<kg:unit>");
figures.out("<kg:item>").tag("item").back("figure").out(amounts, "measure").tag("amount").all();
if (params.broader) figures.out("<kg:item>").out("<skos:broaderTransitive>").tag("item").back("figure").out(amounts, "measure").tag("amount").all();
`

func TestSums(t *testing.T) {
	for _, tc := range []struct {
		name    string
		facts   []string
		broader bool
		want    []string // item | measure | amount | figures | facts
		leftOut []string // what | amount | reason
	}{
		{
			name: "two seizures add up",
			facts: []string{
				"C1 seizure/a massGrams 1500000", "- seizure/a item item/cocaine",
				"C2 seizure/b massGrams 500000", "- seizure/b item item/cocaine",
			},
			want: []string{"cocaine | mass | 2 t | a; b | 2"},
		},
		{
			name: "a part is not added to its whole",
			facts: []string{
				"C1 seizure/whole massGrams 27640000", "- seizure/whole item item/cocaine",
				"C2 seizure/part massGrams 11000000 nearly", "- seizure/part item item/cocaine",
				"C3 seizure/part partOf seizure/whole",
			},
			want:    []string{"cocaine | mass | 27.64 t | whole | 1"},
			leftOut: []string{"part | nearly 11 t | part of whole, which is counted"},
		},
		{
			name: "nor is a part of a part, and the reason names what is added",
			facts: []string{
				"C1 seizure/whole massGrams 3000", "- seizure/whole item item/cocaine",
				"C2 seizure/part massGrams 2000", "- seizure/part item item/cocaine", "C3 seizure/part partOf seizure/whole",
				"C4 seizure/crumb massGrams 1000", "- seizure/crumb item item/cocaine", "C5 seizure/crumb partOf seizure/part",
			},
			want: []string{"cocaine | mass | 3 kg | whole | 1"},
			leftOut: []string{
				"crumb | 1 kg | part of whole, which is counted",
				"part | 2 kg | part of whole, which is counted",
			},
		},
		{
			name: "a part counts where its whole gives no number",
			facts: []string{
				"C1 seizure/whole massGrams someValue words=tonnes", "- seizure/whole item item/cocaine",
				"C2 seizure/part massGrams 2000", "- seizure/part item item/cocaine", "C3 seizure/part partOf seizure/whole",
			},
			want:    []string{"cocaine | mass | 2 kg | part | 1"},
			leftOut: []string{"whole | tonnes (no number given) | no number given"},
		},
		{
			name: "a part counts where a claim that makes it one is deprecated",
			facts: []string{
				"C1 seizure/whole massGrams 3000", "- seizure/whole item item/cocaine",
				"C2 seizure/part massGrams 2000", "- seizure/part item item/cocaine", "C3 seizure/part partOf seizure/whole deprecated",
			},
			want: []string{"cocaine | mass | 5 kg | part; whole | 2"},
		},
		{
			name: "of a series the latest total counts",
			facts: []string{
				"C1 seizure/july massGrams 2000", "- seizure/july item item/drugs", "C2 seizure/july nextInSeries seizure/october",
				"C3 seizure/october massGrams 5000", "- seizure/october item item/drugs", "C4 seizure/october nextInSeries seizure/december",
				"C5 seizure/december massGrams someValue", "- seizure/december item item/drugs",
				"C6 seizure/shipment massGrams 1000", "- seizure/shipment item item/drugs", "C7 seizure/shipment partOf seizure/july",
			},
			want: []string{"drugs | mass | 5 kg | october | 1"},
			leftOut: []string{
				"december | some (no number given) | no number given",
				"july | 2 kg | an earlier total of the series; october is counted",
				"shipment | 1 kg | part of october, which is counted",
			},
		},
		{
			name: "a conversion is not added, and two currencies are two sums",
			facts: []string{
				"C1 seizure/a cashGBP 5400000000", "C2 seizure/a cashUSD 6800000000 converted=C1", "- seizure/a item item/cash",
				"C3 seizure/b cashUSD 100", "- seizure/b item item/cash",
			},
			want:    []string{"cash | cash | 54,000,000 GBP | a | 1", "cash | cash | 1 USD | b | 1"},
			leftOut: []string{"a | 68,000,000 USD | a conversion printed in the document; 54,000,000 GBP is counted"},
		},
		{
			name: "street value is no cash",
			facts: []string{
				"C1 seizure/a cashEUR 100", "C2 seizure/a streetValueEUR 1000", "C3 seizure/a massGrams 1", "- seizure/a item item/drugs",
			},
			want: []string{"drugs | cash | 1 EUR | a | 1", "drugs | mass | 1 g | a | 1", "drugs | street value | 10 EUR | a | 1"},
		},
		{
			name: "one claim a figure: the rounding and the contradiction are listed",
			facts: []string{
				"C1 seizure/a massGrams 27640000", "C2 seizure/a massGrams 28000000 nearly", "C3 seizure/a massGrams 35000000 approx",
				"- seizure/a item item/cocaine",
			},
			want: []string{"cocaine | mass | 27.64 t | a | 1"},
			leftOut: []string{
				"a | nearly 28 t | the same figure; 27.64 t is counted",
				"a | about 35 t | disputed; 27.64 t is preferred",
			},
		},
		{
			name:  "a deprecated claim is as if it were not there",
			facts: []string{"C1 seizure/a massGrams 1000 deprecated", "C2 seizure/a massGrams 2000 approx", "- seizure/a item item/cocaine"},
			want:  []string{"cocaine | mass | about 2 kg | a | 1"},
		},
		{
			name: "what gives no number is left out by its kind",
			facts: []string{
				"C1 seizure/a itemCount someValue words=dozens", "C2 seizure/b itemCount noValue", "C3 seizure/c itemCount withheld", "C4 seizure/d itemCount 3",
				"- seizure/a item item/guns", "- seizure/b item item/guns", "- seizure/c item item/guns", "- seizure/d item item/guns",
			},
			want: []string{"guns | count | 3 | d | 1"},
			leftOut: []string{
				"a | dozens (no number given) | no number given",
				"b | none | the document says that there was none",
				"c | withheld | the number is withheld",
			},
		},
		{
			name: "one hedge stays, ranges add up at both ends",
			facts: []string{
				"C1 seizure/a massGrams 2000 atLeast", "C2 seizure/b massGrams 1000", "- seizure/a item item/drugs", "- seizure/b item item/drugs",
				"C3 seizure/c itemCount 5 upto=7", "C4 seizure/d itemCount 10", "- seizure/c item item/guns", "- seizure/d item item/guns",
				"C5 seizure/e itemCount 5 atLeast", "C6 seizure/f itemCount 10 upto=20", "- seizure/e item item/cars", "- seizure/f item item/cars",
				"C7 seizure/g itemCount 5 atLeast", "C8 seizure/h itemCount 10 nearly", "- seizure/g item item/boats", "- seizure/h item item/boats",
			},
			want: []string{
				"boats | count | about 15 | g; h | 2",
				"cars | count | at least 15 | e; f | 2",
				"drugs | mass | at least 3 kg | a; b | 2",
				"guns | count | 15 to 17 | c; d | 2",
			},
		},
		{
			name:  "an inferred amount marks the sum",
			facts: []string{"C1 seizure/a massGrams 1000 inferred", "C2 seizure/b massGrams 1000", "- seizure/a item item/drugs", "- seizure/b item item/drugs"},
			want:  []string{"drugs | mass | 2 kg (inferred) | a; b | 2"},
		},
		{
			name:  "so does an inferred item",
			facts: []string{"C1 seizure/a massGrams 1000", "C2 seizure/a item item/drugs inferred"},
			want:  []string{"drugs | mass | 1 kg (inferred) | a | 1"},
		},
		{
			name: "a wider item includes its kinds and counts nothing twice",
			facts: []string{
				"- item/cocaine skos:broader item/drugs",
				"C1 seizure/all massGrams 9000", "- seizure/all item item/drugs",
				"C2 seizure/coke massGrams 4000", "- seizure/coke item item/cocaine", "C3 seizure/coke partOf seizure/all",
				"C4 seizure/other massGrams 1000", "- seizure/other item item/cocaine",
			},
			broader: true,
			want:    []string{"cocaine | mass | 5 kg | coke; other | 2", "drugs | mass | 10 kg | all; other | 2"},
			leftOut: []string{"coke | 4 kg | part of all, which is counted, under drugs"},
		},
		{
			name: "what counts two items together stands under neither, but under what both are",
			facts: []string{
				"- item/cocaine skos:broader item/drugs", "- item/heroin skos:broader item/drugs",
				"C1 seizure/mix massGrams 4000", "- seizure/mix item item/cocaine", "- seizure/mix item item/heroin",
			},
			broader: true,
			want:    []string{"drugs | mass | 4 kg | mix | 1"},
			leftOut: []string{
				"mix | 4 kg | counts cocaine and heroin together, under cocaine",
				"mix | 4 kg | counts cocaine and heroin together, under heroin",
			},
		},
		{
			name: "a figure that disputes what another counts is the same number",
			facts: []string{
				"C1 seizure/a itemCount 888", "- seizure/a item item/phones",
				"C2 seizure/b itemCount 888", "- seizure/b item item/phones", "C3 seizure/b disputes seizure/a",
			},
			want:    []string{"phones | count | 888 | a | 1"},
			leftOut: []string{"b | 888 | disputes what a counts, which is counted"},
		},
		{
			name:    "a conversion without its original is left out as well",
			facts:   []string{"C1 seizure/a cashGBP someValue", "C2 seizure/a cashUSD 100 converted=C1", "- seizure/a item item/cash"},
			leftOut: []string{"a | some (no number given) | no number given", "a | 1 USD | a conversion printed in the document"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			params := map[string]string{}
			if tc.broader {
				params["broader"] = "true"
			}
			table, err := mustSaved(t, sumQuestion).Run(t.Context(), tell(t, tc.facts...), params, queries.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, rows(table)); d != "" {
				t.Error(d)
			}
			var leftOut []string
			for _, l := range table.LeftOut {
				leftOut = append(leftOut, l.String())
			}
			if d := cmp.Diff(tc.leftOut, leftOut); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestASeizureOfNoKnownItemIsLeftOut(t *testing.T) {
	table, err := lookup(t, "seized-substances").Run(t.Context(), tell(t, "C1 seizure/a massGrams 1000", "C2 seizure/b massGrams 2000", "C3 seizure/b item item/drugs"), nil, queries.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"drugs | mass | 2 kg | b |  | paper"}, rows(table)); d != "" {
		t.Error(d)
	}
	if len(table.LeftOut) != 1 || table.LeftOut[0].String() != "a | 1 kg | no item given" || table.LeftOut[0].Claim.Label != "C1" {
		t.Errorf("got %v", table.LeftOut)
	}
}

func TestASumThatDoesNotFitIsAnError(t *testing.T) {
	store := tell(t, "C1 seizure/a massGrams 9223372036854775807", "C2 seizure/b massGrams 1", "- seizure/a item item/drugs", "- seizure/b item item/drugs")
	_, err := mustSaved(t, sumQuestion).Run(t.Context(), store, nil, queries.Options{})
	var problem *graph.Problem
	if !errors.As(err, &problem) || !strings.Contains(err.Error(), "9223372036854775807") {
		t.Errorf("got %v", err)
	}
}

func TestWhatHasNoUnitIsNoAmount(t *testing.T) {
	totals, leftOut, err := queries.Sum(t.Context(), tell(t), []queries.Amount{{Figure: "kg:seizure/a", Measure: "kg:item", Claims: []graph.Claim{{}}}})
	if err != nil || len(totals)+len(leftOut) > 0 {
		t.Errorf("got %v, %v, %v", totals, leftOut, err)
	}
}
