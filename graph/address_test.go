package graph_test

import (
	"errors"
	"strings"
	"testing"

	"kg/graph"
)

func TestParseAddress(t *testing.T) {
	const forms = "snapshot:FILE, memory:, memory:FILE, leveldb:DIR or bolt:FILE"
	for _, tc := range []struct{ name, text, want, wantErr string }{
		{"nothing on disk", "memory:", "memory:", ""},
		{"a file in memory", "memory:a/graph", "memory:a/graph", ""},
		{"a path with a colon", "bolt:C:/graph", "bolt:C:/graph", ""},
		{"a folder", "leveldb:.kg/graph", "leveldb:.kg/graph", ""},
		{"an absolute path", "bolt:/var/graph", "bolt:/var/graph", ""},
		{"nothing", "", "", `want a store address: ` + forms + `, found ""`},
		{"a bare path", "graph.bolt", "", `want a store address: ` + forms + `, found "graph.bolt"; did you mean memory:graph.bolt?`},
		{"a store on disk without a path", "bolt:", "", `want a store address: ` + forms + `, found "bolt:" without a path`},
		{"an address like that of a page", "bolt://graph", "", `want a store address: ` + forms + `, found "bolt://graph"; write the path right after the colon`},
		{"an unknown kind", "redis:x", "", `want a store address: ` + forms + `, found "redis:"`},
		{"a server", "postgres://localhost/kg", "", `want one of the stores in this program: ` + forms + `, found postgres:, which is not built in`},
		{"a cluster", "cockroach://localhost/kg", "", `want one of the stores in this program: ` + forms + `, found cockroach:, which is not built in`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, err := graph.ParseAddress(tc.text)
			if tc.wantErr == "" {
				if err != nil || a.String() != tc.want {
					t.Errorf("got %s, %v; want %s", a, err, tc.want)
				}
				return
			}
			if !errors.Is(err, graph.ErrAddress) || err.Error() != tc.wantErr {
				t.Errorf("got  %v\nwant %s", err, tc.wantErr)
			}
		})
	}
}

func TestStoreKindsAreDescribed(t *testing.T) {
	for _, k := range graph.StoreKinds() {
		if !strings.Contains(k.Form, ":") || k.Summary == "" {
			t.Errorf("%+v", k)
		}
	}
}

func TestUnknownKindOfStore(t *testing.T) {
	a := graph.Address{Scheme: "redis", Path: "x"}
	_, opening := graph.Open(t.Context(), a, graph.OpenOptions{})
	_, building := graph.Build(t.Context(), a, nil, graph.BuildOptions{})
	_, reading := graph.ReadManifest(a)
	for _, err := range []error{opening, building, reading} {
		if !errors.Is(err, graph.ErrAddress) {
			t.Errorf("got %v", err)
		}
	}
}
