package graph

import (
	"context"
	"io"
	"strconv"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// A TermPrinter appends a term as it stands in a line of a format. IRIs, those of datatypes included,
// are full; a literal of a number or a time is a TypedTerm. The term's bytes are good until it returns.
type TermPrinter func(dst []byte, t Term) ([]byte, error)

// DumpCounts says how many quads were written, and how many of them stood in a graph.
type DumpCounts = snapshot.DumpCounts

// A Dump writes a graph as lines, term after term, without making a value of any. It is for graphs of
// millions of quads.
type Dump struct {
	store    *Store
	reader   *snapshot.Reader
	skip     func(snapshot.Fact) bool
	unlabel  func(label uint32) bool
	prefixes []string
}

// Dump returns a way to write what Subgraph returns for the selection, and whether there is one that is
// faster: if the store is a snapshot, and the selection has no start and keeps all but what is said
// about claims, what is derived or what the editors concluded.
func (s *Store) Dump(ctx context.Context, sel Selection) (*Dump, bool, error) {
	from, ok := s.quads.(*snapshot.Store)
	if !ok || !sel.everything() || sel.narrow() {
		return nil, false, nil
	}
	r, err := from.Reader()
	if err != nil {
		return nil, false, explainRead(s.address, err)
	}
	d := &Dump{store: s, reader: r, prefixes: []string{escapePrefix + ":"}}
	for _, p := range s.namespaces.prefixes {
		d.prefixes = append(d.prefixes, p.Name+":")
	}
	if err := d.choose(ctx, sel); err != nil {
		return nil, false, explainRead(s.address, err)
	}
	return d, true, nil
}

// choose finds the numbers of what the selection leaves out.
func (d *Dump) choose(ctx context.Context, sel Selection) error {
	claimFrom, claimEnd, err := d.reader.IRIs(claimPath)
	if err != nil {
		return err
	}
	derivedFrom, derivedEnd, err := d.reader.IRIs(derivationPath)
	if err != nil {
		return err
	}
	provenance, err := d.reader.Number(Provenance)
	if err != nil {
		return err
	}
	isClaim := func(n uint32) bool { return n >= claimFrom && n < claimEnd }
	isDerivation := func(n uint32) bool { return n >= derivedFrom && n < derivedEnd }
	inferred, err := d.inferred(sel)
	if err != nil {
		return err
	}
	if !sel.Derived || len(inferred) > 0 || sel.WithoutClaims {
		d.skip = func(f snapshot.Fact) bool {
			switch {
			case !sel.Derived && (isDerivation(f.Subject) || isDerivation(f.Label)),
				sel.WithoutClaims && (isClaim(f.Subject) || isDerivation(f.Subject)):
				return true
			}
			return len(inferred) > 0 && (inferred[f.Subject] || inferred[f.Label])
		}
	}
	if sel.WithoutClaims {
		d.unlabel = func(label uint32) bool { return isClaim(label) || isDerivation(label) || label == provenance }
	}
	return context.Cause(ctx)
}

// inferred finds the claims of the editors, where the selection does without.
func (d *Dump) inferred(sel Selection) (map[uint32]bool, error) {
	if !sel.WithoutInferred {
		return nil, nil
	}
	object, err := d.reader.Number(Inferred)
	if err != nil || object == 0 {
		return nil, err
	}
	basis, err := d.reader.Number(Basis)
	if err != nil {
		return nil, err
	}
	found := map[uint32]bool{}
	facts := make([]snapshot.Fact, 256)
	for from := 0; ; from += len(facts) {
		n, err := d.reader.Facts(object, quad.Object, from, facts)
		if err != nil {
			return nil, err
		}
		for _, f := range facts[:n] {
			if f.Predicate == basis {
				found[f.Subject] = true
			}
		}
		if n < len(facts) {
			return found, nil
		}
	}
}

// Write writes the lines. Sorted, they stand in the order of their bytes, and none twice; else in the
// order of the store.
func (d *Dump) Write(ctx context.Context, w io.Writer, sorted bool, printer TermPrinter) (DumpCounts, error) {
	return d.reader.Dump(ctx, w, snapshot.DumpOptions{ //nolint:wrapcheck // says what it was doing
		Sorted: sorted, Prefixes: d.prefixes, Skip: d.skip, Unlabel: d.unlabel,
		Printer: func() func([]byte, snapshot.DumpTerm) ([]byte, error) { return d.printing(printer) },
	})
}

// printing makes IRIs full, and text of all literals.
func (d *Dump) printing(printer TermPrinter) func([]byte, snapshot.DumpTerm) ([]byte, error) {
	ns := d.store.namespaces
	integer := []byte(ns.Expand(string(xsdInteger)))
	var room []byte
	full := func(short []byte) []byte {
		room = ns.AppendFull(room[:0], short)
		return room
	}
	return func(dst []byte, t snapshot.DumpTerm) ([]byte, error) {
		switch t.Kind {
		case snapshot.DumpIRI:
			return printer(dst, Term{Kind: IRITerm, Text: full(t.Text)})
		case snapshot.DumpBlank:
			return printer(dst, Term{Kind: BlankTerm, Text: t.Text})
		case snapshot.DumpString:
			return printer(dst, Term{Kind: StringTerm, Text: t.Text})
		case snapshot.DumpLang:
			return printer(dst, Term{Kind: LangTerm, Text: t.Text, More: t.More})
		case snapshot.DumpTyped:
			return printer(dst, Term{Kind: TypedTerm, Text: t.Text, More: full(t.More)})
		default: // a number, a truth value or a time
			if n, ok := t.Value.(quad.Int); ok {
				return printer(dst, Term{Kind: TypedTerm, Text: strconv.AppendInt(room[:0], int64(n), 10), More: integer})
			}
			lexical, _ := Lexical(t.Value)
			return printer(dst, Term{Kind: TypedTerm, Text: []byte(lexical.Value), More: full([]byte(lexical.Type))})
		}
	}
}
