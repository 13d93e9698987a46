package snapshot_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// A file is built from quads in any order, opened, and asked with Cayley's paths.
func Example() {
	dir, err := os.MkdirTemp("", "snapshot")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "graph.snapshot")

	b := snapshot.NewBuilder(file, snapshot.BuildOptions{})
	defer b.Discard()
	shard := b.Shard() // one for each goroutine that adds quads
	for _, q := range []quad.Quad{
		quad.MakeIRI("kg:agency/nca", "kg:ran", "kg:operation/venetic", "kg:claim/1"),
		quad.MakeIRI("kg:operation/venetic", "kg:used", "kg:platform/encrochat", "kg:claim/2"),
	} {
		if err := shard.AddQuad(q); err != nil {
			log.Fatal(err)
		}
	}
	counts, err := b.Commit(context.Background(), []byte("what it was built from"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(counts.Quads, "quads,", counts.Terms, "values")

	s, err := snapshot.Open(file, snapshot.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	used := path.StartPath(s, quad.IRI("kg:agency/nca")).Out(quad.IRI("kg:ran")).Out(quad.IRI("kg:used"))
	err = used.Iterate(context.Background()).EachValue(s, func(v quad.Value) { fmt.Println(v) })
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// 2 quads, 7 values
	// <kg:platform/encrochat>
}
