package graph

import (
	"context"
	"io"
	"runtime"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// textsOfSnapshot returns what writes the index of names and texts of a snapshot. The quads are read
// subject by subject, on all cores; what does not fit into memory goes to a file beside the path.
func textsOfSnapshot(ctx context.Context, r *snapshot.Reader, path string) (write func(io.Writer) error, err error) {
	t, err := newTextReader(ctx, r)
	if err != nil {
		return nil, err
	}
	s := &spool{path: path}
	ix := newTextIndexer(s)
	if err := t.all(ctx, ix); err != nil {
		s.close()
		return nil, err
	}
	return func(w io.Writer) error {
		defer s.close()
		return ix.writeTo(w)
	}, nil
}

// A textReader knows the numbers that matter for the texts of a snapshot.
type textReader struct {
	r                       *snapshot.Reader
	name, alias, schema     uint32
	claimsFrom, claimsEnd   uint32
	derivedFrom, derivedEnd uint32
	textsFrom, textsEnd     uint32
	speaking                []uint64            // a bit for each claim that texts are said of
	predicates              map[uint32]quad.IRI // all of them
}

func newTextReader(ctx context.Context, r *snapshot.Reader) (*textReader, error) {
	t := &textReader{r: r, predicates: map[uint32]quad.IRI{}}
	for _, known := range []struct {
		iri quad.IRI
		to  *uint32
	}{{Name, &t.name}, {AltLabel, &t.alias}, {SchemaIn, &t.schema}} {
		var err error
		if *known.to, err = r.Number(known.iri); err != nil {
			return nil, err
		}
	}
	for _, known := range []struct {
		prefix   quad.IRI
		from, to *uint32
	}{{claimPath, &t.claimsFrom, &t.claimsEnd}, {derivationPath, &t.derivedFrom, &t.derivedEnd}} {
		var err error
		if *known.from, *known.to, err = r.IRIs(string(known.prefix)); err != nil {
			return nil, err
		}
	}
	t.textsFrom, t.textsEnd = r.Texts()
	list, err := r.Predicates()
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		v, err := r.Value(p)
		if err != nil {
			return nil, err
		}
		t.predicates[p], _ = v.(quad.IRI)
	}
	t.speaking = make([]uint64, (t.claimsEnd-t.claimsFrom)/64+1)
	err = r.Scan(ctx, t.claimsFrom, t.claimsEnd, func(f snapshot.Fact) error {
		if t.speaks(f) {
			n := f.Subject - t.claimsFrom
			t.speaking[n/64] |= 1 << (n % 64)
		}
		return nil
	})
	return t, err
}

func (t *textReader) isText(n uint32) bool { return n >= t.textsFrom && n < t.textsEnd }

func (t *textReader) isClaim(n uint32) bool { return n >= t.claimsFrom && n < t.claimsEnd }

// speaks says whether a fact has a text that is no name.
func (t *textReader) speaks(f snapshot.Fact) bool {
	return t.isText(f.Object) && f.Predicate != t.name && f.Predicate != t.alias && (f.Label != t.schema || t.schema == 0)
}

// textStretch is how many numbers one core looks at in one go.
const textStretch = 1 << 14

// all hands every entity over, in order.
func (t *textReader) all(ctx context.Context, ix *textIndexer) error {
	type stretch struct {
		lo, hi uint32
		found  []entityTexts
		err    error
		done   chan struct{}
	}
	end, _, err := t.r.IRIs("\xFF") // beyond the last of them
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	jobs := make(chan *stretch)
	defer close(jobs)
	for range workers {
		go func() {
			for s := range jobs {
				s.found, s.err = t.between(ctx, s.lo, s.hi)
				close(s.done)
			}
		}()
	}
	var pending []*stretch
	collect := func(left int) error {
		for len(pending) > left {
			s := pending[0]
			<-s.done
			if s.err != nil {
				return s.err
			}
			for i := range s.found {
				ix.add(&s.found[i])
			}
			pending = pending[1:]
		}
		return nil
	}
	for lo := uint32(1); lo < end; lo += textStretch {
		s := &stretch{lo: lo, hi: min(lo+textStretch, end), done: make(chan struct{})}
		jobs <- s
		if pending = append(pending, s); len(pending) > 2*workers {
			err = collect(workers)
		}
		if err != nil {
			break
		}
	}
	if err == nil {
		err = collect(0)
	}
	cancel()
	for _, s := range pending {
		<-s.done // what is still read must be there
	}
	return err
}

// between finds the texts of the entities with numbers from lo to before hi.
func (t *textReader) between(ctx context.Context, lo, hi uint32) ([]entityTexts, error) {
	var found []entityTexts
	var e entityTexts
	at := uint32(0)
	finish := func() error {
		if len(e.names)+len(e.texts) == 0 {
			return nil
		}
		id, err := t.text(at)
		if err != nil {
			return err
		}
		e.id = quad.IRI(id)
		if e.finish() {
			found = append(found, e)
		}
		e = entityTexts{}
		return nil
	}
	err := t.r.Scan(ctx, lo, hi, func(f snapshot.Fact) error {
		if f.Subject != at {
			if err := finish(); err != nil {
				return err
			}
			at = f.Subject
		}
		return t.fact(f, &e)
	})
	if err != nil {
		return nil, err
	}
	return found, finish()
}

// fact adds what is to be found through one fact.
func (t *textReader) fact(f snapshot.Fact, e *entityTexts) error {
	if f.Predicate == t.name || f.Predicate == t.alias {
		kind := rowName
		if f.Predicate == t.alias {
			kind = rowAlias
		}
		if !t.isText(f.Object) {
			return nil
		}
		text, err := t.text(f.Object)
		if text != "" {
			e.name(kind, text)
		}
		return err
	}
	if n := f.Label - t.claimsFrom; t.isClaim(f.Label) && t.speaking[n/64]>>(n%64)&1 == 1 {
		if err := t.claim(f.Label, e); err != nil {
			return err
		}
	}
	if !t.speaks(f) || t.isClaim(f.Subject) || f.Subject >= t.derivedFrom && f.Subject < t.derivedEnd {
		return nil
	}
	return t.said(f, e)
}

// claim adds what is said of a claim to its subject.
func (t *textReader) claim(label uint32, e *entityTexts) error {
	var facts [16]snapshot.Fact
	for from := 0; ; {
		n, err := t.r.Facts(label, quad.Subject, from, facts[:])
		if err != nil || n == 0 {
			return err
		}
		for _, f := range facts[:n] {
			if t.speaks(f) {
				if err := t.said(f, e); err != nil {
					return err
				}
			}
		}
		from += n
	}
}

func (t *textReader) said(f snapshot.Fact, e *entityTexts) error {
	text, err := t.text(f.Object)
	if text != "" {
		e.said(t.predicates[f.Predicate], text)
	}
	return err
}

func (t *textReader) text(n uint32) (string, error) {
	text, _, err := t.r.AppendText(nil, n)
	return string(text), err
}
