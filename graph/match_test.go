package graph_test

import (
	"context"
	"testing"

	"kg/graph"
	"kg/graph/storetest"
)

func TestWhoStopsMatchingIsToldNoMore(t *testing.T) {
	schema := storetest.Schema(t)
	facts, err := graph.Gather(t.Context(), storetest.Feed(someFacts(10)), graph.BuildOptions{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	s := graph.OpenFacts(facts, graph.OpenOptions{Schema: schema})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range s.Match(ctx, graph.Pattern{Predicate: graph.Name}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 10 {
			cancel() // as a time limit does just before the break
			break
		}
	}
	if n != 10 {
		t.Errorf("found %d quads, want 10", n)
	}
}
