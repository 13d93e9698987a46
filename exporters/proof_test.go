package exporters_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Proofs open what we write with programs that are large to fetch or slow to start: "make proof-exports"
// runs them.
func proof(t *testing.T) {
	t.Helper()
	if !proving() {
		t.Skip("make proof-exports runs it")
	}
}

// jars is the class path of the archives in a folder of .cache.
func jars(t *testing.T, folder string) string {
	t.Helper()
	return filepath.Join(filepath.Dir(cached(t, "tools-proof", folder, "packages")), "*")
}

// tellJars logs the versions of archives.
func tellJars(t *testing.T, folder, like string) {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(filepath.Dir(jars(t, folder)), like))
	if err != nil || len(list) == 0 {
		t.Fatalf("no %s in .cache/%s", like, folder)
	}
	for _, jar := range list {
		t.Log(filepath.Base(jar))
	}
}

// Gephi finds the same nodes, edges, labels and attributes, with their types and times.
func TestProofGephi(t *testing.T) {
	proof(t)
	tellJars(t, "gephi", "gephi-*.jar")
	for _, w := range worlds(t) {
		want := w.wantGraph(t)
		out, _ := run(t, "java", "-Djava.awt.headless=true", "-cp", jars(t, "gephi"), filepath.Join("testdata", "Open.java"), w.file(t, "gexf"), w.file(t, "graphml"))
		answers := json.NewDecoder(bytes.NewReader(out))
		for _, format := range []string{"gexf", "graphml"} {
			t.Run(w.name+": "+format, func(t *testing.T) {
				var got struct {
					seenGraph
					Issues               []string
					NodeTypes, EdgeTypes map[string]string
				}
				if err := answers.Decode(&got); err != nil {
					t.Fatal(err)
				}
				for _, issue := range got.Issues {
					if !strings.HasPrefix(issue, "INFO") {
						t.Error(issue)
					}
				}
				invented := func(string, any) bool { return true }
				for id, data := range got.Nodes {
					data["label"] = data["Label"]
					got.Nodes[id] = keep(data, want.Nodes[id], invented)
				}
				for id, e := range got.Edges {
					e.Data["label"], e.Data["weight"] = e.Data["Label"], e.Data["Weight"]
					got.Edges[id] = seenEdge{e.Source, e.Target, keep(e.Data, want.Edges[id].Data, invented)}
				}
				if diff := cmp.Diff(want, got.seenGraph); diff != "" {
					t.Errorf("(-want +got):\n%s", diff[:min(len(diff), 4000)])
				}
				for name, kind := range map[string]string{"itemCount": "Long", "massGrams": "Long", "geo:lat": "Double", "aggregate": "Boolean", "class": "String"} {
					if got.NodeTypes[name] != kind {
						t.Errorf("%s is of type %s, want %s", name, got.NodeTypes[name], kind)
					}
				}
				if got.EdgeTypes["inferred"] != "Boolean" || format == "gexf" && got.NodeTypes["Interval"] == "" {
					t.Errorf("types %v, %v", got.NodeTypes, got.EdgeTypes)
				}
				t.Logf("%d nodes, %d edges", len(got.Nodes), len(got.Edges))
			})
		}
	}
}

// Jena reads every RDF format without a warning, and finds the same dataset as our own N-Quads.
func TestProofJena(t *testing.T) {
	proof(t)
	tellJars(t, "jena", "jena-arq-*.jar")
	for _, w := range worlds(t) {
		for _, format := range []string{"nquads", "nquads-stream", "ntriples", "turtle", "trig", "jsonld", "schemaorg"} {
			t.Run(w.name+": "+format, func(t *testing.T) {
				file := w.file(t, format)
				out, says := run(t, "java", "-cp", jars(t, "jena"), "riotcmd.riot", "--strict", "--check", "--output=nquads", file)
				if len(says) > 0 {
					t.Errorf("says %s", says[:min(len(says), 2000)])
				}
				got := lines(string(out))
				if format == "schemaorg" {
					if len(got) < 100 {
						t.Errorf("%d triples", len(got))
					}
					return
				}
				text, err := os.ReadFile(w.file(t, "nquads"))
				if err != nil {
					t.Fatal(err)
				}
				want := lines(string(text))
				if format == "ntriples" || format == "turtle" {
					graph := regexp.MustCompile(` <[^>]*> \.$`)
					for i := range want {
						want[i] = graph.ReplaceAllString(want[i], " .") // all of them stand in a graph
					}
				}
				for _, list := range []*[]string{&want, &got} {
					slices.Sort(*list)
					*list = slices.Compact(*list)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff[:min(len(diff), 4000)])
				}
			})
		}
	}
}

