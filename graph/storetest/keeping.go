package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

// keeping are the behaviours of a store that outlives the process.
func keeping() []behaviour {
	return []behaviour{
		{"what was built is there when it is opened again", reopened},
		{"a graph of several batches is kept whole", func(e exam) { e.store(many(12_000)) }},
		{"an empty graph is a graph", func(e exam) { e.store(nil) }},
		{"opening changes no byte", untouched},
		{"a store that is not there is not made by opening it", missing},
		{"a link to a store stays a link", linked},
		{"a build replaces the graph at once, and readers of the old one go on", replaced},
		{"a build that is cancelled leaves the old graph", cancelled},
		{"a build with a bad quad leaves the old graph", refused},
		{"two builds at once both succeed", together},
		{"readers and builds do not disturb one another", underway},
		{"a store of another version is named as such", otherVersions},
		{"what kg did not make is not replaced", strangers},
		{"a file where a folder should be, and the reverse, is a clear error", wrongPlace},
		{"a store is fresh until an input changes", fresh},
		{"without a place to write, the graph is built in memory and that is said once", nowhere},
	}
}

func reopened(e exam) {
	a := e.New(e.T)
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	o := e.options()
	o.Tool = "v1"
	o.Now = func() time.Time { return clock }
	o.Inputs = graph.Inputs{Texts: map[string]string{"world": "its text"}}
	var stages []string
	o.Progress = func(p graph.Progress) {
		if p.Stage != "sorting" && (len(stages) == 0 || stages[len(stages)-1] != p.Stage) { // not all stores sort
			stages = append(stages, p.Stage)
		}
	}
	summary, err := graph.Build(e.Context(), a, Feed(slices.Concat(world(), many(5_000))), o)
	if err != nil {
		e.Fatal(err)
	}
	if diff := cmp.Diff([]string{"reading", "concluding", "writing"}, stages); diff != "" {
		e.Errorf("progress (-want +got):\n%s", diff)
	}
	for range 2 {
		s := e.open(a, slices.Concat(world(), many(5_000)))
		m := s.Manifest()
		if !m.Built.Equal(clock) || m.Tool != "v1" || m.Counts != summary.Counts || len(m.Inputs) != 1 || m.Inputs[0].Path != "world" {
			e.Errorf("manifest: %+v", m)
		}
		alone, err := graph.ReadManifest(a)
		if diff := cmp.Diff(m, alone); err != nil || diff != "" {
			e.Errorf("manifest read alone: %v\n%s", err, diff)
		}
		if s.Address() != a || s.Namespaces().Expand("kg:x") != "https://example.org/kg/x" {
			e.Errorf("address %s, namespaces %v", s.Address(), s.Namespaces())
		}
	}
}

// tree lists the files under the folder of an address, with their content and time of change.
func tree(t testing.TB, a graph.Address) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := filepath.Dir(a.Path)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		entry := info.ModTime().String()
		if !d.IsDir() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			entry += fmt.Sprintf(" %x", sha256.Sum256(text))
		}
		files[strings.TrimPrefix(path, root)] = entry
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func untouched(e exam) {
	a := e.New(e.T)
	e.build(a, world())
	before := tree(e, a)
	s, err := graph.Open(e.Context(), a, e.opening())
	if err != nil {
		e.Fatal(err)
	}
	e.consistent(s, e.facts(world()).All())
	if err := s.Close(); err != nil {
		e.Fatal(err)
	}
	if _, err := graph.ReadManifest(a); err != nil {
		e.Fatal(err)
	}
	if diff := cmp.Diff(before, tree(e, a)); diff != "" {
		e.Errorf("files (-before +after):\n%s", diff)
	}
}

