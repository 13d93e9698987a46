package queries_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"kg/data"
	"kg/graph"
	"kg/queries"
)

func ExampleQuestion_Run() {
	ctx := context.Background()
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		fmt.Println(err)
		return
	}
	facts, err := graph.Gather(ctx, reportFeed, graph.BuildOptions{Schema: schema})
	if err != nil {
		fmt.Println(err)
		return
	}
	store := graph.OpenFacts(facts, graph.OpenOptions{Schema: schema})
	catalog, err := queries.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	question, err := catalog.Lookup("seizures-by-platform")
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := question.Run(ctx, store, map[string]string{"platform": "Sky ECC"}, queries.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range table.Rows {
		for i, column := range table.Columns {
			if column.Name == "amount" {
				fmt.Println(row[i].Text())
			}
		}
	}
	// Output:
	// 27.64 t
	// 1,400,000,000 EUR
	// nearly 11 t
}

func ExampleLoad() {
	mine := fstest.MapFS{"ports.gizmo": {Data: []byte(`/*
summary: which ports lie in a country
params:
  - {name: country, type: Location, help: "the country"}
columns:
  - {name: port, type: entity}
*/
g.V(params.country).in("<kg:liesIn>").has("<kg:kind>", "<kg:kind/port>").tag("port").all();
`)}}
	catalog, err := queries.Load(queries.Folder{FS: mine, Path: "mine"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = catalog.Lookup("port")
	fmt.Println(err)
	// Output:
	// unknown question: "port"; did you mean ports?
}
