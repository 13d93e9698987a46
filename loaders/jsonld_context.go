package loaders

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"

	"kg/graph"
)

// maxContexts bounds how often one document may ask for contexts by name. It is met only where
// contexts include each other, or where thousands of nodes have one of their own.
const maxContexts = 100_000

// contextDepth bounds how deep contexts may include each other.
const contextDepth = 20

// jsonldContexts gives json-gold the contexts that documents name: those of [Options].Contexts, and
// the prefixes of kg. It never looks anywhere else.
type jsonldContexts struct {
	options Options
	native  *jsonldNative
	read    map[string]*jsonldContext
	asked   int
}

// A jsonldContext is a file that holds a context.
type jsonldContext struct {
	file string
	text jsonText
	root jsonNode
}

func newJSONLDContexts(o Options) *jsonldContexts {
	return &jsonldContexts{options: o, read: map[string]*jsonldContext{}}
}

// ownContext is the address of the context with the prefixes of kg.
func (c *jsonldContexts) ownContext() string { return c.options.Namespaces.Expand("kg:context") }

// LoadDocument returns a context. The document is the caller's to change.
func (c *jsonldContexts) LoadDocument(address string) (*ld.RemoteDocument, error) {
	if c.asked++; c.asked > maxContexts {
		return nil, &graph.Problem{Want: fmt.Sprintf("at most %d contexts in a document", maxContexts), Found: address}
	}
	found, err := c.find(address, nil)
	if err != nil {
		return nil, err
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: c.native.native(&found.root)}, nil
}

// find reads a context and all that it includes. The path is who includes whom.
func (c *jsonldContexts) find(address string, path []string) (*jsonldContext, error) {
	if found, ok := c.read[address]; ok {
		return found, nil
	}
	if slices.Contains(path, address) || len(path) > contextDepth {
		return nil, &graph.Problem{
			At: graph.Position{File: c.file(address)}, Want: "contexts that do not include each other",
			Found: strings.Join(append(path, address), " → "), Err: ErrContext,
		}
	}
	found, err := c.load(address)
	if err != nil {
		return nil, err
	}
	for _, n := range found.root.member("@context").included() {
		if _, err := c.find(n.text, append(path, address)); err != nil {
			return nil, err
		}
	}
	c.read[address] = found
	// The contexts of terms come into force where the terms are used, so they may be those that
	// define them.
	found.root.inContexts(false, func(n *jsonNode) {
		if n.kind == '"' && err == nil {
			_, err = c.find(n.text, nil)
		}
	})
	return found, err
}

// included lists what a context includes whenever it is used.
func (n *jsonNode) included() []*jsonNode {
	switch n.kind {
	case '"':
		return []*jsonNode{n}
	case '[':
		var list []*jsonNode
		for i := range n.items {
			list = append(list, n.items[i].included()...)
		}
		return list
	default:
		if imported := n.member("@import"); imported != nil && imported.kind == '"' {
			return []*jsonNode{imported}
		}
		return nil
	}
}

func resolveContext(base, reference string) string {
	if absolute([]byte(reference)) {
		return reference
	}
	return newBase(base).resolve(reference)
}

// file is the file for an address; "" if none is named.
func (c *jsonldContexts) file(address string) string {
	if file, ok := c.options.Contexts[address]; ok {
		return file
	}
	// http and https, with and without a slash at the end, name the same context in practice.
	for _, named := range slices.Sorted(maps.Keys(c.options.Contexts)) {
		if named != "" && sameContext(named, address) {
			return c.options.Contexts[named]
		}
	}
	return c.options.Contexts[""]
}

func sameContext(a, b string) bool {
	bare := func(s string) string {
		return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s, "https:"), "http:"), "/")
	}
	return bare(a) == bare(b)
}

func (c *jsonldContexts) load(address string) (*jsonldContext, error) {
	file := c.file(address)
	switch {
	case file == "" && address == c.ownContext():
		return c.own(), nil
	case file == "":
		hint := "nothing is fetched from the network: save it to a file and add --context " + shown(address) + "=FILE"
		return nil, &graph.Problem{Want: "a context that is at hand", Found: quote([]byte(shown(address)), ""), Hint: hint, Err: ErrContext}
	}
	at := graph.Position{File: file}
	f, err := os.Open(file)
	if err != nil {
		return nil, &graph.Problem{At: at, Want: "the context " + shown(address), Found: unopenedReason(err), Err: err}
	}
	defer f.Close() //nolint:errcheck // read only
	b, err := io.ReadAll(io.LimitReader(f, int64(c.options.MaxTerm)+1))
	if err != nil {
		return nil, readProblem(file, err)
	}
	if len(b) > c.options.MaxTerm {
		return nil, &graph.Problem{At: at, Want: fmt.Sprintf("a context of at most %d bytes", c.options.MaxTerm), Found: "a longer one"}
	}
	found := &jsonldContext{file: file, text: jsonText{b: b, first: place{1, 1}}}
	var bad *fault
	if found.root, bad = parseJSON(b, c.options.MaxDepth); bad == nil && found.root.member("@context") == nil {
		bad = &fault{at: found.root.at, want: "a context: an object with @context", found: found.root.describe()}
	}
	if bad != nil {
		return nil, bad.problem(found.text.position(file, bad.at))
	}
	found.root.resolveContexts(address)
	return found, nil
}

// resolveContexts makes the addresses of contexts absolute: they are relative to the document in which
// they stand, and json-gold takes them to be relative to its @base.
func (n *jsonNode) resolveContexts(base string) {
	n.inContexts(false, func(c *jsonNode) {
		if c.kind == '"' {
			c.text = resolveContext(base, c.text)
		}
	})
}

func unopenedReason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// own is the context with the prefixes of kg.
func (c *jsonldContexts) own() *jsonldContext {
	terms := jsonNode{kind: '{'}
	for _, p := range c.options.Namespaces.Prefixes() {
		definition := jsonNode{kind: '{', members: []jsonMember{
			{name: "@id", value: jsonNode{kind: '"', text: p.Namespace}},
			{name: "@prefix", value: jsonNode{kind: 't'}},
		}}
		terms.members = append(terms.members, jsonMember{name: p.Name, value: definition})
	}
	return &jsonldContext{root: jsonNode{kind: '{', members: []jsonMember{{name: "@context", value: terms}}}}
}

// inContexts visits every value that stands for a context: under @context, and each of several. In
// says that n itself is one.
func (n *jsonNode) inContexts(in bool, do func(*jsonNode)) {
	if in && n.kind == '[' {
		for i := range n.items {
			n.items[i].inContexts(true, do)
		}
		return
	}
	if in {
		do(n)
	}
	for i := range n.members {
		m := &n.members[i]
		if in && m.name == "@import" {
			do(&m.value)
			continue
		}
		m.value.inContexts(m.name == "@context", do)
	}
	for i := range n.items {
		n.items[i].inContexts(false, do)
	}
}
