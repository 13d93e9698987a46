package graph_test

import (
	"os"
	"testing"

	"kg/graph"
)

const dataSchemaFile = "../data/schema.yaml"

// dataSchema is the schema that the program is shipped with.
func dataSchema(t testing.TB) *graph.Schema {
	t.Helper()
	text, err := os.ReadFile(dataSchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	s, err := graph.ParseSchema("data/schema.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
