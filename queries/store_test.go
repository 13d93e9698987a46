package queries_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cayleygraph/quad"

	"kg/data"
	"kg/graph"
	"kg/loaders"
	"kg/queries"
)

func schema(tb testing.TB) *graph.Schema {
	tb.Helper()
	s, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// datasetFeed reads all facts of the project.
func datasetFeed(ctx context.Context, sink graph.Sink) error {
	return loaders.Load(ctx, "-", loaders.Options{Format: "nquads", Stdin: strings.NewReader(data.Facts)}, sink)
}

// reportFeed reads what the report says, which does not change when other documents are read, and
// the one claim of another document without which a seizure of it has no operation.
func reportFeed(ctx context.Context, sink graph.Sink) error {
	var quads []quad.Quad
	err := datasetFeed(ctx, graph.SinkFunc(func(q quad.Quad, _ graph.Position) error {
		quads = append(quads, q)
		return nil
	}))
	if err != nil {
		return err
	}
	other := func(v quad.Value) bool {
		id, _ := v.(quad.IRI)
		return graph.IsClaim(id) && !strings.HasPrefix(string(id), "kg:claim/A-SEED-") && id != "kg:claim/A-SKY-106"
	}
	for _, q := range quads {
		if other(q.Subject) || other(q.Label) || other(q.Object) {
			continue
		}
		if err := sink.Add(q, graph.Position{}); err != nil {
			return err
		}
	}
	return nil
}

// dataset is a store in memory with all facts of the project.
func dataset(tb testing.TB) *graph.Store {
	tb.Helper()
	return memory(tb, datasetFeed)
}

// report is a store in memory with the facts of the report.
func report(tb testing.TB) *graph.Store {
	tb.Helper()
	return memory(tb, reportFeed)
}

func memory(tb testing.TB, feed graph.Feed) *graph.Store {
	tb.Helper()
	s := schema(tb)
	f, err := graph.Gather(tb.Context(), feed, graph.BuildOptions{Schema: s})
	if err != nil {
		tb.Fatal(err)
	}
	return graph.OpenFacts(f, graph.OpenOptions{Schema: s})
}

// tell is a store in memory with a few facts, one a line:
//
//	C1 seizure/a massGrams 5000 nearly by=agency/nca in=source/paper converted=C2 upto=6000 from=C3
//	   valid=2018/2019 deprecated inferred digit=1000
//	- seizure/a item item/cocaine
//
// A line that begins with a claim's id is a claim, one with "-" stands in the gazetteer. Everything that
// is mentioned gets its class and its slug for a name; every claim is read in source/paper unless it
// says otherwise.
func tell(tb testing.TB, lines ...string) *graph.Store {
	tb.Helper()
	s := schema(tb)
	var quads []quad.Quad
	named := map[quad.IRI]bool{}
	mention := func(v quad.Value) {
		id, ok := v.(quad.IRI)
		c, known := s.ClassOf(id)
		if !ok || !known || named[id] || c.Name == "Claim" {
			return
		}
		named[id] = true
		_, slug, _ := strings.Cut(string(id), "/")
		quads = append(quads,
			quad.Quad{Subject: id, Predicate: graph.Type, Object: c.IRI, Label: graph.Gazetteer},
			quad.Quad{Subject: id, Predicate: graph.Name, Object: quad.String(strings.ReplaceAll(slug, "-", " ")), Label: graph.Gazetteer})
	}
	for _, line := range lines {
		for _, q := range factLine(tb, s, line) {
			mention(q.Subject)
			mention(q.Object)
			quads = append(quads, q)
		}
	}
	return memory(tb, func(_ context.Context, sink graph.Sink) error {
		var problems graph.Problems
		for _, q := range quads {
			if err := sink.Add(q, graph.Position{}); err != nil {
				if err := problems.Collect(err); err != nil {
					return err
				}
			}
		}
		return problems.Join()
	})
}

func factLine(tb testing.TB, s *graph.Schema, line string) []quad.Quad {
	tb.Helper()
	words := strings.Fields(line)
	p, ok := s.PredicateNamed(words[2], "")
	if !ok {
		tb.Fatalf("%s: no predicate %s", line, words[2])
	}
	c := graph.Claim{ID: quad.IRI("kg:claim/" + words[0]), Subject: quad.IRI("kg:" + words[1]), Predicate: p.IRI, Object: term(words[3]), Source: "kg:source/paper"}
	if words[0] == "-" {
		return []quad.Quad{{Subject: c.Subject, Predicate: c.Predicate, Object: c.Object, Label: graph.Gazetteer}}
	}
	for _, word := range words[4:] {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "by":
			c.Speaker = quad.IRI("kg:" + value)
		case "in":
			c.Source = quad.IRI("kg:" + value)
		case "converted":
			c.ConvertedFrom = quad.IRI("kg:claim/" + value)
		case "from":
			c.DerivedFrom = append(c.DerivedFrom, quad.IRI("kg:claim/"+value))
		case "upto":
			c.UpTo = term(value)
		case "words":
			c.ReportedAs = strings.ReplaceAll(value, "_", " ")
		case "digit":
			c.LastDigit, _ = strconv.ParseInt(value, 10, 64)
		case "valid":
			from, until, _ := strings.Cut(value, "/")
			c.Valid.From, _ = graph.ParseDate(from)
			c.Valid.Until, _ = graph.ParseDate(until)
		case "deprecated":
			c.Rank, c.Notes = graph.Deprecated, []string{"wrong"}
		case "inferred":
			c.Basis, c.Speaker = graph.Inferred, graph.Editors
		default:
			c.Qualifier = quad.IRI("kg:" + name)
		}
	}
	return c.Quads()
}

