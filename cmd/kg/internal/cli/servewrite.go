package cli

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/loaders"
	"kg/server"
)

// writableStore is the store that clients may change: not the project's own, which is built anew when its
// files change, and what was written would be gone without a word.
func (a *app) writableStore(token string) (graph.Address, error) {
	if token == "" {
		return graph.Address{}, usagef("kg serve", "set "+envToken, "--writable: no token says who may write")
	}
	const own = "the project's own store is built anew from its files, without what was written to it"
	const instead = "name another: --store snapshot:FILE"
	if a.store == "" {
		return graph.Address{}, usagef("kg serve", instead, "--writable: %s", own)
	}
	address, err := graph.ParseAddress(a.store)
	if err != nil {
		return address, err
	}
	if err := graph.Editable(address); err != nil {
		return address, err
	}
	p, err := a.project()
	if err != nil {
		return address, err
	}
	path := filepath.Join(p.kgDir(), ownStoreFile)
	if p.embedded() {
		path = a.ownStore(p).Path
	}
	if isSameFile(address.Path, path) {
		return address, usagef("kg serve", instead, "--writable --store %s: %s", address, own)
	}
	return address, nil
}

func isSameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	two, err := os.Stat(b)
	return err == nil && os.SameFile(one, two)
}

// writing is how clients change the store at an address.
func (a *app) writing(address graph.Address, token string) (*server.Writing, error) {
	ns, err := a.namespaces()
	if err != nil {
		return nil, err
	}
	return &server.Writing{
		Token: token,
		Read: func(ctx context.Context, format string, r io.Reader, sink graph.Sink) error {
			return readChange(ctx, format, r, ns, sink)
		},
		Apply: func(ctx context.Context, c graph.Changes) error { return graph.Edit(ctx, address, c) },
	}, nil
}

// mostUnpacked bounds what a packed body holds.
const mostUnpacked = 64 << 20

// readChange reads quads that a client sent. In Cayley's API a blank node is named: who reads one can
// ask for it again. So its label stays, where a file's would be kept apart from those of other files;
// nodes that had no label in the text get one that nobody has.
func readChange(ctx context.Context, format string, r io.Reader, ns graph.Namespaces, sink graph.Sink) error {
	key := "b" + strings.ToLower(rand.Text())
	named := func(v quad.Value) quad.Value {
		if b, ok := v.(quad.BNode); ok {
			return quad.BNode(strings.TrimPrefix(string(b), key+"_"))
		}
		return v
	}
	o := loaders.Options{Format: format, Stdin: r, Namespaces: ns, Document: key, MaxUnpacked: mostUnpacked, Workers: 1}
	return loaders.Load(ctx, loaders.StandardInput, o, graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		q.Subject, q.Object, q.Label = named(q.Subject), named(q.Object), named(q.Label)
		return sink.Add(q, at)
	}))
}
