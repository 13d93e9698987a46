package loaders_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/loaders"
)

// TestHostileJSON feeds what is made to exhaust the readers of JSON and of protobuf.
func TestHostileJSON(t *testing.T) {
	many := func(s string) string { return strings.Repeat(s, 1_000_000) }
	terms := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	tests := []struct {
		name, format string
		input        io.Reader
		want         string
	}{
		{"a million arrays in an entity", "ftm", strings.NewReader(`{"id":"a","schema":"A","x":` + many("[")), "in:1:1027: want at most 1000 brackets within each other, found more"},
		{"a million objects in a quad", "cayley-json", strings.NewReader(`[{"subject":` + many(`{"a":`)), "in:1:"},
		{"a million arrays of JSON-LD", "jsonld", strings.NewReader(many("[")), "in:1:1001: want at most 1000 brackets within each other, found more"},
		{"a line of a gigabyte", "ftm", io.MultiReader(strings.NewReader(`{"id":"`), endless("x", 1<<30)), "in:1:1: want a line of at most 16777216 bytes, found a longer one"},
		{"an element of a gigabyte", "cayley-json", io.MultiReader(strings.NewReader(`[{"subject":"`), endless("x", 1<<30)), "in:1:2: want an element of at most 16777216 bytes, found a longer one"},
		{"a document of a gigabyte", "jsonld", io.MultiReader(strings.NewReader(`{"@id":"`), endless("x", 1<<30)), "in:1:1: want a JSON-LD document of at most 67108864 bytes, found a longer one; JSON-LD is read whole"},
		{"a gigabyte of blanks before an array", "cayley-json", io.MultiReader(endless(" ", 1<<30), strings.NewReader("[]")), "in:1:1: want a line of at most 16777216 bytes"},
		{"a file of NULs", "ftm", endless("\x00", 1<<25), "in:1:1: want a line of at most 16777216 bytes"},
		{"NULs as JSON-LD", "jsonld", endless("\x00", 1<<20), "in:1:1: want a JSON value, found the control character U+0000"},
		{"a quad of many gigabytes", "pquads", strings.NewReader("\x00pq\x00\x01\x00\x00\x00\x02\x10\x01\xFF\xFF\xFF\xFF\xFF\x0F"), "in:1:1: want a quad of at most 16777216 bytes, found one of"},
		{"a quad that says it is large and is not", "pquads", strings.NewReader("\x00pq\x00\x01\x00\x00\x00\x02\x10\x01\xFF\xFF\x7Fabc"), "in:1:1: want the rest of a quad, found the end of the file"},
		{"a million members", "ftm", strings.NewReader(`{"id":"a","schema":"A","properties":{` + strings.TrimSuffix(many(`"p":[],`), ",") + "}}"), "want each member once"},
		{"a huge prefix for tiny names", "jsonld", strings.NewReader(`{"@context":{"x":"http://` + many("x") + `"},"@id":"x:a"}`), "in:1:14: want names of at most 4096 bytes in a context, found a longer one"},
		{"a long prefix for a great many names", "jsonld", strings.NewReader(`{"@context":{"x":"http://` + strings.Repeat("x", 4000) + `/"},"@graph":[` + strings.Repeat(`{"@id":"x:a","x:p":"b"},`, 100_000) + `{}]}`), "want names that take at most 1073741824 bytes when all are written out, found more"},
		{"a chain of prefixes", "jsonld", strings.NewReader(`{"@context":{` + terms(5_000, `"t%d":"t%d:x",`) + `"t5000":"http://x/"},"@id":"t0:a"}`), "want terms that take at most 100 others to be spelt, found more for"},
		{"a vocabulary that grows", "jsonld", strings.NewReader(`{"@context":[{"@vocab":"http://x/"}` + strings.Repeat(`,{"@vocab":"`+strings.Repeat("x", 100)+`"}`, 1000) + `],"a":1}`), "want relative @vocab of at most 4096 bytes in all, found more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			skipLong(t)
			began := time.Now()
			got, err := loadReader(tt.format, tt.input, loaders.Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("found %.300v\nwant %s", err, tt.want)
			}
			if len(got) > 20_000 {
				t.Errorf("%d quads", len(got))
			}
			if took := time.Since(began); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// TestJSONMemoryDoesNotGrow streams more than it may hold: lines, elements and messages.
func TestJSONMemoryDoesNotGrow(t *testing.T) {
	entity := `{"id":"NK-%d","schema":"Company","properties":{"name":["Company number %d"],"country":["ca"]}}` + "\n"
	cayley := `{"subject":"<x:s%d>","predicate":"<x:p>","object":"text number %d"}` + ",\n"
	for format, file := range map[string]io.Reader{
		"ftm":         numbered("", entity, 200_000, ""),
		"cayley-json": numbered("[", cayley, 300_000, `{"subject":"<x:s>","predicate":"<x:p>","object":"o"}]`),
	} {
		f, err := loaders.ByName(format)
		if err != nil {
			t.Fatal(err)
		}
		heap := watchHeap()
		if err := f.Load(context.Background(), file, "in", loaders.Options{}, heap.sink()); err != nil {
			t.Fatal(err)
		}
		if heap.count < 300_000 || heap.grown() > 16<<20 {
			t.Errorf("%s: %d quads make the heap grow by %d kB", format, heap.count, heap.grown()>>10)
		}
	}
}

// numbered makes a text of many parts, as it is read.
func numbered(before, part string, n int, after string) io.Reader {
	r, w := io.Pipe()
	go func() {
		var b bytes.Buffer
		b.WriteString(before)
		for i := range n {
			fmt.Fprintf(&b, part, i, i)
			if b.Len() > 1<<16 {
				if _, err := w.Write(b.Bytes()); err != nil {
					return
				}
				b.Reset()
			}
		}
		b.WriteString(after)
		_, err := w.Write(b.Bytes())
		_ = w.CloseWithError(err) // which ends the reading
	}()
	return r
}

// TestJSONLDContexts follows what documents ask for to files, and no further.
func TestJSONLDContexts(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	contexts := map[string]string{
		"https://x.example/plain":    write("plain", `{"@context":{"@vocab":"https://x.example/v#"}}`),
		"https://x.example/includes": write("includes", `{"@context":["plain",{"id":"@id"}]}`),
		"https://x.example/imports":  write("imports", `{"@context":{"@version":1.1,"@import":"https://x.example/plain","id":"@id"}}`),
		"https://x.example/itself":   write("itself", `{"@context":"itself"}`),
		"https://x.example/a":        write("a", `{"@context":["b"]}`),
		"https://x.example/b":        write("b", `{"@context":["a"]}`),
		"https://x.example/scoped":   write("scoped", `{"@context":{"@version":1.1,"@vocab":"https://x.example/v#","inner":{"@id":"https://x.example/v#inner","@context":"scoped"}}}`),
		"https://x.example/bad":      write("bad", "{\n \"@context\": {,}}"),
		"https://x.example/none":     write("none", `{"a":1}`),
		"https://x.example/far":      write("far", `{"@context":"https://elsewhere.example/"}`),
		"https://x.example/slip":     write("slip", "{\"@context\":{\n\"name\":\"nowhere\"}}"),
		"https://x.example/gone":     filepath.Join(dir, "gone"),
	}
	for _, tt := range []struct{ name, context, want string }{
		{"a file", "https://x.example/plain", ""},
		{"a file that includes another", "https://x.example/includes", ""},
		{"a file that imports another", "https://x.example/imports", ""},
		{"http for https, with a slash", "http://x.example/plain/", ""},
		{"the context of a term may be the one that it stands in", "https://x.example/scoped", ""},
		{"a file that includes itself", "https://x.example/itself", dir + "/itself: want contexts that do not include each other, found https://x.example/itself → https://x.example/itself"},
		{"files that include each other", "https://x.example/a", dir + "/a: want contexts that do not include each other, found https://x.example/a → https://x.example/b → https://x.example/a"},
		{"a file that is no JSON", "https://x.example/bad", dir + `/bad:2:15: want the name of a member in " ", found ",}}"`},
		{"a file without a context", "https://x.example/none", dir + `/none:1:1: want a context: an object with @context, found an object`},
		{"a file that asks for one that is not there", "https://x.example/far", `in:1:13: want a context that is at hand, found "https://elsewhere.example/"; nothing is fetched from the network: save it to a file and add --context https://elsewhere.example/=FILE`},
		{"a file with a mistake", "https://x.example/slip", dir + `/slip:2:1: want contexts without mistakes, found invalid IRI mapping (not an absolute IRI: nowhere)`},
		{"a file that is not there", "https://x.example/gone", dir + "/gone: want the context https://x.example/gone, found no such file or directory"},
		{"a relative address", "plain", `in:1:13: want a context that is at hand, found "plain"; nothing is fetched from the network: save it to a file and add --context plain=FILE`},
	} {
		got, err := loadText("jsonld", `{"@context":"`+tt.context+`","@id":"x:s","name":"a"}`, loaders.Options{Contexts: contexts})
		switch {
		case tt.want == "" && (err != nil || len(got) != 1):
			t.Errorf("%s: %d quads, %v", tt.name, len(got), err)
		case tt.want != "" && (err == nil || err.Error() != tt.want):
			t.Errorf("%s: found %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

// TestJSONLDPlaces holds that a quad comes with the place of its node, however the node is written.
func TestJSONLDPlaces(t *testing.T) {
	text := `{
 "@context": {"ex": "https://example.org/", "id": "@id", "p": "ex:p"},
 "@graph": [
  {"@id": "https://example.org/full", "p": "a"},
  {"id": "ex:compact", "p": "b"},
  {"id": "relative", "p": "c"},
  {"id": "_:blank", "p": {"p": "within"}}
 ]}`
	f, err := loaders.ByName("jsonld")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	sink := graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		got = append(got, fmt.Sprintf("%v %v", q.Object, at))
		return nil
	})
	o := loaders.Options{Base: "https://example.org/base/", Document: "d"}
	if err := f.Load(context.Background(), strings.NewReader(text), "in", o, sink); err != nil {
		t.Fatal(err)
	}
	want := `"a" in:4:11, "b" in:5:10, "c" in:6:10, "within" in:7:10, _:d-1 in:7:10`
	if found := strings.Join(got, ", "); found != want {
		t.Errorf("found %s\nwant %s", found, want)
	}
}