// term reads 5000, 2020-07 (a date has a dash), "words_of_text" after a quote, true, or an id.
func term(word string) quad.Value {
	if text, ok := strings.CutPrefix(word, `"`); ok {
		return quad.String(strings.ReplaceAll(text, "_", " "))
	}
	if d, err := graph.ParseDate(word); err == nil && strings.Contains(word, "-") {
		return d.Value()
	}
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		return quad.Int(n)
	}
	if word == "true" {
		return quad.Bool(true)
	}
	return quad.IRI("kg:" + word)
}

// lookup returns a question that comes with the program.
func lookup(tb testing.TB, name string) *queries.Question {
	tb.Helper()
	c, err := queries.All()
	if err != nil {
		tb.Fatal(err)
	}
	q, err := c.Lookup(name)
	if err != nil {
		tb.Fatal(err)
	}
	return q
}

// saved returns a question with this text, saved as mine.gizmo.
func saved(tb testing.TB, text string) (*queries.Question, error) {
	tb.Helper()
	c, err := queries.Load(queries.Folder{FS: fstest.MapFS{"mine.gizmo": {Data: []byte(text)}}, Path: "dir"})
	if err != nil {
		tb.Fatal(err)
	}
	return c.Lookup("mine")
}

func mustSaved(tb testing.TB, text string) *queries.Question {
	tb.Helper()
	q, err := saved(tb, text)
	if err != nil {
		tb.Fatal(err)
	}
	return q
}

// ask runs a question and prints its rows: the cells' texts joined by " | ", without empty ones at the
// end. columns picks some; none: all.
func ask(tb testing.TB, store *graph.Store, q *queries.Question, params map[string]string, o queries.Options, columns ...string) []string {
	tb.Helper()
	t, err := q.Run(tb.Context(), store, params, o)
	if err != nil {
		tb.Fatal(err)
	}
	return rows(t, columns...)
}

func rows(t *queries.Table, columns ...string) []string {
	var lines []string
	for _, row := range t.Rows {
		var cells []string
		for i, c := range t.Columns {
			if len(columns) == 0 || contains(columns, c.Name) {
				cells = append(cells, row[i].Text())
			}
		}
		lines = append(lines, strings.TrimRight(strings.Join(cells, " | "), " |"))
	}
	return lines
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}
