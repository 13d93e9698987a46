package loaders_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/loaders"
)

// Facts arrive one by one, with short IRIs, native values and the place where they stand.
func ExampleLoad() {
	dump := strings.NewReader(`<https://example.org/kg/platform/sky-ecc> <https://schema.org/name> "Sky ECC" .
<https://example.org/kg/platform/sky-ecc> <https://example.org/kg/users> "70000"^^<http://www.w3.org/2001/XMLSchema#integer> .
`)
	sink := graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		fmt.Println(at, q.Predicate, quad.NativeOf(q.Object))
		return nil
	})
	err := loaders.Load(context.Background(), "-", loaders.Options{Stdin: dump}, sink)
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// -:1:1 <schema:name> Sky ECC
	// -:2:1 <kg:users> 70000
}

// With KeepGoing, one load tells all that is wrong.
func ExampleLoad_keepGoing() {
	dump := strings.NewReader("<https://example.org/a> a <https://example.org/B> .\n<b> <c> <d> .\n")
	sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { return nil })
	o := loaders.Options{Stdin: dump, Format: "nquads", KeepGoing: true}
	fmt.Println(loaders.Load(context.Background(), "-", o, sink))
	// Output:
	// -:1:25: want a predicate: an IRI in < >, found "a"; did you mean <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>?
	// -:2:1: want an absolute IRI like <https://example.org/x>, found <b>
}
