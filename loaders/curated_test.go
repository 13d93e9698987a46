package loaders_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"kg/graph"
	"kg/loaders"
)

// gathered is a sink that keeps what it gets. The editors stand in no line, so the file must do.
type gathered []quad.Quad

func (g *gathered) Add(q quad.Quad, at graph.Position) error {
	if at.File == "" {
		return errors.New("a quad without its place")
	}
	*g = append(*g, q)
	return nil
}

func readSchema(t testing.TB) *graph.Schema {
	t.Helper()
	text, err := os.ReadFile("../data/schema.yaml")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := graph.ParseSchema("schema.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// folder unpacks testdata/curated/base.txtar with the files of other archives over it.
func folder(t testing.TB, over ...*txtar.Archive) fstest.MapFS {
	t.Helper()
	base, err := txtar.ParseFile("testdata/curated/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, archive := range append([]*txtar.Archive{base}, over...) {
		for _, f := range archive.Files {
			fsys["in/"+f.Name] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
		}
	}
	return fsys
}

// TestCuratedMessages loads each testdata/curated/<case>.txtar and compares the messages with
// <case>.err. Each must have a place that exists.
func TestCuratedMessages(t *testing.T) {
	cases, err := filepath.Glob("testdata/curated/*.txtar")
	if err != nil || len(cases) < 15 {
		t.Fatal("cases are missing: ", cases, err)
	}
	for _, file := range cases {
		name := strings.TrimSuffix(file, ".txtar")
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fsys := folder(t, archive)
			err = loaders.Curated(context.Background(), fsys, "in", readSchema(t), new(gathered))
			messages := ""
			if err != nil {
				messages = err.Error() + "\n"
				wantPlaces(t, fsys, err)
			}
			golden(t, name+".err", messages)
			if (err == nil) != (filepath.Base(name) == "base") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// wantPlaces checks that each problem stands at a character of its file.
func wantPlaces(t *testing.T, fsys fstest.MapFS, err error) {
	t.Helper()
	var problems graph.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("want problems, got %T: %v", err, err)
	}
	for _, p := range problems {
		f, ok := fsys[p.At.File]
		if !ok {
			t.Errorf("no such file: %v", p)
			continue
		}
		lines := strings.Split(string(f.Data), "\n")
		if p.At.Line > len(lines) || p.At.Line > 0 && p.At.Column > len([]rune(lines[p.At.Line-1]))+1 {
			t.Errorf("no such place: %v", p)
		}
	}
}

func TestCuratedFolder(t *testing.T) {
	schema := readSchema(t)
	load := func(ctx context.Context, fsys fs.FS, sink graph.Sink) error {
		return loaders.Curated(ctx, fsys, "in", schema, sink)
	}
	for _, c := range []struct {
		name string
		fsys fstest.MapFS
		want string
	}{
		{"a folder that is not there", fstest.MapFS{}, "in: want a folder of tables, found file does not exist"},
		{"a file where the folder should be", fstest.MapFS{"in": {}}, "in: want a folder of tables, found not implemented"},
		{"a folder without tables", fstest.MapFS{"in/README.md": {}}, "in: want tables like agencies.csv and claims/*.csv, found none"},
		{"a folder where a table should be", fstest.MapFS{"in/agencies.csv/x": {}, "in/claims/a.csv/x": {}}, "in/agencies.csv: want a table, found a folder\nin/claims/a.csv: want a table, found a folder"},
		{"a file where the folder of claims should be", fstest.MapFS{"in/claims": {}, "in/items.csv": {Data: []byte("slug,name,aliases,broader,note\n")}}, "in/claims: want a folder of tables, found not implemented"},
		{"a folder with one empty table", fstest.MapFS{"in/items.csv": {Data: []byte("slug,name,aliases,broader,note\n")}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if err := load(context.Background(), c.fsys, new(gathered)); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("a sink that refuses a quad is told where it was read, and the load goes on", func(t *testing.T) {
		n := 0
		err := load(context.Background(), folder(t), graph.SinkFunc(func(q quad.Quad, _ graph.Position) error {
			if n++; q.Label == quad.IRI("kg:claim/C-2") {
				return &graph.Problem{Want: "something else"}
			}
			return nil
		}))
		if err == nil || err.Error() != "in/claims/a.csv:3:1: want something else" || n < 60 {
			t.Errorf("after %d quads: %v", n, err)
		}
	})
	t.Run("any other error of the sink ends the load, wherever it comes", func(t *testing.T) {
		full := errors.New("disk full")
		for _, at := range []quad.Value{graph.Editors, quad.IRI("kg:platform/encrochat"), quad.IRI("kg:claim/C-1")} {
			err := load(context.Background(), folder(t), graph.SinkFunc(func(q quad.Quad, _ graph.Position) error {
				if q.Subject == at {
					return full
				}
				return nil
			}))
			if !errors.Is(err, full) {
				t.Errorf("%v: got %v", at, err)
			}
		}
	})
	t.Run("a load that is told to stop stops", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		many := strings.Repeat("x,y,z\n", 1000)
		fsys := fstest.MapFS{"in/items.csv": {Data: []byte("slug,name,aliases,broader,note\n" + many)}}
		if err := load(ctx, fsys, new(gathered)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("more problems than anyone reads are counted", func(t *testing.T) {
		many := strings.Repeat("A,b,,,\n", loaders.DefaultMaxProblems+5)
		fsys := fstest.MapFS{"in/items.csv": {Data: []byte("slug,name,aliases,broader,note\n" + many)}}
		err := load(context.Background(), fsys, new(gathered))
		if err == nil || !strings.HasSuffix(err.Error(), "\nin: 5 more problems; the first 1000 are shown") {
			t.Errorf("got %.300v", err)
		}
	})
}

// TestCuratedReport loads the tables of this project: no problem, every quad as the schema wants it,
// and each of the 109 facts read in the report either a claim or left out with a reason.
func TestCuratedReport(t *testing.T) {
	schema, root := readSchema(t), os.DirFS("..")
	quads := loadReport(t, schema)
	labels := map[quad.Value]int{}
	for _, q := range quads {
		if p := schema.Check(q); p != nil {
			t.Errorf("%v: %v", q, p)
		}
		if label, ok := q.Label.(quad.IRI); ok && graph.IsClaim(label) {
			labels[label]++
		}
	}
	for label, n := range labels {
		if n != 1 {
			t.Errorf("%v labels %d quads", label, n)
		}
	}
	for n := range 109 {
		digits := strconv.Itoa(1000 + n + 1)
		id := "A-SEED-" + digits[1:]
		row, err := loaders.FindClaim(root, "data/curated", id)
		if err != nil {
			t.Error(err)
			continue
		}
		if labels[quad.IRI("kg:claim/"+id)] == 0 && row.Text("reason") == "" {
			t.Errorf("%s stands in %v and is no claim", id, row.At("claim_id"))
		}
	}
}

func loadReport(t *testing.T, schema *graph.Schema) gathered {
	t.Helper()
	var quads gathered
	if err := loaders.Curated(context.Background(), os.DirFS(".."), "data/curated", schema, &quads); err != nil {
		t.Fatal(err)
	}
	return quads
}

// TestCuratedReadme checks that the page beside the tables names every table and every column.
func TestCuratedReadme(t *testing.T) {
	readme, err := os.ReadFile("../data/curated/README.md")
	if err != nil {
		t.Fatal(err)
	}
	root := os.DirFS("../data/curated")
	for _, pattern := range []string{"*.csv", "claims/*.csv"} {
		files, err := fs.Glob(root, pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no tables: ", err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(root, file)
			if err != nil {
				t.Fatal(err)
			}
			if pattern == "*.csv" && !strings.Contains(string(readme), "`"+file+"`") {
				t.Errorf("the page does not name %s", file)
			}
			header, _, _ := strings.Cut(string(text), "\n")
			for _, column := range strings.Split(header, ",") {
				if !strings.Contains(string(readme), "`"+column+"`") {
					t.Errorf("the page does not name the column %s of %s", column, file)
				}
			}
		}
	}
}

// TestCuratedQuads shows what becomes of a handful of rows.
func TestCuratedQuads(t *testing.T) {
	quads := loadReport(t, readSchema(t))
	for _, c := range []struct {
		name, node string
		want       []string
	}{
		{"27.64 tonnes are 27,640,000 grams, in the words of the report", "claim/A-SEED-010", []string{
			`<kg:seizure/antwerp-cocaine-2021> <kg:massGrams> "27640000"^^<xsd:integer>`,
			`<dcterms:source> <kg:source/seed-article>`,
			`<prov:wasAttributedTo> <kg:agency/be-federal-police>`,
			`<kg:reportedAs> "27.64 tons"`,
			`<kg:note> "Total of six weeks. The report says tons; read as tonnes."`,
		}},
		{"the headline's figure keeps its hedge", "claim/A-SEED-009", []string{
			`<kg:seizure/antwerp-cocaine-2021> <kg:massGrams> "28000000"^^<xsd:integer>`,
			`<dcterms:source> <kg:source/seed-article>`,
			`<kg:qualifier> <kg:nearly>`,
			`<kg:reportedAs> "Nearly 28 tons"`,
			`<kg:note> "Headline; the first paragraph has almost 28 tons, as said by police in Belgium. A rounding of the figure in their statement. The report says tons; read as tonnes."`,
		}},
		{"dollars in brackets are a conversion, not a second sum", "claim/A-SEED-052", []string{
			`<kg:seizure/venetic-cash-2020-07> <kg:cashUSD> "6800000000"^^<xsd:integer>`,
			`<dcterms:source> <kg:source/seed-article>`,
			`<kg:reportedAs> "$68 million"`,
			`<kg:convertedFrom> <kg:claim/A-SEED-051>`,
			`<kg:note> "Conversion printed in brackets."`,
		}},
		{"a number that is not given is no number", "claim/A-SEED-085", []string{
			`<kg:seizure/lemont-automatic-weapons-2020-07> <kg:itemCount> <kg:someValue>`,
			`<dcterms:source> <kg:source/seed-article>`,
			`<prov:wasAttributedTo> <kg:agency/nl-politie>`,
			`<kg:reportedAs> "dozens"`,
			`<kg:note> "No number is given."`,
		}},
		{"what the editors inferred is marked and rests on claims", "claim/A-SEED-007", []string{
			`<kg:seizure/antwerp-cocaine-2021> <kg:duringOperation> <kg:operation/argus-belgium>`,
			`<dcterms:source> <kg:source/standaard-2021-03-11>`,
			`<prov:wasAttributedTo> <kg:agent/editors>`,
			`<prov:wasDerivedFrom> <kg:claim/A-SEED-006>`,
			`<prov:wasDerivedFrom> <kg:claim/A-SEED-008>`,
			`<prov:wasDerivedFrom> <kg:claim/A-SKY-106>`,
			`<kg:basis> <kg:inferred>`,
			`<kg:note> "The report names no operation. De Standaard names Operation Argus as the Belgian one against Sky ECC, and the cocaine was found in Belgium with the help of data from Sky ECC."`,
		}},
		{"a day is a day", "claim/A-SEED-112", []string{
			`<kg:seizure/antwerp-record-shipment-2021-04> <schema:startDate> "2021-04-02"^^<xsd:date>`,
			`<dcterms:source> <kg:source/seed-article>`,
			`<prov:wasAttributedTo> <kg:agency/be-federal-police>`,
			`<kg:reportedAs> "overnight from 2-3 April"`,
			`<kg:note> "The report gives day and month but no year; 2021 is the editors' reading, from the action against Sky ECC in March 2021."`,
		}},
		{"a seizure is a figure too, and its running total has a month", "seizure/lemont-watches-2020-07", []string{
			`<schema:name> "Watches seized in Operation Lemont by July 2020" <kg:graph/gazetteer>`,
			`<rdf:type> <kg:Seizure> <kg:graph/gazetteer>`,
			`<rdf:type> <kg:Figure> <kg:graph/gazetteer>`,
			`<kg:asOf> "2020-07"^^<xsd:gYearMonth> <kg:graph/gazetteer>`,
			`<kg:aggregate> "true"^^<xsd:boolean> <kg:graph/gazetteer>`,
			`<kg:note> "A running total. The report gives no date; it tells of this beside the results announced in July, read as July 2020." <kg:graph/gazetteer>`,
			`<kg:measure> <kg:measure/goods> <kg:graph/gazetteer>`,
			`<kg:item> <kg:item/watches> <kg:claim/A-SEED-092>`,
			`<kg:duringOperation> <kg:operation/lemont> <kg:claim/A-SEED-093>`,
			`<kg:place> <kg:location/netherlands> <kg:claim/A-SEED-101>`,
			`<kg:seizedBy> <kg:agency/nl-politie> <kg:claim/A-SEED-102>`,
			`<kg:fromPlatform> <kg:platform/encrochat> <kg:claim/A-SEED-103>`,
			`<kg:itemCount> <kg:someValue> <kg:claim/A-SEED-131>`,
		}},
		{"a report that only repeats a release says which", "source/metro-2023-10-09", []string{
			`<schema:name> "More than 400 criminals jailed in Met's biggest operation into criminal gangs" <kg:graph/gazetteer>`,
			`<rdf:type> <kg:Source> <kg:graph/gazetteer>`,
			`<dcterms:publisher> "Metro" <kg:graph/gazetteer>`,
			`<dcterms:issued> "2023-10-09"^^<xsd:date> <kg:graph/gazetteer>`,
			`<schema:url> <https://metro.co.uk/2023/10/09/more-than-400-criminals-jailed-in-mets-biggest-operation-into-criminal-gangs-19632925/> <kg:graph/gazetteer>`,
			`<kg:kind> <kg:kind/press> <kg:graph/gazetteer>`,
			`<prov:wasDerivedFrom> <kg:source/met-2023-10-09> <kg:graph/gazetteer>`,
			`<kg:note> "Restates the Metropolitan Police's release of that day." <kg:graph/gazetteer>`,
		}},
		{"the port lies in the city", "location/port-of-antwerp", []string{
			`<schema:name> "Port of Antwerp" <kg:graph/gazetteer>`,
			`<rdf:type> <kg:Location> <kg:graph/gazetteer>`,
			`<skos:altLabel> "Antwerp port" <kg:graph/gazetteer>`,
			`<skos:altLabel> "Haven van Antwerpen" <kg:graph/gazetteer>`,
			`<kg:kind> <kg:kind/port> <kg:graph/gazetteer>`,
			`<kg:within> <kg:location/antwerp> <kg:graph/gazetteer>`,
			`<kg:countryCode> "BE" <kg:graph/gazetteer>`,
			`<geo:lat> "51.27"^^<xsd:decimal> <kg:graph/gazetteer>`,
			`<geo:long> "4.34"^^<xsd:decimal> <kg:graph/gazetteer>`,
			`<kg:within> <kg:location/belgium> <kg:claim/A-SEED-021>`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, about(quads, quad.IRI("kg:"+c.node))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// about prints the quads on a node: those of a claim, its fact first, without the claim's own name.
func about(quads []quad.Quad, node quad.IRI) []string {
	var printed []string
	for _, q := range quads {
		if q.Subject != node && q.Label != node {
			continue
		}
		terms := []quad.Value{q.Subject, q.Predicate, q.Object, q.Label}
		if q.Subject == node {
			terms = terms[1:]
		}
		if graph.IsClaim(node) {
			terms = terms[:len(terms)-1]
		}
		var words []string
		for _, v := range terms {
			if t, ok := graph.Lexical(v); ok {
				v = t
			}
			words = append(words, v.String())
		}
		printed = append(printed, strings.Join(words, " "))
	}
	return printed
}

func TestCuratedFacts(t *testing.T) {
	header := "claim_id,subject,predicate,value,value_max,unit,qualifier,reported_as,valid_from,valid_until,speaker,source_id,derived_from,converted_from,rank,note\n"
	for _, c := range []struct {
		name, row string
		want      []string
	}{
		{"a number whose zeros were given keeps the size of its last digit", `C-9,seizure/haul,massGrams,7.10,,tonne,,,,,,paper,,,,`, []string{
			`<kg:seizure/haul> <kg:massGrams> "7100000"^^<xsd:integer>`, `<dcterms:source> <kg:source/paper>`, `<kg:lastDigit> "10000"^^<xsd:integer>`,
		}},
		{"pounds are rounded to grams, and say so", `C-9,seizure/haul,massGrams,3,,pound,,,,,,paper,,,,`, []string{
			`<kg:seizure/haul> <kg:massGrams> "1361"^^<xsd:integer>`, `<dcterms:source> <kg:source/paper>`, `<kg:lastDigit> "454"^^<xsd:integer>`,
			`<kg:rounded> "true"^^<xsd:boolean>`, `<kg:exactValue> "1360.77711"^^<xsd:decimal>`,
		}},
		{"a range has its lower end in the fact and its upper end beside it", `C-9,seizure/haul,cash,10,20.5,EUR,estimated,"10 to 20.50",,,agency/police,release,,,,`, []string{
			`<kg:seizure/haul> <kg:cashEUR> "1000"^^<xsd:integer>`, `<dcterms:source> <kg:source/release>`, `<prov:hadPrimarySource> <kg:source/release>`,
			`<prov:wasAttributedTo> <kg:agency/police>`, `<kg:qualifier> <kg:estimated>`, `<kg:reportedAs> "10 to 20.50"`, `<kg:upTo> "2050"^^<xsd:integer>`,
		}},
		{"a fact that held for a time, preferred for a reason, that repeats a document", `C-9,location/antwerp,within,location/belgium,,,,,2019,2020-01-31,,paper,source/release|C-1,,preferred,"It is the law."`, []string{
			`<kg:location/antwerp> <kg:within> <kg:location/belgium>`, `<dcterms:source> <kg:source/paper>`,
			`<prov:wasDerivedFrom> <kg:source/release>`, `<prov:wasDerivedFrom> <kg:claim/C-1>`,
			`<kg:validFrom> "2019"^^<xsd:gYear>`, `<kg:validUntil> "2020-01-31"^^<xsd:date>`, `<kg:rank> <kg:preferred>`, `<kg:note> "It is the law."`,
		}},
		{"between two days", `C-9,seizure/haul,announcedOn,2020-07-01,2020-07-03,,,,,,,paper,,,,`, []string{
			`<kg:seizure/haul> <kg:announcedOn> "2020-07-01"^^<xsd:date>`, `<dcterms:source> <kg:source/paper>`, `<kg:upTo> "2020-07-03"^^<xsd:date>`,
		}},
		{"a day that is withheld", `C-9,seizure/haul,announcedOn,withheld,,,,,,,,paper,,,,`, []string{
			`<kg:seizure/haul> <kg:announcedOn> <kg:withheld>`, `<dcterms:source> <kg:source/paper>`,
		}},
		{"words, a kind, and a thing of any class", `C-9,source/paper,mentions,seizure/haul,,,,,,,,paper,,,,`, []string{
			`<kg:source/paper> <kg:mentions> <kg:seizure/haul>`, `<dcterms:source> <kg:source/paper>`,
		}},
		{"an address of a known vocabulary is short, like every other IRI", `C-9,item/drugs,skos:exactMatch,https://schema.org/Drug,,,,,,,,paper,,,,`, []string{
			`<kg:item/drugs> <skos:exactMatch> <schema:Drug>`, `<dcterms:source> <kg:source/paper>`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var quads gathered
			fsys := folder(t, &txtar.Archive{Files: []txtar.File{{Name: "claims/z.csv", Data: []byte(header + c.row)}}})
			if err := loaders.Curated(context.Background(), fsys, "in", readSchema(t), &quads); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, about(quads, "kg:claim/C-9")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFindClaim(t *testing.T) {
	fsys := folder(t, &txtar.Archive{Files: []txtar.File{
		{Name: "claims/0.csv", Data: []byte("claim_id,subject,predicate,value,value_max,unit,qualifier,reported_as,valid_from,valid_until,speaker,source_id,derived_from,converted_from,rank,note\nbroken\n")},
		{Name: "left-out.csv", Data: []byte("claim_id,reason\nC-7,said twice\n")},
	}})
	row, err := loaders.FindClaim(fsys, "in", "kg:claim/C-2")
	if err != nil || row.At("claim_id").String() != "in/claims/a.csv:3:1" || row.Text("reported_as") != "27.64 tons" {
		t.Errorf("got %v at %v, %v", row.Record(), row.At("claim_id"), err)
	}
	row, err = loaders.FindClaim(fsys, "in", "C-7")
	if err != nil || row.At("reason").String() != "in/left-out.csv:2:5" || row.Text("reason") != "said twice" {
		t.Errorf("got %v at %v, %v", row.Record(), row.At("reason"), err)
	}
	_, err = loaders.FindClaim(fsys, "in", "C-8")
	if !errors.Is(err, loaders.ErrNoClaim) || err.Error() != `want a claim in the tables of in, found "C-8"` {
		t.Errorf("got %v", err)
	}
	for name, broken := range map[string]fstest.MapFS{
		"no header": {"in/claims/a.csv": {Data: []byte("id\n")}},
		"a file":    {"in/claims": {}},
	} {
		if _, err := loaders.FindClaim(broken, "in", "C-8"); err == nil || errors.Is(err, loaders.ErrNoClaim) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
