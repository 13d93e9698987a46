package exporters_test

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// unzipped unpacks an export that is an archive.
func unzipped(t *testing.T, path string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := t.TempDir()
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, part.Name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func readTable(t *testing.T, file string) (header []string, rows [][]string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll() // which refuses rows of another length
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

// The rules of Neo4j's importer: headers with types, every id once, both ends of every relationship
// there, and cells that their types take.
func TestNeo4jFilesFollowTheRulesOfTheImporter(t *testing.T) {
	key := regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*)?:(ID|LABEL|START_ID|END_ID|TYPE|string|long|double|boolean)$`)
	for _, w := range []world{{"the small graph", trickyWorld()}, {"the facts of the project", projectFacts(t)}} {
		t.Run(w.name, func(t *testing.T) {
			dir := unzipped(t, w.file(t, "neo4j"))
			check := func(name string, special ...string) (at map[string]int, rows [][]string) {
				header, rows := readTable(t, filepath.Join(dir, name))
				at = map[string]int{}
				seen := map[string]bool{}
				for i, h := range header {
					m := key.FindStringSubmatch(h)
					if m == nil || seen[m[1]] && m[1] != "" {
						t.Fatalf("%s: header %q", name, h)
					}
					seen[m[1]] = true
					at[m[2]] = i
					for _, row := range rows {
						var err error
						switch {
						case row[i] == "":
						case m[2] == "long":
							_, err = strconv.ParseInt(row[i], 10, 64)
						case m[2] == "double":
							_, err = strconv.ParseFloat(row[i], 64)
						case m[2] == "boolean":
							_, err = strconv.ParseBool(row[i])
						}
						if err != nil {
							t.Errorf("%s: %s: %v", name, h, err)
						}
					}
				}
				for _, want := range special {
					if _, ok := at[want]; !ok {
						t.Fatalf("%s: no :%s in %v", name, want, header)
					}
				}
				return at, rows
			}
			nodes, rows := check("nodes.csv", "ID", "LABEL")
			ids := map[string]bool{}
			for _, row := range rows {
				id := row[nodes["ID"]]
				if ids[id] || id == "" || row[nodes["LABEL"]] == "" {
					t.Errorf("node %q of label %q stands twice, or has none", id, row[nodes["LABEL"]])
				}
				ids[id] = true
			}
			ends, rows := check("relationships.csv", "START_ID", "END_ID", "TYPE")
			if len(rows) == 0 {
				t.Error("no relationships")
			}
			for _, row := range rows {
				if !ids[row[ends["START_ID"]]] || !ids[row[ends["END_ID"]]] || strings.Trim(row[ends["TYPE"]], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") != "" || row[ends["TYPE"]] == "" {
					t.Errorf("relationship %v", row)
				}
			}
		})
	}
}
