package exporters

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// errNoSchema is a mistake of the program, not of its user.
var errNoSchema = errors.New("this format shows entities and their claims, so it needs the schema")

// A View is a subgraph as people see it: facts with what is said about their claims, and entities with
// their names. Formats other than RDF are written from it. It holds the whole subgraph.
type View struct {
	Schema     *graph.Schema
	Namespaces graph.Namespaces
	About      About
	Facts      []Fact // about the world: those of claims, derivations and gazetteer; sorted by subject, predicate, object, label

	names   map[quad.IRI]string
	aliases map[quad.IRI][]string
	kinds   map[quad.IRI][]string // words
	records map[quad.IRI]Record
	things  map[quad.IRI]bool
}

// A Fact is a quad about the world, with what backs it: a claim, a derivation, or neither, in the
// gazetteer.
type Fact struct {
	graph.Claim                   // ID is "" in the gazetteer; of a derived fact ID is the derivation, and only Subject, Predicate and Object are set beside it
	Derived     *graph.Derivation // nil of what is stated
}

// A Record is what the graph says of a document.
type Record struct {
	Title, Publisher, Address string
	Kind                      quad.IRI
	Issued                    graph.Date
}

// newView reads the quads of a document. Facts about claims, derivations and the schema go into what
// they are about.
func newView(d Document) (*View, error) {
	if d.Schema == nil {
		return nil, errNoSchema
	}
	v := &View{
		Schema: d.Schema, Namespaces: d.Namespaces, About: d.About,
		names: map[quad.IRI]string{}, aliases: map[quad.IRI][]string{}, kinds: map[quad.IRI][]string{},
		records: map[quad.IRI]Record{}, things: map[quad.IRI]bool{},
	}
	var quads []quad.Quad
	for q, err := range d.Quads {
		if err != nil {
			return nil, err
		}
		quads = append(quads, q)
	}
	claims := map[quad.IRI]graph.Claim{}
	for _, c := range graph.ClaimsOf(quads) {
		claims[c.ID] = c
	}
	derivations := derivationsOf(quads)
	for _, q := range quads {
		v.read(q, claims, derivations)
	}
	slices.SortFunc(v.Facts, compareFacts)
	v.Facts = slices.CompactFunc(v.Facts, func(a, b Fact) bool { return compareFacts(a, b) == 0 })
	return v, nil
}

// read puts a quad where it belongs.
func (v *View) read(q quad.Quad, claims map[quad.IRI]graph.Claim, derivations map[quad.IRI]*graph.Derivation) {
	subject, isThing := q.Subject.(quad.IRI)
	predicate, _ := q.Predicate.(quad.IRI)
	label, _ := q.Label.(quad.IRI)
	if !isThing || label == graph.SchemaIn {
		return
	}
	if graph.IsClaim(subject) || graph.IsDerivation(subject) {
		return // told with the fact
	}
	class, ok := v.Schema.ClassOf(subject)
	if !ok {
		return
	}
	v.things[subject] = true
	if o, ok := q.Object.(quad.IRI); ok {
		if _, ok := v.Schema.ClassOf(o); ok && !graph.IsClaim(o) && !graph.IsDerivation(o) {
			v.things[o] = true
		}
	}
	if class.Path == "source" {
		v.record(subject, predicate, q.Object)
	}
	switch predicate {
	case graph.Type:
		return
	case graph.Name:
		v.names[subject] = textOf(q.Object)
		return
	case graph.AltLabel:
		v.aliases[subject] = append(v.aliases[subject], textOf(q.Object))
		return
	case graph.Kind:
		v.kinds[subject] = append(v.kinds[subject], v.word(q.Object))
	}
	fact := Fact{Claim: graph.Claim{Subject: subject, Predicate: predicate, Object: q.Object}}
	switch {
	case graph.IsClaim(label):
		if c, ok := claims[label]; ok {
			fact.Claim = c
		}
		fact.Claim.ID, fact.Claim.Subject, fact.Claim.Predicate, fact.Claim.Object = label, subject, predicate, q.Object
	case graph.IsDerivation(label):
		fact.Claim.ID = label
		if fact.Derived = derivations[label]; fact.Derived == nil {
			fact.Derived = &graph.Derivation{ID: label}
		}
	}
	v.Facts = append(v.Facts, fact)
}

func (v *View) record(document, predicate quad.IRI, o quad.Value) {
	r := v.records[document]
	switch predicate {
	case graph.Name:
		r.Title = textOf(o)
	case "dcterms:publisher":
		r.Publisher = textOf(o)
	case graph.Issued:
		r.Issued, _ = graph.DateOf(o)
	case "schema:url":
		r.Address = textOf(o)
	case graph.Kind:
		r.Kind, _ = o.(quad.IRI)
	}
	v.records[document] = r
}

// derivationsOf reads the derivations that quads tell of.
func derivationsOf(quads []quad.Quad) map[quad.IRI]*graph.Derivation {
	found := map[quad.IRI]*graph.Derivation{}
	for _, q := range quads {
		id, ok := q.Subject.(quad.IRI)
		if !ok || !graph.IsDerivation(id) {
			continue
		}
		d := found[id]
		if d == nil {
			d = &graph.Derivation{ID: id}
			found[id] = d
		}
		switch q.Predicate {
		case graph.Rule:
			d.Rules = append(d.Rules, textOf(q.Object))
		case graph.DerivedFrom:
			if from, ok := q.Object.(quad.IRI); ok {
				d.From = append(d.From, from)
			}
		}
	}
	for _, d := range found {
		slices.Sort(d.Rules)
		slices.Sort(d.From)
	}
	return found
}

