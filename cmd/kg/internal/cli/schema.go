package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries"
)

// schemaLists are the words after "kg schema" that list a part of the schema.
func schemaLists() []string { return []string{"classes", "predicates", "units", "concepts"} }

func newSchema(a *app) *cobra.Command {
	var f tableFlags
	c := &cobra.Command{
		Use:   "schema [classes|predicates|units|concepts|WORD]",
		Short: "Show what the graph may say: classes, predicates, units, words",
		Long: `schema lists the classes, predicates, units or concepts of the graph. Any other word
is looked up among all of them: its definition, what it applies to, its unit, the
standard term it corresponds to.`,
		Example: `  kg schema classes
  kg schema predicates
  kg schema massGrams
  kg schema tonne`,
		Args: wantArgs(0, 1, "one list or word"),
		ValidArgsFunction: completeFirst(func() ([]string, error) {
			s, err := a.schema()
			if err != nil {
				return nil, err
			}
			return append(schemaLists(), schemaWords(s)...), nil
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			s, err := a.schema()
			if err != nil {
				return err
			}
			t, err := schemaTable(s, strings.Join(args, ""))
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	return c
}

func schemaTable(s *graph.Schema, word string) (queries.Table, error) {
	switch word {
	case "":
		return queries.Table{
			Question: "schema", Columns: textColumns("kind", "name", "label", "definition"),
			Rows: slices.Concat(briefly(classEntries(s)), briefly(predicateEntries(s))),
		}, nil
	case "classes":
		return classTable(s), nil
	case "predicates":
		return predicateTable(s), nil
	case "units":
		return unitTable(s), nil
	case "concepts":
		return conceptTable(s), nil
	default:
		return definitions(s, word)
	}
}

// An entry is a word of the schema with all that can be said of it in one row.
type entry struct {
	kind, name, label      string
	iri                    quad.IRI
	appliesTo, takes, unit string
	standard, definition   string
}

func briefly(entries []entry) [][]queries.Cell {
	var rows [][]queries.Cell
	for _, e := range entries {
		rows = append(rows, textRow(e.kind, e.name, e.label, e.definition))
	}
	return rows
}

// definitions finds a word by its name, label or IRI, among everything the schema defines.
func definitions(s *graph.Schema, word string) (queries.Table, error) {
	all := slices.Concat(classEntries(s), predicateEntries(s), unitEntries(s), conceptEntries(s))
	iri := quad.IRI(graph.DefaultNamespaces().Normal(word))
	key := graph.Fold(word)
	matches := func(e entry) bool {
		return e.iri != "" && e.iri == iri || key != "" && (graph.Fold(e.name) == key || graph.Fold(e.label) == key)
	}
	t := queries.Table{
		Question: "schema", Params: map[string]any{"word": word},
		Columns: textColumns("kind", "name", "label", "applies_to", "takes", "unit", "standard", "definition"),
	}
	for _, e := range all {
		if matches(e) {
			t.Rows = append(t.Rows, textRow(e.kind, e.name, e.label, e.appliesTo, e.takes, e.unit, e.standard, e.definition))
		}
	}
	if len(t.Rows) == 0 {
		return t, &graph.Problem{
			Want: "a class, predicate, unit or concept of the schema", Found: fmt.Sprintf("%q", word),
			Hint: orElse(graph.DidYouMean(word, schemaWords(s)), "kg schema lists them"),
		}
	}
	return t, nil
}

func schemaWords(s *graph.Schema) []string {
	var words []string
	for _, e := range slices.Concat(classEntries(s), predicateEntries(s), unitEntries(s), conceptEntries(s)) {
		words = append(words, e.name)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func classEntries(s *graph.Schema) []entry {
	var list []entry
	for _, c := range s.Classes() {
		list = append(list, entry{
			kind: "class", name: c.Name, label: c.Label, iri: c.IRI,
			standard: standardTerm(c.Exact, c.Close), definition: c.Definition,
		})
	}
	return list
}

func predicateEntries(s *graph.Schema) []entry {
	var list []entry
	for _, p := range s.Predicates() {
		list = append(list, entry{
			kind: "predicate", name: p.Name, label: p.Label, iri: p.IRI,
			appliesTo: classNames(p.Domain), takes: taken(p), unit: p.Unit,
			standard: standardTerm(p.Exact, p.Close), definition: p.Definition,
		})
	}
	return list
}

func unitEntries(s *graph.Schema) []entry {
	var list []entry
	for _, name := range s.Units() {
		if u, ok := s.Unit(name); ok {
			list = append(list, entry{kind: "unit", name: u.Name, label: u.Symbol, unit: u.Measures, definition: unitDefinition(s, u)})
		}
	}
	return list
}

func conceptEntries(s *graph.Schema) []entry {
	var list []entry
	for _, name := range conceptLists(s) {
		for _, word := range s.Words(name) {
			if c, ok := s.ConceptNamed(word, name); ok {
				list = append(list, entry{kind: name, name: c.Word, label: c.Label, iri: c.IRI, definition: c.Definition})
			}
		}
	}
	return list
}

// conceptLists are the lists that a predicate takes its words from, and that of missing numbers.
func conceptLists(s *graph.Schema) []string {
	lists := []string{"missing"}
	for _, p := range s.Predicates() {
		lists = append(lists, p.Lists...)
	}
	slices.Sort(lists)
	return slices.Compact(lists)
}

func classTable(s *graph.Schema) queries.Table {
	t := queries.Table{Question: "schema", Columns: textColumns("class", "identifiers", "kind_of", "standard", "definition")}
	for _, c := range s.Classes() {
		broader := ""
		if b, ok := s.Class(c.Broader); ok {
			broader = b.Name
		}
		t.Rows = append(t.Rows, textRow(c.Name, c.Path+"/…", broader, standardTerm(c.Exact, c.Close), c.Definition))
	}
	return t
}

func predicateTable(s *graph.Schema) queries.Table {
	t := queries.Table{
		Question: "schema",
		Columns:  textColumns("predicate", "label", "applies_to", "takes", "unit", "values", "derived", "standard", "definition"),
	}
	for _, p := range s.Predicates() {
		many, derived := "one", "no"
		if p.Many {
			many = "many"
		}
		if p.Derived {
			derived = "yes"
		}
		t.Rows = append(t.Rows, textRow(p.Name, p.Label, classNames(p.Domain), taken(p), p.Unit, many, derived, standardTerm(p.Exact, p.Close), p.Definition))
	}
	return t
}

func unitTable(s *graph.Schema) queries.Table {
	t := queries.Table{Question: "schema", Columns: textColumns("unit", "symbol", "measures", "definition")}
	for _, e := range unitEntries(s) {
		t.Rows = append(t.Rows, textRow(e.name, e.label, e.unit, e.definition))
	}
	return t
}

func conceptTable(s *graph.Schema) queries.Table {
	t := queries.Table{Question: "schema", Columns: textColumns("list", "word", "definition")}
	for _, e := range conceptEntries(s) {
		t.Rows = append(t.Rows, textRow(e.kind, e.name, e.definition))
	}
	return t
}

// taken says which values a predicate takes.
func taken(p *graph.Predicate) string {
	switch p.Range {
	case graph.RangeEntity:
		return classNames(p.Classes)
	case graph.RangeConcept:
		return "a word of " + strings.Join(p.Lists, ", ")
	default:
		return p.Range.String()
	}
}

func classNames(classes []*graph.Class) string {
	names := make([]string, len(classes))
	for i, c := range classes {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

func standardTerm(exact, near quad.IRI) string {
	if exact == "" && near != "" {
		return "near " + string(near)
	}
	return string(exact)
}

// unitDefinition says what a unit is worth in the unit that the graph keeps.
func unitDefinition(s *graph.Schema, u graph.Unit) string {
	factor := strings.TrimSuffix(strings.TrimRight(u.Factor.FloatString(12), "0"), ".")
	base := u.Measures // bytes
	switch u.Measures {
	case "money":
		base = "of its smallest unit"
	case "share":
		base = "basis points"
	}
	for _, name := range s.Units() {
		if b, ok := s.Unit(name); ok && b.Measures == u.Measures && b.Factor.IsInt() && b.Factor.Num().IsInt64() && b.Factor.Num().Int64() == 1 {
			base = b.Name + "s"
		}
	}
	if factor == "1" {
		return "Kept as it is."
	}
	return fmt.Sprintf("1 %s is %s %s.", u.Name, factor, base)
}