func missing(e exam) {
	a := e.New(e.T)
	before := tree(e, a)
	if s, err := graph.Open(e.Context(), a, e.opening()); !errors.Is(err, graph.ErrNoStore) || !strings.Contains(err.Error(), "kg build --store "+a.String()) {
		e.Errorf("Open = %v, %v", s, err)
	}
	if _, err := graph.ReadManifest(a); !errors.Is(err, graph.ErrNoStore) {
		e.Errorf("ReadManifest: %v", err)
	}
	if diff := cmp.Diff(before, tree(e, a)); diff != "" {
		e.Errorf("files (-before +after):\n%s", diff)
	}
}

func linked(e exam) {
	a := e.New(e.T)
	e.build(a, world())
	link := graph.Address{Scheme: a.Scheme, Path: filepath.Join(e.TempDir(), "link")}
	if err := os.Symlink(a.Path, link.Path); err != nil {
		e.Skip(err)
	}
	e.build(link, many(20))
	e.open(a, many(20))
	e.open(link, many(20))
}

// left lists what stands beside a store that was made: nothing should.
func (e exam) left(a graph.Address) {
	e.Helper()
	for name := range tree(e, a) {
		if strings.Contains(name, ".kg-build-") {
			e.Errorf("%s was left behind", name)
		}
	}
}

func replaced(e exam) {
	a := e.New(e.T)
	e.build(a, world())
	old := e.open(a, world())
	e.build(a, many(3_000))
	e.open(a, many(3_000))
	e.consistent(old, e.facts(world()).All())
	e.build(a, world()) // and back, while both are open
	e.open(a, world())
	e.left(a)
}

func cancelled(e exam) {
	for _, stage := range []string{"reading", "concluding", "writing"} {
		e.Run(stage, func(t *testing.T) {
			e := exam{T: t, Subject: e.Subject}
			a := e.New(t)
			e.build(a, world())
			before := tree(t, a)
			ctx, cancel := context.WithCancelCause(t.Context())
			stop := errors.New("stopped by the user")
			o := e.options()
			o.Progress = func(p graph.Progress) {
				if p.Stage == stage && (p.Done > 0 || stage != "writing") {
					cancel(stop)
				}
			}
			if _, err := graph.Build(ctx, a, Feed(many(12_000)), o); !errors.Is(err, stop) {
				t.Errorf("Build = %v", err)
			}
			e.sameFiles(a, before)
			e.open(a, world())
		})
	}
}

// sameFiles holds that the files are what they were; the time of change of folders does not count,
// since a build makes its new files there, and removes them.
func (e exam) sameFiles(a graph.Address, before map[string]string) {
	e.Helper()
	after := tree(e, a)
	for name, entry := range after {
		if strings.Contains(name, "lock") {
			delete(after, name) // a lock's own file stays
		} else if !strings.Contains(entry, " UTC ") || len(entry) < 90 {
			after[name] = "folder"
		}
	}
	want := map[string]string{}
	for name, entry := range before {
		if strings.Contains(name, "lock") {
			continue
		}
		want[name] = entry
		if after[name] == "folder" {
			want[name] = "folder"
		}
	}
	if diff := cmp.Diff(want, after); diff != "" {
		e.Errorf("files (-before +after):\n%s", diff)
	}
}

func refused(e exam) {
	a := e.New(e.T)
	e.build(a, world())
	before := tree(e, a)
	bad := append(world(), quad.Quad{Subject: sky, Predicate: quad.IRI("kg:nothing"), Object: sky, Label: graph.Gazetteer})
	var problem *graph.Problem
	if _, err := graph.Build(e.Context(), a, Feed(bad), e.options()); !errors.As(err, &problem) || problem.At.Line != len(bad) {
		e.Errorf("Build = %v", err)
	}
	e.sameFiles(a, before)
	e.open(a, world())
}

func together(e exam) {
	a := e.New(e.T)
	const builds = 4
	done := make(chan error)
	for range builds {
		go func() {
			_, err := graph.Build(e.Context(), a, Feed(world()), e.options())
			done <- err
		}()
	}
	for range builds {
		if err := <-done; err != nil {
			e.Error(err)
		}
	}
	e.open(a, world())
	e.left(a)
}

