package snapshot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph/snapshot"
)

// rowsOf asks a store for the rows of a path, as a sorted set.
func rowsOf(t *testing.T, qs cayley.QuadStore, p *path.Path) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	it, _ := p.BuildIteratorOn(qs).Optimize()
	defer it.Close()
	set := map[string]bool{}
	take := func() {
		refs := map[string]cayley.Ref{}
		it.TagResults(refs)
		r := row{tags: map[string]quad.Value{}}
		if ref := it.Result(); ref != nil {
			r.value = qs.NameOf(ref)
		}
		for name, ref := range refs {
			r.tags[name] = nil
			if ref != nil {
				r.tags[name] = qs.NameOf(ref)
			}
		}
		set[r.String()] = true
	}
	for it.Next(ctx) {
		take()
		for it.NextPath(ctx) {
			take()
		}
	}
	if err := it.Err(); err != nil {
		t.Fatal(err)
	}
	var list []string
	for r := range set {
		list = append(list, r)
	}
	slices.Sort(list)
	return list
}

// tinyGraph has few values, so that paths meet, and some quads under labels.
func tinyGraph(seed uint64) []quad.Quad {
	random := dice(seed)
	nodes := []quad.Value{
		quad.IRI("a"), quad.IRI("b"), quad.IRI("c"), quad.IRI("d"), quad.IRI("e"), quad.BNode("x"), quad.String("a"), quad.String("z"),
		quad.Int(-2), quad.Int(0), quad.Int(3), quad.Float(-1), quad.Float(0), quad.Float(2.5),
	}
	preds := []quad.Value{quad.IRI("p"), quad.IRI("q"), quad.IRI("r"), quad.IRI("a")}
	labels := []quad.Value{nil, nil, quad.IRI("l"), quad.IRI("m"), quad.IRI("b")}
	var qs []quad.Quad
	seen := map[quad.Quad]bool{}
	for range 4 + random.IntN(26) {
		q := quad.Quad{
			Subject: nodes[random.IntN(6)], Predicate: preds[random.IntN(len(preds))],
			Object: nodes[random.IntN(len(nodes))], Label: labels[random.IntN(len(labels))],
		}
		if !seen[q] {
			seen[q] = true
			qs = append(qs, q)
		}
	}
	return qs
}

// meant asks the reference for the rows of a path, as a sorted set.
func meant(qs []quad.Quad, steps []step) []string {
	var list []string
	for _, r := range evaluate(world{quads: qs}, steps) {
		list = append(list, r.String())
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// plain leaves of rows what Cayley's own iterators get right in every order of the quads: with tags, the
// values alone. Of several ways to one value they show the tags of some, or of none, since an "or" stops at
// the first part that has a value, and an "and" at the first quad; and the label of a quad that has none
// is, after an "except", there or not.
func plain(rows []string, tags bool) []string {
	var list []string
	for _, r := range rows {
		if tags {
			r = strings.SplitAfter(r, " [")[0]
		}
		if !strings.HasPrefix(r, "<nil>") {
			list = append(list, r)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestPathsMeanWhatTheReferenceSays asks paths made by chance of graphs made by chance.
func TestPathsMeanWhatTheReferenceSays(t *testing.T) {
	graphs, paths := 250, 44 // 11,000 pairs
	if testing.Short() {
		graphs = 25
	}
	wrong := 0
	for g := range graphs {
		qs := tinyGraph(uint64(g))
		file := made(t, qs)
		planned, generic := opened(t, file, snapshot.Options{}), opened(t, file, snapshot.Options{Generic: true})
		for i := range paths {
			m := &maker{Rand: dice(uint64(g*1000 + i)), quads: qs, tagly: true}
			steps := m.path(5)
			list := meant(qs, steps)
			for _, tc := range []struct {
				name  string
				store *snapshot.Store
			}{{"with questions run over the orders", planned}, {"with Cayley's iterators alone", generic}} {
				want, got := list, rowsOf(t, tc.store, startWith(steps))
				if tc.store == generic {
					want, got = plain(want, m.tags > 0), plain(got, m.tags > 0)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					wrong++
					t.Errorf("%s, path %s\nof graph %d: %s (-want +got):\n%s", tc.name, describe(steps), g, fmt.Sprint(qs), diff)
				}
			}
			if wrong > 5 {
				t.FailNow()
			}
		}
	}
}
