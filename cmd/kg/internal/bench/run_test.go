package bench_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kg/cmd/kg/internal/bench"
	"kg/graph"
)

func TestEveryWorkIsMeasuredOnEveryStore(t *testing.T) {
	dir := t.TempDir()
	report, err := bench.Run(t.Context(), bench.Options{
		World: bench.World{Quads: 3_000, Seed: 1}, Schema: schema(t), Runs: 1, Timeout: time.Minute,
		Notice: func(string) {},
		Stores: []graph.Address{
			{Scheme: "snapshot", Path: filepath.Join(dir, "snapshot", "graph")},
			{Scheme: "leveldb", Path: filepath.Join(dir, "leveldb", "graph")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, r := range report.Results {
		kind, _, _ := strings.Cut(r.Work, " ")
		kinds[strings.TrimRight(kind, ":,")]++
		for i, time := range r.Times {
			if time.Missing || time.Over || time.Median <= 0 && time.Bytes <= 0 {
				t.Errorf("%s on store %d: %+v", r.Work, i, time)
			}
		}
	}
	for kind, want := range map[string]int{"build": 2, "size": 1, "open": 2, "query": 13, "path": 3, "near": 1, "search": 2} {
		if kinds[kind] < want {
			t.Errorf("%d works of kind %s, want %d", kinds[kind], kind, want)
		}
	}
	if report.Counts.Quads < 3_000 {
		t.Errorf("%+v", report.Counts)
	}
}

func TestWorkThatTakesTooLongIsToldSo(t *testing.T) {
	report, err := bench.Run(t.Context(), bench.Options{
		World: bench.World{Quads: 20_000, Seed: 1}, Schema: schema(t), Runs: 1, Timeout: time.Millisecond,
		Notice: func(string) {},
		Stores: []graph.Address{{Scheme: "memory", Path: filepath.Join(t.TempDir(), "graph")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	over := 0
	for _, r := range report.Results {
		if r.Times[0].Over {
			over++
		}
	}
	if over == 0 || over == len(report.Results) {
		t.Errorf("%d of %d works over the limit", over, len(report.Results))
	}
}
