package snapshot_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// A file is built from quads in any order, opened, and asked with Cayley's paths.
func Example() {
	dir, err := os.MkdirTemp("", "snapshot")
	if err == nil {
		err = tryOut(context.Background(), filepath.Join(dir, "graph.snapshot"))
	}
	if err != nil {
		fmt.Println(err)
	}
	_ = os.RemoveAll(dir) // the system's folder for such files
	// Output:
	// 2 quads, 7 values
	// <kg:platform/encrochat>
}

func tryOut(ctx context.Context, file string) error {
	b := snapshot.NewBuilder(file, snapshot.BuildOptions{})
	defer b.Discard()
	shard := b.Shard() // one for each goroutine that adds quads
	for _, q := range []quad.Quad{
		quad.MakeIRI("kg:agency/nca", "kg:ran", "kg:operation/venetic", "kg:claim/1"),
		quad.MakeIRI("kg:operation/venetic", "kg:used", "kg:platform/encrochat", "kg:claim/2"),
	} {
		if err := shard.AddQuad(q); err != nil {
			return err
		}
	}
	counts, err := b.Commit(ctx, []byte("what it was built from"))
	if err != nil {
		return err
	}
	fmt.Println(counts.Quads, "quads,", counts.Terms, "values")

	s, err := snapshot.Open(file, snapshot.Options{})
	if err != nil {
		return err
	}
	used := path.StartPath(s, quad.IRI("kg:agency/nca")).Out(quad.IRI("kg:ran")).Out(quad.IRI("kg:used"))
	if err := used.Iterate(ctx).EachValue(s, func(v quad.Value) { fmt.Println(v) }); err != nil {
		return err
	}
	return s.Close()
}
