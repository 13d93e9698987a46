package gizmo_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/cayley/query"
	stock "github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"

	"kg/queries/gizmo"
)

// stockRows runs a text in Cayley's own session.
func stockRows(t testing.TB, store cayley.QuadStore, text string) (out []string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	it, err := stock.NewSession(store).Execute(ctx, text, query.Options{Collation: query.Raw, Limit: -1})
	if err != nil {
		return nil, err
	}
	for it.Next(ctx) {
		r, ok := it.Result().(*stock.Result)
		if !ok || r.Meta {
			continue
		}
		if r.Val != nil {
			b, err := json.Marshal(r.Val)
			if err != nil {
				return nil, err
			}
			out = append(out, "emitted "+string(b))
			continue
		}
		row := refRow{tags: map[string]quad.Value{}}
		for k, ref := range r.Tags {
			if v := store.NameOf(ref); v == nil {
				continue
			} else if k == "id" {
				row.node = v
			} else {
				row.tags[k] = v
			}
		}
		out = append(out, row.String())
	}
	return out, it.Err()
}

// ownRows runs a text in ours.
func ownRows(store cayley.QuadStore, text string) (out []string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err = gizmo.Run(ctx, store, text, gizmo.Options{Name: "text"}, func(r gizmo.Row) error {
		if r.Emitted != nil {
			b, err := json.Marshal(asStock(r.Emitted))
			out = append(out, "emitted "+string(b))
			return err
		}
		row := refRow{node: r.Value, tags: map[string]quad.Value{}}
		for _, tag := range r.Tags {
			row.tags[tag.Name] = tag.Value
		}
		out = append(out, row.String())
		return nil
	})
	return out, err
}

// asStock writes emitted data as Cayley does.
func asStock(x any) any {
	switch x := x.(type) {
	case quad.Value:
		if n, ok := x.Native().(quad.Value); ok {
			return quad.StringOf(n)
		}
		return x.Native()
	case map[string]any:
		out := map[string]any{}
		for k, v := range x {
			out[k] = asStock(v)
		}
		return out
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = asStock(x[i])
		}
		return out
	}
	return x
}

func set(rows []string) []string {
	rows = slices.Clone(rows)
	slices.Sort(rows)
	return slices.Compact(rows)
}

// varied is a graph with every kind of value, labels, a circle and a node that is a predicate too.
func varied() []quad.Quad {
	q := func(s, p string, o quad.Value, label string) quad.Quad {
		var l quad.Value
		if label != "" {
			l = quad.IRI(label)
		}
		return quad.Quad{Subject: quad.IRI(s), Predicate: quad.IRI(p), Object: o, Label: l}
	}
	return append(people(),
		q("alice", "age", quad.Int(42), ""),
		q("bob", "age", quad.Int(7), "census"),
		q("dani", "age", quad.Float(40.5), "census"),
		q("emily", "age", quad.Int(40), "smart_graph"),
		q("alice", "name", quad.String("Alice"), ""),
		q("bob", "name", quad.LangString{Value: "Bob", Lang: "en"}, ""),
		q("dani", "name", quad.String("<alice>"), ""),
		q("alice", "born", quad.TypedString{Value: "1980-05", Type: "xsd:gYearMonth"}, "census"),
		q("bob", "born", quad.TypedString{Value: "2015-01-02", Type: "xsd:date"}, ""),
		q("greg", "awake", quad.Bool(true), ""),
		q("greg", "follows", quad.IRI("alice"), "census"),
		q("fred", "follows", quad.IRI("fred"), ""),
		q("alice", "follows", quad.IRI("bob"), "census"),
		quad.Quad{Subject: quad.BNode("x"), Predicate: quad.IRI("follows"), Object: quad.IRI("alice"), Label: quad.BNode("l")},
		quad.Quad{Subject: quad.IRI("census"), Predicate: quad.IRI("source"), Object: quad.IRI("office")},
		quad.Quad{Subject: quad.IRI("smart_graph"), Predicate: quad.IRI("source"), Object: quad.IRI("school")},
		quad.Quad{Subject: quad.IRI("smart_graph"), Predicate: quad.IRI("speaker"), Object: quad.String("dean")},
	)
}

// beyondReference tells texts whose rows the reference does not define: which row of a node stays in
// unique(), and what typed() makes of datatypes that stores know.
func beyondReference(text string) bool {
	return strings.Contains(text, "nique()") || strings.Contains(text, "xsd:integer") || strings.Contains(text, "#boolean") ||
		strings.Contains(text, "t(typed(")
}

var errCrash = errors.New("not run: it kills the process")

// A verdict says why a text gives other rows here than in Cayley.
type verdict struct{ text, reason string }

// TestSameRowsAsCayley runs each text of the list in both, on the same store. Where they differ and
// the reference can judge, ours must be right; every difference is listed with its reason.
func TestSameRowsAsCayley(t *testing.T) {
	store := memstore.New(varied()...)
	ref := &reference{varied()}
	differs := make(map[string]string)
	for _, v := range differences(t) {
		differs[v.text] = v.reason
	}
	seen := make(map[string]bool)
	list := texts(t)
	if len(list) < 300 {
		t.Errorf("only %d texts", len(list))
	}
	for _, text := range append(list, slices.Collect(maps.Keys(differs))...) {
		if seen[text] {
			continue
		}
		seen[text] = true
		own, ownErr := ownRows(store, text)
		var stocks []string
		stockErr := errCrash
		if !strings.HasPrefix(differs[text], "kills Cayley's process") {
			stocks, stockErr = stockRows(t, store, text)
		}
		same := !errors.Is(stockErr, errCrash) && (ownErr == nil) == (stockErr == nil) && slices.Equal(set(own), set(stocks))
		reason, listed := differs[text]
		switch {
		case same && listed:
			t.Errorf("%s\n  is listed as different (%s), but is the same: %q", text, reason, own)
		case !same && !listed:
			t.Errorf("%s\n  ours:   %q %v\n  Cayley: %q %v", text, set(own), ownErr, set(stocks), stockErr)
		}
		if ownErr != nil || beyondReference(text) {
			continue
		}
		if runs, ok := record(text); ok && len(runs) > 0 {
			var want []string
			for _, p := range runs {
				for _, r := range ref.run(p) {
					want = append(want, r.String())
				}
			}
			if !slices.Equal(set(own), set(want)) {
				t.Errorf("%s\n  ours:      %q\n  reference: %q", text, set(own), set(want))
			}
		}
	}
}
