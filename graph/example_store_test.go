package graph_test

import (
	"context"
	"fmt"
	"log"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A feed hands quads to a build; what was built answers by id, name or alias, and says who claimed what.
func ExampleOpenFresh() {
	schema, err := graph.ParseSchema("schema.yaml", []byte(`
version: 1
classes:
  Platform: {path: platform, label: platform, plural: platforms, definition: "A network."}
  Agency: {path: agency, label: agency, plural: agencies, definition: "An authority."}
predicates:
  schema:name: {label: name, range: name, cardinality: one, definition: "A name."}
  infiltrated: {label: infiltrated, domain: [Agency], range: [Platform], cardinality: many, definition: "Got in."}
`))
	if err != nil {
		log.Fatal(err)
	}
	feed := func(_ context.Context, sink graph.Sink) error {
		name := quad.Quad{Subject: quad.IRI("kg:platform/sky-ecc"), Predicate: graph.Name, Object: quad.String("Sky ECC"), Label: graph.Gazetteer}
		if err := sink.Add(name, graph.Position{File: "platforms.csv", Line: 2}); err != nil {
			return err
		}
		claim := graph.Claim{ID: "kg:claim/1", Subject: "kg:agency/be-federal-police", Predicate: "kg:infiltrated", Object: quad.IRI("kg:platform/sky-ecc"), Source: "kg:source/article"}
		for _, q := range claim.Quads() {
			if err := sink.Add(q, graph.Position{File: "claims.csv", Line: 2}); err != nil {
				return err
			}
		}
		return nil
	}
	ctx := context.Background()
	address, err := graph.ParseAddress("memory:") // "bolt:.kg/graph" would keep it
	if err != nil {
		log.Fatal(err)
	}
	store, err := graph.OpenFresh(ctx, address, feed, graph.BuildOptions{Schema: schema})
	if err != nil {
		log.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			fmt.Println(err)
		}
	}()
	sky, err := store.Find(ctx, "sky ecc", "kg:Platform")
	if err != nil {
		fmt.Println(err)
		return
	}
	claims, err := store.ClaimsByObject(ctx, sky)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range claims {
		fmt.Println(c.Subject, c.Predicate, c.Object, "says", c.Source)
	}
	// Output: <kg:agency/be-federal-police> <kg:infiltrated> <kg:platform/sky-ecc> says <kg:source/article>
}
