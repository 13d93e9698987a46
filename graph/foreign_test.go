package graph_test

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/graph/storetest"
)

// cayleyStores unpacks stores that Cayley 0.7.7 itself wrote, with the libraries that it asks for: a
// Bolt folder and a LevelDB folder with the same quads, of which one was deleted.
func cayleyStores(t *testing.T) string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "cayley-stores.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for in := tar.NewReader(z); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return dir
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.FromSlash(h.Name))
		if h.FileInfo().IsDir() {
			err = os.MkdirAll(path, 0o755)
		} else {
			var b []byte
			if b, err = io.ReadAll(in); err == nil {
				err = os.WriteFile(path, b, 0o644)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// content sums up all files of a folder.
func content(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(h, "%s %x\n", path, sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// readStore lists the quads of a store and who was given them.
func readStore(a graph.Address) (own, foreign []string, err error) {
	into := func(list *[]string) graph.Sink {
		return graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
			if at.String() != a.String() {
				return fmt.Errorf("at %v", at)
			}
			*list = append(*list, fmt.Sprintf("%s %s %#v %v", q.Subject, q.Predicate, q.Object, q.Label))
			return nil
		})
	}
	err = graph.ReadStore(context.Background(), a, into(&own), into(&foreign))
	return own, foreign, err
}

func TestReadStoreOfCayley(t *testing.T) {
	dir := cayleyStores(t)
	want := strings.Split(`<https://example.org/s> <https://example.org/p> quad.IRI("https://example.org/o") <nil>
<https://example.org/s> <https://example.org/p> quad.IRI("https://example.org/o") <https://example.org/g>
<https://example.org/s> <rdf:type> quad.IRI("http://www.w3.org/2002/07/owl#Thing") <nil>
_:b1 <https://example.org/p> quad.String("plain \"text\"\n") <nil>
<https://example.org/s> <https://example.org/p> quad.LangString{Value:quad.String("tekst"), Lang:"nl-BE"} <nil>
<https://example.org/s> <https://example.org/p> quad.TypedString{Value:quad.String("042"), Type:quad.IRI("http://www.w3.org/2001/XMLSchema#integer")} <nil>
<https://example.org/s> <https://example.org/p> quad.TypedString{Value:quad.String("7"), Type:quad.IRI("xsd:integer")} <nil>
<https://example.org/s> <https://example.org/p> 42 <nil>
<https://example.org/s> <https://example.org/p> 1.5 <nil>
<https://example.org/s> <https://example.org/p> true <nil>
<https://example.org/s> <https://example.org/p> quad.Time{wall:0x0, ext:63729280800, loc:(*time.Location)(nil)} <nil>
<alice> <follows> quad.IRI("bob") <nil>`, "\n")
	before := content(t, dir)
	for _, address := range []graph.Address{
		{Scheme: "leveldb", Path: filepath.Join(dir, "leveldb")},
		{Scheme: "bolt", Path: filepath.Join(dir, "bolt")},
		{Scheme: "bolt", Path: filepath.Join(dir, "bolt", "indexes.bolt")},
	} {
		own, foreign, err := readStore(address)
		if err != nil || len(own) > 0 {
			t.Errorf("%s: %d of ours, %v", address, len(own), err)
		}
		if diff := cmp.Diff(want, foreign); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
	if content(t, dir) != before {
		t.Error("reading the stores changed them")
	}
}

// TestReadStoreOfOurs holds that a store that kg made is told from one that it did not make.
func TestReadStoreOfOurs(t *testing.T) {
	dir := t.TempDir()
	feed := func(_ context.Context, sink graph.Sink) error {
		return sink.Add(quad.Quad{Subject: quad.IRI("kg:platform/hush"), Predicate: graph.Name, Object: quad.String("Hush"), Label: graph.Gazetteer}, graph.Position{File: "in"})
	}
	for _, text := range []string{"leveldb:" + filepath.Join(dir, "level"), "bolt:" + filepath.Join(dir, "graph.bolt"), "memory:" + filepath.Join(dir, "graph.kg")} {
		a, err := graph.ParseAddress(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := graph.Build(context.Background(), a, feed, graph.BuildOptions{Schema: storetest.Schema(t)}); err != nil {
			t.Fatal(err)
		}
		own, foreign, err := readStore(a)
		if err != nil || len(foreign) > 0 || !strings.Contains(strings.Join(own, "\n"), `<kg:platform/hush> <schema:name> quad.String("Hush") <kg:graph/gazetteer>`) {
			t.Errorf("%s: %d of others, %d of ours, %v", a, len(foreign), len(own), err)
		}
	}
}

func TestReadStoreTellsWhatIsWrong(t *testing.T) {
	dir := cayleyStores(t)
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	bolt, err := os.ReadFile(filepath.Join(dir, "bolt", "indexes.bolt"))
	if err != nil {
		t.Fatal(err)
	}
	half := write("half.bolt", string(bolt[:len(bolt)/2]))
	for _, tt := range []struct {
		name, address, want string
		is                  error
	}{
		{"nothing there", "leveldb:" + filepath.Join(dir, "gone"), "want a store, found nothing there", graph.ErrNoStore},
		{"nothing there in Bolt", "bolt:" + filepath.Join(dir, "gone"), "want a store, found nothing there", graph.ErrNoStore},
		{"a file of something else", "bolt:" + write("text", "just text"), "no Bolt file", graph.ErrStoreVersion},
		{"a folder of something else", "leveldb:" + dir, "want a store", nil},
		{"half a file", "bolt:" + half, "cut short", graph.ErrStoreVersion},
	} {
		a, err := graph.ParseAddress(tt.address)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = readStore(a)
		if err == nil || !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	full := errors.New("full")
	a := graph.Address{Scheme: "leveldb", Path: filepath.Join(dir, "leveldb")}
	sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { return full })
	if err := graph.ReadStore(context.Background(), a, sink, sink); !errors.Is(err, full) {
		t.Errorf("the sink's error: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := graph.ReadStore(ctx, a, sink, sink); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
}

// TestReadStoreOfDamagedFiles flips bytes: whatever comes of it is quads or an error, never a panic.
func TestReadStoreOfDamagedFiles(t *testing.T) {
	dir := cayleyStores(t)
	path := filepath.Join(dir, "bolt", "indexes.bolt")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for at := 0; at < len(whole); at += 389 {
		damaged := append([]byte(nil), whole...)
		damaged[at] ^= 0x55
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := readStore(graph.Address{Scheme: "bolt", Path: path}); err != nil {
			failed++
		}
	}
	if failed == 0 {
		t.Error("no damage was noticed")
	}
}

func TestIsStore(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("bolt:a", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"leveldb:dir": true, "bolt:graph.bolt": true, "memory:graph.kg": true, "memory:": false,
		"facts.nq": false, "-": false, "": false, "https://example.org/x": false, "bolt:a": false,
	} {
		if got := graph.IsStore(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
