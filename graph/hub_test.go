package graph_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/graph/storetest"
)

// hubNeighbours is how many neighbours the hub of these tests has.
const hubNeighbours = 100_000

// hub is a place that 100,000 places are near, of which 50,000 are near a second one too.
func hub() []quad.Quad {
	near := func(s, o quad.IRI) quad.Quad {
		return quad.Quad{Subject: s, Predicate: quad.IRI("http://example.com/near"), Object: o}
	}
	var quads []quad.Quad
	for i := range hubNeighbours {
		spoke := quad.IRI(fmt.Sprintf("kg:location/spoke-%06d", i))
		quads = append(quads, near(spoke, "kg:location/hub"))
		if i%2 == 0 {
			quads = append(quads, near(spoke, "kg:location/second-hub"))
		}
	}
	return append(quads, near("kg:location/start", "kg:location/spoke-000001"), near("kg:location/hub", "kg:location/beyond"))
}

func hubStores(t testing.TB) map[string]*graph.Store {
	t.Helper()
	schema := storetest.Schema(t)
	o := graph.BuildOptions{Schema: schema, Hold: 1 << 30} // the facts are wanted in memory, too
	a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph.snapshot")}
	summary, err := graph.Build(t.Context(), a, storetest.Feed(hub()), o)
	if err != nil {
		t.Fatal(err)
	}
	fast, err := graph.Open(t.Context(), a, graph.OpenOptions{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := fast.Close(); err != nil {
			t.Error(err)
		}
	})
	return map[string]*graph.Store{"snapshot": fast, "memory": graph.OpenFacts(summary.Facts, graph.OpenOptions{Schema: schema})}
}

func TestAHubNeitherHangsNorFloods(t *testing.T) {
	for name, s := range hubStores(t) {
		for _, tc := range []struct {
			name     string
			from, to quad.IRI
			o        graph.PathOptions
			paths    int
			length   int
			cut      bool
		}{
			{name: "two spokes meet at the hub", from: "kg:location/spoke-000003", to: "kg:location/spoke-099999", paths: 1, length: 2},
			{name: "a way through the hub", from: "kg:location/start", to: "kg:location/beyond", paths: 1, length: 3},
			{name: "fifty thousand ways are cut, and it is said", from: "kg:location/hub", to: "kg:location/second-hub", paths: 100, length: 2, cut: true},
			{name: "as many as asked for", from: "kg:location/hub", to: "kg:location/second-hub", o: graph.PathOptions{MaxPaths: 3}, paths: 3, length: 2, cut: true},
			{
				name: "a search that visits too many nodes ends, and says so", from: "kg:location/beyond", to: "kg:location/second-hub",
				o: graph.PathOptions{Walk: graph.Walk{Nodes: 1_000}}, cut: true,
			},
			{name: "no hops are enough", from: "kg:location/start", to: "kg:location/beyond", o: graph.PathOptions{MaxHops: 2}},
		} {
			t.Run(name+"/"+tc.name, func(t *testing.T) {
				start := time.Now()
				answer, err := s.Paths(t.Context(), tc.from, tc.to, tc.o)
				if err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took > 20*time.Second {
					t.Errorf("took %v", took)
				}
				if answer.Truncated() != tc.cut || len(answer.Paths) != tc.paths {
					t.Errorf("%d paths, limits %q; want %d, cut %t", len(answer.Paths), answer.Limits, tc.paths, tc.cut)
				}
				for _, p := range answer.Paths {
					if len(p) != tc.length || p[0].From != tc.from || p[len(p)-1].To != tc.to {
						t.Fatalf("a path of %d hops from %v", len(p), p[0].From)
					}
				}
			})
		}
		t.Run(name+"/around it", func(t *testing.T) {
			answer, err := s.Near(t.Context(), "kg:location/hub", graph.NearOptions{Depth: 2})
			if err != nil {
				t.Fatal(err)
			}
			left := answer.LeftOut[quad.IRI("kg:location/hub")]
			if len(answer.Neighbours) < graph.DefaultPerNode || len(answer.Neighbours) > 100 || !answer.Truncated() || left != hubNeighbours+1-graph.DefaultPerNode {
				t.Errorf("%d neighbours, %d left out, %q", len(answer.Neighbours), left, answer.Limits)
			}
		})
	}
}

// BenchmarkPaths walks through and past a hub of 100,000 neighbours.
func BenchmarkPaths(b *testing.B) {
	for name, s := range hubStores(b) {
		for _, ends := range [][2]quad.IRI{
			{"kg:location/spoke-000003", "kg:location/spoke-099999"},
			{"kg:location/hub", "kg:location/second-hub"},
			{"kg:location/beyond", "kg:location/second-hub"},
		} {
			b.Run(fmt.Sprintf("%s/%s-%s", name, graph.SlugOf(ends[0]), graph.SlugOf(ends[1])), func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Paths(b.Context(), ends[0], ends[1], graph.PathOptions{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
