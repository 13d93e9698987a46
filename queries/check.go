package queries

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kg/graph"
)

// A Failure is a question whose worked example does not come true on a store.
type Failure struct {
	Question string
	Err      error    // the question could not be asked; Want and Got are empty then
	Want     []string // rows of the example that the answer does not have
	Got      []string // rows of the answer that the example does not have
	Order    bool     // the rows are right and stand in another order
}

// Error says what differs, one row a line.
func (f Failure) Error() string {
	if f.Err != nil {
		return f.Question + ": " + f.Err.Error()
	}
	if f.Order {
		return f.Question + ": the example's rows come in another order: " + strings.Join(f.Got, "; ")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the answer differs from the example", f.Question)
	for _, row := range f.Want {
		b.WriteString("\n  want " + row)
	}
	for _, row := range f.Got {
		b.WriteString("\n  found " + row)
	}
	return b.String()
}

// Test asks the questions named, or else every one, their worked examples and returns those that answer
// otherwise. A question without an example fails.
func Test(ctx context.Context, store *graph.Store, catalog *Catalog, names ...string) ([]Failure, error) {
	questions, err := catalog.named(names)
	if err != nil {
		return nil, err
	}
	var failures []Failure
	for _, q := range questions {
		if f, failed := q.test(ctx, store); failed {
			failures = append(failures, f)
		}
		if err := ctx.Err(); err != nil {
			return failures, err
		}
	}
	return failures, nil
}

// named reads the questions of these names, or else all.
func (c *Catalog) named(names []string) ([]*Question, error) {
	if len(names) == 0 {
		return c.Questions()
	}
	questions := make([]*Question, len(names))
	for i, name := range names {
		var err error
		if questions[i], err = c.Lookup(name); err != nil {
			return nil, err
		}
	}
	return questions, nil
}

func (q *Question) test(ctx context.Context, store *graph.Store) (Failure, bool) {
	f := Failure{Question: q.Name}
	if problems := q.Lint(store.Schema()); len(problems) > 0 {
		f.Err = problems
		return f, true
	}
	if len(q.Example.Rows) == 0 {
		f.Err = &graph.Problem{At: graph.Position{File: q.File}, Want: "a worked example with rows", Found: "none"}
		return f, true
	}
	table, err := q.Run(ctx, store, q.Example.Params, Options{})
	if err != nil {
		f.Err = err
		return f, true
	}
	got := q.compact(table)
	f.Want, f.Got = missing(q.Example.Rows, got), missing(got, q.Example.Rows)
	if q.Example.LeftOut != nil {
		leftOut := table.leftOutLines()
		f.Want = append(f.Want, missing(q.Example.LeftOut, leftOut)...)
		f.Got = append(f.Got, missing(leftOut, q.Example.LeftOut)...)
	}
	if len(f.Want)+len(f.Got) > 0 {
		return f, true
	}
	if !slices.Equal(q.Example.Rows, got) {
		f.Got, f.Order = got, true
	}
	return f, f.Order
}

// missing returns the lines of a that b does not have.
func missing(a, b []string) []string {
	var lines []string
	for _, line := range a {
		if !slices.Contains(b, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// compact prints the rows as an example writes them, without the columns that it leaves out.
func (q *Question) compact(t *Table) []string {
	var lines []string
	for _, row := range t.Rows {
		var cells []string
		for i, c := range t.Columns {
			if len(q.Example.Columns) > 0 && !slices.Contains(q.Example.Columns, c.Name) {
				continue
			}
			cells = append(cells, row[i].Text())
		}
		lines = append(lines, strings.TrimRight(strings.Join(cells, " | "), " "))
	}
	return lines
}

// Text is the cell for people: its values joined by "; ".
func (c Cell) Text() string {
	values := make([]string, len(c))
	for i, v := range c {
		values[i] = v.Text()
	}
	return strings.Join(values, "; ")
}

func (t *Table) leftOutLines() []string {
	var lines []string
	for _, l := range t.LeftOut {
		lines = append(lines, l.String())
	}
	return lines
}

// String says what was left out and why: "what | amount | reason".
func (l LeftOut) String() string {
	return l.What.Text() + " | " + l.Amount.Text() + " | " + l.Reason
}
