package loaders_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"kg/graph"
	"kg/loaders"
)

const one = "<https://example.org/kg/a> <https://schema.org/name> \"A\" .\n"

// distinct makes n quads that compress badly enough to be a fair archive.
func distinct(n int) string {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "<https://example.org/kg/%016x> <https://schema.org/name> \"%016x\" .\n", random.Uint64(), random.Uint64())
	}
	return b.String()
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstded(t *testing.T, text string) string {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(z.EncodeAll([]byte(text), nil))
}

// TestLoad opens one input a row. The file stands alone in its folder, which is the working one.
func TestLoad(t *testing.T) {
	thousand := distinct(1000)
	gz, zst := zipped(t, thousand), zstded(t, thousand)
	damaged := []byte(gz)
	damaged[len(gz)-6] ^= 0xFF // in the checksum
	tests := []struct {
		name    string
		file    string // its name; empty: there is none
		content string
		load    string // the input; empty: the file
		stdin   string
		options loaders.Options
		want    int // quads
		wantErr string
		is      error
	}{
		{name: "a plain file", file: "a.nq", content: one, want: 1},
		{name: "an upper-case extension", file: "A.NT", content: one, want: 1},
		{name: "an empty file holds no quads", file: "a.nq", want: 0},
		{name: "standard input", load: "-", stdin: one, want: 1},
		{name: "standard input of a named format", load: "-", stdin: one, options: loaders.Options{Format: "nquads"}, want: 1},
		{name: "packed standard input", load: "-", stdin: gz, want: 1000},
		{name: "a gzip archive", file: "a.nq.gz", content: gz, want: 1000},
		{name: "a zstd archive", file: "a.nt.zst", content: zst, want: 1000},
		{name: "two gzip archives in one file", file: "a.nq.gz", content: gz + zipped(t, one), want: 1001},
		{name: "two zstd archives in one file", file: "a.nq.zst", content: zst + zstded(t, one), want: 1001},
		{name: "an archive whose name does not say so", file: "a.nq", content: gz, want: 1000},
		{name: "a name that says nothing", file: "dump", content: "# made by hand\n\n" + one, want: 1},
		{name: "a name that says nothing, packed", file: "dump.zst", content: zst, want: 1000},
		{name: "a named format against the name", file: "a.txt", content: one, options: loaders.Options{Format: ".nq"}, want: 1},
		{name: "a media type for a name", file: "a.txt", content: one, options: loaders.Options{Format: "application/n-triples"}, want: 1},
		{name: "Turtle on standard input", load: "-", stdin: "# made by hand\n@prefix : <x:> .\n:s :p 1 , 2 .", want: 2},
		{name: "TriG on standard input", load: "-", stdin: "PREFIX : <x:>\n:g { :s :p 1 , 2 }", want: 2},
		{name: "abbreviated Turtle without prefixes", load: "-", stdin: "<x:s> <x:p> 1 ;\n <x:q> 2 .", want: 2},
		{name: "a Turtle file", file: "a.ttl.gz", content: zipped(t, "<x:s> <x:p> 1 , 2 ."), want: 2},
		{
			name: "RDF/XML is told, and what to do", load: "-", stdin: "<?xml version='1.0'?>\n<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", is: loaders.ErrFormat,
			wantErr: "-: want an input in one of the formats " + formatList() + ", found RDF/XML; convert it: rapper -i rdfxml -o ntriples FILE > FILE.nt, or: riot --output=ntriples FILE",
		},
		{
			name: "RDF/XML in a file, after a comment", file: "old.rdf", content: "<!-- by hand -->\n<RDF xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
			wantErr: "old.rdf: want an input in one of the formats " + formatList() + ", found RDF/XML; convert it: rapper -i rdfxml -o ntriples old.rdf > old.nt, or: riot --output=ntriples old.rdf",
		},
		{
			name: "RDF/XML by name", load: "-", stdin: "x", options: loaders.Options{Format: "rdfxml"},
			wantErr: "want a format: " + formatList() + ", found \"rdfxml\"; convert it: rapper -i rdfxml -o ntriples FILE > FILE.nt, or: riot --output=ntriples FILE",
		},
		{
			name: "other XML is no format of ours", load: "-", stdin: "<?xml version='1.0'?>\n<a/>",
			wantErr: "-: want an input in one of the formats " + formatList() + ", found XML",
		},
		{name: "JSON-LD by its first bytes", load: "-", stdin: `{"@id": "x:s", "x:p": "o"}`, want: 1},
		{name: "an array of JSON-LD", load: "-", stdin: `[{"@id": "x:s", "x:p": "o"}]`, want: 1},
		{name: "entities of FollowTheMoney", file: "entities.ftm.json", content: `{"id":"a","schema":"Person","properties":{"name":["A"]}}`, want: 3},
		{name: "statements of FollowTheMoney", file: "statements.json", content: `{"entity_id":"a","prop":"name","schema":"Person","value":"A"}`, want: 1},
		{name: "quads in JSON Lines", file: "a.json", content: `{"subject":{"id":"x:s"},"predicate":{"id":"x:p"},"object":{"value":"o"}}`, want: 1},
		{name: "Cayley's JSON", file: "a.json", content: `[{"subject":"<x:s>","predicate":"<x:p>","object":"o"}]`, want: 1},
		{name: "Cayley's protobuf quads", file: "dump", content: "\x00pq\x00\x01\x00\x00\x00\x02\x10\x01", want: 0},
		{
			name: "JSON is no format of ours", load: "-", stdin: "{\"a\": 1}",
			wantErr: "-: want an input in one of the formats " + formatList() + ", found one that begins with `{\"a\":`; name its format, as in --from nquads",
		},
		{
			name: "a missing file", load: "gone.nq", is: fs.ErrNotExist,
			wantErr: "gone.nq: want a file to load, found nothing of that name",
		},
		{
			name: "a missing file with a neighbour", file: "facts.nq", content: one, load: "fcats.nq",
			wantErr: "fcats.nq: want a file to load, found nothing of that name; did you mean facts.nq?",
		},
		{
			name: "a missing folder", load: filepath.Join("no", "facts.nq"),
			wantErr: "no/facts.nq: want a file to load, found nothing of that name; there is no folder no",
		},
		{
			name: "an empty name", load: "", file: "",
			wantErr: `"": want a file to load, found an empty name; name a file, or - for standard input`,
		},
		{
			name: "a file taken for a folder", file: "a.nq", content: one, load: filepath.Join("a.nq", "b.nq"),
			wantErr: "a.nq/b.nq: want a file to load, found not a directory",
		},
		{
			name: "an empty folder", load: ".",
			wantErr: ".: want a file, found a folder; it holds no file whose name tells a format",
		},
		{
			name: "a folder with one file", load: ".", file: "a.nq",
			wantErr: ".: want a file, found a folder; did you mean a.nq?",
		},
		{
			name: "no standard input", load: "-", options: loaders.Options{Stdin: nil},
			wantErr: "-: want standard input, found none here",
		},
		{
			name: "an archive cut off in its head", file: "a.nq.gz", content: gz[:8], is: loaders.ErrTorn,
			wantErr: "a.nq.gz: want a whole gzip archive, found one that is cut off after 0 unpacked bytes; copy or fetch it again",
		},
		{
			name: "an archive cut off at its end", file: "a.nq.gz", content: gz[:len(gz)-4], want: 1000, is: loaders.ErrTorn,
			wantErr: "a.nq.gz: want a whole gzip archive, found one that is cut off after 89000 unpacked bytes; copy or fetch it again",
		},
		{
			name: "a zstd archive cut off", file: "a.nq.zst", content: zst[:len(zst)-1], is: loaders.ErrTorn,
			wantErr: "a.nq.zst: want a whole zstd archive, found one that is cut off after 0 unpacked bytes; copy or fetch it again",
		},
		{
			name: "an empty archive", file: "a.nq.gz", is: loaders.ErrTorn,
			wantErr: "a.nq.gz: want a gzip archive (the name ends in .gz), found an empty file; copy or fetch it again",
		},
		{
			name: "rubbish behind an archive", file: "a.nq.gz", content: gz + "rubbish rubbish", want: 1000, is: loaders.ErrTorn,
			wantErr: "a.nq.gz: want a whole gzip archive, found a damaged one (gzip: invalid header) after 89000 unpacked bytes; copy or fetch it again",
		},
		{
			name: "a plain file named as an archive", file: "a.nq.gz", content: one,
			wantErr: "a.nq.gz: want a gzip archive (the name ends in .gz), found plain text; rename it without .gz",
		},
		{
			name: "a zstd archive named as gzip", file: "a.nq.gz", content: zst,
			wantErr: "a.nq.gz: want a gzip archive (the name ends in .gz), found a zstd archive; rename it to end in .zst",
		},
		{
			name: "an archive packed twice", file: "a.nq.gz", content: zipped(t, gz),
			wantErr: "a.nq.gz: want UTF-8 text (plain, .gz or .zst), found an archive packed twice; unpack it once: gunzip",
		},
		{
			name: "a zip archive", file: "a.nq", content: "PK\x03\x04…",
			wantErr: "a.nq: want UTF-8 text (plain, .gz or .zst), found a zip archive (or a spreadsheet); rename it to end in .zip (or .xlsx)",
		},
		{
			name: "Turtle that is called N-Quads", file: "a.nq", content: "# made\n@prefix : <x:> .\n:a :b :c .\n",
			wantErr: `a.nq:2:1: want a subject: an IRI in < > or a blank node like _:b1, found "@prefix"; this is Turtle or TriG: name it .ttl or .trig, or name the format`,
		},
		{
			name: "JSON that is called Turtle", file: "a.ttl", content: "{\"a\": 1}",
			wantErr: "a.ttl:1:1: want a subject: an IRI in < >, a name like ex:a, a blank node, found `{\"a\":`; it begins like JSON, though its name tells turtle",
		},
		{
			name: "a wrong guess", file: "a", content: one + "<x:a> <x:b> <x:c>\n",
			want: 1, wantErr: "a:2:18: want . at the end of the statement, or a graph, found the end of the line; read as nquads by its first bytes: --from names another format",
		},
		{
			name: "a web page", file: "a.ttl", content: "<!DOCTYPE html>\n<html>",
			wantErr: "a.ttl: want UTF-8 text (plain, .gz or .zst), found a web page; was a log-in or an error page saved instead of the data?",
		},
		{
			name: "UTF-16", file: "a.nq", content: "\xFF\xFE<\x00h\x00",
			wantErr: "a.nq: want UTF-8 text (plain, .gz or .zst), found UTF-16; convert it: iconv -f utf-16 -t utf-8",
		},
		{
			name: "a misspelt format", file: "a.nq", options: loaders.Options{Format: "nquad"}, is: loaders.ErrFormat,
			wantErr: `want a format: ` + formatList() + `, found "nquad"; did you mean nquads?`,
		},
		{
			name: "a format that cannot be told", file: "a.csv", content: "name,born\nAda,1815\n", is: loaders.ErrFormat,
			wantErr: "a.csv: want an input in one of the formats " + formatList() + `, found one that begins with "name,born"; tables are read with --csvw`,
		},
		{
			name: "an unnamed file with nothing in it", file: "a", content: " \n",
			wantErr: "a: want an input in one of the formats " + formatList() + ", found nothing but blanks; name its format, as in --from nquads",
		},
		{
			name: "a larger archive than allowed", file: "a.nq.gz", content: gz, options: loaders.Options{MaxUnpacked: 1000}, is: loaders.ErrBomb,
			wantErr: "a.nq.gz: want an archive that unpacks to at most 1000 bytes, found ",
		},
		{
			name: "a document key that is none", file: "a.nq", content: one, options: loaders.Options{Document: "a_b"},
			wantErr: `a.nq: want a document key of ASCII letters and digits, found "a_b"`,
		},
		{
			name: "a damaged archive", file: "a.nq.gz", content: string(damaged), want: 1000, is: loaders.ErrTorn,
			wantErr: "a.nq.gz: want a whole gzip archive, found a damaged one (gzip: invalid checksum) after 89000 unpacked bytes; copy or fetch it again",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			input := tt.load
			if tt.file != "" {
				if err := os.WriteFile(tt.file, []byte(tt.content), 0o644); err != nil {
					t.Fatal(err)
				}
				if input == "" {
					input = tt.file
				}
			}
			if tt.stdin != "" {
				tt.options.Stdin = strings.NewReader(tt.stdin)
			}
			got, err := loadFile(input, tt.options)
			if tt.wantErr == "" {
				if err != nil {
					t.Fatal(err)
				}
			} else {
				var p *graph.Problem
				if !errors.As(err, &p) || tt.is != nil && !errors.Is(err, tt.is) {
					t.Errorf("the error is none of the wanted kind: %v", err)
				}
				if text := fmt.Sprint(err); text != tt.wantErr && !strings.HasSuffix(tt.wantErr, "found ") || !strings.HasPrefix(text, tt.wantErr) {
					t.Errorf("error (-want +got):\n%s", cmp.Diff(tt.wantErr, text))
				}
			}
			if tt.want != len(got) && (tt.want > 0 || tt.wantErr == "") {
				t.Errorf("%d quads, want %d", len(got), tt.want)
			}
		})
	}
}

