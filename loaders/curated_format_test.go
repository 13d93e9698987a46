package loaders_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/loaders"
)

func TestFormatTable(t *testing.T) {
	const items = "slug,name,aliases,broader,note\n"
	for _, test := range []struct {
		name, file, text, want string
	}{
		{
			name: "rows are sorted by id, and numbers in ids by value", file: "items.csv",
			text: items + "n-10,ten,,,\nn-9,nine,,,\nm,em,,,\n",
			want: items + "m,em,,,\nn-9,nine,,,\nn-10,ten,,,\n",
		},
		{
			name: "columns get their order back", file: "items.csv",
			text: "note,slug,broader,aliases,name\nn,s,b,a,x\n",
			want: items + "s,x,a,b,n\n",
		},
		{
			name: "quotes stand only where they must", file: "items.csv",
			text: items + `"s","a ""b""","c","","d, e"` + "\n",
			want: items + `s,"a ""b""",c,,"d, e"` + "\n",
		},
		{
			name: "a line break inside a cell stays", file: "items.csv",
			text: items + "s,n,,,\"one\r\ntwo\"\r\n",
			want: items + "s,n,,,\"one\ntwo\"\n",
		},
		{
			name: "byte order mark, CRLF, blank rows and a missing last line end go", file: "items.csv",
			text: "\uFEFF" + strings.ReplaceAll(items, "\n", "\r\n") + "s,n,,,\r\n\r\n,,,,\r\nt,m,,,",
			want: items + "s,n,,,\nt,m,,,\n",
		},
		{
			name: "lists are sorted and lose repeats, and cells their blanks", file: "items.csv",
			text: items + "s, n ,b | a||b,y|x,\"z|y \"\n",
			want: items + "s,n,a|b,x|y,z|y\n",
		},
		{
			name: "two rows of one id stay in their order, for a person to decide", file: "items.csv",
			text: items + "s,b,,,\ns,a,,,\n",
			want: items + "s,b,,,\ns,a,,,\n",
		},
		{
			name: "a table of another name is told by its columns", file: "-",
			text: "reason,claim_id\nsaid twice,A-2\nan opinion,A-1\n",
			want: "claim_id,reason\nA-1,an opinion\nA-2,said twice\n",
		},
		{
			name: "a table of a header alone is one", file: "items.csv",
			text: items, want: items,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := loaders.FormatTable(strings.NewReader(test.text), test.file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.want, string(got)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			again, err := loaders.FormatTable(bytes.NewReader(got), test.file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(got), string(again)); d != "" {
				t.Errorf("the second time differs:\n%s", d)
			}
		})
	}
}

func TestFormatTableRefuses(t *testing.T) {
	const items = "slug,name,aliases,broader,note\n"
	for _, test := range []struct {
		name, file, text, want string
	}{
		{"an empty file", "items.csv", "", "items.csv:1:1: want a first line that names the columns"},
		{"a column that it does not know", "items.csv", "slug,nam,aliases,broader,note\n", `items.csv:1:6: want a column of this table, found "nam"; did you mean name?`},
		{"a row of too few cells", "items.csv", items + "s,n\n", "items.csv:2: want 5 cells, found 2"},
		{"a torn quote", "items.csv", items + "s,\"n,,,\n", "items.csv:2:3: want a quote that closes this cell"},
		{"control characters", "items.csv", items + "s,a\x01b,,,\n", "items.csv:2:3: want text"},
		{"bytes that are no text", "items.csv", items + "s,\xff,,,\n", "items.csv:2:3: "},
		{"a table of no kind", "x.csv", "a,b\n1,2\n", "x.csv:1:1: want the columns of a curated table, found others"},
		{"claims with columns that they have not", "claims/x.csv", "a,b\n1,2\n", "claims/x.csv:1:1: want a column of this table"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := loaders.FormatTable(strings.NewReader(test.text), test.file)
			var p *graph.Problem
			if !errors.As(err, &p) || !strings.HasPrefix(p.Error(), test.want) {
				t.Errorf("want %s, found %v and %q", test.want, err, got)
			}
		})
	}
	every, err := loaders.FormatTable(strings.NewReader(items+"s,n\nt,m\n"), "items.csv")
	var several graph.Problems
	if !errors.As(err, &several) || len(several) != 2 {
		t.Errorf("want a problem for each of two rows, found %v and %q", err, every)
	}
}

// What a table says is the same in its canonical form: the tables of the project give the same quads.
func TestFormatTableKeepsWhatIsSaid(t *testing.T) {
	const dir = "../data/curated"
	files, err := loaders.CuratedTables(os.DirFS(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(files, "sources.csv") || !slices.ContainsFunc(files, func(f string) bool { return strings.HasPrefix(f, "claims/") }) {
		t.Fatalf("found only %v", files)
	}
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		old, err := os.ReadFile(copied + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		text, err := loaders.FormatTable(bytes.NewReader(old), file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+"/"+file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(curatedLines(t, dir), curatedLines(t, copied)); d != "" {
		t.Error(d)
	}
}

// The tables of the project are kept in canonical form, so that a change shows what was changed.
func TestTheTablesAreInForm(t *testing.T) {
	const dir = "../data/curated"
	files, err := loaders.CuratedTables(os.DirFS(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		old, err := os.ReadFile(dir + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := loaders.FormatTable(bytes.NewReader(old), file); err != nil || !bytes.Equal(old, text) {
			t.Errorf("%s is not in canonical form; kg fmt writes it (%v)", file, err)
		}
	}
}

func FuzzFormatTable(f *testing.F) {
	f.Add("slug,name,aliases,broader,note\ns-2,\"a, b\",c|a,,\ns-10,\"x\ny\",,,\n", "items.csv")
	f.Add("claim_id,reason\r\nA-10,b\rA-9,a\n", "-")
	f.Fuzz(func(t *testing.T, text, file string) {
		once, err := loaders.FormatTable(strings.NewReader(text), file)
		if err != nil {
			return
		}
		twice, err := loaders.FormatTable(bytes.NewReader(once), file)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("the canonical form of %q is %q, and of that %q (%v)", text, once, twice, err)
		}
		if n, m := len(records(t, text)), len(records(t, string(once))); n != m {
			t.Fatalf("%q has %d rows and its form %q %d", text, n, once, m)
		}
	})
}

// records lists the rows of a table that the formatter has read already.
func records(t *testing.T, text string) [][]string {
	t.Helper()
	header := strings.Split(strings.TrimSpace(strings.SplitN(strings.ReplaceAll(strings.TrimLeft(strings.TrimPrefix(text, "\uFEFF"), "\r\n"), "\r", "\n"), "\n", 2)[0]), ",")
	for i := range header {
		header[i] = strings.Trim(header[i], `"`)
	}
	table, err := loaders.NewTable(strings.NewReader(text), "t", header...)
	if err != nil {
		t.Skip(err)
	}
	var rows [][]string
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			t.Skip(err) // blanks around a cell, which only the formatter takes
		}
		if !slices.ContainsFunc(row.Record(), func(c string) bool { return strings.TrimSpace(c) != "" }) {
			continue
		}
		rows = append(rows, row.Record())
	}
}

// curatedLines are the quads of a folder of tables, as sorted lines.
func curatedLines(t *testing.T, dir string) []string {
	t.Helper()
	var lines []string
	sink := graph.SinkFunc(func(q quad.Quad, _ graph.Position) error {
		lines = append(lines, q.String())
		return nil
	})
	if err := loaders.Curated(t.Context(), os.DirFS(dir), ".", projectSchema(t), sink); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}
