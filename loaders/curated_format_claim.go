package loaders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// ClaimColumns names the columns of a table of claims, in their order.
func ClaimColumns() []string { return claimColumns() }

// A Trial is what becomes of the curated tables with one claim more.
type Trial struct {
	Text   []byte                    // the table with the new row, in canonical form
	Faults map[string]graph.Problems // what is wrong with the row, by column
	Others graph.Problems            // what is wrong elsewhere, with or without it
	Quads  []quad.Quad               // the claim and the facts about it; none while it has faults
}

// TryClaim reads the tables in the folder dir of fsys as if the table file, a path within the folder, had
// one row more. Cells that are not given are empty. All quads go to the sink, if there is one. Nothing is
// written. The error is one of reading; a table that cannot be put in canonical form is one.
func TryClaim(ctx context.Context, fsys fs.FS, dir, file string, cells map[string]string, schema *graph.Schema, sink graph.Sink) (Trial, error) {
	t := Trial{Faults: map[string]graph.Problems{}}
	name := path.Join(dir, file)
	if first, err := FindClaim(fsys, dir, cells["claim_id"]); err == nil {
		t.Faults["claim_id"] = graph.Problems{{
			At: graph.Position{File: name}, Want: "an id of its own", Found: fmt.Sprintf("%q again", cells["claim_id"]),
			Hint: "it stands in " + first.At("claim_id").String() + " already",
		}}
		return t, nil
	}
	old, err := fs.ReadFile(fsys, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return t, &graph.Problem{At: graph.Position{File: name}, Want: "a table", Found: reason(err), Err: err}
	}
	if t.Text, err = withRow(old, name, cells); err != nil {
		return t, err
	}
	tables := &overlay{FS: fsys, name: name, text: t.Text}
	row, err := findRow(tables, name, cells["claim_id"])
	if err != nil {
		return t, fmt.Errorf("%s: the new row is not found: %w", name, err)
	}
	id := quad.IRI("kg:claim/" + cells["claim_id"])
	err = Curated(ctx, tables, dir, schema, graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		if q.Label == id || q.Subject == id {
			t.Quads = append(t.Quads, q)
		}
		if sink == nil {
			return nil
		}
		return sink.Add(q, at)
	}))
	var problems graph.Problems
	if err != nil {
		if other := problems.Collect(err); other != nil {
			return t, other
		}
	}
	for _, p := range problems {
		i := slices.IndexFunc(claimColumns(), func(column string) bool { return row.At(column) == p.At })
		if i < 0 {
			t.Others = append(t.Others, p)
			continue
		}
		column := claimColumns()[i]
		t.Faults[column] = append(t.Faults[column], p)
	}
	return t, nil
}

// withRow returns the text of a table of claims with one row more, in canonical form.
func withRow(old []byte, file string, cells map[string]string) ([]byte, error) {
	columns := claimColumns()
	if len(old) > 0 {
		canonical, err := FormatTable(bytes.NewReader(old), file)
		if err != nil {
			return nil, err
		}
		old = canonical // its columns stand in their order
	}
	b := bytes.NewBuffer(bytes.Clone(old))
	if len(old) == 0 {
		writeRecord(b, columns)
	}
	row := make([]string, len(columns))
	for i, column := range columns {
		row[i] = strings.TrimSpace(cells[column])
	}
	writeRecord(b, row)
	return FormatTable(b, file)
}

// ClaimIDs lists the ids that the tables in a folder use up: of claims, and of what was left out. Rows
// that cannot be read are passed over; building tells what is wrong with them.
func ClaimIDs(fsys fs.FS, dir string) (byTable map[string][]string, err error) {
	files, err := claimFiles(fsys, dir)
	if err != nil {
		return nil, err
	}
	byTable = map[string][]string{}
	for _, file := range append(files, leftOutTable) {
		text, err := fs.ReadFile(fsys, path.Join(dir, file))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		columns := claimColumns()
		if file == leftOutTable {
			columns = leftOutColumns()
		}
		byTable[file] = nil
		t, err := NewTable(bytes.NewReader(text), file, columns...)
		for err == nil {
			var row Row
			if row, err = t.Next(); err == nil {
				byTable[file] = append(byTable[file], row.Text("claim_id"))
				continue
			}
			var ps graph.Problems
			if ps.Collect(err) == nil {
				err = nil
			}
		}
	}
	return byTable, nil
}

// An overlay is a folder in which one file has another text.
type overlay struct {
	fs.FS
	name string
	text []byte
}

// Open opens the file that has another text, or any other.
func (o *overlay) Open(name string) (fs.File, error) {
	if name == o.name {
		return &overlaid{Reader: bytes.NewReader(o.text), overlay: o}, nil
	}
	return o.FS.Open(name)
}

// ReadDir lists a folder, with the file in it even if it is new.
func (o *overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	if path.Dir(o.name) != name || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return entries, err
	}
	base := path.Base(o.name)
	if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == base }) {
		entries = append(entries, fs.FileInfoToDirEntry(&overlaid{overlay: o}))
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// overlaid is the file of an overlay, and what is known of it.
type overlaid struct {
	*bytes.Reader
	overlay *overlay
}

// The methods of [fs.File] and [fs.FileInfo].

// Stat returns the file itself.
func (f *overlaid) Stat() (fs.FileInfo, error) { return f, nil }

// Close does nothing.
func (f *overlaid) Close() error { return nil }

// Name returns the name within the folder.
func (f *overlaid) Name() string { return path.Base(f.overlay.name) }

// Size returns the length of the text.
func (f *overlaid) Size() int64 { return int64(len(f.overlay.text)) }

// Mode is that of a file that is only read.
func (f *overlaid) Mode() fs.FileMode { return 0o444 }

// ModTime is not known.
func (f *overlaid) ModTime() time.Time { return time.Time{} }

// IsDir returns false.
func (f *overlaid) IsDir() bool { return false }

// Sys returns nil.
func (f *overlaid) Sys() any { return nil }