// LibreOffice opens the workbook and gives back the rows, numbers as numbers and no formula's result.
func TestProofLibreOffice(t *testing.T) {
	proof(t)
	program, err := exec.LookPath("soffice")
	if err != nil {
		missing(t, "soffice", "Debian's package is libreoffice-calc-nogui")
	}
	version, _ := run(t, program, "--version")
	t.Logf("%s", version)
	for _, w := range worlds(t) {
		dir := t.TempDir()
		run(t, program, "--headless", "-env:UserInstallation=file://"+t.TempDir(), "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1",
			"--outdir", dir, w.file(t, "xlsx"))
		files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
		if err != nil || len(files) != 1 {
			t.Fatalf("wrote %v, %v", files, err)
		}
		text, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		table, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := []map[string]any{}
		for _, row := range table[1:] {
			of := map[string]any{}
			for i, cell := range row {
				if cell != "" {
					of[table[0][i]] = cell
				}
			}
			got = append(got, of)
		}
		want := asText(w.wantTable(t))
		for _, row := range want {
			for name, cell := range row {
				if cell == "true" || cell == "false" {
					row[name] = strings.ToUpper(cell.(string)) // as spreadsheets show them
				}
			}
		}
		for _, rows := range [][]map[string]any{want, got} {
			for _, row := range rows {
				for _, name := range []string{"number", "number_up_to", "base"} {
					if text, ok := row[name].(string); ok {
						row[name], _ = strconv.ParseFloat(text, 64) // a spreadsheet may write 1E+15
					}
				}
				if text, ok := row["value"].(string); ok && strings.EqualFold(text, "true") {
					row["value"] = "TRUE"
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", w.name, diff[:min(len(diff), 4000)])
		}
		t.Logf("%s: %d rows", w.name, len(got))
	}
}

// Neo4j's importer takes every row.
func TestProofNeo4j(t *testing.T) {
	proof(t)
	tellJars(t, "neo4j", "neo4j-import-tool-*.jar")
	for _, w := range worlds(t) {
		want := w.wantGraph(t)
		dir, home := unzipped(t, w.file(t, "neo4j")), t.TempDir()
		if err := os.Mkdir(filepath.Join(home, "conf"), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("NEO4J_HOME", home)
		t.Setenv("NEO4J_CONF", filepath.Join(home, "conf"))
		out, says := run(t, "java", "--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-cp", jars(t, "neo4j"), "org.neo4j.cli.AdminTool",
			"database", "import", "full", "--nodes="+filepath.Join(dir, "nodes.csv"), "--relationships="+filepath.Join(dir, "relationships.csv"),
			"--multiline-fields=true", "--bad-tolerance=0", "--report-file="+filepath.Join(home, "report"), "neo4j")
		for _, line := range []string{strconv.Itoa(len(want.Nodes)) + " nodes", strconv.Itoa(len(want.Edges)) + " relationships"} {
			if !strings.Contains(string(out), "  "+line) {
				t.Errorf("%s: does not say %q:\n%s%s", w.name, line, out[max(0, len(out)-1000):], says)
			}
		}
		if report, err := os.ReadFile(filepath.Join(home, "report")); err == nil && len(report) > 0 {
			t.Errorf("%s: rejected %s", w.name, report[:min(len(report), 1000)])
		}
		t.Logf("%s: %d nodes, %d relationships", w.name, len(want.Nodes), len(want.Edges))
	}
}
