package graph_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/graph/storetest"
)

func realSchema(t testing.TB) *graph.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "data", "schema.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := graph.ParseSchema("schema.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A randomWorld makes small graphs in which claims, deprecated claims, conclusions, places and noise
// tie a few entities together.
type randomWorld struct {
	number int // part of all its names: many worlds stand in one store
	random *rand.Rand
	quads  []quad.Quad
	claims int
}

func (w *randomWorld) thing() quad.IRI {
	return w.of([]string{"agency", "platform", "operation", "location"}[w.random.IntN(4)])
}

func (w *randomWorld) of(class string) quad.IRI {
	return quad.IRI(fmt.Sprintf("kg:%s/w%d-x%d", class, w.number, w.random.IntN(4)))
}

// foreign is a node of somebody else's, or one that stands for no node.
func (w *randomWorld) foreign() quad.Value {
	if n := w.random.IntN(3); n > 0 {
		return quad.BNode(fmt.Sprintf("w%d-b%d", w.number, n))
	}
	return graph.SomeValue
}

func (w *randomWorld) claim(s, p, o quad.IRI) {
	w.claims++
	c := graph.Claim{ID: quad.IRI(fmt.Sprintf("kg:claim/w%d-%d", w.number, w.claims)), Subject: s, Predicate: p, Object: o, Source: "kg:source/paper"}
	switch w.random.IntN(8) {
	case 0:
		c.Rank = graph.Deprecated
	case 1:
		c.Basis = graph.Inferred
	}
	w.quads = append(w.quads, c.Quads()...)
}

// inOrder picks two different things, the lesser first: links that order things may not run in circles.
func (w *randomWorld) inOrder(kind string) (lesser, greater quad.IRI, ok bool) {
	lesser, greater = w.of(kind), w.of(kind)
	if lesser > greater {
		lesser, greater = greater, lesser
	}
	return lesser, greater, lesser != greater
}

func (w *randomWorld) make(facts int) []quad.Quad {
	for range facts {
		switch w.random.IntN(11) {
		case 0, 1:
			w.claim(w.of("agency"), "kg:infiltrated", w.of("platform"))
		case 2:
			w.claim(w.of("operation"), "kg:targeted", w.of("platform"))
		case 3:
			w.claim(w.of("operation"), "kg:carriedOutBy", w.of("agency"))
		case 4:
			w.claim(w.of("operation"), "kg:place", w.of("location"))
		case 5:
			if inner, outer, ok := w.inOrder("location"); ok {
				w.quads = append(w.quads, quad.Quad{Subject: inner, Predicate: graph.Within, Object: outer, Label: graph.Gazetteer})
			}
		case 6:
			w.quads = append(w.quads, quad.Quad{Subject: w.of("operation"), Predicate: graph.Kind, Object: quad.IRI("kg:kind/enforcement"), Label: graph.Gazetteer})
		case 8:
			w.claim(w.of("agency"), "kg:receivedDataFrom", w.of("agency"))
		case 9:
			if earlier, later, ok := w.inOrder("operation"); ok {
				w.claim(earlier, "kg:precedes", later)
			}
		case 7:
			w.quads = append(w.quads, quad.Quad{Subject: w.thing(), Predicate: quad.IRI("http://example.com/knows"), Object: w.foreign()},
				quad.Quad{Subject: w.foreign(), Predicate: quad.IRI("http://example.com/knows"), Object: w.thing()})
		default:
			w.quads = append(w.quads, quad.Quad{Subject: w.thing(), Predicate: graph.Name, Object: quad.String("The same name"), Label: graph.Gazetteer})
		}
	}
	return w.quads
}

func (w *randomWorld) walk() graph.Walk {
	var o graph.Walk
	o.Direction = graph.Direction(w.random.IntN(3))
	predicates := []quad.IRI{"kg:infiltrated", "kg:targeted", "kg:carriedOutBy", graph.Within, graph.Kind, "kg:cracked", "kg:liesIn"}
	switch w.random.IntN(24) {
	case 0, 1, 2, 3:
		for range 3 {
			o.Only = append(o.Only, predicates[w.random.IntN(len(predicates))])
		}
	case 4, 5, 6:
		o.Except = append(o.Except, predicates[w.random.IntN(len(predicates))])
	case 7:
		o.Everything = true
	}
	o.StatedOnly = w.random.IntN(3) == 0
	return o
}

