package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/loaders"
)

// A session is an open store, with what is needed to read it.
type session struct {
	store   *graph.Store
	base    *graph.Store // of which store is a view; nil where it is none
	schema  *graph.Schema
	project project
}

// open opens the store that the command is about, once: the one of --store as it is, else that of the
// project, rebuilt first when its facts have changed.
func (a *app) open(ctx context.Context) (*session, error) {
	if a.opened != nil {
		return a.opened, nil
	}
	ns, err := a.namespaces()
	if err != nil {
		return nil, err
	}
	p, err := a.project()
	if err != nil {
		return nil, err
	}
	schema, err := a.schema()
	if err != nil {
		return nil, err
	}
	s := &session{schema: schema, project: p}
	if a.store != "" {
		s.store, err = a.openAsItIs(ctx, p, schema, ns)
	} else {
		s.store, err = a.openFresh(ctx, a.ownStore(p), p, schema, ns)
	}
	if err != nil {
		return nil, err
	}
	if err := a.setClocks(ctx, s, ns); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	a.opened = s
	if a.whenOpen != nil {
		a.whenOpen()
	}
	return s, nil
}

// close gives back what open opened.
func (a *app) close() error {
	if a.opened == nil {
		return nil
	}
	err := a.opened.store.Close()
	if a.opened.base != nil {
		err = errors.Join(err, a.opened.base.Close())
	}
	return err
}

func (a *app) openAsItIs(ctx context.Context, p project, schema *graph.Schema, ns graph.Namespaces) (*graph.Store, error) {
	address, err := graph.ParseAddress(a.store)
	if err != nil {
		return nil, err
	}
	if address.InMemory() {
		return a.openFresh(ctx, address, p, schema, ns)
	}
	return graph.Open(ctx, address, graph.OpenOptions{Schema: schema, Namespaces: ns, MaxMemory: a.maxMemory})
}

func (a *app) openFresh(ctx context.Context, address graph.Address, p project, schema *graph.Schema, ns graph.Namespaces) (*graph.Store, error) {
	inputs, err := p.inputs(ns)
	if err != nil {
		return nil, err
	}
	line := a.newProgress(time.Now)
	defer line.clear()
	feed := a.feed(p, schema, loaders.Options{Namespaces: ns, KeepGoing: true})
	return graph.OpenFresh(ctx, address, feed, graph.BuildOptions{
		Schema: schema, Namespaces: ns, Inputs: inputs, Tool: toolVersion(), MaxMemory: a.maxMemory, Again: true,
		Progress: line.show,
		Notice:   func(text string) { line.clear(); a.note("%s", text) },
	})
}

// namespaces are the prefixes, with --base behind kg:.
func (a *app) namespaces() (graph.Namespaces, error) {
	ns, err := graph.NewNamespaces(a.base)
	if err != nil {
		return ns, usagef("kg", "", "--base: %v", err)
	}
	return ns, nil
}

// ownStoreFile is the name of the project's own store.
const ownStoreFile = "graph.snapshot"

// ownStore is the address of the project's own store: .kg/ beside its data, the user's cache folder
// for the embedded facts, memory where there is no such folder.
func (a *app) ownStore(p project) graph.Address {
	if !p.embedded() {
		dir := p.kgDir()
		ignoreInGit(dir)
		return graph.Address{Scheme: "snapshot", Path: filepath.Join(dir, ownStoreFile)}
	}
	cache := a.std.env(envCache)
	if !filepath.IsAbs(cache) {
		var err error
		if cache, err = os.UserCacheDir(); err != nil {
			a.note("there is no cache folder (%v), so the graph is built at every start", err)
			return graph.Address{Scheme: "memory"}
		}
	}
	return graph.Address{Scheme: "snapshot", Path: filepath.Join(cache, "kg", ownStoreFile)}
}

// ignoreInGit makes the folder with a note to git that nothing in it is worth keeping. Where that
// cannot be written the store cannot either, and says so.
func ignoreInGit(dir string) {
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		return
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return
	}
	_ = os.WriteFile(filepath.Join(dir, ".gitignore"), []byte("# made by kg; can be deleted at any time\n*\n"), 0o644)
}

// toolVersion names the program that builds a store. One built from changed sources is told by its
// file, so that a store never outlives the code that made it.
func toolVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return executable()
	}
	revision, modified := "", true
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			modified = s.Value == "true"
		}
	}
	if revision == "" || modified {
		return info.Main.Version + " " + revision + " " + executable()
	}
	return info.Main.Version + " " + revision
}

func executable() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
}

// A named is an entity with its name.
type named struct {
	iri  quad.IRI
	name string
}

// entities lists everything that has a name.
func (s *session) entities(ctx context.Context) ([]named, error) {
	var list []named
	for q, err := range s.store.Match(ctx, graph.Pattern{Predicate: graph.Name}) {
		if err != nil {
			return nil, err
		}
		iri, ok := q.Subject.(quad.IRI)
		name, isText := q.Object.(quad.String)
		if ok && isText {
			list = append(list, named{iri, string(name)})
		}
	}
	return list, nil
}
