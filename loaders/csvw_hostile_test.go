package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/loaders"
)

const plainTable = `{"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": {"aboutUrl": "https://example.org/{_row}", "propertyUrl": "https://example.org/{_name}"}}`

// TestHostileTables feeds tables and metadata that are made to exhaust a reader. Each has to be refused
// soon, for the reason given.
func TestHostileTables(t *testing.T) {
	t.Chdir(t.TempDir())
	many := strings.Repeat
	tests := []struct {
		name     string
		table    io.Reader
		metadata string
		want     string
	}{
		{"a line of a gigabyte", io.MultiReader(strings.NewReader("a,b\n"), endless("x", 1<<30)), plainTable, "-:2: want a line of at most 1048576 bytes, found a longer one"},
		{"a header of a gigabyte", endless("x", 1<<30), plainTable, "-:1: want a line of at most 1048576 bytes, found a longer one"},
		{"a cell that is too long", strings.NewReader("a,b\n" + many("x", 1<<17) + ",1\n"), plainTable, "-:2:1: want a cell of at most 65536 bytes, found a longer one"},
		{"a quote that is never closed", io.MultiReader(strings.NewReader("a,b\n\""), endless("x\n", 1<<30)), plainTable, "-:2:1: want a quote that closes this cell, found none in 65536 bytes"},
		{"a million columns", strings.NewReader(many(",", 1<<20-2)), plainTable, "-:1:16385: want at most 16384 cells in a row, found more"},
		{"NULs", endless("\x00", 1<<25), plainTable, "-:1: want a line of at most 1048576 bytes"},
		{"bytes that are no text", strings.NewReader("a,b\n1,\xFF\n"), plainTable, "-:2:3: want UTF-8 text, found the byte 0xFF; is it Latin-1? convert it: iconv -f latin1 -t utf-8"},
		{"UTF-16", strings.NewReader("\xFF\xFEa\x00,\x00"), plainTable, "-: want UTF-8 text (plain, .gz or .zst), found UTF-16"},
		{"deep metadata", strings.NewReader("a\n"), many(`{"a":`, 1_000_000), "m.json:1:326: want at most 64 objects and arrays within each other, found more"},
		{"long metadata", strings.NewReader("a\n"), `{"a": "` + many("x", 17<<20), "m.json: want a metadata file of at most 16777216 bytes, found a longer one"},
		{"metadata that are no text", strings.NewReader("a\n"), "{\"a\": \"\xFF\"}", "m.json:1:8: want UTF-8 text, found the byte 0xFF"},
		{"empty metadata", strings.NewReader("a\n"), "", "m.json:1:1: want JSON, found the end of the file"},
		{"two documents", strings.NewReader("a\n"), plainTable + "{}", `m.json:1:163: want the end of the file after the object, found "{}"`},
		{"an array", strings.NewReader("a\n"), "[]", "m.json:1:1: want an object that describes a table or several, found an array"},
		{"an expression that would take for ever elsewhere", strings.NewReader("a\n" + many("a", 60_000) + "\n"), strings.Replace(plainTable, `"aboutUrl"`, `"datatype": {"base": "string", "format": "(a+)+b"}, "aboutUrl"`, 1), `-:2:1: want a value of the format "(a+)+b" (string), found "aaaa`},
		{"more rows to skip than there are", strings.NewReader("a\n1\n"), strings.Replace(plainTable, `"url"`, `"dialect": {"skipRows": 999999999999}, "url"`, 1), "-:1:1: want a header, found the end of the table"},
		{"more header rows than there are", strings.NewReader("a\n1\n"), strings.Replace(plainTable, `"url"`, `"dialect": {"headerRowCount": 999999999999}, "url"`, 1), "-:1:1: want a header, found the end of the table"},
		{"a number of a thousand digits", strings.NewReader("a\n" + many("9", 1000) + "\n"), strings.Replace(plainTable, `"aboutUrl"`, `"datatype": "long", "aboutUrl"`, 1), "-:2:1: want a whole number from -9223372036854775808 to 9223372036854775807"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			skipLong(t)
			writeFiles(t, map[string]string{"m.json": tt.metadata})
			began := time.Now()
			err := loaders.LoadTable(context.Background(), "-", loaders.Options{Stdin: tt.table, Metadata: "m.json"}, new(list))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("found %v\nwant  %s", err, tt.want)
			}
			if took := time.Since(began); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// TestTablesAreStreamed reads a table that is larger than what may be held of it.
func TestTablesAreStreamed(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFiles(t, map[string]string{"m.json": plainTable})
	heap := watchHeap()
	table := io.MultiReader(strings.NewReader("a,b,c\n"), io.LimitReader(repeating("one,\"two \"\"2\"\"\",3\r\n"), 19*300_000))
	if err := loaders.LoadTable(context.Background(), "-", loaders.Options{Stdin: table, Metadata: "m.json"}, heap.sink()); err != nil {
		t.Fatal(err)
	}
	if heap.count != 900_000 || heap.grown() > 16<<20 {
		t.Errorf("%d quads make the heap grow by %d kB", heap.count, heap.grown()>>10)
	}
}

// TestATableEndsWithItsContext interrupts a table that never ends.
func TestATableEndsWithItsContext(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFiles(t, map[string]string{"m.json": plainTable})
	ctx, cancel := context.WithCancel(context.Background())
	count := 0
	sink := graph.SinkFunc(func(quad.Quad, graph.Position) error {
		if count++; count == 1000 {
			cancel()
		}
		return nil
	})
	table := io.MultiReader(strings.NewReader("a\n"), repeating("x\n"))
	err := loaders.LoadTable(ctx, "-", loaders.Options{Stdin: table, Metadata: "m.json"}, sink)
	if !errors.Is(err, context.Canceled) || count > 10_000 {
		t.Errorf("%v after %d quads", err, count)
	}
}

func TestTablesOfOtherSystems(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFiles(t, map[string]string{"m.json": plainTable})
	for name, text := range map[string]string{
		"a byte order mark": "\uFEFFa,b\n1,2\n", "CRLF": "a,b\r\n1,2\r\n", "CR": "a,b\r1,2\r", "no end of the last line": "a,b\n1,2", "blank lines": "\na,b\n\n1,2\n\n",
		"a byte order mark before a quote": "\uFEFF\"a\",b\n\"1\",2\n",
	} {
		var got list
		err := loaders.LoadTable(context.Background(), "-", loaders.Options{Stdin: strings.NewReader(text), Metadata: "m.json"}, &got)
		want := "<https://example.org/1> <https://example.org/a> \"1\" .\n<https://example.org/1> <https://example.org/b> \"2\" .\n"
		if err != nil || printQuads(got) != want {
			t.Errorf("%s: %v\n%s", name, err, printQuads(got))
		}
	}
}

func BenchmarkTable(b *testing.B) {
	b.Chdir(b.TempDir())
	var text strings.Builder
	text.WriteString("id,name,n,day\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "%d,Name number %d,%d,2020-07-%02d\n", i, i, i*7, i%28+1)
	}
	metadata := `{"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": {"aboutUrl": "https://example.org/{id}", "propertyUrl": "https://example.org/{_name}", "columns": [
		{"name": "id", "suppressOutput": true}, {"name": "name"}, {"name": "n", "datatype": "integer"}, {"name": "day", "datatype": "date"}]}}`
	writeFiles(b, map[string]string{"t.csv": text.String(), "m.json": metadata})
	sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { return nil })
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if err := loaders.LoadTable(b.Context(), "t.csv", loaders.Options{Metadata: "m.json"}, sink); err != nil {
			b.Fatal(err)
		}
	}
}