// edges is the plain meaning of a walk: every fact that is walked from a node to another.
func edges(facts []quad.Quad, o graph.Walk) map[quad.Value]map[quad.Value][]string {
	said := map[quad.Value][]quad.Value{}
	for _, q := range facts {
		if q.Predicate == graph.RankIs || q.Predicate == graph.Basis {
			said[q.Subject] = append(said[q.Subject], q.Object)
		}
	}
	skipped := []quad.IRI{"rdf:type", "kg:kind", "kg:measure", "kg:mentions", "kg:liesIn", "skos:broaderTransitive"}
	out := map[quad.Value]map[quad.Value][]string{}
	add := func(from, to quad.Value, how string) {
		if out[from] == nil {
			out[from] = map[quad.Value][]string{}
		}
		out[from][to] = append(out[from][to], how)
	}
	for _, q := range facts {
		p, _ := q.Predicate.(quad.IRI)
		label, _ := q.Label.(quad.IRI)
		_, iri := q.Object.(quad.IRI)
		_, blank := q.Object.(quad.BNode)
		switch {
		case !iri && !blank, slices.Contains(o.Except, p):
			continue
		case len(o.Only) > 0 && !slices.Contains(o.Only, p):
			continue
		case len(o.Only) == 0 && !o.Everything && (slices.Contains(skipped, p) || label == graph.Provenance || label == graph.SchemaIn):
			continue
		case !o.Everything && (q.Object == graph.SomeValue || q.Subject == graph.SomeValue || slices.Contains(said[label], quad.Value(graph.Deprecated))):
			continue
		case o.StatedOnly && (graph.IsDerivation(label) || slices.Contains(said[label], quad.Value(graph.Inferred))):
			continue
		}
		evidence := ""
		if graph.IsClaim(label) || graph.IsDerivation(label) {
			evidence = string(label)
		}
		if o.Direction != graph.Backward {
			add(q.Subject, q.Object, fmt.Sprintf("%s false %s", string(p), evidence))
		}
		if o.Direction != graph.Forward {
			add(q.Object, q.Subject, fmt.Sprintf("%s true %s", string(p), evidence))
		}
	}
	return out
}

// naive finds all shortest paths by going through all walks, one hop longer at a time.
func naive(next map[quad.Value]map[quad.Value][]string, from, to quad.IRI, hops int) []string {
	if from == to {
		return []string{from.String()}
	}
	walks := [][]quad.Value{{from}}
	seen := map[quad.Value]bool{from: true}
	for range hops {
		var longer [][]quad.Value
		var found []string
		reached := map[quad.Value]bool{}
		for _, w := range walks {
			for n := range next[w[len(w)-1]] {
				if seen[n] {
					continue
				}
				reached[n] = true
				longer = append(longer, append(slices.Clone(w), n))
				if n == quad.Value(to) {
					found = append(found, shown(next, longer[len(longer)-1]))
				}
			}
		}
		if len(found) > 0 {
			slices.Sort(found)
			return found
		}
		for n := range reached {
			seen[n] = true
		}
		walks = longer
	}
	return nil
}

// shown spells a path out with what stands behind every hop.
func shown(next map[quad.Value]map[quad.Value][]string, nodes []quad.Value) string {
	text := nodes[0].String()
	for i, n := range nodes[1:] {
		how := slices.Compact(slices.Sorted(slices.Values(next[nodes[i]][n])))
		text += " [" + strings.Join(how, ", ") + "] " + n.String()
	}
	return text
}

func shownPath(from quad.IRI, path graph.Path) string {
	text := from.String()
	for _, h := range path {
		var how []string
		for _, f := range h.Facts {
			before := len(how)
			for _, c := range f.Claims {
				how = append(how, fmt.Sprintf("%s %t %s", string(f.Predicate), f.Backward, string(c.ID)))
			}
			for _, d := range f.Derivations {
				how = append(how, fmt.Sprintf("%s %t %s", string(f.Predicate), f.Backward, string(d.ID)))
			}
			if len(how) == before {
				how = append(how, fmt.Sprintf("%s %t ", string(f.Predicate), f.Backward))
			}
		}
		slices.Sort(how)
		text += " [" + strings.Join(slices.Compact(how), ", ") + "] " + h.To.String()
	}
	return text
}