func formatList() string {
	var names []string
	for _, f := range loaders.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

func TestUnreadableFile(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.nq", []byte(one), 0o200); err != nil {
		t.Fatal(err)
	}
	_, err := loadFile("a.nq", loaders.Options{})
	if want := "a.nq: want a file to load, found one that you may not read; ask its owner, or see: ls -l"; fmt.Sprint(err) != want {
		t.Errorf("found %v, want %s", err, want)
	}
}

// TestBomb unpacks a small archive into a hundred megabytes, and more to come.
func TestBomb(t *testing.T) {
	var gz, zst bytes.Buffer
	z := gzip.NewWriter(&gz)
	s, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	blanks := bytes.Repeat([]byte("\n"), 1<<20)
	for range 96 {
		if _, err := io.MultiWriter(z, s).Write(blanks); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	for name, packed := range map[string]*bytes.Buffer{"gzip": &gz, "zstd": &zst} {
		_, err := loadFile("-", loaders.Options{Format: "nquads", Stdin: packed})
		if !errors.Is(err, loaders.ErrBomb) || !strings.Contains(err.Error(), "want an archive that unpacks to at most 300 times its size") {
			t.Errorf("%s: found %v, want a bomb", name, err)
		}
	}
	if _, err := loadFile("-", loaders.Options{Format: "nquads", Stdin: strings.NewReader(string(blanks))}); err != nil {
		t.Errorf("plain blanks are no bomb: %v", err)
	}
}

// TestCancel stops loads that would not end by themselves.
func TestCancel(t *testing.T) {
	stop := errors.New("told to stop")
	silent, keep := io.Pipe() // never written to
	defer keep.Close()
	endless := io.MultiReader(strings.NewReader(one), repeat(one))
	fifo := filepath.Join(t.TempDir(), "pipe.nq")
	makeFIFO(t, fifo)
	for _, tt := range []struct {
		name, input string
		stdin       io.Reader
	}{
		{"standard input that keeps silent", "-", silent},
		{"standard input that does not end", "-", endless},
		{"a named pipe that nobody opens", fifo, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(context.Background())
			time.AfterFunc(20*time.Millisecond, func() { cancel(stop) })
			began := time.Now()
			sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { return nil })
			err := loaders.Load(ctx, tt.input, loaders.Options{Format: "nquads", Stdin: tt.stdin}, sink)
			if !errors.Is(err, stop) {
				t.Errorf("found %v, want %v", err, stop)
			}
			if took := time.Since(began); took > time.Minute {
				t.Errorf("it took %v to stop", took)
			}
		})
	}
}

