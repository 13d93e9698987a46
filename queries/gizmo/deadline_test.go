package gizmo_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cayleygraph/cayley/graph/memstore"

	"kg/queries/gizmo"
)

// A run may find its time over before it has begun, or while its built-ins are made ready.
func TestTimeThatEndsBeforeTheText(t *testing.T) {
	store := memstore.New()
	const text = `var a = [1, 2]; for (var i = 0; i < 2; i++) { a.push(i) } g.emit(a.join())`
	for limit := time.Duration(0); limit < 2*time.Millisecond; limit += 20 * time.Microsecond {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		err := gizmo.Run(ctx, store, text, gizmo.Options{}, func(gizmo.Row) error { return nil })
		cancel()
		if err != nil && !(errors.Is(err, gizmo.ErrTimeout) && errors.Is(err, context.DeadlineExceeded)) {
			t.Fatalf("with %s: %v", limit, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := gizmo.Run(ctx, store, text, gizmo.Options{}, func(gizmo.Row) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before it began: %v", err)
	}
}
