package loaders

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func inheritedNames() []string {
	return []string{"aboutUrl", "datatype", "default", "lang", "null", "ordered", "propertyUrl", "required", "separator", "textDirection", "valueUrl"}
}

// inherit reads what the object says itself; all else is as it was around it.
func (r *metadataReader) inherit(n *node, from inherited) inherited {
	in := from
	for _, template := range []struct {
		name string
		into **uriTemplate
	}{{"aboutUrl", &in.aboutURL}, {"propertyUrl", &in.propertyURL}, {"valueUrl", &in.valueURL}} {
		if t := n.get(template.name); t != nil {
			in.templateAt = t.at
			*template.into = r.template(t)
		}
	}
	if d := n.get("datatype"); d != nil {
		in.datatype = r.datatype(d)
	}
	in.defaultText = r.text(n, "default", from.defaultText)
	if in.lang = r.text(n, "lang", from.lang); in.lang != from.lang {
		if end, ok := langEnd([]byte("@"+in.lang), 0); !ok || end != len(in.lang)+1 {
			r.fail(n.get("lang"), "a language like en-GB", "")
		}
	}
	if null := n.get("null"); null != nil {
		in.null = r.titles(null)
	}
	in.ordered = r.truth(n, "ordered", from.ordered)
	in.required = r.truth(n, "required", from.required)
	if s := n.get("separator"); s != nil && s.kind == 'n' {
		in.separator = ""
	} else {
		in.separator = r.text(n, "separator", from.separator)
	}
	if d := n.get("textDirection"); d != nil && !slices.Contains([]string{"ltr", "rtl", "auto", "inherit"}, d.text) {
		r.fail(d, "ltr, rtl, auto or inherit", "")
	}
	return in
}

func (r *metadataReader) text(n *node, name, otherwise string) string {
	v := n.get(name)
	switch {
	case v == nil:
		return otherwise
	case v.kind != '"':
		r.fail(v, "a text as "+name, "")
		return otherwise
	default:
		return v.text
	}
}

func (r *metadataReader) truth(n *node, name string, otherwise bool) bool {
	v := n.get(name)
	switch {
	case v == nil:
		return otherwise
	case v.kind != 't':
		r.fail(v, "true or false as "+name, "")
		return otherwise
	default:
		return v.truth
	}
}

func (r *metadataReader) count(n *node, name string) int {
	v := n.get(name)
	if v == nil {
		return -1
	}
	i, err := strconv.Atoi(v.number.String())
	if v.kind != '0' || err != nil || i < 0 {
		r.fail(v, "a whole number from 0 as "+name, "")
		return -1
	}
	return i
}

func (r *metadataReader) template(n *node) *uriTemplate {
	if n.kind != '"' {
		r.fail(n, "a URI template", "")
		return nil
	}
	t, f := parseTemplate(n.text)
	if f != nil {
		r.problems = append(r.problems, &graph.Problem{At: n.at, Want: f.want, Found: f.found})
		return nil
	}
	if strings.HasPrefix(n.text, "kg:") {
		r.fail(n, "a full address in a URI template", "metadata do not know the prefix kg:; write "+graph.DefaultBase+n.text[len("kg:"):])
	}
	return t
}

// base finds a built-in datatype.
func (r *metadataReader) base(name string) baseType {
	i := slices.IndexFunc(r.types, func(b baseType) bool { return b.name == name })
	if i < 0 {
		return baseType{}
	}
	return r.types[i]
}

func (r *metadataReader) named(n *node) baseType {
	b := r.base(n.text)
	if n.kind != '"' || b.name == "" {
		var names []string
		for _, t := range r.types {
			names = append(names, t.name)
		}
		hint := graph.DidYouMean(n.text, names)
		if hint == "" {
			hint = "the usual ones are string, integer, decimal, date, boolean, anyURI"
		}
		r.fail(n, "a datatype of CSV on the Web", hint)
		return r.base("string")
	}
	return b
}