// underway opens and reads the store again and again while builds replace it.
func underway(e exam) {
	a := e.New(e.T)
	e.build(a, world())
	want := len(e.facts(world()).All())
	builds := make(chan error, 1)
	go func() {
		for range 4 {
			if _, err := graph.Build(e.Context(), a, Feed(world()), e.options()); err != nil {
				builds <- err
				return
			}
		}
		builds <- nil
	}()
	for building := true; building; {
		select {
		case err := <-builds:
			if err != nil {
				e.Fatal(err)
			}
			building = false
		default:
		}
		s, err := graph.Open(e.Context(), a, e.opening())
		if err != nil {
			e.Fatal(err)
		}
		n := 0
		for _, err := range s.Match(e.Context(), graph.Pattern{}) {
			if err != nil {
				e.Fatal(err)
			}
			n++
		}
		if n != want {
			e.Fatalf("a reader saw %d quads of %d", n, want)
		}
		if err := s.Close(); err != nil {
			e.Fatal(err)
		}
	}
}

// otherVersions changes the version in the store's own manifest.
func otherVersions(e exam) {
	for _, tc := range []struct{ name, old, new, want string }{
		{"a later version", `"version":1,`, `"version":9,`, "found version 9 with quads of generation 1.2.4"},
		{"another quad library", `"quadGeneration":"1.2.4"`, `"quadGeneration":"1.1.0"`, "found version 1 with quads of generation 1.1.0"},
	} {
		e.Run(tc.name, func(t *testing.T) {
			e := exam{T: t, Subject: e.Subject}
			a := e.New(t)
			e.build(a, world())
			if !replaceIn(t, filepath.Dir(a.Path), tc.old, tc.new) {
				t.Fatal("the manifest was not found")
			}
			_, err := graph.Open(t.Context(), a, e.opening())
			if !errors.Is(err, graph.ErrStoreVersion) {
				t.Fatalf("Open: %v", err)
			}
			for _, part := range []string{"want a store of version 1 with quads of generation 1.2.4", tc.want, "kg build --store " + a.String()} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			s, err := graph.OpenFresh(t.Context(), a, Feed(world()), e.options())
			if err != nil {
				t.Fatal(err)
			}
			e.atEnd(s, world())
		})
	}
}

