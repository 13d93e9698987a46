package exporters

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A Network is a subgraph as graph tools know it: nodes and edges, each with attributes of one type.
// A fact between two entities is an edge, under the id of its claim; one with a literal is an
// attribute of its node. An attribute has room for one value: that of the preferred claim. All of them
// stand, with their claims, in the text attribute of the same name with "_claims" behind it.
type Network struct {
	View     *View
	Nodes    []Node
	Edges    []Edge
	NodeKeys []Key // the attributes of nodes, sorted by name
	EdgeKeys []Key // the attributes of edges, in the order in which people read them
	Chosen   int   // values that stand in a "_claims" attribute alone
}

// A Node is an entity.
type Node struct {
	ID, Label, Class string // ID is the IRI in short form
	Values           map[string]any
	Start, End       graph.Date // when it happened, where the subgraph says so
}

// An Edge is a fact between two entities. Edges of one pair of nodes are not merged: each has its own
// claim.
type Edge struct {
	ID             string // the claim's id, or a hash of a fact without one
	Source, Target string // ids of nodes
	Predicate      string // "kg:infiltrated"
	Label          string // "infiltrated"
	Values         map[string]any
	Start, End     graph.Date // when the fact held
	Weight         float64
}

// A Key declares an attribute.
type Key struct {
	Name string
	Type KeyType
	Unit string // of a number
}

// KeyType is the type of an attribute's values, which are a string, int64, float64 or bool.
type KeyType int

// The types.
const (
	TextKey KeyType = iota
	IntegerKey
	DecimalKey
	BooleanKey
)

// String is the name of the type that GraphML and GEXF share.
func (t KeyType) String() string { return [...]string{"string", "long", "double", "boolean"}[t] }

// newNetwork reads the network of a document.
func newNetwork(d Document) (*Network, error) {
	v, err := newView(d)
	if err != nil {
		return nil, err
	}
	n := &Network{View: v}
	keys := map[string]Key{}
	attributes := map[quad.IRI]map[quad.IRI][]Fact{} // entity → predicate → facts
	for _, f := range v.Facts {
		if v.IsThing(f.Object) && v.Class(f.Subject) == "Source" && v.Class(f.Object.(quad.IRI)) == "Source" {
			continue // which document repeats which is told with the documents
		}
		if v.IsThing(f.Object) {
			n.Edges = append(n.Edges, n.edge(f))
			continue
		}
		of := attributes[f.Subject]
		if of == nil {
			of = map[quad.IRI][]Fact{}
			attributes[f.Subject] = of
		}
		of[f.Predicate] = append(of[f.Predicate], f)
	}
	ends := map[string]bool{}
	for _, e := range n.Edges {
		ends[e.Source], ends[e.Target] = true, true
	}
	for _, id := range v.Things() {
		if len(n.Edges) > 0 && !ends[string(id)] && onlyNamed(attributes[id]) {
			continue // a speaker, or a document: the claims name it
		}
		n.Nodes = append(n.Nodes, n.node(id, attributes[id], keys))
	}
	unique(n.Edges)
	n.NodeKeys = slices.SortedFunc(maps.Values(keys), func(a, b Key) int { return cmp.Compare(a.Name, b.Name) })
	n.EdgeKeys = edgeKeys()
	d.lose(n.Chosen, "value stands beside the preferred one, in a _claims attribute only", "values stand beside the preferred ones, in _claims attributes only")
	return n, nil
}

// onlyNamed says whether the facts of a thing are no more than what names it wherever it is mentioned.
func onlyNamed(facts map[quad.IRI][]Fact) bool {
	for _, of := range facts {
		for _, f := range of {
			if f.ID != "" {
				return false
			}
		}
	}
	return true
}

// unique gives edges ids of their own: a label of another's making may stand on several facts.
func unique(edges []Edge) {
	seen := map[string]int{}
	for i := range edges {
		id := edges[i].ID
		if seen[id]++; seen[id] > 1 {
			edges[i].ID = id + "-" + strconv.Itoa(seen[id])
		}
	}
}

// node makes the node of an entity.
func (n *Network) node(id quad.IRI, facts map[quad.IRI][]Fact, keys map[string]Key) Node {
	v := n.View
	node := Node{ID: string(id), Label: v.Name(id), Class: v.Class(id), Values: map[string]any{}}
	set := func(k Key, value any) {
		if known, ok := keys[k.Name]; ok && known.Type != k.Type {
			k.Type, value = TextKey, attributeText(value) // the same name for two types is text
			n.retype(known, keys)
		}
		keys[k.Name] = k
		node.Values[k.Name] = value
	}
	set(Key{Name: "iri"}, v.Full(id))
	set(Key{Name: "class"}, node.Class)
	if aliases := v.Aliases(id); len(aliases) > 0 {
		set(Key{Name: "aliases"}, strings.Join(aliases, " | "))
	}
	for _, predicate := range slices.Sorted(maps.Keys(facts)) {
		of := facts[predicate]
		key, value := n.attribute(predicate, of)
		if value != nil {
			set(key, value)
		}
		if of[0].ID != "" {
			all := make([]string, len(of))
			for i, f := range of {
				all[i] = v.Text(f) + " [" + ShortID(f.ID) + "]"
			}
			set(Key{Name: key.Name + "_claims"}, strings.Join(all, " | "))
		}
	}
	node.Start = dateOf(v, facts[graph.StartDate], facts["kg:asOf"])
	node.End = dateOf(v, facts[graph.EndDate], facts["kg:asOf"])
	return node
}

// retype makes an attribute a text, and its values with it.
func (n *Network) retype(k Key, keys map[string]Key) {
	k.Type = TextKey
	keys[k.Name] = k
	for i := range n.Nodes {
		if value, ok := n.Nodes[i].Values[k.Name]; ok {
			n.Nodes[i].Values[k.Name] = attributeText(value)
		}
	}
}

