package queries

import (
	"slices"
	"strings"
	"sync"

	"kg/graph"
	"kg/queries/gizmo"
)

// A Question is one saved question: what its head says, and the Gizmo text.
type Question struct {
	Name    string // the file's name without .gizmo
	File    string // as it is named in errors
	Summary string // completes the sentence "kg tells …"
	Params  []Param
	Columns []QuestionColumn

	Group   []string  // the columns whose values tell the rows apart
	Collect []string  // the columns that hold every value of their group
	Prefer  []string  // the columns that hold the value of the preferred claim of their group
	Sum     []string  // the columns by which amounts are added up, besides measure and unit
	Span    []string  // the columns of the first and last day: rows with neither are left out
	Sort    []SortKey // then by all columns from the left, so that the order is always the same
	Tally   string    // the column whose different values are counted
	Example Example

	Text string // the whole file: the head is a comment to Gizmo, so line numbers stay right

	program *program
}

// A program is a question's text, compiled when it is first asked. Copies of the question share it.
type program struct {
	once sync.Once
	code *gizmo.Program
	err  error
}

// compiled returns the text as a program.
func (q *Question) compiled() (*gizmo.Program, error) {
	p := q.program
	if p == nil {
		p = &program{} // of a question that was made by hand
	}
	p.once.Do(func() { p.code, p.err = gizmo.Compile(q.File, q.Text) })
	return p.code, p.err
}

// A Param is one parameter of a question.
type Param struct {
	Name     string
	Type     string   // a class of the schema ("Platform"), or one of entity, text, date, integer, boolean
	Enum     []string // the words that a text may be; empty: any
	Optional bool
	Default  string // used when the parameter is not given; empty: none
	Bound    string // of a date: keeps the rows whose span lies since or until it
	Help     string
}

// A QuestionColumn is a column and where its values come from. A column without Of is filled by the
// tag of the same name, or, when its name is one of the reserved ones, by the program.
type QuestionColumn struct {
	Column
	Of    string   // the column whose entity has the facts
	Facts []string // the predicates of the facts, as tables write them: the first that has values
	Order []string // the order of the values, where the alphabet is not wanted

	Inverse bool // a predicate is named as seen from its object: "led", not "led by"
}

// A SortKey is a column to sort by.
type SortKey struct {
	Column     string
	Descending bool
}

// An Example is a question's worked example: parameters as a user types them, and the rows that the
// report's facts give, one a line, the cells' texts joined by " | " and the values of a list by "; ".
type Example struct {
	Params  map[string]string
	Columns []string // the columns that the rows show; empty: all
	Rows    []string
	LeftOut []string // what a sum leaves out: "what | amount | reason"; nil: not looked at
}

// Reserved columns are filled by the program from the claims behind a row.
const (
	colMeasure   = "measure"   // the predicate of the amount; a tag of the path
	colAmount    = "amount"    // the quantity; a tag of the path
	colConverted = "converted" // the document's own conversions of the amount
	colDisputed  = "disputed"  // amounts that contradict the one shown
	colSaidBy    = "said_by"   // the speakers
	colSources   = "sources"   // the documents
	colClaims    = "claims"    // the claims and derivations
	colFacts     = "facts"     // how many claims
	colFigures   = "figures"   // the figures that a sum adds up
	colTimes     = "times"     // how many values the first collected column has
)

// reserved returns the column of a reserved name with its type.
func reserved(name string) (Column, bool) {
	for _, c := range []Column{
		{colMeasure, "measure", TypePredicate, false},
		{colAmount, "amount", TypeQuantity, false},
		{colConverted, "converted", TypeQuantity, true},
		{colDisputed, "disputed", TypeQuantity, true},
		{colSaidBy, "said by", TypeEntity, true},
		{colSources, "sources", TypeEntity, true},
		{colClaims, "claims", TypeClaim, true},
		{colFacts, "facts", TypeInteger, false},
		{colFigures, "figures", TypeEntity, true},
		{colTimes, "times", TypeInteger, false},
	} {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// fromText says whether the column is filled by a tag of the path.
func (c QuestionColumn) fromText() bool {
	if c.Of != "" {
		return false
	}
	_, ok := reserved(c.Name)
	return !ok || c.Name == colMeasure || c.Name == colAmount
}

// Param returns the parameter with this name.
func (q *Question) Param(name string) (Param, bool) {
	i := slices.IndexFunc(q.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return Param{}, false
	}
	return q.Params[i], true
}

// ParamNames lists the parameters in the head's order.
func (q *Question) ParamNames() []string {
	names := make([]string, len(q.Params))
	for i, p := range q.Params {
		names[i] = p.Name
	}
	return names
}

// column returns the index of the column with this name, or -1.
func (q *Question) column(name string) int {
	return slices.IndexFunc(q.Columns, func(c QuestionColumn) bool { return c.Name == name })
}

// columnNames lists the columns in the head's order.
func (q *Question) columnNames() []string {
	names := make([]string, len(q.Columns))
	for i, c := range q.Columns {
		names[i] = c.Name
	}
	return names
}

// Body returns the Gizmo text without the head.
func (q *Question) Body() string {
	if _, rest, ok := strings.Cut(q.Text, "*/"); ok {
		return strings.TrimLeft(rest, "\n")
	}
	return q.Text
}

// predicates returns the facts of an Of column as the schema knows them.
func (c QuestionColumn) predicates(schema *graph.Schema) []*graph.Predicate {
	var list []*graph.Predicate
	for _, name := range c.Facts {
		if p, ok := schema.PredicateNamed(name, ""); ok {
			list = append(list, p)
		}
	}
	return list
}