type repeat string

func (r repeat) Read(p []byte) (int, error) { return copy(p, r), nil }

// TestBrokenInput tells a failing device from the end of a file.
func TestBrokenInput(t *testing.T) {
	broken := errors.New("input/output error")
	for _, text := range []string{"", one, one + "<https://example.org/kg/b> <cut off"} {
		in := io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))
		got, err := loadFile("-", loaders.Options{Format: "nquads", Stdin: in})
		var p *graph.Problem
		if !errors.As(err, &p) || !errors.Is(err, broken) || !strings.Contains(err.Error(), "reading stopped: input/output error") {
			t.Errorf("after %q: found %v", text, err)
		}
		if want := strings.Count(text, "\n"); len(got) != want {
			t.Errorf("after %q: %d quads, want %d", text, len(got), want)
		}
	}
	if _, err := loadReader("nquads", new(stuck), loaders.Options{}); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that gives nothing: found %v, want %v", err, io.ErrNoProgress)
	}
}

type stuck struct{}

func (*stuck) Read([]byte) (int, error) { return 0, nil }

// TestArchivesAsPipes reads archives byte by byte.
func TestArchivesAsPipes(t *testing.T) {
	text := distinct(100)
	for _, packed := range []string{text, zipped(t, text), zstded(t, text)} {
		got, err := loadFile("-", loaders.Options{Stdin: iotest.OneByteReader(strings.NewReader(packed))})
		if err != nil || len(got) != 100 {
			t.Errorf("%d quads, %v", len(got), err)
		}
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
