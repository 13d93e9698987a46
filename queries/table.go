package queries

import (
	"github.com/cayleygraph/quad"
)

// A Table is the answer to a question: typed columns, rows in a fixed order, and what the reader must
// know to trust it: whether it was cut and what a sum left out.
type Table struct {
	Question  string         // the name of the saved question, or "" for other tables
	Params    map[string]any // the parameters as they were understood: a [Value] for an entity, else text, int64, bool
	Columns   []Column
	Rows      [][]Cell
	Count     int       // rows before any limit
	Truncated bool      // Count is more than len(Rows)
	LeftOut   []LeftOut // what a sum or a tally did not add, and why
	Tally     *Tally    // how many different things the rows name, where the question counts them
}

// A Column describes one column of a [Table].
type Column struct {
	Name  string // as it stands in the question's head and in JSON: lower case, '_' between words
	Title string // for people
	Type  Type
	List  bool // a cell may hold several values
}

// Type is the kind of value that a column holds.
type Type string

// The types of a column.
const (
	TypeEntity    Type = "entity"    // a thing of the graph, shown by name
	TypePredicate Type = "predicate" // a kind of fact, shown by its label
	TypeConcept   Type = "concept"   // a word of a list, shown by its label
	TypeClaim     Type = "claim"     // a claim or a derivation, shown by its id
	TypeText      Type = "text"
	TypeDate      Type = "date"
	TypeQuantity  Type = "quantity" // a number with its unit, a qualifier, an upper end
	TypeInteger   Type = "integer"  // a bare count
)

// types lists the words that a head may give as a column's type.
func types() []string {
	return []string{
		string(TypeEntity), string(TypePredicate), string(TypeConcept), string(TypeClaim),
		string(TypeText), string(TypeDate), string(TypeQuantity), string(TypeInteger),
	}
}

// A Cell holds the values of one row in one column: none where the graph says nothing, several only
// in a list column.
type Cell []Value

// A Value is one typed value of a cell.
type Value struct {
	Term      quad.Value // as the store holds it, IRIs short; a quantity in base units: grams, cents
	Label     string     // for people: an entity's name, a predicate's label, the text itself
	Unit      string     // of a quantity, as its predicate has it: "gram", "count", "GBP"
	UpTo      quad.Value // upper end of a range
	Qualifier quad.IRI   // the document's hedge: kg:nearly
	Inferred  bool       // concluded by the editors or by a rule, not said by a document

	InUnit, UpToInUnit     string   // of a quantity, exactly, in Unit: "27640000" grams, "1400000000" euros
	Number, Symbol         string   // of a quantity, exactly, in the largest unit that fits: "27.64" and "t"
	UpToNumber, UpToSymbol string   // the same of UpTo
	ReportedAs             string   // of a quantity: in the document's words
	Claim                  quad.IRI // of a quantity: the claim that gives it
	Rule                   string   // of a preferred value: the rule that chose it among several claims
	Unnamed                bool     // of an agency: a group that no document names
}

// LeftOut is a value that a sum did not add.
type LeftOut struct {
	What   Value
	Amount Value
	Claim  Value
	Reason string // "part of Antwerp cocaine 2021, which is counted"
}

// A Tally says how many different things stand in a column: an unnamed group of agencies is not
// counted beside a named agency of its place in the same role, and stands in [Table.LeftOut] then.
type Tally struct {
	Column string
	N      int
}
