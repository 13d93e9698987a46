package graph_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/graph/storetest"
)

func gather(t *testing.T, feed graph.Feed) (*graph.Facts, error) {
	t.Helper()
	return graph.Gather(t.Context(), feed, graph.BuildOptions{Schema: storetest.Schema(t)})
}

// goingOn is a feed that collects problems and reads on, as loaders do when told to.
func goingOn(qs ...quad.Quad) graph.Feed {
	return func(_ context.Context, sink graph.Sink) error {
		var problems graph.Problems
		for i, q := range qs {
			if err := sink.Add(q, graph.Position{File: "in.nq", Line: i + 1}); err != nil {
				if other := problems.Collect(err); other != nil {
					return other
				}
			}
		}
		return problems.Join()
	}
}

func claimed(claim, s, p quad.IRI, o quad.Value) quad.Quad {
	return quad.Quad{Subject: s, Predicate: p, Object: o, Label: claim}
}

func sourced(claim quad.IRI) quad.Quad {
	return quad.Quad{Subject: claim, Predicate: graph.ReadIn, Object: quad.IRI("kg:source/a"), Label: graph.Provenance}
}

func named(id quad.IRI, name string) quad.Quad {
	return quad.Quad{Subject: id, Predicate: graph.Name, Object: quad.String(name), Label: graph.Gazetteer}
}

