package gizmo_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/cayley/graph/memstore"

	"kg/queries/gizmo"
)

// FuzzRun looks for texts that panic, kill the process or cannot be stopped.
func FuzzRun(f *testing.F) {
	for _, text := range texts(f) {
		f.Add(text)
	}
	for _, v := range differences(f) {
		f.Add(v.text)
	}
	for _, b := range []string{`var a = []; a.length = 4e9; [...a].map(String)`, "`${g}`.repeat(3)", `for (x of "abc") g.emit(x)`, `class A extends Array {}; new A(5).fill(1).join()`} {
		f.Add(b)
	}
	store := memstore.New(varied()...)
	f.Fuzz(func(t *testing.T, text string) {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		start := time.Now()
		err := gizmo.Run(ctx, store, text, gizmo.Options{Limits: gizmo.Limits{Rows: 1000, Text: 4 << 10, Memory: 32 << 20}}, func(gizmo.Row) error { return nil })
		if err != nil && strings.Contains(err.Error(), "fault of the engine") {
			t.Errorf("%q: %v", text, err)
		}
		if took := time.Since(start); took > busy {
			t.Errorf("%q: took %v", text, took)
		}
	})
}