func compareFacts(a, b Fact) int {
	return cmp.Or(
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(a.Predicate, b.Predicate),
		cmp.Compare(quad.StringOf(a.Object), quad.StringOf(b.Object)),
		cmp.Compare(a.ID, b.ID),
	)
}

// Things lists the entities of the subgraph, claims and derivations left out, sorted.
func (v *View) Things() []quad.IRI { return slices.Sorted(maps.Keys(v.things)) }

// IsThing says whether an object is an entity of the subgraph.
func (v *View) IsThing(o quad.Value) bool {
	iri, ok := o.(quad.IRI)
	return ok && v.things[iri]
}

// Name is an entity's name, its identifier where it has none here.
func (v *View) Name(id quad.IRI) string { return cmp.Or(v.names[id], string(id)) }

// Aliases lists an entity's other names, sorted.
func (v *View) Aliases(id quad.IRI) []string {
	slices.Sort(v.aliases[id])
	return slices.Compact(v.aliases[id])
}

// Kinds lists the words of an entity's kind, sorted.
func (v *View) Kinds(id quad.IRI) []string {
	slices.Sort(v.kinds[id])
	return slices.Compact(v.kinds[id])
}

// Class is the name of an entity's class: "Platform".
func (v *View) Class(id quad.IRI) string {
	if c, ok := v.Schema.ClassOf(id); ok {
		return c.Name
	}
	return ""
}

// Record is what the subgraph says of a document.
func (v *View) Record(document quad.IRI) Record { return v.records[document] }

// Label is a predicate as people read it: "gained access to".
func (v *View) Label(predicate quad.IRI) string {
	if p, ok := v.Schema.Predicate(predicate); ok {
		return p.Label
	}
	return string(predicate)
}

// Key is a predicate as a name in files: its IRI without kg:, "massGrams", "schema:startDate".
func (v *View) Key(predicate quad.IRI) string { return strings.TrimPrefix(string(predicate), "kg:") }

// Unit is the unit of a predicate's numbers, "" where it has none.
func (v *View) Unit(predicate quad.IRI) string {
	if p, ok := v.Schema.Predicate(predicate); ok {
		return p.Unit
	}
	return ""
}

// Full is the full IRI of an entity.
func (v *View) Full(id quad.IRI) string { return v.Namespaces.Expand(string(id)) }

// word is a concept's word, or the value's text.
func (v *View) word(o quad.Value) string {
	if iri, ok := o.(quad.IRI); ok {
		if c, ok := v.Schema.Concept(iri); ok {
			return c.Word
		}
		return string(iri)
	}
	return textOf(o)
}

// Text is a fact's object for people: a name, a quantity with its unit and hedge, the words.
func (v *View) Text(f Fact) string {
	if v.IsThing(f.Object) {
		return v.Name(f.Object.(quad.IRI))
	}
	unit := v.Unit(f.Predicate)
	n, isNumber := f.Object.(quad.Int)
	switch {
	case f.Object == graph.SomeValue:
		return cmp.Or(f.ReportedAs, "some") + " (no number given)"
	case f.Object == graph.NoValue:
		return "none"
	case f.Object == graph.Withheld:
		return "withheld"
	case !isNumber || unit == "":
		return v.word(f.Object)
	}
	text := v.quantity(unit, int64(n))
	if to, ok := f.UpTo.(quad.Int); ok {
		text += " to " + v.quantity(unit, int64(to))
	}
	if hedge := graph.HedgeWords(f.Qualifier); hedge != "" {
		text = hedge + " " + text
	}
	return text
}

func (v *View) quantity(unit string, n int64) string {
	number, symbol := v.Schema.Scale(unit, n)
	if symbol == "" || symbol == "%" {
		return graph.Thousands(number) + symbol
	}
	return graph.Thousands(number) + " " + symbol
}

// Preferred returns, of facts about one subject under one predicate, the one whose value stands where
// there is room for one only.
func (v *View) Preferred(facts []Fact) Fact {
	claims := make([]graph.Claim, len(facts))
	for i, f := range facts {
		claims[i] = f.Claim
	}
	best, _ := graph.Prefer(claims, func(document quad.IRI) graph.Document {
		r := v.records[document]
		return graph.Document{Kind: r.Kind, Issued: r.Issued}
	})
	for _, f := range facts {
		if f.ID == best.ID && f.Object == best.Object {
			return f
		}
	}
	return facts[0]
}

// ShortID is a claim's or derivation's id without its path: "A-SEED-010".
func ShortID(id quad.IRI) string {
	if _, rest, ok := strings.Cut(string(id), "/"); ok {
		return rest
	}
	return string(id)
}

// textOf is the text of a literal, or of an IRI.
func textOf(o quad.Value) string {
	switch t := o.(type) {
	case nil:
		return ""
	case quad.IRI:
		return string(t)
	case quad.String:
		return string(t)
	case quad.LangString:
		return string(t.Value)
	case quad.TypedString:
		return string(t.Value)
	}
	if t, ok := graph.Lexical(o); ok {
		return string(t.Value)
	}
	return quad.StringOf(o)
}