// replaceIn replaces bytes by as many others in the files under a folder.
func replaceIn(t testing.TB, root, old, replacement string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), old) {
			return err
		}
		found = true
		return os.WriteFile(path, []byte(strings.ReplaceAll(string(text), old, replacement)), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func strangers(e exam) {
	a := e.New(e.T)
	letter := a.Path
	if a.Scheme == "leveldb" {
		letter = filepath.Join(a.Path, "letter.txt")
		if err := os.Mkdir(a.Path, 0o700); err != nil {
			e.Fatal(err)
		}
	}
	if err := os.WriteFile(letter, []byte("Dear reader,\nthis is no graph.\n"), 0o600); err != nil {
		e.Fatal(err)
	}
	before := tree(e, a)
	_, opening := graph.Open(e.Context(), a, e.opening())
	_, building := graph.Build(e.Context(), a, Feed(world()), e.options())
	_, freshly := graph.OpenFresh(e.Context(), a, Feed(world()), e.options())
	for _, err := range []error{opening, building, freshly} {
		if !errors.Is(err, graph.ErrStoreVersion) || !strings.Contains(err.Error(), "which kg did not make") {
			e.Errorf("the error about it: %v", err)
		}
	}
	if diff := cmp.Diff(before, tree(e, a)); diff != "" {
		e.Errorf("files (-before +after):\n%s", diff)
	}
}

func wrongPlace(e exam) {
	a := e.New(e.T)
	if err := os.WriteFile(a.Path, nil, 0o600); err != nil {
		e.Fatal(err)
	}
	inFile := graph.Address{Scheme: a.Scheme, Path: filepath.Join(a.Path, "graph")}
	if _, err := graph.Build(e.Context(), inFile, Feed(world()), e.options()); !errors.Is(err, graph.ErrNotWritable) || !strings.Contains(err.Error(), "want a folder, found "+a.Path) {
		e.Errorf("a build under a file: %v", err)
	}
	if a.Scheme == "leveldb" {
		if _, err := graph.Build(e.Context(), a, Feed(world()), e.options()); err == nil || !strings.Contains(err.Error(), "a file where a folder should be") {
			e.Errorf("a build in a file: %v", err)
		}
		return
	}
	folder := e.New(e.T)
	if err := os.MkdirAll(filepath.Join(folder.Path, "sub"), 0o700); err != nil {
		e.Fatal(err)
	}
	for _, at := range []func() error{
		func() error {
			_, err := graph.Build(e.Context(), folder, Feed(world()), e.options())
			return err
		},
		func() error {
			_, err := graph.Open(e.Context(), folder, e.opening())
			return err
		},
	} {
		if err := at(); err == nil || !strings.Contains(err.Error(), "found a folder") {
			e.Errorf("a folder where a file should be: %v", err)
		}
	}
}

func fresh(e exam) {
	a := e.New(e.T)
	input := filepath.Join(e.TempDir(), "facts.nq")
	now := time.Now()
	write := func(text string, age time.Duration) {
		e.Helper()
		if err := os.WriteFile(input, []byte(text), 0o600); err != nil {
			e.Fatal(err)
		}
		if err := os.Chtimes(input, time.Time{}, now.Add(-age)); err != nil {
			e.Fatal(err)
		}
	}
	built := 0
	feed := func(ctx context.Context, sink graph.Sink) error {
		built++
		return Feed(world())(ctx, sink)
	}
	o := e.options()
	o.Tool = "v1"
	o.Inputs = graph.Inputs{Files: []string{input}, Texts: map[string]string{"schema": "one"}}
	step := func(what string, want int) {
		e.Helper()
		built = 0
		s, err := graph.OpenFresh(e.Context(), a, feed, o)
		if err != nil {
			e.Fatalf("%s: %v", what, err)
		}
		if err := s.Close(); err != nil {
			e.Error(err)
		}
		if built != want {
			e.Errorf("%s: %d builds, want %d", what, built, want)
		}
		if ok, err := graph.IsFresh(a, o); err != nil || !ok {
			e.Errorf("%s: IsFresh = %v, %v", what, ok, err)
		}
	}
	write("first", time.Hour)
	step("at first", 1)
	step("nothing changed", 0)
	write("other", time.Hour)
	step("the content changed, size and time did not", 0) // what a look at the file cannot show
	write("first", time.Minute)
	step("only the time changed", 0)
	write("other", time.Minute)
	step("the content changed", 1)
	write("young", 0)
	step("the content changed just now", 1)
	write("yonug", 0)
	step("the content changed within the clock's grain", 1)
	o.Inputs.Texts = map[string]string{"schema": "two"}
	step("the schema changed", 1)
	o.Tool = "v2"
	step("the program changed", 1)
	if err := os.Remove(input); err != nil {
		e.Fatal(err)
	}
	if _, err := graph.OpenFresh(e.Context(), a, feed, o); !errors.Is(err, fs.ErrNotExist) {
		e.Errorf("with the input gone: %v", err)
	}
}

func nowhere(e exam) {
	file := filepath.Join(e.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		e.Fatal(err)
	}
	o := e.options()
	var notices []string
	o.Notice = func(text string) { notices = append(notices, text) }
	a := graph.Address{Scheme: e.New(e.T).Scheme, Path: filepath.Join(file, "graph")}
	s, err := graph.OpenFresh(e.Context(), a, Feed(world()), o)
	if err != nil {
		e.Fatal(err)
	}
	e.atEnd(s, world())
	if len(notices) != 1 || !strings.Contains(notices[0], file) || !s.Address().InMemory() {
		e.Errorf("notices %q, address %s", notices, s.Address())
	}
}