// eachRandomWorld calls do with random graphs, in memory and as snapshots. Facts are those that tell of
// the world, all those of its store; a hundred worlds share one, because a build takes its time.
func eachRandomWorld(t *testing.T, n int, do func(w *randomWorld, facts, all []quad.Quad, stores map[string]*graph.Store)) {
	t.Helper()
	schema := realSchema(t)
	o := graph.BuildOptions{Schema: schema}
	worldOf := regexp.MustCompile(`\bw(\d+)-`)
	for start := 0; start < n; start += 100 {
		var quads []quad.Quad
		var worlds []*randomWorld
		for i := start; i < min(start+100, n); i++ {
			w := &randomWorld{number: i, random: rand.New(rand.NewPCG(uint64(i), 7))}
			quads = append(quads, w.make(1+w.random.IntN(24))...)
			worlds = append(worlds, w)
		}
		facts, err := graph.Gather(t.Context(), storetest.Feed(quads), o)
		if err != nil {
			t.Fatal(err)
		}
		a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph.snapshot")}
		if _, err := graph.Build(t.Context(), a, storetest.Feed(quads), o); err != nil {
			t.Fatal(err)
		}
		stores := map[string]*graph.Store{"memory": graph.OpenFacts(facts, graph.OpenOptions{Schema: schema})}
		if stores["snapshot"], err = graph.Open(t.Context(), a, graph.OpenOptions{Schema: schema}); err != nil {
			t.Fatal(err)
		}
		all := facts.All()
		of := map[string][]quad.Quad{}
		for _, q := range all {
			if m := worldOf.FindStringSubmatch(fmt.Sprint(q.Subject, q.Object, q.Label)); m != nil {
				of[m[1]] = append(of[m[1]], q)
			}
		}
		for _, w := range worlds {
			do(w, of[strconv.Itoa(w.number)], all, stores)
		}
		if err := stores["snapshot"].Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPathsAreThoseOfAPlainSearch(t *testing.T) {
	asked, found, longest := 0, 0, 0
	eachRandomWorld(t, 2_000, func(w *randomWorld, facts, all []quad.Quad, stores map[string]*graph.Store) {
		for range 3 {
			from, to := w.thing(), w.thing()
			o := graph.PathOptions{Walk: w.walk(), MaxHops: 1 + w.random.IntN(5), MaxPaths: 1_000_000}
			if o.Everything || slices.Contains(o.Only, graph.Kind) {
				facts, o.MaxHops = all, min(o.MaxHops, 3) // words of lists tie the worlds together
			}
			want := naive(edges(facts, o.Walk), from, to, o.MaxHops)
			for name, s := range stores {
				if !s.Has(from) || !s.Has(to) {
					continue
				}
				asked++
				answer, err := s.Paths(t.Context(), from, to, o)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, p := range answer.Paths {
					got = append(got, shownPath(from, p))
					longest = max(longest, len(p))
				}
				found += len(got)
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" || answer.Truncated() {
					t.Fatalf("%s: %s to %s, %+v: %v (-want +got):\n%s\n%v", name, from, to, o, answer.Limits, diff, facts)
				}
			}
		}
	})
	if asked < 4_000 || found < 1_000 || longest < 4 {
		t.Errorf("%d questions, %d paths, %d hops at most: too easy an exam", asked, found, longest)
	}
}

func TestNeighboursAreThoseOfAPlainSearch(t *testing.T) {
	listed := 0
	eachRandomWorld(t, 300, func(w *randomWorld, facts, all []quad.Quad, stores map[string]*graph.Store) {
		from, o := w.thing(), graph.NearOptions{Walk: w.walk(), Depth: 1 + w.random.IntN(3), PerNode: 1_000}
		if o.Everything || slices.Contains(o.Only, graph.Kind) {
			facts, o.Depth = all, 1
		}
		next := edges(facts, o.Walk)
		depth := map[quad.Value]int{from: 0}
		hops := map[[2]quad.Value]bool{}
		var want []string
		for d, ring := 1, []quad.Value{from}; d <= o.Depth; d++ {
			var more []quad.Value
			slices.SortFunc(ring, func(a, b quad.Value) int { return strings.Compare(order(a), order(b)) })
			for _, n := range ring {
				for to := range next[n] {
					if to == n || o.Direction == graph.EitherWay && hops[[2]quad.Value{to, n}] {
						continue // listed from the other end
					}
					if _, ok := depth[to]; !ok {
						depth[to] = d
						more = append(more, to)
					}
					hops[[2]quad.Value{n, to}] = true
					want = append(want, fmt.Sprint(d, " ", n, " ", to))
				}
			}
			ring = more
		}
		slices.Sort(want)
		for name, s := range stores {
			if !s.Has(from) {
				continue
			}
			answer, err := s.Near(t.Context(), from, o)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range answer.Neighbours {
				got = append(got, fmt.Sprint(n.Depth, " ", n.From, " ", n.To))
			}
			listed += len(got)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" || answer.Truncated() {
				t.Fatalf("%s: around %s, %+v: %v (-want +got):\n%s", name, from, o, answer.Limits, diff)
			}
		}
	})
	if listed < 300 {
		t.Errorf("%d neighbours: too easy an exam", listed)
	}
}

// order is how values are sorted: IRIs before blank nodes.
func order(v quad.Value) string {
	if _, blank := v.(quad.BNode); blank {
		return "~" + v.String()
	}
	return v.String()
}
