package loaders

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"kg/graph"
)

// A tableForm is the canonical form of a curated table: its columns in their order, the one that rows
// are sorted by, and those whose cells are lists.
type tableForm struct {
	columns []string
	key     string
	lists   []string
}

// CuratedTables lists the tables in a folder of curated tables, in the order in which they are read:
// paths within the folder. Files that no one would read are not among them.
func CuratedTables(fsys fs.FS, dir string) ([]string, error) {
	var files []string
	for _, t := range entityTables() {
		files = append(files, t.file)
	}
	claims, err := claimFiles(fsys, dir)
	if err != nil {
		return nil, err
	}
	files = append(append(files, claims...), leftOutTable)
	return slices.DeleteFunc(files, func(file string) bool {
		_, err := fs.Stat(fsys, path.Join(dir, file))
		return errors.Is(err, fs.ErrNotExist)
	}), nil
}

// FormatTable reads a curated table and returns its canonical form: the columns in the order in which
// the documentation lists them, a row an id in the order of the ids (numbers in them as numbers), cells
// in quotes only where they must be, without blanks around them, lists sorted and without repeats, lines
// that end in LF. It says the same as before, and its canonical form is itself.
//
// What kind of table it is, its path tells, or else its columns. A table that cannot be read is refused
// with every problem in it, as [graph.Problems]; whether what it says is right, [Curated] tells.
func FormatTable(r io.Reader, file string) ([]byte, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	form, err := formOf(text, file)
	if err != nil {
		return nil, err
	}
	rows, err := form.read(text, file)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b []string) int {
		k := slices.Index(form.columns, form.key)
		return compareIDs(a[k], b[k])
	})
	var b bytes.Buffer
	writeRecord(&b, form.columns)
	for _, row := range rows {
		writeRecord(&b, row)
	}
	return b.Bytes(), nil
}

// forms lists the forms of all kinds of tables, by the names of their files.
func forms() map[string]tableForm {
	all := map[string]tableForm{
		claimFolder:  {columns: claimColumns(), key: "claim_id", lists: []string{"derived_from"}},
		leftOutTable: {columns: leftOutColumns(), key: "claim_id"},
	}
	for _, t := range entityTables() {
		f := tableForm{columns: t.header(), key: t.id, lists: []string{"aliases"}}
		for _, c := range t.columns {
			if c.split {
				f.lists = append(f.lists, c.column)
			}
		}
		all[t.file] = f
	}
	return all
}

// formOf finds the form of a table by its path, else by the names of its columns.
func formOf(text []byte, file string) (tableForm, error) {
	all := forms()
	dir, name := path.Split(strings.ReplaceAll(file, `\`, "/"))
	if path.Base(dir) == claimFolder {
		return all[claimFolder], nil
	}
	t := &Table{file: file, lines: newLines(bytes.NewReader(text), MaxLine), index: map[string]int{}}
	header, err := t.record()
	if err != nil && !errors.Is(err, io.EOF) {
		return tableForm{}, err
	}
	if all[claimFolder].has(header) { // claims/figures.csv, named from within its folder
		return all[claimFolder], nil
	}
	if f, ok := all[name]; ok {
		return f, nil
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if f := all[name]; f.has(header) {
			return f, nil
		}
	}
	return tableForm{}, &graph.Problem{
		At: graph.Position{File: file, Line: 1, Column: 1}, Want: "the columns of a curated table", Found: "others",
		Hint: "a table of claims begins with claim_id; a table of a known name (agencies.csv) is told what is wrong",
	}
}

// has says whether the cells of a header name all columns and no other.
func (f tableForm) has(header []cell) bool {
	return len(header) == len(f.columns) && !slices.ContainsFunc(f.columns, func(column string) bool {
		return !slices.ContainsFunc(header, func(c cell) bool { return c.text == column })
	})
}

// read returns the rows with their cells in the order of the form.
func (f tableForm) read(text []byte, file string) ([][]string, error) {
	t, err := NewTable(bytes.NewReader(text), file, f.columns...)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	var problems graph.Problems
	for {
		cells, err := t.record()
		if errors.Is(err, io.EOF) {
			return rows, problems.Join()
		}
		blank := true
		for i := range cells {
			cells[i].text = strings.TrimSpace(cells[i].text)
			blank = blank && cells[i].text == ""
		}
		if err == nil {
			if blank {
				continue
			}
			err = t.check(cells)
		}
		if err != nil {
			if other := problems.Collect(err); other != nil {
				return nil, other
			}
			if len(problems) >= DefaultMaxProblems {
				return nil, problems
			}
			continue
		}
		rows = append(rows, f.row(Row{file: file, columns: t.columns, index: t.index, cells: cells}))
	}
}

func (f tableForm) row(r Row) []string {
	texts := make([]string, len(f.columns))
	for i, column := range f.columns {
		texts[i] = r.Text(column)
		if slices.Contains(f.lists, column) {
			texts[i] = canonicalList(texts[i])
		}
	}
	return texts
}

// canonicalList sorts the values of a cell, which have no order, and drops repeats and empty ones.
func canonicalList(text string) string {
	values := split(text)
	for i, v := range values {
		values[i] = strings.TrimSpace(v)
	}
	values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
	slices.Sort(values)
	return strings.Join(slices.Compact(values), "|")
}

// compareIDs orders ids, numbers in them by their value: A-9 before A-10. Ids that differ never
// compare as equal.
func compareIDs(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		n, m := leadingDigits(x), leadingDigits(y)
		if n == 0 || m == 0 {
			if x[0] != y[0] {
				return cmp.Compare(x[0], y[0])
			}
			x, y = x[1:], y[1:]
			continue
		}
		p, q := strings.TrimLeft(x[:n], "0"), strings.TrimLeft(y[:m], "0")
		if c := cmp.Or(cmp.Compare(len(p), len(q)), cmp.Compare(p, q)); c != 0 {
			return c
		}
		x, y = x[n:], y[m:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// leadingDigits is how many digits s begins with.
func leadingDigits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// writeRecord writes a line of CSV, with quotes around the cells that need them.
func writeRecord(b *bytes.Buffer, cells []string) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.ContainsAny(c, ",\"\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
	}
	b.WriteByte('\n')
}