func datatypeNames() []string {
	return []string{"base", "format", "length", "minLength", "maxLength", "minimum", "maximum", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive"}
}

// datatype reads the name of a datatype, or an object that narrows one.
func (r *metadataReader) datatype(n *node) *datatype {
	if n.kind != '{' {
		return newDatatype(r.named(n))
	}
	r.known(n, "datatype", "Datatype", datatypeNames())
	base := r.base("string")
	if b := n.get("base"); b != nil {
		base = r.named(b)
	}
	d := newDatatype(base)
	if id := n.get("@id"); id != nil {
		if id.kind != '"' || !absolute([]byte(id.text)) || strings.ContainsAny(id.text, " <>\"{}|\\^`") {
			r.fail(id, "an absolute IRI as @id of a datatype", "")
		} else {
			d.id = quad.IRI(id.text)
		}
	}
	if f := n.get("format"); f != nil {
		r.format(d, f)
	}
	r.lengths(d, n)
	r.bounds(d, n)
	return d
}

func (r *metadataReader) lengths(d *datatype, n *node) {
	d.length, d.minLength, d.maxLength = r.count(n, "length"), r.count(n, "minLength"), r.count(n, "maxLength")
	if (d.length >= 0 || d.minLength >= 0 || d.maxLength >= 0) && (d.numeric() || d.kind == kindBoolean || d.kind == kindMoment) {
		r.fail(n, "no length for the datatype "+d.name, "bounds are minimum and maximum")
	}
	if d.maxLength >= 0 && d.minLength > d.maxLength || d.length >= 0 && (d.minLength > d.length || d.maxLength >= 0 && d.maxLength < d.length) {
		r.fail(n, "lengths that some value can have", "")
	}
}

func (r *metadataReader) bounds(d *datatype, n *node) {
	for _, b := range []struct {
		name      string
		text      *string
		exclusive *bool
		strict    bool
	}{
		{"minimum", &d.low, &d.lowOut, false},
		{"minInclusive", &d.low, &d.lowOut, false},
		{"minExclusive", &d.low, &d.lowOut, true},
		{"maximum", &d.high, &d.highOut, false},
		{"maxInclusive", &d.high, &d.highOut, false},
		{"maxExclusive", &d.high, &d.highOut, true},
	} {
		v := n.get(b.name)
		if v == nil {
			continue
		}
		text := v.text
		if v.kind == '0' {
			text = v.number.String()
		}
		if *b.text != "" && *b.text != text {
			r.fail(v, "one lower and one upper bound", "")
			continue
		}
		*b.text, *b.exclusive = text, b.strict
		if !r.bound(d, text, b.text == &d.low) {
			*b.text = ""
			r.fail(v, "a bound that is a value of the datatype "+d.name, "numbers and dates have bounds")
		}
	}
	if d.low == "" || d.high == "" {
		return
	}
	if d.kind == kindMoment && d.lowDate.compare(d.highDay) > 0 || d.numeric() && d.lowRat.Cmp(d.highRat) > 0 {
		r.fail(n, "a minimum that is not above the maximum", "")
	}
}

// bound reads one bound and says whether it is of the datatype.
func (r *metadataReader) bound(d *datatype, text string, low bool) bool {
	plain := *d
	plain.number, plain.pattern, plain.expression = nil, nil, nil
	plain.low, plain.high, plain.length, plain.minLength, plain.maxLength = "", "", -1, -1, -1
	if _, want := plain.literal(text); want != "" {
		return false
	}
	switch {
	case d.kind == kindMoment:
		m, ok := parseXSDMoment(text)
		if low {
			d.lowDate = m
		} else {
			d.highDay = m
		}
		return ok
	case d.numeric():
		n := exact(text)
		if n == nil {
			f, err := strconv.ParseFloat(text, 64)
			if n = new(big.Rat).SetFloat64(f); err != nil {
				n = nil
			}
		}
		if low {
			d.lowRat = n
		} else {
			d.highRat = n
		}
		return n != nil
	default:
		return false
	}
}

// format reads what a datatype says of how its values are written.
func (r *metadataReader) format(d *datatype, n *node) {
	if n.kind == '{' && d.numeric() {
		r.known(n, "number format", "", []string{"decimalChar", "groupChar", "pattern"})
		f, wrong := parseNumberFormat(r.text(n, "pattern", ""), r.text(n, "decimalChar", ""), r.text(n, "groupChar", ""))
		if d.number = f; wrong != "" {
			r.problems = append(r.problems, &graph.Problem{At: n.at, Want: "a number format", Found: wrong})
		}
		d.format = r.text(n, "pattern", "")
		return
	}
	if n.kind != '"' {
		r.fail(n, "a text as format", "numbers may have an object with pattern, decimalChar and groupChar")
		return
	}
	d.format = n.text
	switch {
	case d.numeric():
		f, wrong := parseNumberFormat(n.text, "", "")
		if d.number = f; wrong != "" {
			r.fail(n, "a number pattern like #,##0.00", wrong)
		}
	case d.kind == kindBoolean:
		yes, no, ok := strings.Cut(n.text, "|")
		if !ok || yes == "" || no == "" || yes == no || strings.Contains(no, "|") {
			r.fail(n, `the words for true and false as format, like "yes|no"`, "")
		}
		d.yes, d.no = yes, no
	case d.kind == kindMoment:
		p, wrong := parseDatePattern(n.text)
		if d.pattern = p; wrong != "" {
			r.fail(n, "a date pattern of yyyy MM dd HH mm ss S XXX", "not supported: "+wrong)
		} else if d.date != p.has("yMd") || d.clock != p.has("Hm") || !d.date && (p.has("y") || p.has("M") || p.has("d")) {
			r.fail(n, "a pattern that has all of a "+d.name, "")
		}
	default:
		e, err := regexp.Compile("^(?:" + n.text + ")$")
		if d.expression = e; err != nil {
			r.fail(n, "a regular expression that RE2 knows (no look-ahead, no back references)", "")
		}
	}
}
