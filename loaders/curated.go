package loaders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// The parts of a folder of curated tables that are not about one class of entities.
const (
	claimFolder  = "claims"
	leftOutTable = "left-out.csv"
)

// Curated reads the tables in the folder dir of fsys and hands their quads, in short form, to the
// sink: first the entities, then claims/*.csv, each in a fixed order. The folder's path stands in
// positions as it is given here, so that they are what the user knows when fsys is os.DirFS(".").
//
// All problems of all tables come back as [graph.Problems], in the order of the tables, however many
// quads went to the sink before. Any other error ends the load.
func Curated(ctx context.Context, fsys fs.FS, dir string, schema *graph.Schema, sink graph.Sink) error {
	c := &curator{
		ctx: ctx, fsys: fsys, dir: dir, schema: schema, sink: sink,
		rank: map[string]int{}, entities: map[quad.IRI]graph.Position{}, slugs: map[string][]string{},
		names: map[string]called{}, claims: map[string]stated{}, spans: map[spanKey]graph.Span{}, primary: map[quad.IRI]bool{}, repeats: map[quad.IRI][]quad.IRI{}, unread: map[string]bool{},
	}
	if err := c.load(); err != nil {
		return err
	}
	slices.SortStableFunc(c.problems, func(a, b *graph.Problem) int {
		return cmp.Or(cmp.Compare(c.rank[a.At.File], c.rank[b.At.File]), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	if c.more > 0 {
		c.problems = append(c.problems, &graph.Problem{
			At: graph.Position{File: dir}, Found: fmt.Sprintf("%d more problems", c.more),
			Hint: fmt.Sprintf("the first %d are shown", DefaultMaxProblems),
		})
	}
	return c.problems.Join()
}

// A curator holds what the tables have said so far.
type curator struct {
	ctx    context.Context
	fsys   fs.FS
	dir    string
	schema *graph.Schema
	sink   graph.Sink

	problems graph.Problems
	more     int
	rank     map[string]int // file → when it was read
	rows     int

	entities map[quad.IRI]graph.Position
	slugs    map[string][]string // path of a class → its entities
	names    map[string]called   // class and folded name → who has it
	claims   map[string]stated
	unread   map[string]bool // paths of classes some of whose rows could not be read
	spans    map[spanKey]graph.Span
	primary  map[quad.IRI]bool       // documents of kind primary
	repeats  map[quad.IRI][]quad.IRI // document → the documents that it only repeats
	later    []func() *graph.Problem // checks of references to what may stand further down
}

func (c *curator) load() error {
	if err := c.lookAround(); err != nil {
		return err
	}
	if err := c.editors(); err != nil {
		return err
	}
	for _, t := range entityTables() {
		class, ok := c.schema.Class(quad.IRI("kg:" + t.class))
		if !ok {
			return fmt.Errorf("%s: the schema has no class %s", t.file, t.class)
		}
		if err := c.table(t.file, class.Path, t.header(), func(row Row) error { return c.entity(t, class, row) }); err != nil {
			return err
		}
	}
	if err := c.settle(); err != nil {
		return err
	}
	files, err := claimFiles(c.fsys, c.dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := c.table(file, "claim", claimColumns(), c.claim); err != nil {
			return err
		}
	}
	if err := c.table(leftOutTable, "", leftOutColumns(), c.leftOut); err != nil {
		return err
	}
	return c.settle()
}

// settle makes the checks that had to wait.
func (c *curator) settle() error {
	for _, check := range c.later {
		if p := check(); p != nil {
			if err := c.fault(p); err != nil {
				return err
			}
		}
	}
	c.later = nil
	return nil
}

// lookAround finds tables that no one would read, and a folder without any.
func (c *curator) lookAround() error {
	entries, err := fs.ReadDir(c.fsys, c.dir)
	if err != nil {
		return &graph.Problem{At: graph.Position{File: c.dir}, Want: "a folder of tables", Found: reason(err), Err: err}
	}
	known := []string{leftOutTable}
	for _, t := range entityTables() {
		known = append(known, t.file)
	}
	tables := 0
	for _, e := range entries {
		name := e.Name()
		switch {
		case slices.Contains(known, name), name == claimFolder && e.IsDir():
			tables++
		case path.Ext(name) == ".csv":
			p := &graph.Problem{
				At: graph.Position{File: path.Join(c.dir, name)}, Want: "a table of a known name", Found: fmt.Sprintf("%q", name),
				Hint: graph.DidYouMean(name, known),
			}
			if p.Hint == "" {
				p.Hint = "claims stand in the folder " + claimFolder + "; the tables are " + strings.Join(known, ", ")
			}
			if err := c.fault(p); err != nil {
				return err
			}
		}
	}
	if tables == 0 && len(c.problems) == 0 {
		return &graph.Problem{At: graph.Position{File: c.dir}, Want: "tables like agencies.csv and claims/*.csv", Found: "none"}
	}
	return nil
}

// editors defines the speaker of what the curators inferred.
func (c *curator) editors() error {
	at := graph.Position{File: c.dir}
	c.define(graph.Editors, at)
	class, ok := c.schema.ClassOf(graph.Editors)
	if !ok {
		return fmt.Errorf("%s: the schema has no class for %s", c.dir, graph.Editors)
	}
	return c.named(graph.Editors, class, "Editors of this dataset", at)
}

// table reads one table, if it is there, row by row. Class is the path of what its rows define.
func (c *curator) table(file, class string, columns []string, read func(Row) error) (err error) {
	file = path.Join(c.dir, file)
	f, err := c.fsys.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &graph.Problem{At: graph.Position{File: file}, Want: "a table", Found: reason(err), Err: err}
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	c.rank[file] = len(c.rank) + 1
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return c.fault(&graph.Problem{At: graph.Position{File: file}, Want: "a table", Found: "a folder"})
	}
	t, err := NewTable(f, file, columns...)
	if err != nil {
		c.unread[class] = true
		return c.fault(err)
	}
	for {
		if c.rows++; c.rows%cancelEvery == 0 {
			if err := context.Cause(c.ctx); err != nil {
				return err
			}
		}
		row, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			c.unread[class] = true
		default:
			err = read(row)
		}
		if err != nil {
			if err := c.fault(err); err != nil {
				return err
			}
		}
	}
}

// fault gathers problems; it returns any other error.
func (c *curator) fault(err error) error {
	var found graph.Problems
	if other := found.Collect(err); other != nil {
		return other
	}
	room := max(0, min(len(found), DefaultMaxProblems-len(c.problems)))
	c.problems = append(c.problems, found[:room]...)
	c.more += len(found) - room
	return nil
}

// add hands a quad to the sink.
func (c *curator) add(q quad.Quad, at graph.Position) error {
	err := c.sink.Add(q, at)
	var p *graph.Problem
	if errors.As(err, &p) && p.At == (graph.Position{}) {
		p.At = at
	}
	return err
}

// claimFiles lists the tables of claims below dir, in alphabetical order.
func claimFiles(fsys fs.FS, dir string) ([]string, error) {
	entries, err := fs.ReadDir(fsys, path.Join(dir, claimFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &graph.Problem{At: graph.Position{File: path.Join(dir, claimFolder)}, Want: "a folder of tables", Found: reason(err), Err: err}
	}
	var files []string
	for _, e := range entries { // in alphabetical order, as fs.ReadDir promises
		if path.Ext(e.Name()) == ".csv" {
			files = append(files, path.Join(claimFolder, e.Name()))
		}
	}
	return files, nil
}

// reason is what went wrong with a file, without its name.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return err.Error()
}
