package loaders

import (
	"strconv"
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// cayleyTerms makes values out of terms as Cayley writes them: in N-Quads' notation, but for plain
// strings, which have no quotes, and with prefixed names in place of full IRIs.
type cayleyTerms struct {
	namespaces graph.Namespaces
	document   string
	base       *baseIRI
}

func newCayleyTerms(o Options) (*cayleyTerms, error) {
	t := &cayleyTerms{namespaces: o.Namespaces, document: o.Document}
	base, err := o.base()
	t.base = base
	return t, err
}

// term reads a term in Cayley's text form.
func (t *cayleyTerms) term(s string) (quad.Value, *fault) {
	switch {
	case len(s) > 2 && s[0] == '<' && s[len(s)-1] == '>':
		return t.iri(s[1 : len(s)-1])
	case len(s) > 2 && strings.HasPrefix(s, "_:"):
		return t.blank(s[len("_:"):])
	case s != "" && s[0] == '"':
		return t.quoted(s)
	default:
		return quad.String(s), nil
	}
}

// iri checks an IRI and gives it the form of the store. Cayley prints known prefixes; so names that
// have one of ours mean the same as their full forms.
func (t *cayleyTerms) iri(s string) (quad.Value, *fault) {
	decoded, f := decodeIRI([]byte(s))
	if f != nil {
		return nil, f
	}
	full := string(decoded)
	switch {
	case absolute(decoded):
	case t.base == nil:
		f := notAbsolute(decoded)
		f.hint = "Cayley takes any name for an IRI, RDF does not; " + relativeTo
		return nil, f
	default:
		full = t.base.resolve(full)
	}
	if rest, ok := strings.CutPrefix(full, "geo:"); ok && rest != "" && strings.IndexByte("+-.0123456789", rest[0]) >= 0 {
		return quad.IRI(t.namespaces.Shorten(full)), nil // a place on earth by RFC 5870, not a name of ours
	}
	return quad.IRI(t.namespaces.Normal(full)), nil
}

func (t *cayleyTerms) blank(label string) (quad.Value, *fault) {
	b := []byte(label)
	if f := badUTF8(b); f != nil {
		return nil, f
	}
	if end := labelEnd(b, 0); end != len(b) || end == 0 {
		return nil, &fault{want: "the label of a blank node, like b1", found: quote([]byte(shown(label)), "")}
	}
	return quad.BNode(t.document + "_" + label), nil
}

// quoted reads what begins with a quote: a literal with a datatype or a language, or a string that
// somebody put in quotes. Text that only looks like one is itself a string.
func (t *cayleyTerms) quoted(s string) (quad.Value, *fault) {
	b := []byte(s)
	end, f := closingQuote(b, 1)
	if f != nil {
		return quad.String(s), nil
	}
	text, f := decodeString(b[1:end])
	if f != nil {
		return quad.String(s), nil
	}
	after := s[end+1:]
	switch {
	case after == "":
		return quad.String(text), nil
	case strings.HasPrefix(after, "^^<") && strings.HasSuffix(after, ">"):
		return t.typed(string(text), after[len("^^<"):len(after)-1])
	case after[0] == '@':
		if stop, ok := langEnd([]byte(after), 0); ok && stop == len(after) {
			return quad.LangString{Value: quad.String(text), Lang: after[1:]}, nil
		}
	}
	return quad.String(s), nil
}

// typed makes a literal with a datatype. Cayley prints the numbers, truth values and times that it
// compares by size with datatypes of xsd: (of schema: until version 0.7.7) and a spelling of its own;
// what has that spelling is the same node for Cayley, so nothing is lost by taking it for one.
func (t *cayleyTerms) typed(text, datatype string) (quad.Value, *fault) {
	if name, ok := strings.CutPrefix(datatype, "schema:"); ok {
		if native := cayleyNative(text, name); native != nil {
			return native, nil
		}
		datatype = "http://schema.org/" + name // Cayley's own meaning of the prefix
	}
	v, f := t.iri(datatype)
	if f != nil {
		return nil, f
	}
	iri, _ := v.(quad.IRI)
	if name, ok := strings.CutPrefix(string(iri), "xsd:"); ok {
		if native := cayleyNative(text, name); native != nil {
			return native, nil
		}
	}
	return graph.Native(quad.TypedString{Value: quad.String(text), Type: iri}), nil
}

// cayleyNative makes a number, a truth value or a time of a text that Cayley would print for it.
func cayleyNative(text, datatype string) quad.Value {
	var v quad.TypedStringer
	switch strings.ToLower(datatype[:min(len(datatype), 1)]) + datatype[min(len(datatype), 1):] {
	case "integer":
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			v = quad.Int(n)
		}
	case "double", "float", "number":
		if f, err := strconv.ParseFloat(text, 64); err == nil && datatype != "float" { // xsd:float is another type
			v = quad.Float(f)
		}
	case "boolean":
		v = quad.Bool(text == "True")
	case "dateTime":
		if at, err := time.Parse(time.RFC3339, text); err == nil && at.Nanosecond() == 0 {
			v = quad.Time(at.UTC())
		}
	}
	if v == nil || string(v.TypedString().Value) != text {
		return nil
	}
	value, _ := v.(quad.Value)
	return value
}

// FromCayley returns a sink for the quads of a store that somebody else filled with Cayley
// ([graph.ReadStore]). It gives them the form that all readers give them, refuses what RDF does not
// have, and hands them on. The name of the store keeps its blank nodes apart from those of others.
func FromCayley(name string, o Options, sink graph.Sink) (graph.Sink, error) {
	o, err := o.resolved(name)
	if err != nil {
		return nil, err
	}
	t, err := newCayleyTerms(o)
	if err != nil {
		return nil, err
	}
	return graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		for _, d := range quad.Directions {
			v := q.Get(d)
			if v == nil {
				continue
			}
			v, f := t.stored(v)
			if f == nil {
				f = misplaced(v, d)
			}
			if f != nil {
				return f.problem(at)
			}
			q.Set(d, v)
		}
		return sink.Add(q, at)
	}), nil
}

// stored makes a value of one that a store keeps.
func (t *cayleyTerms) stored(v quad.Value) (quad.Value, *fault) {
	switch v := v.(type) {
	case quad.IRI:
		return t.iri(string(v))
	case quad.BNode:
		return t.blank(string(v))
	case quad.TypedString:
		if f := badText(string(v.Value)); f != nil {
			return nil, f
		}
		return t.exactly(string(v.Value), string(v.Type))
	case quad.LangString:
		if f := badText(string(v.Value)); f != nil {
			return nil, f
		}
		return langString(string(v.Value), v.Lang)
	case quad.String:
		return v, badText(string(v))
	default:
		return v, nil
	}
}

// exactly makes a literal that keeps its text.
func (t *cayleyTerms) exactly(text, datatype string) (quad.Value, *fault) {
	v, f := t.iri(datatype)
	if f != nil {
		return nil, f
	}
	iri, _ := v.(quad.IRI)
	return graph.Native(quad.TypedString{Value: quad.String(text), Type: iri}), nil
}
