package gizmo_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/cayleygraph/cayley/graph/memstore"

	"kg/queries/gizmo"
)

// A text that was compiled before answers as it did then, with the parameters and limits of this run.
func TestProgramsRunAsTextsDo(t *testing.T) {
	store := memstore.New(people()...)
	programs := gizmo.NewPrograms()
	answer := func(text string, opts gizmo.Options) string {
		var rows []string
		err := programs.Run(t.Context(), store, text, opts, func(r gizmo.Row) error {
			rows = append(rows, fmt.Sprint(r.Value, r.Tags, r.Emitted))
			return nil
		})
		return fmt.Sprint(rows, err)
	}
	plain := func(text string, opts gizmo.Options) string {
		var rows []string
		err := gizmo.Run(t.Context(), store, text, opts, func(r gizmo.Row) error {
			rows = append(rows, fmt.Sprint(r.Value, r.Tags, r.Emitted))
			return nil
		})
		return fmt.Sprint(rows, err)
	}
	texts := []string{
		`g.V("<alice>").out("<follows>").all()`,
		`g.V(params.who).out("<follows>").tag("x").all()`,
		`var seen = []; g.V("<alice>").out().forEach(function (d) { seen.push(d.id) }); g.emit(seen)`,
		`seen = typeof seen; g.emit(seen)`, // what one run leaves behind, the next does not find
		`g.V("<alice>").outt()`,
		`g.V(`,
		`"x".repeat(1e9)`,
		strings.Repeat(" ", 5000) + `g.V("<alice>").out("<follows>").all()`,
	}
	var askers sync.WaitGroup
	for range 4 {
		askers.Go(func() {
			for i := range 300 {
				text := texts[i%len(texts)]
				if i%7 == 0 {
					text += fmt.Sprintf(" // %d", i)
				}
				opts := gizmo.Options{Name: "text", Params: map[string]any{"who": []string{"<alice>", "<charlie>"}[i%2]}}
				if want, got := plain(text, opts), answer(text, opts); got != want {
					t.Errorf("%s: want %s, found %s", text, want, got)
				}
			}
		})
	}
	askers.Wait()
	long := gizmo.Options{Limits: gizmo.Limits{Text: 10}}
	if err := programs.Run(t.Context(), store, texts[0], long, nil); !errors.Is(err, gizmo.ErrSize) {
		t.Errorf("want the limit of this run, found %v", err)
	}
}
