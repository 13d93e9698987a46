package loaders

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"kg/graph"
)

// ErrNoClaim is the cause of the problem of a claim that stands in no table.
var ErrNoClaim = errors.New("unknown claim")

// FindClaim finds the row of a claim in the tables of a folder: in claims/*.csv or, with the reason
// why it is no claim, in left-out.csv. [Row.At] says where it stands. The error of an unknown claim is
// [ErrNoClaim].
func FindClaim(fsys fs.FS, dir, id string) (Row, error) {
	files, err := claimFiles(fsys, dir)
	if err != nil {
		return Row{}, err
	}
	id = strings.TrimPrefix(id, "kg:claim/")
	for _, file := range append(files, leftOutTable) {
		row, err := findRow(fsys, path.Join(dir, file), id)
		if !errors.Is(err, io.EOF) {
			return row, err
		}
	}
	return Row{}, &graph.Problem{Want: "a claim in the tables of " + dir, Found: fmt.Sprintf("%q", id), Err: ErrNoClaim}
}

func findRow(fsys fs.FS, file, id string) (row Row, err error) {
	f, err := fsys.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Row{}, io.EOF
	}
	if err != nil {
		return Row{}, err
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	columns := claimColumns()
	if path.Base(file) == leftOutTable {
		columns = leftOutColumns()
	}
	t, err := NewTable(f, file, columns...)
	for err == nil {
		row, err = t.Next()
		if err == nil && row.Text("claim_id") == id {
			return row, nil
		}
		var several graph.Problems
		var one *graph.Problem
		if errors.As(err, &several) || errors.As(err, &one) {
			err = nil // another row is broken; building tells
		}
	}
	return Row{}, err
}
