package audit_test

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/data"
	"kg/graph"
	"kg/graph/audit"
)

// theSchema is the schema of the project: the rules read its units and classes.
func theSchema(t *testing.T) *graph.Schema {
	t.Helper()
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// facts reads lines of a small notation. "is seizure/a The name" defines an entity, "link seizure/a
// partOf seizure/b" is a fact of the gazetteer, and "C1 seizure/a massGrams 500" a claim read in
// source/paper, after which "in=source/x", "said=the words", "upTo=600", "rank=deprecated",
// "hedge=approx" or "from=C2" may follow; said= takes the rest of the line.
func facts(t *testing.T, schema *graph.Schema, lines ...string) []quad.Quad {
	t.Helper()
	var quads []quad.Quad
	for _, line := range lines {
		words := strings.Fields(line)
		subject := quad.IRI("kg:" + words[1])
		predicate := func(name string) quad.IRI {
			p, ok := schema.PredicateNamed(name, "")
			if !ok {
				t.Fatalf("%q: no predicate %q", line, name)
			}
			return p.IRI
		}
		switch words[0] {
		case "is":
			class, ok := schema.ClassOf(subject)
			if !ok {
				t.Fatalf("%q: no class", line)
			}
			quads = append(quads, quad.Quad{Subject: subject, Predicate: graph.Type, Object: class.IRI, Label: graph.Gazetteer})
			if len(words) > 2 {
				quads = append(quads, quad.Quad{Subject: subject, Predicate: graph.Name, Object: quad.String(strings.Join(words[2:], " ")), Label: graph.Gazetteer})
			}
		case "link":
			quads = append(quads, quad.Quad{Subject: subject, Predicate: predicate(words[2]), Object: value(strings.Join(words[3:], " ")), Label: graph.Gazetteer})
		default:
			c := graph.Claim{
				ID: quad.IRI("kg:claim/" + words[0]), Subject: subject, Predicate: predicate(words[2]),
				Object: value(words[3]), Source: "kg:source/paper",
			}
			line, c.ReportedAs, _ = strings.Cut(line, " said=")
			for _, more := range strings.Fields(line)[4:] {
				name, text, _ := strings.Cut(more, "=")
				switch name {
				case "in":
					c.Source = quad.IRI("kg:" + text)
				case "upTo":
					c.UpTo = value(text)
				case "rank":
					c.Rank = quad.IRI("kg:" + text)
				case "hedge":
					c.Qualifier = quad.IRI("kg:" + text)
				case "from":
					c.ConvertedFrom = quad.IRI("kg:claim/" + text)
				default:
					t.Fatalf("%q: what is %s?", line, name)
				}
			}
			quads = append(quads, c.Quads()...)
		}
	}
	return quads
}

func value(text string) quad.Value {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && len(text) != 4 {
		return quad.Int(n)
	}
	if d, err := graph.ParseDate(text); err == nil {
		return d.Value()
	}
	switch {
	case text == "true":
		return quad.Bool(true)
	case text == "someValue", strings.Contains(text, "/") && !strings.Contains(text, " "):
		return quad.IRI("kg:" + text)
	default:
		return quad.String(text)
	}
}

func TestInspect(t *testing.T) {
	schema := theSchema(t)
	text, err := os.ReadFile("../../data/review/plausible.yaml")
	if err != nil {
		t.Fatal(err)
	}
	bands, err := audit.ParseBands("plausible.yaml", text, schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			c.reviewed.Bands = bands
			for _, f := range audit.Inspect(schema, facts(t, schema, c.facts...), func(quad.IRI) graph.Position { return graph.Position{} }, false, c.reviewed) {
				if c.rules == nil || slices.Contains(c.rules, f.Rule) {
					p := *f.Problem
					p.Hint = ""
					got = append(got, f.Rule+": "+p.Error())
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func published(ids ...quad.IRI) []audit.Slug {
	list := make([]audit.Slug, len(ids))
	for i, id := range ids {
		list[i] = audit.Slug{Entity: "kg:" + id, At: graph.Position{File: "slugs.txt", Line: i + 1}}
	}
	return list
}

type inspectCase struct {
	name     string
	rules    []string // only these are looked at; nil: all
	facts    []string
	reviewed audit.Reviewed
	want     []string
}

func cases() []inspectCase {
	cocaine := []string{"is item/cocaine cocaine", "is item/drugs drugs", "link item/cocaine skos:broader item/drugs"}
	seizure := func(lines ...string) []string {
		return append(slices.Concat(cocaine, []string{"is source/paper Paper", "is seizure/a A", "link seizure/a aggregate true", "link seizure/a measure measure/goods", "C0 seizure/a item item/cocaine"}), lines...)
	}
	figure := func(lines ...string) []string {
		return append([]string{"is source/paper Paper", "link source/paper dcterms:issued 2021-05", "is figure/a A", "is figure/b B", "is figure/c C"}, lines...)
	}
	numbers := []string{"C1 figure/a itemCount 100", "C2 figure/b itemCount 40", "C3 figure/c itemCount 50"}
	places := []string{
		"is location/x X", "is location/y Y", "is location/z Z", "link location/z within location/y",
		"link location/x geo:lat 1", "link location/x geo:long 1", "link location/x within location/w",
	}
	return []inspectCase{
		{
			name:  "a price that somebody pays",
			facts: seizure("C1 seizure/a massGrams 27640000", "C2 seizure/a streetValueEUR 140000000000"),
		},
		{
			name:  "kilograms taken for tonnes",
			facts: seizure("C1 seizure/a massGrams 27640", "C2 seizure/a streetValueEUR 140000000000"),
			want:  []string{"price-per-gram: want 12 EUR to 250 EUR a gram, found about 50,651.56 EUR: 1,400,000,000 EUR for 27.64 kg of seizure/a"},
		},
		{
			name:  "million taken for billion",
			facts: seizure("C1 seizure/a massGrams 27640000", "C2 seizure/a streetValueEUR 140000000"),
			want:  []string{"price-per-gram: want 12 EUR to 250 EUR a gram, found about 0.05 EUR: 1,400,000 EUR for 27.64 t of seizure/a"},
		},
		{
			name:  "a currency that nobody has given a band",
			facts: seizure("C1 seizure/a massGrams 27640", "C2 seizure/a streetValueBTC 100"),
		},
		{
			name: "of two kinds of goods the price of one will do",
			facts: slices.Concat(seizure("C1 seizure/a massGrams 1000000", "C2 seizure/a streetValueEUR 200000000", "C3 seizure/a item item/hash"),
				[]string{"is item/hash hashish", "link item/hash skos:broader item/drugs"}),
		},
		{
			name:  "two documents a thousand apart",
			facts: figure("C1 figure/a itemCount 60000", "C2 figure/a itemCount 60", "C3 figure/b itemCount 60000", "C4 figure/b itemCount 32000", "C5 figure/c itemCount 1"),
			want:  []string{"thousandfold: want about the number of C1, 60,000, found 60, a thousandth of that"},
		},
		{
			name:  "a part with its whole's digits and other zeros",
			facts: figure("C1 figure/a itemCount 27640", "C2 figure/b itemCount 27640000", "C3 figure/c itemCount 500", "link figure/a partOf figure/b", "link figure/c partOf figure/b"),
			want:  []string{"thousandfold: want another number than C2, 27,640,000, with other zeros, found 27,640, a thousandth of that"},
		},
		{
			name:  "parts that fit",
			facts: figure(append(numbers, "link figure/b partOf figure/a", "link figure/c partOf figure/a")...),
		},
		{
			name:  "a part that is larger than its whole",
			facts: figure(append(numbers, "link figure/a partOf figure/b")...),
			want:  []string{"part-larger: want a part of at most 40, as figure/b has, found 100 for figure/a"},
		},
		{
			name: "parts of different places that are larger together",
			facts: slices.Concat(figure("C1 figure/a itemCount 81", "C2 figure/b itemCount 41", "C3 figure/c itemCount 51", "link figure/b partOf figure/a", "link figure/c partOf figure/a",
				"link figure/b place location/x", "link figure/c place location/y"), places),
			rules: []string{"part-larger"},
			want:  []string{"part-larger: want a total of at least 91, what its parts come to, found 81 for figure/a; the parts are figure/b, figure/c"},
		},
		{
			name: "parts that may be parts of each other",
			facts: slices.Concat(figure("C1 figure/a itemCount 81", "C2 figure/b itemCount 41", "C3 figure/c itemCount 51", "link figure/b partOf figure/a", "link figure/c partOf figure/a",
				"link figure/b place location/z", "link figure/c place location/y"), places),
			rules: []string{"part-larger"},
		},
		{
			name:  "a series that grows",
			facts: figure(append(numbers, "link figure/b nextInSeries figure/c", "link figure/b asOf 2020-07", "link figure/c asOf 2020-10")...),
		},
		{
			name:  "a series against its days",
			facts: figure(append(numbers, "link figure/b nextInSeries figure/c", "link figure/b asOf 2020-10", "link figure/c asOf 2020-07")...),
			want:  []string{"series-backwards: want a next total that was struck later than 2020-10, found figure/c, as of 2020-07"},
		},
		{
			name:  "a running total that shrinks",
			facts: figure(append(numbers, "C4 figure/a cashEUR 111000", "C5 figure/c cashEUR 51000", "link figure/a nextInSeries figure/c")...),
			want:  []string{"series-backwards: want a running total of at least 1,110 EUR as in figure/a, found 510 EUR in figure/c"},
		},
		{
			name: "a figure of a day after the document",
			facts: figure(append(numbers, "link figure/a asOf 2021-06", "link figure/b asOf 2021-05-20",
				"link figure/c schema:startDate 2021-05-02")...),
			want: []string{"told-before: want a figure of a day that had passed when source/paper was published, 2021-05, found 2021-06 for figure/a"},
		},
		{
			name: "an end before the start, each from another document",
			facts: figure(append(numbers, "is source/other Other", "C7 figure/a schema:startDate 2021-04", "C8 figure/a schema:endDate 2021-03-31 in=source/other",
				"link figure/b schema:startDate 2021-05", "link figure/b asOf 2021-04-30")...),
			want: []string{
				"dates-backwards: want an end after the start, 2021-04, found 2021-03-31 for figure/a",
				"dates-backwards: want a total struck after the start, 2021-05, found as of 2021-04-30 for figure/b",
			},
		},
		{
			name:  "what is not complete",
			facts: []string{"is source/paper Paper", "is seizure/a A", "is location/x X", "is agency/y", "is figure/b B", "link figure/b about platform/nowhere"},
			want: []string{
				"dangling: want an entity that is defined, found platform/nowhere under about",
				"no-name: want a name, found none for agency/y",
				"no-number: want a claim that says how much or how many, found none for figure/b",
				"no-number: want a claim that says how much or how many, found none for seizure/a",
				"no-place: want a country, found none for agency/y",
				"no-place: want the wider place in which it lies, found none for location/x",
				"no-place: want coordinates, found none for location/x",
				"no-place: want a place, found none for seizure/a",
			},
		},
		{
			name:  "a document that says a thing twice",
			facts: figure(append(numbers, "C9 figure/a itemCount 100", "C10 figure/a itemCount 100 in=source/other", "is source/other Other")...),
			want:  []string{"claim-twice: want each thing once from a document, found C9 says what C1 says"},
		},
		{
			name:     "slugs that are there, are another name now, and are gone",
			facts:    []string{"is platform/sky-ecc Sky ECC", "link platform/sky-ecc skos:altLabel sky"},
			reviewed: audit.Reviewed{Slugs: published("platform/sky-ecc", "platform/sky", "platform/sky-ec", "company/sky")},
			want: []string{
				"slug-gone: slugs.txt:3: want platform/sky-ec or an entity with the alias sky-ec, found neither",
				"slug-gone: slugs.txt:4: want company/sky or an entity with the alias sky, found neither",
			},
		},
		{
			name: "words that fit their numbers",
			facts: figure("C1 figure/a itemCount 60000 said=60.000 Nutzer", "C2 figure/a itemCount 1500000 said=1,5 Millionen", "C3 figure/a massGrams 27640000 said=27,64 ton",
				"C4 figure/a cashGBP 5400000000 said=£54m", "C5 figure/a itemCount 17 upTo=20 said=17 to 20", "C6 figure/a massGrams 1134 said=2.5lb",
				"C7 figure/a itemCount 12 said=a dozen", "C8 figure/a dataBytes 2500000000000 said=2.5 TB", "C9 figure/a shareBasisPoints 9000 said=90%",
				"C10 figure/a itemCount 1234567 said=1 234 567 messages", "C11 figure/a streetValueEUR 140000000000 said=1.4 billion euros",
				"C12 figure/a itemCount 12 said=in June 2021 12 arrests", "C13 figure/a itemCount 4512 said=4 512 personnes"),
			rules: []string{"words-differ"},
		},
		{
			name: "words that do not",
			facts: figure("C1 figure/a itemCount 60 said=60,000 users", "C2 figure/a cashEUR 140000000 said=1.4 billion euros", "C3 figure/a massGrams 11000 said=nearly 11 tons",
				"C4 figure/a itemCount 746 said=764 arrests", "C5 figure/a itemCount 5 rank=deprecated said=7", "C6 figure/a itemCount someValue said=7 or so"),
			rules: []string{"words-differ"},
			want: []string{
				`words-differ: want a number that stands in "60,000 users", found 60, a thousandth of what it says`,
				`words-differ: want a number that stands in "1.4 billion euros", found 1,400,000 EUR, a thousandth of what it says`,
				`words-differ: want a number that stands in "nearly 11 tons", found 11 kg, a thousandth of what it says`,
				`words-differ: want a number that stands in "764 arrests", found 746`,
			},
		},
		{
			name: "characters that nobody sees",
			facts: []string{
				"is platform/a Sky\u200b ECC", "is platform/b \u202eCCE ykS", "is platform/c می\u200cخواهم 👩\u200d💻 Straße", "is platform/d Sky\u200cECC",
				"link platform/a note Soft\u00adware", "C1 platform/a describedAs ignored\ufffd", "is platform/e Sky\u2060", "is platform/f Sky\u0007 ECC",
			},
			reviewed: audit.Reviewed{Texts: []audit.Text{{Text: "two\nlines", About: "kg:claim/left-out", At: graph.Position{File: "left-out.csv", Line: 2}}}},
			rules:    []string{"unseen"},
			want: []string{
				`unseen: want words that show all that they hold, found the sign for a character that could not be read (U+FFFD) behind "ignored" in its described as`,
				`unseen: want words that show all that they hold, found a character without width (U+00AD) behind "Soft" in its note`,
				`unseen: want words that show all that they hold, found a character without width (U+200B) behind "Sky" in its name`,
				`unseen: want words that show all that they hold, found a character that turns the direction of the text (U+202E) in its name`,
				`unseen: want words that show all that they hold, found a character without width (U+200C) behind "Sky" in its name`,
				`unseen: want words that show all that they hold, found a character without width (U+2060) behind "Sky" in its name`,
				`unseen: want words that show all that they hold, found a control character (U+0007) behind "Sky" in its name`,
				`unseen: left-out.csv:2: want words that show all that they hold, found a line break (U+000A) behind "two" in its text`,
			},
		},
		{
			name: "persons, and what only looks like one",
			facts: []string{
				"is agency/be Belgian Federal Police", "link agency/be country location/be", "is location/be Belgium", "link location/be geo:lat 1",
				"link agency/be note Headed by Jan van Testman; the Belgian Federal Police says so, in Belgium.",
				"is platform/p P", "C1 platform/p describedAs ignored in=source/paper", "is source/paper Mr Nobody was arrested in Port Elsewhere",
				"link source/paper note Read as an excerpt. The port is named in it. Operation Ironside is known.",
				"link location/be note A young harbour; Mark Young saw it. Young Harbour grew.",
			},
			rules: []string{audit.RulePerson},
			reviewed: audit.Reviewed{
				NotPersons: []string{"Operation Ironside"},
				Texts:      []audit.Text{{Text: "names Ivo Nobodyson", About: "kg:claim/C9", At: graph.Position{File: "left-out.csv", Line: 2}}},
			},
			want: []string{
				`person-name: want no person named, found "Jan Testman" in its note`,
				`person-name: want no person named, found "Mark Young" in its note`,
				`person-name: want no person named, found "Mr Nobody" in its name`,
				`person-name: left-out.csv:2: want no person named, found "Ivo Nobodyson" in its text`,
			},
		},
	}
}

func TestFindingsStandInOrder(t *testing.T) {
	schema := theSchema(t)
	quads := facts(t, schema, "is agency/b", "is agency/a", "link agency/a country location/be", "link agency/b country location/be", "is location/be Belgium")
	lines := map[quad.IRI]int{"kg:agency/b": 2, "kg:agency/a": 10}
	found := audit.Inspect(schema, quads, func(id quad.IRI) graph.Position { return graph.Position{File: "t.csv", Line: lines[id]} }, false, audit.Reviewed{})
	var got []string
	for _, f := range found {
		if f.Rule == "no-name" {
			got = append(got, f.Problem.At.String())
		}
	}
	if diff := cmp.Diff([]string{"t.csv:2", "t.csv:10"}, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestWhatWasNotReadIsNotMissed(t *testing.T) {
	schema := theSchema(t)
	quads := facts(t, schema, "is figure/b B", "link figure/b about platform/nowhere")
	found := audit.Inspect(schema, quads, func(quad.IRI) graph.Position { return graph.Position{} }, true, audit.Reviewed{Slugs: published("platform/gone")})
	if len(found) > 0 {
		t.Errorf("found %v in facts of which some could not be read", found[0].Problem)
	}
}

func TestAccept(t *testing.T) {
	finding := func(rule string, level audit.Level, about quad.IRI) audit.Finding {
		return audit.Finding{Rule: rule, Level: level, About: about, Problem: &graph.Problem{Found: "x"}}
	}
	findings := []audit.Finding{
		finding("part-larger", audit.Warning, "kg:claim/C1"),
		finding("part-larger", audit.Warning, "kg:claim/C2"),
		finding("no-name", audit.Error, "kg:agency/x"),
	}
	left, taken := audit.Accept(findings, []audit.Accepted{
		{Rule: "part-larger", About: "kg:claim/C1", Reason: "the parts overlap"},
		{Rule: "part-larger", About: "kg:claim/C3", Reason: "was right once"},
		{Rule: "no-name", About: "kg:agency/x", Reason: "has none"},
		{Rule: "part-large", About: "kg:claim/C2", Reason: "a slip"},
	})
	var got []string
	for _, f := range left {
		got = append(got, f.Level.String()+" "+f.Rule+" "+string(f.About)+": "+f.Problem.Found)
	}
	want := []string{
		"error accepted kg:agency/x: \"no-name\"",
		"error accepted kg:claim/C2: \"part-large\"",
		"note accepted kg:claim/C3: part-larger of C3, which does not",
		"error no-name kg:agency/x: x",
		"warning part-larger kg:claim/C2: x",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	if taken != 1 {
		t.Errorf("accepted %d, want 1", taken)
	}

	unread := []audit.Finding{finding(audit.RuleFacts, audit.Error, "")}
	if left, _ := audit.Accept(unread, []audit.Accepted{{Rule: "part-larger", About: "kg:claim/C3", Reason: "may be in what could not be read"}}); len(left) != 1 {
		t.Errorf("beside facts that could not be read, found %v", left[1].Problem)
	}
}

func TestParseBandsRefuses(t *testing.T) {
	schema := theSchema(t)
	for _, c := range []struct{ name, text, want string }{
		{"what is no YAML", "bands: [", "want a list of bands in YAML"},
		{"an unknown word", "bands: [{thing: x}]", "want a list of bands in YAML"},
		{"what is no item", "bands: [{item: platform/x, currency: EUR, low: '1', high: '2', reason: r}]", `want an item like item/cocaine, found "platform/x"`},
		{"an unknown currency", "bands: [{item: item/x, currency: XXX, low: '1', high: '2', reason: r}]", "want a currency of the schema"},
		{"a price of nothing", "bands: [{item: item/x, currency: EUR, low: '0', high: '2', reason: r}]", "want low: a price a gram"},
		{"no upper price", "bands: [{item: item/x, currency: EUR, low: '1', reason: r}]", "want high: a price a gram"},
		{"no reason", "bands: [{item: item/x, currency: EUR, low: '1', high: '2'}]", "want a reason"},
		{"a date that is none", "bands: [{item: item/x, currency: EUR, low: '1', high: '2', reason: r, from: soon}]", "want a date like 2020"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := audit.ParseBands("f.yaml", []byte(c.text), schema)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestRecorderKeepsWhatItsSinkTakes(t *testing.T) {
	schema := theSchema(t)
	var record *audit.Recorder
	good := facts(t, schema, "is platform/p P", "C1 platform/p describedAs words")
	bad := quad.Quad{Subject: quad.IRI("kg:platform/p"), Predicate: quad.IRI("kg:nothing"), Object: quad.String("x"), Label: graph.Gazetteer}
	feed := func(_ context.Context, sink graph.Sink) error {
		record = audit.NewRecorder(sink)
		for i, q := range good {
			if err := record.Add(q, graph.Position{File: "f", Line: i + 1}); err != nil {
				return err
			}
		}
		return record.Add(bad, graph.Position{File: "f", Line: 99})
	}
	if _, err := graph.Gather(t.Context(), feed, graph.BuildOptions{Schema: schema}); err == nil {
		t.Error("a build took an unknown predicate")
	}
	if diff := cmp.Diff(good, record.Quads()); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	for id, line := range map[quad.IRI]int{"kg:platform/p": 1, "kg:claim/C1": 3, "kg:source/paper": 0} {
		if got := record.Place(id).Line; got != line {
			t.Errorf("%s stands in line %d, want %d", id, got, line)
		}
	}
}

func TestRulesSayWhatToDo(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range audit.Rules() {
		if seen[r.ID] || r.Summary == "" || r.Advice == "" || !strings.HasSuffix(r.Summary, ".") || !strings.HasSuffix(r.Advice, ".") {
			t.Errorf("%s: want an id of its own, a summary and an advice, both sentences", r.ID)
		}
		seen[r.ID] = true
	}
}
