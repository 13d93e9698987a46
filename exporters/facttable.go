package exporters

import (
	"io"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A factTable is a subgraph as rows: a fact a row, with its claim, its speaker and its document. All
// table formats are written from it.
type factTable struct {
	About About
	Rows  [][]any // a string, int64 or float64 per column; nil where there is none
}

// A factColumn is a column of a fact table.
type factColumn struct {
	Name  string
	Type  KeyType
	About string
}

// factColumns lists the columns, in the order in which people read them.
func factColumns() []factColumn {
	return []factColumn{
		{"subject", TextKey, "IRI of the thing, in short form"},
		{"subject_name", TextKey, "its name"},
		{"subject_class", TextKey, "its class"},
		{"predicate", TextKey, "the predicate"},
		{"predicate_label", TextKey, "the predicate in words"},
		{"object", TextKey, "IRI of the other thing, or of a word"},
		{"object_name", TextKey, "its name"},
		{"value", TextKey, "the value for people: a name, a quantity with unit and hedge, the words"},
		{"number", DecimalKey, "the quantity in its unit"},
		{"number_up_to", DecimalKey, "the upper end of a range"},
		{"unit", TextKey, "the unit of the number"},
		{"base", IntegerKey, "the quantity in base units, exactly: grams, cents, single things"},
		{"qualifier", TextKey, "the document's hedge"},
		{"reported_as", TextKey, "the figure in the document's words"},
		{"backed_by", TextKey, "claim, derivation or gazetteer"},
		{"claim", TextKey, "id of the claim or derivation"},
		{"inferred", BooleanKey, "concluded by the editors"},
		{"speaker", TextKey, "IRI of who said it"},
		{"speaker_name", TextKey, "who said it"},
		{"source", TextKey, "IRI of the document"},
		{"source_title", TextKey, "the document"},
		{"publisher", TextKey, "who published it"},
		{"published", TextKey, "when, as precisely as is known"},
		{"source_url", TextKey, "its address"},
		{"valid_from", TextKey, "since when the fact holds"},
		{"valid_until", TextKey, "until when"},
		{"rank", TextKey, "an editors' choice"},
		{"rule", TextKey, "the rule of a derived fact"},
		{"note", TextKey, "the editors' remarks"},
	}
}

// newFactTable reads the table of a document.
func newFactTable(d Document) (*factTable, error) {
	v, err := newView(d)
	if err != nil {
		return nil, err
	}
	t := &factTable{About: d.About}
	for _, f := range v.Facts {
		t.Rows = append(t.Rows, v.factRow(f))
	}
	return t, nil
}

// factRow is a fact in the order of [factColumns].
func (v *View) factRow(f Fact) []any {
	e := (&Network{View: v}).edge(f)
	row := map[string]any{}
	for name, value := range e.Values {
		row[name] = value
	}
	row["subject"], row["subject_name"], row["subject_class"] = string(f.Subject), v.Name(f.Subject), v.Class(f.Subject)
	row["predicate"], row["predicate_label"] = string(f.Predicate), v.Label(f.Predicate)
	if iri, ok := f.Object.(quad.IRI); ok {
		row["object"] = string(iri)
		if v.IsThing(iri) {
			row["object_name"] = v.Name(iri)
		}
	}
	row["value"] = v.Text(f)
	if unit := v.Unit(f.Predicate); unit != "" {
		if n, ok := f.Object.(quad.Int); ok {
			row["base"], row["number"], row["unit"] = int64(n), number(v.Schema.InUnit(unit, int64(n))), unit
		}
		if n, ok := f.UpTo.(quad.Int); ok {
			row["number_up_to"] = number(v.Schema.InUnit(unit, int64(n)))
		}
	} else if n, ok := f.Object.(quad.Int); ok {
		row["base"], row["number"] = int64(n), float64(n)
	}
	if f.Source != "" {
		if publisher := v.Record(f.Source).Publisher; publisher != "" {
			row["publisher"] = publisher
		}
	}
	cells := make([]any, 0, len(factColumns()))
	for _, c := range factColumns() {
		cells = append(cells, row[c.Name])
	}
	return cells
}

// number reads a plain decimal; the exact one stands in the column of base units.
func number(text string) float64 {
	f, _ := strconv.ParseFloat(text, 64) // the text of an integer shifted by a power of ten
	return f
}

// cellText is a cell as text.
func cellText(cell any) string {
	if f, ok := cell.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return attributeText(cell)
}

// texts are the cells of a row as text.
func texts(row []any) []string {
	cells := make([]string, len(row))
	for i, cell := range row {
		cells[i] = cellText(cell)
	}
	return cells
}

func factHeader() []string {
	var names []string
	for _, c := range factColumns() {
		names = append(names, c.Name)
	}
	return names
}

// tsvCell keeps a cell in its line and column.
func tsvCell(text string) string {
	return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(text)
}

// tooManyRows refuses a subgraph that a workbook has no room for: a cut table would be taken for the
// whole.
func tooManyRows(n int) error {
	return &graph.Problem{
		Want: "at most 1,048,575 facts, which is what a sheet holds", Found: graph.Thousands(strconv.Itoa(n)),
		Hint: "choose a part of the graph, or write csv or parquet",
	}
}

// tabular makes the Write of a format of fact tables.
func tabular(write func(io.Writer, *factTable) error) func(io.Writer, Document) error {
	return func(w io.Writer, d Document) error {
		t, err := newFactTable(d)
		if err != nil {
			return err
		}
		return write(w, t)
	}
}
