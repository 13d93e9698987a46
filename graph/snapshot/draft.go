package snapshot

import (
	"context"
	"errors"
	"io"

	"kg/graph/atomicfile"
)

// A Draft is a file whose quads are sorted and can be read, before it is put in its place. What has to
// be known about all quads is found out here, where every index is at hand: whether they fit together,
// how many there are of what, which texts they have.
type Draft struct {
	*Reader

	// Manifest is kept in the file.
	Manifest []byte

	// Text, when set, writes what is kept beside the quads, such as an index of texts. It may read the draft.
	Text func(w io.Writer) error
}

// A Finish completes a draft. Its error ends the work, and leaves what was there before. The draft must
// not be used when it has returned.
type Finish func(*Draft) error

// CommitDraft is [Builder.Commit] with a manifest, and a text, that are made when the quads are sorted.
func (b *Builder) CommitDraft(ctx context.Context, finish Finish) (Counts, error) {
	if err := b.begin(); err != nil {
		return Counts{}, err
	}
	defer b.Discard()
	out, err := atomicfile.Begin(b.path)
	if err != nil {
		return Counts{}, err
	}
	defer out.Discard()
	counts, err := b.write(ctx, out, finish)
	if err != nil {
		return Counts{}, err
	}
	if err := context.Cause(ctx); err != nil {
		return Counts{}, err
	}
	return counts, out.Commit()
}

// Peek sorts all that was added, lets look read it, and removes it: no file is put in place, and
// whatever happens none stays.
func (b *Builder) Peek(ctx context.Context, look func(*Reader) error) error {
	if err := b.begin(); err != nil {
		return err
	}
	defer b.Discard()
	out, err := atomicfile.Begin(b.path)
	if err != nil {
		return err
	}
	defer out.Discard()
	out.Hide()
	a, err := b.sort(ctx, out)
	if err != nil {
		return err
	}
	r, done, err := a.reader()
	if err != nil {
		return err
	}
	defer done()
	return look(r)
}

// begin says whether a build may end now.
func (b *Builder) begin() error {
	if b.finished {
		return errors.New("the build has ended already")
	}
	b.settling.Wait() // it may have failed
	if b.failed != nil {
		b.Discard()
		return b.failed // its shards said so before; what they hold has gaps
	}
	return nil
}

// reader reads what an assembly has put together. Done gives its memory back.
func (a *assembly) reader() (r *Reader, done func(), err error) {
	f := &file{path: a.out.Path(), trailer: &a.trailer}
	data, err := mapOpen(a.out.File, int(a.next))
	if err != nil {
		return nil, nil, err
	}
	f.data = data
	f.read()
	s := &Store{path: a.out.Path(), options: Options{ReadOnly: true}}
	s.adopt(f)
	return &Reader{store: s, f: f}, func() {
		s.closed.Store(true)
		// Whoever reads on in spite of the contract shall read nothing, and not what is not there any more.
		f.data, f.dict, f.predicates, f.stats = nil, dictionary{}, nil, nil
		f.spol, f.opsl, f.posl, f.lspo = order{}, order{}, order{}, order{}
		unmap(data)
	}, nil
}

// complete writes what follows the orders and their indexes, as finish says.
func (a *assembly) complete(manifest []byte, finish Finish) error {
	r, done, err := a.reader()
	if err != nil {
		return err
	}
	defer done()
	d := Draft{Reader: r, Manifest: manifest}
	if err := finish(&d); err != nil {
		return err
	}
	if err := a.section(secManifest, d.Manifest); err != nil {
		return err
	}
	w := newSection(a.out, a.next)
	if d.Text != nil {
		if err := d.Text(sectionText{w}); err != nil {
			return err
		}
	}
	s, err := w.close()
	if err != nil {
		return err
	}
	a.trailer.Sections[secText] = s
	a.next += s.Length
	return a.close()
}

// A sectionText is a section as an io.Writer.
type sectionText struct{ to *sectionWriter }

func (w sectionText) Write(b []byte) (int, error) {
	w.to.write(b)
	return len(b), w.to.err
}
