package loaders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/piprate/json-gold/ld"

	"kg/graph"
)

// jsonld is JSON-LD 1.1. What contexts mean is worked out by json-gold; reading JSON, fetching
// contexts and making quads is done here, so that mistakes have places, nothing is ever fetched from
// the network, and numbers keep their digits.
//
// A document is read whole: a context may stand at its end. [Options].MaxDocument bounds it.
func jsonld() Format {
	return Format{
		Name:       "jsonld",
		Extensions: []string{".jsonld"},
		MediaType:  "application/ld+json",
		Load:       loadJSONLD,
		claims: func(head []byte) bool {
			for name := range firstMembers(head) {
				if strings.HasPrefix(name, "@") {
					return true
				}
			}
			return false
		},
	}
}

// ErrContext is the cause of problems with a context that is not at hand.
var ErrContext = errors.New("unknown JSON-LD context")

// jsonldDepth bounds nesting whatever the options say: json-gold's stack grows with it.
const jsonldDepth = 5000

// A jsonldDocument is a document on its way to quads.
type jsonldDocument struct {
	options  Options
	file     string
	text     jsonText
	root     jsonNode
	contexts *jsonldContexts
	terms    jsonldTerms
	missing  error // the first context that seems to be asked for and is not at hand
	jsonldNative
}

func loadJSONLD(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
	o, err := o.resolved(name)
	if err != nil {
		return err
	}
	d := &jsonldDocument{options: o, file: name, contexts: newJSONLDContexts(o)}
	d.jsonldNative = jsonldNative{terms: &d.terms}
	d.contexts.native = &d.jsonldNative
	out := &delivery{ctx: ctx, sink: sink, report: newReport(name, o)}
	here := graph.Position{File: name, Line: 1, Column: 1}
	rdf, err := newJSONLDQuads(d, out)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(io.LimitReader(watched{ctx, r}, int64(o.MaxDocument)+1))
	if err != nil {
		return out.end(err, here)
	}
	if len(b) > o.MaxDocument {
		return out.end(&graph.Problem{
			At: here, Want: fmt.Sprintf("a JSON-LD document of at most %d bytes", o.MaxDocument), Found: "a longer one",
			Hint: "JSON-LD is read whole; give larger data as N-Quads, TriG or Turtle",
		}, here)
	}
	d.text = jsonText{b: bytes.TrimPrefix(b, byteOrderMark), first: place{1, 1}}
	var f *fault
	if d.root, f = parseJSON(d.text.b, min(o.MaxDepth, jsonldDepth)); f == nil && d.root.kind != '{' && d.root.kind != '[' {
		f = &fault{at: d.root.at, want: "a JSON-LD document: an object or an array", found: d.root.describe()}
	}
	if f != nil {
		return out.end(f.problem(d.text.position(name, f.at)), here)
	}
	if err := d.survey(); err != nil {
		return out.end(err, here)
	}
	if f := d.check(); f != nil {
		return out.end(f.problem(d.text.position(name, f.at)), here)
	}
	for _, f := range d.undefined() {
		if err := out.report.add(f.problem(d.text.position(name, f.at))); err != nil {
			return err
		}
	}
	expanded, err := d.expand()
	if err != nil {
		return out.end(err, here)
	}
	if err := rdf.document(expanded); err != nil {
		return err
	}
	return out.end(io.EOF, here)
}

// expand writes every name of the document out in full.
func (d *jsonldDocument) expand() (expanded []any, err error) {
	defer func() { // hostile input finds what the library takes for granted
		if r := recover(); r != nil {
			expanded, err = nil, &graph.Problem{
				At: d.text.position(d.file, d.root.at), Want: "a JSON-LD document", Found: fmt.Sprintf("one that json-gold cannot read (%v)", r),
			}
		}
	}()
	options := ld.NewJsonLdOptions(d.options.Base)
	options.ProcessingMode = ld.JsonLd_1_1
	options.DocumentLoader = d.contexts
	expanded, err = ld.NewJsonLdProcessor().Expand(d.native(&d.root), options)
	if err != nil {
		return nil, d.explain(err)
	}
	return expanded, nil
}

// walk visits every name and every string.
func (n *jsonNode) walk(do func(s string, at int)) {
	if n.kind == '"' {
		do(n.text, n.at)
	}
	for i := range n.members {
		do(n.members[i].name, n.members[i].at)
		n.members[i].value.walk(do)
	}
	for i := range n.items {
		n.items[i].walk(do)
	}
}