// attribute is what facts with literals say of one entity under one predicate: the preferred value
// where it may have one only, else all of them. A number that was not given is none: one such word
// would make a text of everybody's numbers.
func (n *Network) attribute(predicate quad.IRI, facts []Fact) (Key, any) {
	v := n.View
	key := Key{Name: v.Key(predicate), Unit: v.Unit(predicate)}
	p, known := v.Schema.Predicate(predicate)
	if !known || p.Many {
		if len(facts) > 1 || !known {
			var texts []string
			for _, f := range facts {
				if text := v.word(f.Object); !slices.Contains(texts, text) {
					texts = append(texts, text)
				}
			}
			return key, strings.Join(texts, " | ")
		}
		return key, v.word(facts[0].Object)
	}
	given := slices.DeleteFunc(slices.Clone(facts), func(f Fact) bool { return isMissing(f.Object) })
	if len(given) == 0 {
		if _, typed := typedValue(p.Range, nil); typed != TextKey {
			return key, nil
		}
		given = facts
	}
	n.Chosen += len(facts) - 1
	best := v.Preferred(given)
	if value, kind := typedValue(p.Range, best.Object); value != nil {
		key.Type = kind
		return key, value
	}
	return key, v.word(best.Object)
}

// isMissing says whether a value says that none was given.
func isMissing(o quad.Value) bool {
	return o == graph.SomeValue || o == graph.NoValue || o == graph.Withheld
}

// typedValue is a value of the type that a range has, nil where it is none, and that type.
func typedValue(r graph.Range, o quad.Value) (any, KeyType) {
	switch r {
	case graph.RangeInteger:
		if i, ok := o.(quad.Int); ok {
			return int64(i), IntegerKey
		}
		return nil, IntegerKey
	case graph.RangeDecimal:
		if f, err := strconv.ParseFloat(textOf(o), 64); err == nil {
			return f, DecimalKey
		}
		return nil, DecimalKey
	case graph.RangeBoolean:
		if b, ok := o.(quad.Bool); ok {
			return bool(b), BooleanKey
		}
		return nil, BooleanKey
	default:
		return nil, TextKey
	}
}

// dateOf is the date that the first list that is not empty prefers.
func dateOf(v *View, lists ...[]Fact) graph.Date {
	for _, facts := range lists {
		if len(facts) > 0 {
			d, _ := graph.DateOf(v.Preferred(facts).Object)
			return d
		}
	}
	return graph.Date{}
}

// attributeText is the value of an attribute as text.
func attributeText(value any) string {
	switch x := value.(type) {
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(x)
	case string:
		return x
	default:
		return ""
	}
}

// edgeKeys lists the attributes of edges.
func edgeKeys() []Key {
	names := []string{
		"predicate", "claim", "backed_by", "speaker", "speaker_name", "source", "source_title", "source_url", "published",
		"qualifier", "reported_as", "valid_from", "valid_until", "rank", "inferred", "rule", "note",
	}
	keys := make([]Key, len(names))
	for i, name := range names {
		keys[i] = Key{Name: name}
		if name == "inferred" {
			keys[i].Type = BooleanKey
		}
	}
	return keys
}

// edge makes the edge of a fact between two entities.
func (n *Network) edge(f Fact) Edge {
	v := n.View
	object, _ := f.Object.(quad.IRI)
	e := Edge{
		ID: factID(f), Source: string(f.Subject), Target: string(object),
		Predicate: string(f.Predicate), Label: v.Label(f.Predicate), Weight: 1,
		Start: f.Valid.From, End: f.Valid.Until, Values: map[string]any{},
	}
	set := func(name, text string) {
		if text != "" {
			e.Values[name] = text
		}
	}
	set("predicate", v.Key(f.Predicate))
	switch {
	case f.Derived != nil:
		set("backed_by", "derivation")
		set("claim", ShortID(f.ID))
		set("rule", strings.Join(f.Derived.Rules, " | "))
	case f.ID != "":
		set("backed_by", "claim")
		set("claim", ShortID(f.ID))
	default:
		set("backed_by", "gazetteer")
	}
	if f.Speaker != "" {
		set("speaker", string(f.Speaker))
		set("speaker_name", v.Name(f.Speaker))
	}
	if f.Source != "" {
		r := v.Record(f.Source)
		set("source", string(f.Source))
		set("source_title", r.Title)
		set("source_url", r.Address)
		if !r.Issued.IsZero() {
			set("published", r.Issued.String())
		}
	}
	set("qualifier", conceptWord(v, f.Qualifier))
	set("reported_as", f.ReportedAs)
	set("rank", conceptWord(v, f.Rank))
	if !f.Valid.From.IsZero() {
		set("valid_from", f.Valid.From.String())
	}
	if !f.Valid.Until.IsZero() {
		set("valid_until", f.Valid.Until.String())
	}
	if f.Basis == graph.Inferred {
		e.Values["inferred"] = true
	}
	set("note", strings.Join(f.Notes, " | "))
	return e
}

func conceptWord(v *View, iri quad.IRI) string {
	if iri == "" {
		return ""
	}
	return v.word(iri)
}

// factID names a fact in files: by its claim or derivation, else by a hash of its parts, so that the
// same fact has the same name in every export.
func factID(f Fact) string {
	if f.ID != "" {
		return ShortID(f.ID)
	}
	sum := sha256.Sum256([]byte(quad.StringOf(f.Subject) + " " + quad.StringOf(f.Predicate) + " " + quad.StringOf(f.Object)))
	return "fact-" + hex.EncodeToString(sum[:8])
}
