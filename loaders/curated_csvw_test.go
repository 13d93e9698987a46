package loaders_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/data"
	"kg/graph"
	"kg/loaders"
)

const curatedFolder = "../data/curated"

func projectSchema(t *testing.T) *graph.Schema {
	t.Helper()
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestCuratedMetadata holds data/curated/csv-metadata.json against the columns that the curated tables
// have; "go test ./loaders -update" rewrites it.
func TestCuratedMetadata(t *testing.T) {
	got, err := loaders.CuratedMetadata(os.DirFS(curatedFolder), ".", projectSchema(t), graph.DefaultNamespaces())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join(curatedFolder, loaders.FolderMetadata), string(got))
}

// TestCuratedTablesAreCSVW reads our own tables as any tool for CSV on the Web would, and compares with
// what their own reader makes of them: nothing else may come out, and all names, classes, aliases,
// addresses, notes, speakers and documents must.
func TestCuratedTablesAreCSVW(t *testing.T) {
	ctx := context.Background()
	var curated, tables list
	sink := graph.SinkFunc(func(q quad.Quad, _ graph.Position) error { curated = append(curated, q); return nil })
	if err := loaders.Curated(ctx, os.DirFS(curatedFolder), ".", projectSchema(t), sink); err != nil {
		t.Fatal(err)
	}
	if err := loaders.LoadTable(ctx, filepath.Join(curatedFolder, loaders.FolderMetadata), loaders.Options{}, &tables); err != nil {
		t.Fatal(err)
	}
	whole := []quad.IRI{
		graph.Name, graph.AltLabel, graph.Type, graph.Note, graph.SaidBy, graph.ReadIn, graph.ReportedAs, graph.QualifierIs, graph.RankIs,
		graph.ConvertedFrom, "schema:url", "geo:lat", "geo:long", "kg:countryCode", "dcterms:publisher", "kg:measure", "kg:period",
	}
	texts := func(quads list, only func(quad.Quad) bool) []string {
		var lines []string
		for _, q := range quads {
			if q.Label = nil; q.Subject != graph.Editors && only(q) {
				lines = append(lines, q.Subject.String()+" "+q.Predicate.String()+" "+q.Object.String())
			}
		}
		slices.Sort(lines)
		return slices.Compact(lines)
	}
	listed := func(q quad.Quad) bool { iri, _ := q.Predicate.(quad.IRI); return slices.Contains(whole, iri) }
	want, got := texts(curated, listed), texts(tables, listed)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-curated +csvw:\n%s", diff)
	}
	if len(got) < 300 {
		t.Errorf("only %d facts", len(got))
	}
	all := map[string]bool{}
	for _, line := range texts(curated, func(quad.Quad) bool { return true }) {
		all[line] = true
	}
	for _, line := range texts(tables, func(quad.Quad) bool { return true }) {
		if !all[line] {
			t.Errorf("the curated tables do not say %s", line)
		}
	}
}

// TestCuratedMetadataRefuseWhatIsWrong shows that the metadata are more than a list of columns.
func TestCuratedMetadataRefuseWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(curatedFolder)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "agencies.csv")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.SplitAfter(string(text), "\n")
	writeFiles(t, map[string]string{file: string(text) + rows[1] + "x,,,,,,,\n"})
	err = loaders.LoadTable(context.Background(), file, loaders.Options{KeepGoing: true}, new(list))
	for _, want := range []string{"want a primary key of its own", "want a value (the column is required)"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s, found %v", want, err)
		}
	}
}
