package graph_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

func TestPositionPrintsWhatIsKnown(t *testing.T) {
	tests := []struct {
		name string
		at   graph.Position
		want string
	}{
		{"nothing", graph.Position{}, ""},
		{"a file", graph.Position{File: "a.csv"}, "a.csv"},
		{"a line", graph.Position{File: "a.csv", Line: 7}, "a.csv:7"},
		{"a column", graph.Position{File: "a.csv", Line: 7, Column: 3}, "a.csv:7:3"},
		{"a column without a line says nothing", graph.Position{File: "a.csv", Column: 3}, "a.csv"},
		{"standard input", graph.Position{File: "-", Line: 1, Column: 1}, "-:1:1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.at.String(); got != tt.want {
				t.Errorf("printed as %q, want %q", got, tt.want)
			}
		})
	}
}

func TestProblemPrintsOnOneLine(t *testing.T) {
	at := graph.Position{File: "claims.csv", Line: 7, Column: 3}
	cause := errors.New("no such unit")
	tests := []struct {
		name    string
		problem graph.Problem
		want    string
	}{
		{"everything", graph.Problem{At: at, Want: "a date", Found: `"soon"`, Hint: "write it like 2020-07-02", Err: cause}, `claims.csv:7:3: want a date, found "soon"; write it like 2020-07-02`},
		{"no position", graph.Problem{Want: "a date", Found: `"soon"`}, `want a date, found "soon"`},
		{"nothing found", graph.Problem{Want: "a date"}, "want a date"},
		{"only what is wrong", graph.Problem{At: at, Found: "the row is empty"}, "claims.csv:7:3: the row is empty"},
		{"a cause", graph.Problem{At: at, Err: cause}, "claims.csv:7:3: no such unit"},
		{"a cause and what was found", graph.Problem{At: at, Err: cause, Found: `"stone"`, Hint: "did you mean tonne?"}, `claims.csv:7:3: no such unit: "stone"; did you mean tonne?`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.problem.Error()); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblemsAreFoundByCauseAndType(t *testing.T) {
	missing := &graph.Problem{At: graph.Position{File: "b"}, Want: "a file", Err: fs.ErrNotExist}
	ps := graph.Problems{{Found: "one"}, missing}
	err := fmt.Errorf("building: %w", ps.Join())
	if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
		t.Errorf("the cause is not found in %v", err)
	}
	var all graph.Problems
	if !errors.As(err, &all) || len(all) != 2 {
		t.Errorf("the list is not found: %v", all)
	}
	var one *graph.Problem
	if !errors.As(err, &one) || one.Found != "one" {
		t.Errorf("the first problem is not found: %v", one)
	}
	if want := "one\nb: want a file"; ps.Error() != want {
		t.Errorf("printed as %q, want %q", ps.Error(), want)
	}
	if err := (graph.Problems{}).Join(); err != nil {
		t.Errorf("no problems are the error %v", err)
	}
}

func TestCollect(t *testing.T) {
	one, two := &graph.Problem{Found: "one"}, &graph.Problem{Found: "two"}
	broken := errors.New("the disk is broken")
	gone := errors.New("the network is gone")
	wrapping := &graph.Problem{Found: "a torn archive", Err: errors.Join(broken, gone)}
	tests := []struct {
		name  string
		err   error
		want  graph.Problems
		other error
	}{
		{"nothing", nil, nil, nil},
		{"a problem", one, graph.Problems{one}, nil},
		{"several", graph.Problems{one, two}, graph.Problems{one, two}, nil},
		{"none of several", graph.Problems{}, nil, nil},
		{"a wrapped problem", fmt.Errorf("reading: %w", one), graph.Problems{one}, nil},
		{"several, wrapped", fmt.Errorf("reading: %w", graph.Problems{one, two}), graph.Problems{one, two}, nil},
		{"an accident", broken, nil, broken},
		{"a problem and an accident", errors.Join(one, broken), graph.Problems{one}, broken},
		{"accidents around several problems", errors.Join(gone, graph.Problems{one, two}, broken), graph.Problems{one, two}, errors.Join(gone, broken)},
		{"a problem that was caused by accidents", wrapping, graph.Problems{wrapping}, nil},
		{"no problem, as the schema says it", (*graph.Problem)(nil), nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got graph.Problems
			other := got.Collect(tt.err)
			if fmt.Sprint(other) != fmt.Sprint(tt.other) {
				t.Errorf("returned %v, want %v", other, tt.other)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("collected %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("collected %v, want %v", got[i], tt.want[i])
				}
			}
		})
	}
}

func TestSinkFunc(t *testing.T) {
	var got quad.Quad
	var where graph.Position
	refused := &graph.Problem{Found: "no"}
	var sink graph.Sink = graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		got, where = q, at
		return refused
	})
	q := quad.MakeIRI("a", "b", "c", "d")
	at := graph.Position{File: "f", Line: 1}
	if err := sink.Add(q, at); !errors.Is(err, refused) || got != q || where != at {
		t.Errorf("the function saw %v at %v, and the caller %v", got, where, err)
	}
}
