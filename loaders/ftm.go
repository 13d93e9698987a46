package loaders

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Where the terms of FollowTheMoney are in RDF. The first is the namespace of its own exports; the
// second is ours, as identifiers there are names within a data set only.
const (
	ftmNamespace = "https://schema.followthemoney.tech/#"
	ftmEntities  = "urn:ftm:"
)

// ftm is JSON Lines of FollowTheMoney as OpenSanctions and OpenAleph write them: an entity a line, or
// a statement a line.
func ftm() Format {
	return Format{
		Name:       "ftm",
		Extensions: []string{".ftm", ".ijson"},
		MediaType:  "application/json+ftm",
		Load:       loadFTM,
		claims: func(head []byte) bool {
			m := firstMembers(head)
			_, property := m["prop"]
			_, entity := m["entity_id"]
			return m["schema"] == '"' && m["id"] != 0 || property && entity
		},
	}
}

func loadFTM(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error {
	o, err := o.resolved(name)
	if err != nil {
		return err
	}
	f := &ftmReader{namespaces: o.Namespaces, kinds: ftmKinds(), names: map[string]quad.IRI{}}
	return loadJSONLines(ctx, r, name, o, sink, f.line)
}

// An ftmReader makes quads of entities and statements.
type ftmReader struct {
	namespaces graph.Namespaces
	kinds      map[string]ftmKind
	names      map[string]quad.IRI // of what stands behind the namespace; bounded by the model
}

// line reads one line: a statement, if it names a property, else an entity.
func (f *ftmReader) line(r *jsonRecord) error {
	if r.root.kind != '{' {
		return r.fail(&fault{at: r.root.at, want: "an entity: an object with id, schema and properties", found: r.root.describe(), hint: "one entity stands on one line"})
	}
	if r.root.member("prop") != nil {
		return f.statement(r)
	}
	_, err := f.entity(r, &r.root)
	return err
}

// entity reads an entity and those nested in it. It returns its IRI, nil if it has none.
func (f *ftmReader) entity(r *jsonRecord, n *jsonNode) (quad.Value, error) {
	id, fault := ftmText(n, "id")
	if fault != nil {
		return nil, r.fail(fault)
	}
	schema, fault := ftmText(n, "schema")
	if fault != nil {
		return nil, r.fail(fault)
	}
	if fault := ftmName(schema.text, schema.at, "a schema like Person or Company"); fault != nil {
		return nil, r.fail(fault)
	}
	iri := f.id(id.text)
	err := r.add(quad.Quad{Subject: iri, Predicate: graph.Type, Object: f.term(schema.text)}, schema.at)
	named := false
	for i := 0; i < len(n.members) && err == nil; i++ {
		m := &n.members[i]
		switch {
		case m.name == "id", m.name == "schema", m.value.kind == 'n':
		case m.name == "properties":
			err = f.properties(r, iri, schema.text, &m.value)
		case m.name == "caption" && m.value.kind == '"' && strings.TrimSpace(m.value.text) != "":
			named = true
			err = r.add(quad.Quad{Subject: iri, Predicate: graph.Name, Object: quad.String(m.value.text)}, m.value.at)
		default:
			err = f.about(r, iri, m)
		}
	}
	if err == nil && !named {
		if first := ftmFirstName(n); first != nil {
			err = r.add(quad.Quad{Subject: iri, Predicate: graph.Name, Object: quad.String(first.text)}, first.at)
		}
	}
	return iri, err
}

// ftmText finds a member that has to be there and hold text.
func ftmText(n *jsonNode, name string) (*jsonNode, *fault) {
	m := n.member(name)
	switch {
	case m == nil:
		f := &fault{at: n.at, want: "an entity with " + article(name), found: "one without"}
		var names []string
		for _, m := range n.members {
			names = append(names, m.name)
		}
		if near := graph.Nearest(name, names); near != "" {
			f.hint = "is " + quote([]byte(shown(near)), "") + " a slip of the pen?"
		}
		return nil, f
	case m.kind != '"' || m.text == "":
		return nil, &fault{at: m.at, want: "the " + name + " as text", found: m.describe()}
	}
	return m, nil
}

// ftmName refuses what is no name of a schema or a property.
func ftmName(s string, at int, want string) *fault {
	for i := range len(s) {
		if c := classes[s[i]]; c&alpha == 0 && (i == 0 || c&labelChar == 0) {
			return &fault{at: at, want: want, found: quote([]byte(shown(s)), "")}
		}
	}
	if s == "" {
		return &fault{at: at, want: want, found: "an empty name"}
	}
	return nil
}

// ftmFirstName is the first name of an entity without a caption.
func ftmFirstName(n *jsonNode) *jsonNode {
	properties := n.member("properties")
	if properties == nil {
		return nil
	}
	names := properties.member("name")
	if names == nil {
		return nil
	}
	for i := range names.items {
		if first := &names.items[i]; first.kind == '"' && strings.TrimSpace(first.text) != "" {
			return first
		}
	}
	return nil
}

// properties reads what is said of an entity: for each property a list of values.
func (f *ftmReader) properties(r *jsonRecord, subject quad.Value, schema string, n *jsonNode) error {
	if n.kind != '{' {
		return r.fail(&fault{at: n.at, want: "the properties as an object", found: n.describe()})
	}
	for i := range n.members {
		m := &n.members[i]
		if fault := ftmName(m.name, m.at, "the name of a property"); fault != nil {
			if err := r.fail(fault); err != nil {
				return err
			}
			continue
		}
		values := m.value.items
		switch m.value.kind {
		case '[':
		case '"', '{': // a single value, as some programs write it
			values = []jsonNode{m.value}
		case 'n':
		default:
			if err := r.fail(&fault{at: m.value.at, want: "a list of values of " + m.name, found: m.value.describe()}); err != nil {
				return err
			}
			continue
		}
		for j := range values {
			if err := f.property(r, subject, schema, m.name, &values[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *ftmReader) property(r *jsonRecord, subject quad.Value, schema, name string, v *jsonNode) error {
	q := quad.Quad{Subject: subject, Predicate: f.term(name)}
	switch v.kind {
	case '"':
		q.Object = f.value(schema, name, v.text)
	case '{':
		nested, err := f.entity(r, v)
		if err != nil || nested == nil {
			return err
		}
		q.Object = nested
	case 't', 'f':
		q.Object = quad.Bool(v.kind == 't')
	case '0':
		q.Object = jsonNumber(v.text)
	default:
		return r.fail(&fault{at: v.at, want: "a value of " + name + " as text, or a nested entity", found: v.describe()})
	}
	return r.add(q, v.at)
}

// about reads what is said of an entity outside of its properties: data sets, dates, and whatever
// else a program adds. The others it was merged from are the same as it.
func (f *ftmReader) about(r *jsonRecord, subject quad.Value, m *jsonMember) error {
	if fault := ftmName(m.name, m.at, "the name of a member"); fault != nil {
		return r.fail(fault)
	}
	values := []jsonNode{m.value}
	if m.value.kind == '[' {
		values = m.value.items
	}
	for i := range values {
		v := &values[i]
		q := quad.Quad{Subject: subject, Predicate: f.term(m.name)}
		switch {
		case v.kind == '"' && m.name == "referents":
			q.Predicate, q.Object = quad.IRI("owl:sameAs"), f.id(v.text)
			if q.Object == subject {
				continue
			}
		case v.kind == '"' && ftmDated(m.name):
			q.Object = dated(v.text)
		case v.kind == '"':
			q.Object = quad.String(v.text)
		case v.kind == 't', v.kind == 'f':
			q.Object = quad.Bool(v.kind == 't')
		case v.kind == '0':
			q.Object = jsonNumber(v.text)
		case v.kind == 'n':
			continue
		default:
			f := &fault{at: v.at, want: "text, a number or true or false in " + m.name, found: v.describe()}
			f.hint = fmt.Sprintf("facts stand in properties; what else a program adds can be left out: jq -c 'del(.%s)'", shown(m.name))
			if err := r.fail(f); err != nil {
				return err
			}
			continue
		}
		if err := r.add(q, v.at); err != nil {
			return err
		}
	}
	return nil
}

// statement reads one value of one property with the data set that says so, which becomes the label.
// The pseudo-property id says that an entity is there and has a schema.
func (f *ftmReader) statement(r *jsonRecord) error {
	var parts [3]*jsonNode
	for i, name := range []string{"entity_id", "prop", "schema"} {
		part, fault := ftmText(&r.root, name)
		if i == 0 && r.root.member("canonical_id") != nil && r.root.member("canonical_id").kind == '"' {
			part, fault = ftmText(&r.root, "canonical_id")
		}
		if fault != nil {
			fault.want = strings.Replace(fault.want, "an entity with", "a statement with", 1)
			return r.fail(fault)
		}
		parts[i] = part
	}
	id, prop, schema := parts[0], parts[1], parts[2]
	value := r.root.member("value")
	if value == nil || value.kind != '"' {
		return r.fail(&fault{at: r.root.at, want: "a statement with a value as text", found: "one without"})
	}
	for _, part := range []*jsonNode{prop, schema} {
		if fault := ftmName(part.text, part.at, "a name of FollowTheMoney"); fault != nil {
			return r.fail(fault)
		}
	}
	q := quad.Quad{Subject: f.id(id.text)}
	if set := r.root.member("dataset"); set != nil && set.kind == '"' && set.text != "" {
		q.Label = quad.IRI(f.namespaces.Shorten(ftmEntities + "dataset:" + escapeSegment(set.text)))
	}
	switch {
	case prop.text == "id":
		q.Predicate, q.Object = graph.Type, f.term(schema.text)
	default:
		q.Predicate, q.Object = f.term(prop.text), f.value(schema.text, prop.text, value.text)
		if lang := r.root.member("lang"); lang != nil && lang.kind == '"' {
			if s, ok := q.Object.(quad.String); ok {
				tagged, fault := langString(string(s), lang.text)
				if fault != nil {
					fault.at = lang.at
					return r.fail(fault)
				}
				q.Object = tagged
			}
		}
	}
	return r.add(q, r.root.at)
}

// term is the IRI of a schema or a property.
func (f *ftmReader) term(name string) quad.IRI {
	iri, ok := f.names[name]
	if !ok {
		iri = quad.IRI(f.namespaces.Shorten(ftmNamespace + name))
		if len(f.names) < internSlots && len(name) <= internLength {
			f.names[name] = iri
		}
	}
	return iri
}

// id is the IRI of an entity. No two identifiers have the same.
func (f *ftmReader) id(id string) quad.IRI {
	return quad.IRI(f.namespaces.Shorten(ftmEntities + escapeSegment(id)))
}

// escapeSegment writes what IRIs do not have, or have a use for, as percent signs and bytes.
func escapeSegment(s string) string {
	plain := func(c byte) bool { return classes[c]&labelChar != 0 || c == '.' || c == '~' }
	i := 0
	for i < len(s) && plain(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	out := append(make([]byte, 0, len(s)+16), s[:i]...)
	for ; i < len(s); i++ {
		if plain(s[i]) {
			out = append(out, s[i])
		} else {
			out = fmt.Appendf(out, "%%%02X", s[i])
		}
	}
	return string(out)
}
