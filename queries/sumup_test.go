package queries_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/queries"
)

// world is a platform that two operations targeted, of which one has a part; ports in two countries;
// goods of two kinds.
func sumWorld() []string {
	return []string{
		"- operation/north targeted platform/hush", "- operation/south targeted platform/hush", "- operation/raid partOf operation/north",
		"- operation/other targeted platform/murmur",
		"- location/port within location/north", "- location/north kind kind/country", "- location/south kind kind/country", "- location/port kind kind/port",
		"- item/cocaine skos:broader item/drugs", "- item/heroin skos:broader item/drugs",
	}
}

// goods is a seizure: what, how many grams, and more facts as "predicate value".
func goods(id, item, grams string, more ...string) []string {
	lines := []string{"- seizure/" + id + " item item/" + item, "C-" + id + " seizure/" + id + " massGrams " + grams, "- seizure/" + id + " measure measure/goods"}
	for _, m := range more {
		lines = append(lines, "- seizure/"+id+" "+m)
	}
	return lines
}

func TestSumUp(t *testing.T) {
	for _, tc := range []struct {
		name    string
		facts   [][]string
		request queries.SumRequest
		want    []string
		leftOut []string // what | amount | reason
	}{
		{
			name:    "two single seizures of one operation are two",
			facts:   [][]string{goods("a", "cocaine", "1000", "duringOperation operation/north"), goods("b", "cocaine", "2000", "duringOperation operation/north")},
			request: queries.SumRequest{Measure: "mass"},
			want:    []string{"mass | 3 kg | 2 to 4 kg | 2 | a; b | C-a; C-b"},
		},
		{
			name: "goods of which no document says that they were seized are listed, and not added",
			facts: [][]string{
				goods("a", "cocaine", "1000", "duringOperation operation/north"),
				{"C-import figure/import massGrams 260000", "- figure/import about operation/north", "- figure/import measure measure/other"},
			},
			request: queries.SumRequest{Measure: "mass", Operation: "kg:operation/north"},
			want:    []string{"mass | 1 kg | 500 g to 1.5 kg | 1 | a | C-a"},
			leftOut: []string{"import | 260 kg | no seizure; only what was seized is added"},
		},
		{
			name:    "parcels in which goods came are no goods seized",
			facts:   [][]string{{"C-parcels figure/parcels itemCount 40", "- figure/parcels measure measure/goods"}},
			request: queries.SumRequest{Measure: "items"},
			leftOut: []string{"parcels | 40 | no seizure; only what was seized is added"},
		},
		{
			name:    "nor is money of which a document only tells",
			facts:   [][]string{{"C-till figure/till cashEUR 4000", "- figure/till measure measure/other"}},
			request: queries.SumRequest{Measure: "cash"},
			leftOut: []string{"till | 40 EUR | no seizure; only what was seized is added"},
		},
		{
			name:    "arrests are added though they are no seizures",
			facts:   [][]string{{"C-arrests figure/arrests itemCount 7", "- figure/arrests measure measure/arrests"}},
			request: queries.SumRequest{Measure: "arrests"},
			want:    []string{"count | 7 | 7 | 1 | arrests | C-arrests"},
		},
		{
			name: "a total may hold a single seizure of its operation, and counts",
			facts: [][]string{
				goods("all", "drugs", "9000", "duringOperation operation/north", "aggregate true"), goods("one", "cocaine", "2000", "duringOperation operation/north"),
			},
			request: queries.SumRequest{Measure: "mass"},
			want:    []string{"mass | 9 kg | at least 8.5 kg | 1 | all | C-all"},
			leftOut: []string{"one | 2 kg | may be counted in all already, which is larger and is counted: no document says whether it is a part of it"},
		},
		{
			name: "single seizures that come to more than the total count instead",
			facts: [][]string{
				goods("all", "drugs", "5000", "duringOperation operation/north", "aggregate true"),
				goods("a", "cocaine", "3000", "duringOperation operation/north"), goods("b", "cocaine", "4000", "duringOperation operation/north"),
			},
			request: queries.SumRequest{Measure: "mass"},
			want:    []string{"mass | 7 kg | at least 6 kg | 2 | a; b | C-a; C-b"},
			leftOut: []string{"all | 5 kg | may count the same as b and a, which come to more and are counted: no document says whether they are parts of it"},
		},
		{
			name: "place, time, goods or another operation keep a total and a seizure apart",
			facts: [][]string{
				goods("all", "cocaine", "9000", "duringOperation operation/north", "aggregate true", "place location/north", "schema:startDate 2021-01", "schema:endDate 2021-06"),
				goods("there", "cocaine", "100", "duringOperation operation/north", "place location/south"),
				goods("later", "cocaine", "200", "duringOperation operation/north", "schema:startDate 2021-07-01"),
				goods("else", "heroin", "300", "duringOperation operation/north"),
				goods("foreign", "cocaine", "400", "duringOperation operation/other"),
				goods("cousin", "cocaine", "500", "duringOperation operation/south"),
			},
			request: queries.SumRequest{Measure: "mass"},
			want:    []string{"mass | 10.5 kg | 9.75 to 11.25 kg | 6 | all; cousin; else; foreign; later; there | C-all; C-cousin; C-else; C-foreign; C-later; C-there"},
		},
		{
			name: "an operation's part, a place within and a wider kind do not",
			facts: [][]string{
				goods("all", "drugs", "9000", "duringOperation operation/north", "aggregate true", "place location/north"),
				goods("in", "heroin", "100", "duringOperation operation/raid", "place location/port"),
			},
			request: queries.SumRequest{Measure: "mass"},
			want:    []string{"mass | 9 kg | at least 8.5 kg | 1 | all | C-all"},
			leftOut: []string{"in | 100 g | may be counted in all already, which is larger and is counted: no document says whether it is a part of it"},
		},
		{
			name: "a total of the platform may hold what its operations seized",
			facts: [][]string{
				goods("world", "cocaine", "9000", "fromPlatform platform/hush", "aggregate true"), goods("one", "cocaine", "700", "duringOperation operation/south"),
				goods("foreign", "cocaine", "30", "fromPlatform platform/murmur"),
			},
			request: queries.SumRequest{Measure: "mass", By: []string{"platform"}},
			want: []string{
				"hush | mass | 9 kg | at least 8.5 kg | 1 | world | C-world",
				"murmur | mass | 30 g | 25 to 35 g | 1 | foreign | C-foreign",
			},
			leftOut: []string{"one | 700 g | may be counted in world already, which is larger and is counted: no document says whether it is a part of it"},
		},
		{
			name: "of what is known neither operation nor platform, a total may hold anything",
			facts: [][]string{
				goods("world", "cocaine", "9000", "aggregate true", "asOf 2021-06"), goods("one", "cocaine", "700", "fromPlatform platform/hush"),
				goods("later", "cocaine", "20", "fromPlatform platform/hush", "schema:startDate 2022-01-05"), goods("lone", "heroin", "3"),
			},
			request: queries.SumRequest{Measure: "mass"},
			want:    []string{"mass | 9.023 kg | at least 8.518 kg | 3 | later; lone; world | C-later; C-lone; C-world"},
			leftOut: []string{"one | 700 g | may be counted in world already, which is larger and is counted: no document says whether it is a part of it"},
		},
		{
			name: "what counts is judged before it is broken down",
			facts: [][]string{
				goods("whole", "drugs", "9000", "place location/north"), goods("part", "cocaine", "4000", "place location/port", "partOf seizure/whole"),
				goods("both", "heroin", "600", "place location/north", "place location/south"),
			},
			request: queries.SumRequest{Measure: "mass", By: []string{"country", "substance"}},
			want: []string{
				"north | drugs | mass | 9 kg | 8.5 to 9.5 kg | 1 | whole | C-whole",
				"north; south | heroin | mass | 600 g | 550 to 650 g | 1 | both | C-both",
			},
			leftOut: []string{"part | 4 kg | part of whole, which is counted"},
		},
		{
			name: "a total that is of no place yields to places, one that holds nothing of theirs stays",
			facts: [][]string{
				goods("world", "drugs", "9000", "fromPlatform platform/hush", "aggregate true"), goods("part", "cocaine", "4000", "place location/port", "partOf seizure/world", "fromPlatform platform/hush"),
				goods("loose", "heroin", "50", "place location/south", "fromPlatform platform/hush"),
				goods("other", "drugs", "600", "fromPlatform platform/murmur", "aggregate true"),
			},
			request: queries.SumRequest{Measure: "mass", By: []string{"country"}},
			want: []string{
				"north | mass | 4 kg | 3.5 to 4.5 kg | 1 | part | C-part",
				" | mass | 600 g | at least 550 g | 1 | other | C-other",
				"south | mass | 50 g | 45 to 55 g | 1 | loose | C-loose",
			},
			leftOut: []string{"world | 9 kg | gives no country, and may count the same as loose and part, of which it is given and which count"},
		},
		{
			name: "a filter comes first, so a part counts where its whole is not asked for",
			facts: [][]string{
				goods("whole", "drugs", "9000", "place location/north"), goods("part", "cocaine", "4000", "place location/port", "partOf seizure/whole"),
				goods("mixed", "cocaine", "500", "item item/heroin"),
			},
			request: queries.SumRequest{Measure: "mass", Item: "kg:item/cocaine"},
			want:    []string{"mass | 4 kg | 3.5 to 4.5 kg | 1 | part | C-part"},
			leftOut: []string{"mixed | 500 g | counts heroin too"},
		},
		{
			name: "a place holds what lies in it; a total of two places holds too much",
			facts: [][]string{
				goods("port", "drugs", "1000", "place location/port"), goods("south", "drugs", "2000", "place location/south"),
				goods("route", "drugs", "30", "place location/north", "place location/south"),
				goods("both", "drugs", "400", "place location/north", "place location/south", "aggregate true"),
			},
			request: queries.SumRequest{Measure: "mass", Place: "kg:location/north"},
			want:    []string{"mass | 1.03 kg | 525 g to 1.535 kg | 2 | port; route | C-port; C-route"},
			leftOut: []string{"both | 400 g | counts south too"},
		},
		{
			name: "times: inside, outside, across, unknown",
			facts: [][]string{
				goods("in", "drugs", "1000", "schema:startDate 2021-03-05"), goods("out", "drugs", "2000", "schema:startDate 2020-03"),
				goods("across", "drugs", "3000", "schema:startDate 2020-12", "schema:endDate 2021-02", "aggregate true"),
				goods("total", "drugs", "4000", "asOf 2021-06", "aggregate true"), goods("when", "drugs", "5000"),
				goods("late", "drugs", "6000", "schema:startDate 2021-12", "schema:endDate 2022-01", "aggregate true"),
			},
			request: queries.SumRequest{Measure: "mass", From: graph.Date{Year: 2021}, To: graph.Date{Year: 2021}, By: []string{"year"}},
			want:    []string{"2021 | mass | 1 kg | 500 g to 1.5 kg | 1 | in | C-in"},
			leftOut: []string{
				"across | 3 kg | begins 2020-12, before 2021",
				"late | 6 kg | ends 2022-01, after 2021",
				"total | 4 kg | a total of 2021-06 whose beginning no document gives: it may count from before 2021",
				"when | 5 kg | no date given",
			},
		},
		{
			name: "years are named as far as they are known",
			facts: [][]string{
				goods("a", "cocaine", "1000", "asOf 2021-06", "aggregate true", "fromPlatform platform/hush"),
				goods("b", "cocaine", "200", "schema:startDate 2020-02", "schema:endDate 2021-02", "fromPlatform platform/murmur"),
				goods("c", "heroin", "30"), goods("d", "cocaine", "4", "schema:startDate 2020-03", "aggregate true", "fromPlatform platform/whisper"),
			},
			request: queries.SumRequest{Measure: "mass", By: []string{"year"}},
			want: []string{
				"by 2021 | mass | 1 kg | 500 g to 1.5 kg | 1 | a | C-a",
				"2020 to 2021 | mass | 200 g | 150 to 250 g | 1 | b | C-b",
				" | mass | 30 g | 25 to 35 g | 1 | c | C-c",
				"from 2020 | mass | 4 g | 4 g | 1 | d | C-d",
			},
		},
		{
			name: "numbers that are missing leave a sum open; at least does too",
			facts: [][]string{
				goods("a", "cocaine", "someValue", "place location/north"), goods("b", "cocaine", "2000", "place location/north"),
				goods("c", "cocaine", "2000 atLeast", "place location/south"),
			},
			request: queries.SumRequest{Measure: "mass", By: []string{"location"}},
			want: []string{
				"north | mass | 2 kg | at least 1.5 kg | 1 | b | C-b",
				"south | mass | at least 2 kg | at least 2 kg | 1 | c | C-c",
			},
			leftOut: []string{"a | some (no number given) | no number given"},
		},
		{
			name: "currencies, and money and goods, stay apart",
			facts: [][]string{{
				"C1 seizure/a cashGBP 100", "C2 seizure/a cashUSD 130 converted=C1", "C3 seizure/b cashUSD 500", "C4 seizure/b streetValueUSD 9900", "- seizure/a item item/cash",
			}},
			request: queries.SumRequest{Measure: "cash"},
			want:    []string{"cash | 1 GBP | 0.5 to 1.5 GBP | 1 | a | C1", "cash | 5 USD | 4.5 to 5.5 USD | 1 | b | C3"},
			leftOut: []string{"a | 1.3 USD | a conversion printed in the document; 1 GBP is counted"},
		},
		{
			name: "a part of what counts in another currency is counted with it",
			facts: [][]string{{
				"C1 seizure/all cashEUR 90000", "- seizure/all item item/cash", "C2 seizure/part cashGBP 5000", "- seizure/part item item/cash", "- seizure/part partOf seizure/all",
				"C3 seizure/other cashGBP 700", "- seizure/other item item/cash",
			}},
			request: queries.SumRequest{Measure: "cash"},
			want:    []string{"cash | 900 EUR | 850 to 950 EUR | 1 | all | C1", "cash | 7 GBP | 6.5 to 7.5 GBP | 1 | other | C3"},
			leftOut: []string{"part | 50 GBP | part of all, which is counted, in EUR"},
		},
		{
			name: "one that is of no place yields to its part in another currency",
			facts: [][]string{{
				"C1 seizure/all cashEUR 90000", "- seizure/all item item/cash", "C2 seizure/part cashGBP 5000", "- seizure/part item item/cash", "- seizure/part partOf seizure/all",
				"- seizure/part place location/north",
			}},
			request: queries.SumRequest{Measure: "cash", By: []string{"country"}},
			want:    []string{"north | cash | 50 GBP | 45 to 55 GBP | 1 | part | C2"},
			leftOut: []string{"all | 900 EUR | gives no country, and includes part, of which it is given and which counts, in GBP"},
		},
		{
			name:    "a figure that documents give in two currencies counts once",
			facts:   [][]string{{"C1 seizure/a cashEUR 90000", "C2 seizure/a cashUSD 99000 approx", "- seizure/a item item/cash"}},
			request: queries.SumRequest{Measure: "cash"},
			want:    []string{"cash | 900 EUR | 850 to 950 EUR | 1 | a | C1"},
			leftOut: []string{"a | about 990 USD | the same figure; 900 EUR is counted"},
		},
		{
			name: "the parts of a total that yields to others count beside those",
			facts: [][]string{
				goods("all", "drugs", "9000", "duringOperation operation/north", "aggregate true", "place location/north"),
				goods("part", "heroin", "700", "duringOperation operation/north", "partOf seizure/all", "place location/north"),
				goods("early", "drugs", "9500", "duringOperation operation/north", "nextInSeries seizure/all", "aggregate true", "place location/north"),
				goods("one", "cocaine", "5000", "duringOperation operation/north", "place location/port"),
				goods("two", "cocaine", "6000", "duringOperation operation/north", "place location/port"),
			},
			request: queries.SumRequest{Measure: "mass"},
			want:    []string{"mass | 11.7 kg | at least 10.65 kg | 3 | one; part; two | C-one; C-part; C-two"},
			leftOut: []string{
				"all | 9 kg | may count the same as two and one, which come to more and are counted: no document says whether they are parts of it",
				"early | 9.5 kg | an earlier total of the series of all, which is left out itself",
			},
		},
		{
			name: "two kinds that share a narrower one may be the same goods",
			facts: [][]string{
				{"- item/cocaine skos:broader item/banned"},
				goods("banned", "banned", "9000", "duringOperation operation/north", "aggregate true"),
				goods("drugs", "drugs", "8000", "duringOperation operation/north", "aggregate true"),
				goods("heroin", "heroin", "300", "duringOperation operation/south"),
			},
			request: queries.SumRequest{Measure: "mass"},
			want:    []string{"mass | 9.3 kg | at least 8.75 kg | 2 | banned; heroin | C-banned; C-heroin"},
			leftOut: []string{"drugs | 8 kg | may be counted in banned already, which is larger and is counted: no document says whether it is a part of it"},
		},
		{
			name: "the naive sum adds up everything that is printed anywhere",
			facts: [][]string{
				goods("all", "cocaine", "27640000", "fromPlatform platform/hush"), goods("part", "cocaine", "11000000", "fromPlatform platform/hush", "partOf seizure/all"),
				{"C9 seizure/all massGrams 28000000 nearly"},
			},
			request: queries.SumRequest{Measure: "mass", Naive: true},
			want:    []string{"mass | 27.64 t | 27.635 to 27.645 t | 1 | 66.64 t | 3 | 39 t | all | C-all"},
			leftOut: []string{
				"all | nearly 28 t | the same figure; 27.64 t is counted",
				"part | 11 t | part of all, which is counted",
			},
		},
		{
			name: "counts of people are of one measure, and of operations with their parts",
			facts: [][]string{{
				"- figure/a measure measure/arrests", "- figure/a about operation/north", "C1 figure/a itemCount 60",
				"- figure/b measure measure/arrests", "- figure/b about operation/raid", "C2 figure/b itemCount 7",
				"- figure/c measure measure/searches", "- figure/c about operation/north", "C3 figure/c itemCount 90",
				"- figure/d measure measure/arrests", "- figure/d about operation/south", "C4 figure/d itemCount 5",
			}},
			request: queries.SumRequest{Measure: "arrests", Operation: "kg:operation/north"},
			want:    []string{"count | 60 | at least 55 | 1 | a | C1"},
			leftOut: []string{"b | 7 | may be counted in a already, which is larger and is counted: no document says whether it is a part of it"},
		},
		{
			name: "an inferred link marks the sum that rests on it",
			facts: [][]string{
				goods("a", "cocaine", "1000"), {"C8 seizure/a duringOperation operation/north inferred"}, goods("b", "cocaine", "20", "seizedBy agency/blue"),
			},
			request: queries.SumRequest{Measure: "mass", By: []string{"operation", "agency"}},
			want: []string{
				"north |  | mass | 1 kg (inferred) | 500 g to 1.5 kg | 1 | a | C-a",
				" | blue | mass | 20 g | 15 to 25 g | 1 | b | C-b",
			},
		},
		{
			name: "things of different kinds are no sum",
			facts: [][]string{{
				"C1 seizure/a itemCount 1000000", "- seizure/a item item/pills", "- seizure/a measure measure/goods",
				"C2 seizure/b itemCount 3", "- seizure/b item item/rifles", "- seizure/b measure measure/goods",
			}},
			request: queries.SumRequest{Measure: "items"},
			want:    []string{"pills | count | 1,000,000 | 500,000 to 1,500,000 | 1 | a | C1", "rifles | count | 3 | 3 | 1 | b | C2"},
		},
		{
			name:    "nothing fits",
			facts:   [][]string{goods("a", "cocaine", "1000")},
			request: queries.SumRequest{Measure: "mass", Agency: "kg:agency/blue"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			lines := sumWorld()
			for _, f := range tc.facts {
				lines = append(lines, f...)
			}
			table, err := queries.SumUp(t.Context(), tell(t, lines...), tc.request)
			if err != nil {
				t.Fatal(err)
			}
			var got, leftOut []string
			for _, row := range table.Rows {
				cells := make([]string, len(row))
				for i, c := range row {
					cells[i] = c.Text()
				}
				got = append(got, strings.Join(cells, " | "))
			}
			for _, l := range table.LeftOut {
				leftOut = append(leftOut, l.String())
				if l.Claim.Label == "" {
					t.Errorf("%s: left out without its claim", l)
				}
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Errorf("rows (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tc.leftOut, leftOut); d != "" {
				t.Errorf("left out (-want +got):\n%s", d)
			}
		})
	}
}

func TestSumUpRefuses(t *testing.T) {
	store := tell(t, sumWorld()...)
	for _, tc := range []struct {
		name    string
		request queries.SumRequest
		want    string
	}{
		{"a slip", queries.SumRequest{Measure: "arests"}, "did you mean arrests?"},
		{"prices", queries.SumRequest{Measure: "price"}, "want something that can be added up"},
		{"countries", queries.SumRequest{Measure: "countries"}, "want something that can be added up"},
		{"an unknown key", queries.SumRequest{Measure: "mass", By: []string{"colour"}}, `want something to break a total down by, found "colour"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := queries.SumUp(t.Context(), store, tc.request); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// TestSumUpNeverCountsTwice adds a claim to every figure and a part to every whole: the totals stay.
func TestSumUpNeverCountsTwice(t *testing.T) {
	lines := append(sumWorld(), goods("whole", "cocaine", "9100", "place location/north")...)
	lines = append(lines, goods("lone", "heroin", "410", "place location/south")...)
	total := func(lines []string, by ...string) string {
		table, err := queries.SumUp(t.Context(), tell(t, lines...), queries.SumRequest{Measure: "mass", By: by})
		if err != nil {
			t.Fatal(err)
		}
		sum := ""
		for _, row := range table.Rows {
			sum += row[len(by)+1].Text() + ";"
		}
		return sum
	}
	want, wantBy := total(lines), total(lines, "location", "substance")
	for _, more := range [][]string{
		{"D1 seizure/whole massGrams 9000 approx", "D2 seizure/lone massGrams 400"},
		goods("crumb", "cocaine", "9000", "place location/port", "partOf seizure/whole"),
		goods("earlier", "cocaine", "4000", "place location/north", "nextInSeries seizure/whole"),
		goods("same", "cocaine", "9100", "disputes seizure/whole"),
		{"D3 seizure/lone massGrams 99999 deprecated"},
	} {
		lines = append(lines, more...)
		if got, gotBy := total(lines), total(lines, "location", "substance"); got != want || gotBy != wantBy {
			t.Errorf("after %v: %s and %s, want %s and %s", more, got, gotBy, want, wantBy)
		}
	}
}