func TestGatherRefuses(t *testing.T) {
	const holds quad.IRI = "http://example.com/holds"
	double := func(text string) quad.Value { return quad.TypedString{Value: quad.String(text), Type: "xsd:double"} }
	for _, tc := range []struct {
		name  string
		quads []quad.Quad
		want  []string
	}{
		{"an unknown predicate of ours", []quad.Quad{{Subject: quad.IRI("kg:agency/a"), Predicate: quad.IRI("kg:infiltratd"), Object: quad.IRI("kg:platform/p"), Label: graph.Gazetteer}}, []string{
			`in.nq:1: want a predicate of the schema, found "infiltratd"; did you mean infiltrated?`,
		}},
		{"a subject outside the domain, and reads on", []quad.Quad{
			claimed("kg:claim/1", "kg:platform/p", "kg:infiltrated", quad.IRI("kg:platform/p")),
			named("kg:agency/a", "A"),
			claimed("kg:claim/2", "kg:agency/a", "kg:infiltrated", quad.String("p")),
		}, []string{
			`in.nq:1: want agency/… as subject of kg:infiltrated, found kg:platform/p`,
			`in.nq:3: want an entity as value of kg:infiltrated, found "p"`,
		}},
		{"a conclusion given as a fact", []quad.Quad{claimed("kg:claim/1", "kg:agency/a", "kg:cracked", quad.IRI("kg:platform/p"))}, []string{
			`in.nq:1: want a stated fact, found kg:cracked, which the program concludes itself; state what it follows from (kg schema cracked)`,
		}},
		{"one claim on two facts", []quad.Quad{
			claimed("kg:claim/1", "kg:agency/a", "kg:infiltrated", quad.IRI("kg:platform/p")),
			sourced("kg:claim/1"),
			claimed("kg:claim/1", "kg:agency/a", "kg:infiltrated", quad.IRI("kg:platform/q")),
		}, []string{
			`in.nq:3: want one fact under kg:claim/1, found a second one (the first: kg:agency/a kg:infiltrated kg:platform/p at in.nq:1); give it a claim id of its own`,
		}},
		{"a claim without a document", []quad.Quad{
			named("kg:agency/a", "A"),
			claimed("kg:claim/1", "kg:agency/a", "kg:infiltrated", quad.IRI("kg:platform/p")),
		}, []string{
			`in.nq:2: want a document for every claim, found kg:claim/1 without one; name it: source_id in a table, dcterms:source in RDF`,
		}},
		{"facts about a claim on nothing", []quad.Quad{sourced("kg:claim/1")}, []string{
			`in.nq:1: want a fact under kg:claim/1, found only facts about it`,
		}},
		{"two names of one thing", []quad.Quad{named("kg:agency/a", "A"), named("kg:agency/a", "B")}, []string{
			`in.nq:2: want one name of kg:agency/a, found "B" beside "A" at in.nq:1`,
		}},
		{"two documents of one claim", []quad.Quad{
			claimed("kg:claim/1", "kg:agency/a", "kg:infiltrated", quad.IRI("kg:platform/p")), sourced("kg:claim/1"),
			{Subject: quad.IRI("kg:claim/1"), Predicate: graph.ReadIn, Object: quad.IRI("kg:source/b"), Label: graph.Provenance},
		}, []string{
			`in.nq:3: want one read in of kg:claim/1, found kg:source/b beside kg:source/a at in.nq:2`,
		}},
		{"what is no RDF", []quad.Quad{
			{Predicate: holds, Object: holds},
			{Subject: quad.String("s"), Predicate: holds, Object: holds},
			{Subject: quad.IRI(""), Predicate: holds, Object: holds},
			{Subject: holds, Predicate: quad.BNode("b"), Object: holds},
			{Subject: holds, Predicate: holds},
			{Subject: holds, Predicate: holds, Object: quad.BNode("")},
			{Subject: holds, Predicate: holds, Object: holds, Label: quad.String("l")},
			{Subject: holds, Predicate: holds, Object: quad.BNode("memnode1")},
		}, []string{
			`in.nq:1: want an IRI or a blank node as subject, found nothing`,
			`in.nq:2: want an IRI or a blank node as subject, found "s"`,
			`in.nq:3: want an IRI or a blank node as subject, found <>`,
			`in.nq:4: want an IRI as predicate, found _:b`,
			`in.nq:5: want a value as object, found nothing`,
			`in.nq:6: want a value as object, found _:`,
			`in.nq:7: want an IRI or a blank node as label, found "l"`,
			`in.nq:8: want a blank node whose label does not begin with memnode, found _:memnode1`,
		}},
		{"two spellings that stores take for one", []quad.Quad{
			{Subject: holds, Predicate: holds, Object: double("1.5E0")},
			{Subject: holds, Predicate: holds, Object: double("1.5E+00")},
			{Subject: holds, Predicate: holds, Object: double("1.50E0")},
		}, []string{
			`in.nq:2: want one spelling of a value, found "1.5E+00"^^<xsd:double> beside "1.5E0"^^<xsd:double>, which stores cannot tell apart; write both the same way`,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := gather(t, goingOn(tc.quads...))
			var problems graph.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(tc.want, strings.Split(problems.Error(), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A feed that keeps a problem to itself does not make a graph with a gap.
func TestGatherMissesNoProblem(t *testing.T) {
	bad := quad.Quad{Subject: quad.IRI("kg:agency/a"), Predicate: quad.IRI("kg:none"), Object: quad.IRI("kg:platform/p")}
	_, err := gather(t, func(_ context.Context, sink graph.Sink) error {
		_ = sink.Add(bad, graph.Position{File: "in.nq", Line: 7})
		return nil
	})
	if err == nil || !strings.HasPrefix(err.Error(), "in.nq:7: ") {
		t.Errorf("got %v", err)
	}
}

// Where reading stopped half-way, what was not read is not called missing.
func TestGatherSaysNothingOfWhatWasNotRead(t *testing.T) {
	fact := claimed("kg:claim/1", "kg:agency/a", "kg:infiltrated", quad.IRI("kg:platform/p"))
	torn := &graph.Problem{At: graph.Position{File: "in.nq.gz"}, Err: errors.New("unexpected end")}
	other := errors.New("the disk is gone")
	for _, stop := range []error{torn, graph.Problems{torn}, other} {
		_, err := gather(t, func(_ context.Context, sink graph.Sink) error {
			if err := sink.Add(fact, graph.Position{}); err != nil {
				return err
			}
			return stop
		})
		if err == nil || err.Error() != stop.Error() {
			t.Errorf("got %v, want %v", err, stop)
		}
	}
}

func TestGatherLeavesOut(t *testing.T) {
	fact := claimed("kg:claim/1", "kg:agency/a", "kg:infiltrated", quad.IRI("kg:platform/p"))
	schema := storetest.Schema(t)
	facts, err := gather(t, goingOn(
		fact, sourced("kg:claim/1"), fact,
		claimed("kg:derivation/1", "kg:agency/a", "kg:cracked", quad.IRI("kg:platform/p")),
		quad.Quad{Subject: quad.IRI("kg:derivation/1"), Predicate: graph.Rule, Object: quad.String("guessed"), Label: graph.Provenance},
		schema.Quads()[0],
		quad.Quad{Subject: quad.IRI("kg:old"), Predicate: graph.Type, Object: quad.IRI("rdf:Property"), Label: graph.SchemaIn},
	))
	if err != nil {
		t.Fatal(err)
	}
	if facts.Duplicates != 1 || facts.DerivedIgnored != 2 || facts.SchemaIgnored != 1 {
		t.Errorf("duplicates %d, derived %d, schema %d", facts.Duplicates, facts.DerivedIgnored, facts.SchemaIgnored)
	}
	seen := map[quad.Quad]bool{}
	for _, q := range facts.Stated {
		if label, _ := q.Label.(quad.IRI); graph.IsDerivation(label) || q.Subject == quad.IRI("kg:old") || seen[q] {
			t.Errorf("stated: %v", q)
		}
		seen[q] = true
	}
	if n := facts.Counts(); n.Derived != 1 || n.Claims != 1 || n.Stated != len(facts.Stated) {
		t.Errorf("counts %+v", n)
	}
}

// What would read back from a store as something else is kept by its text.
func TestGatherKeepsValuesByTheirText(t *testing.T) {
	const holds quad.IRI = "http://example.com/holds"
	at := time.Date(2021, 3, 9, 4, 0, 0, 0, time.FixedZone("", 7200))
	for _, tc := range []struct{ give, want quad.Value }{
		{quad.Time(at), quad.Time(at.UTC())},
		{quad.Time(at.Add(250 * time.Millisecond)), quad.TypedString{Value: "2021-03-09T02:00:00.25Z", Type: "xsd:dateTime"}},
		{quad.Float(math.NaN()), quad.TypedString{Value: "NaN", Type: "xsd:double"}},
		{quad.Float(math.Inf(-1)), quad.TypedString{Value: "-INF", Type: "xsd:double"}},
		{quad.Float(math.Copysign(0, -1)), quad.TypedString{Value: "-0.0E0", Type: "xsd:double"}},
		{quad.TypedString{Value: "7", Type: "xsd:integer"}, quad.Int(7)},
		{quad.TypedString{Value: "text", Type: "xsd:string"}, quad.String("text")},
	} {
		facts, err := gather(t, goingOn(quad.Quad{Subject: holds, Predicate: holds, Object: tc.give}))
		if err != nil {
			t.Fatal(err)
		}
		if got := facts.Stated[0].Object; got != tc.want {
			t.Errorf("%#v is stored as %#v, want %#v", tc.give, got, tc.want)
		}
	}
}

func TestGatherStops(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	_, err := graph.Gather(ctx, func(context.Context, graph.Sink) error {
		cancel(enough)
		return nil
	}, graph.BuildOptions{Schema: storetest.Schema(t)})
	if !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
}
