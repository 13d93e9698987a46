package loaders

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// value reads a cell as a value of predicate p. An entity is written path/slug; where the class is
// plain (within: locations), a bare slug will do if bare is set. Whether the entity is there is
// checked when all tables of entities have been read. The problem has no position.
func (c *curator) value(p *graph.Predicate, of *graph.Class, text string, bare bool, at graph.Position) (quad.Value, *graph.Problem) {
	switch p.Range {
	case graph.RangeEntity, graph.RangeAny:
		if class := bareClass(c.schema, p, of); bare && class != "" && !strings.Contains(text, "/") {
			text = class + "/" + text
		}
		iri, problem := c.reference(text)
		if problem == nil {
			problem = c.ofClass(iri, p.Classes, "as value of "+p.Name)
		}
		if problem != nil {
			return nil, problem
		}
		c.mustExist(iri, at)
		return iri, nil
	case graph.RangeConcept:
		lists := c.lists(p, of)
		if concept, ok := c.schema.ConceptNamed(text, lists...); ok {
			return concept.IRI, nil
		}
		return nil, &graph.Problem{Want: c.wanted(p, of), Found: foundCell(text), Hint: graph.DidYouMean(text, c.schema.Words(lists...))}
	case graph.RangeText, graph.RangeName:
		return quad.String(text), localPath(text)
	case graph.RangeDate:
		d, err := graph.ParseDate(text)
		return d.Value(), asProblem(err)
	case graph.RangeURL:
		return address(text)
	case graph.RangeInteger:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, &graph.Problem{Want: "a whole number", Found: foundCell(text)}
		}
		return quad.Int(n), nil
	case graph.RangeDecimal:
		if !plainDecimal.MatchString(text) {
			return nil, &graph.Problem{Want: "a decimal number like 51.27", Found: foundCell(text)}
		}
		return quad.TypedString{Value: quad.String(text), Type: "xsd:decimal"}, nil
	case graph.RangeBoolean:
		if text != "true" && text != "false" {
			return nil, &graph.Problem{Want: "true or false", Found: foundCell(text)}
		}
		return quad.Bool(text == "true"), nil
	}
	return nil, &graph.Problem{Want: "a predicate that a table can fill", Found: p.Name}
}

// lists names the lists of words for a predicate: of all kinds, those of the subject's class.
func (c *curator) lists(p *graph.Predicate, of *graph.Class) []string {
	if p.IRI == graph.Kind && of != nil {
		return []string{of.Path + "-kind"}
	}
	return p.Lists
}

// wanted describes the values of a predicate.
func (c *curator) wanted(p *graph.Predicate, of *graph.Class) string {
	switch {
	case p.Range != graph.RangeConcept:
		return oneOf(p.Classes) + " as value of " + p.Name
	case of != nil && p.IRI == graph.Kind:
		return "a kind of " + of.Label + ": " + strings.Join(c.schema.Words(c.lists(p, of)...), ", ")
	default:
		return "one of " + strings.Join(c.schema.Words(c.lists(p, of)...), ", ")
	}
}

// bareClass is the path that a bare slug stands for: that of the table's own class where the
// predicate stays within it (the next seizure of a series) or takes anything (the document that a
// document repeats), else that of the predicate's first.
func bareClass(schema *graph.Schema, p *graph.Predicate, of *graph.Class) string {
	if p.Range == graph.RangeAny && of != nil {
		return of.Path
	}
	for _, want := range p.Classes {
		if of != nil && len(p.Classes) == 1 && schema.IsA(of, want) {
			return of.Path
		}
	}
	if len(p.Classes) == 1 {
		return p.Classes[0].Path
	}
	return ""
}

// reference reads path/slug.
func (c *curator) reference(text string) (quad.IRI, *graph.Problem) {
	const want = "an entity like agency/nca"
	class, slug, ok := strings.Cut(text, "/")
	if !ok || class == "" {
		p := &graph.Problem{Want: want, Found: foundCell(text)}
		for _, k := range c.schema.Classes() {
			if _, there := c.entities[quad.IRI("kg:"+k.Path+"/"+graph.Slug(text))]; there {
				p.Hint = "did you mean " + k.Path + "/" + graph.Slug(text) + "?"
			}
		}
		return "", p
	}
	iri := quad.IRI("kg:" + text)
	if _, known := c.schema.ClassOf(iri); !known {
		var paths []string
		for _, k := range c.schema.Classes() {
			paths = append(paths, k.Path)
			if k.Path == class { // then it is the slug that is missing
				return "", &graph.Problem{Want: want, Found: foundCell(text)}
			}
		}
		return "", &graph.Problem{Want: "a class before the /: " + strings.Join(paths, ", "), Found: foundCell(class), Hint: graph.DidYouMean(class, paths)}
	}
	if p := checkSlug(slug); p != nil {
		if near := graph.Nearest(slug, c.slugs[class]); near != "" {
			p.Hint = "did you mean " + near + "?"
		}
		return "", p
	}
	return iri, nil
}

// ofClass checks that an entity belongs to one of the classes; none stands for any.
func (c *curator) ofClass(iri quad.IRI, classes []*graph.Class, role string) *graph.Problem {
	class, _ := c.schema.ClassOf(iri)
	if len(classes) == 0 || slices.ContainsFunc(classes, func(want *graph.Class) bool { return c.schema.IsA(class, want) }) {
		return nil
	}
	return &graph.Problem{Want: oneOf(classes) + " " + role, Found: written(iri)}
}

// oneOf names classes: "an agency, company or agent".
func oneOf(classes []*graph.Class) string {
	if len(classes) == 0 {
		return "an entity"
	}
	names := classes[0].Label
	for i, c := range classes[1:] {
		if i == len(classes)-2 {
			names += " or " + c.Label
		} else {
			names += ", " + c.Label
		}
	}
	return article(names)
}

// mustExist reports an entity that no table defines, once all of them have been read. Where rows of
// its table could not be read it says nothing: their own problems come first.
func (c *curator) mustExist(iri quad.IRI, at graph.Position) {
	c.later = append(c.later, func() *graph.Problem {
		if _, ok := c.entities[iri]; ok {
			return nil
		}
		class, ok := c.schema.ClassOf(iri)
		if !ok || c.unread[class.Path] {
			return nil
		}
		_, slug, _ := strings.Cut(string(iri), "/")
		p := &graph.Problem{At: at, Want: article(class.Label) + " of the tables", Found: written(iri)}
		if near := graph.Nearest(slug, c.slugs[class.Path]); near != "" {
			p.Hint = "did you mean " + class.Path + "/" + near + "?"
		} else {
			p.Hint = "add it to " + tableOf(class)
		}
		return p
	})
}

func tableOf(class *graph.Class) string {
	for _, t := range entityTables() {
		if t.class == class.Name {
			return t.file
		}
	}
	return "a table"
}

func checkSlug(slug string) *graph.Problem {
	if slug != "" && graph.Slug(slug) == slug {
		return nil
	}
	p := &graph.Problem{Want: "a slug like sky-ecc: lower-case ASCII letters and digits joined by -", Found: foundCell(slug)}
	if s := graph.Slug(slug); s != "" {
		p.Hint = "did you mean " + s + "?"
	}
	return p
}

var plainDecimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// checkDegrees keeps coordinates on the globe; the most likely mistake is latitude for longitude.
func (c *curator) checkDegrees(p *graph.Predicate, text string) *graph.Problem {
	limit := map[string]float64{"geo:lat": 90, "geo:long": 180}[p.Name]
	if n, err := strconv.ParseFloat(text, 64); limit == 0 || err == nil && n >= -limit && n <= limit {
		return nil
	}
	return &graph.Problem{Want: fmt.Sprintf("degrees from -%g to %g", limit, limit), Found: text}
}

func address(text string) (quad.Value, *graph.Problem) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(text, " <>\"{}|\\^`\n\t") {
		return nil, &graph.Problem{Want: "an address like https://example.org/page", Found: foundCell(text)}
	}
	return quad.IRI(graph.DefaultNamespaces().Shorten(text)), nil
}

// localPlace is a path on someone's own machine.
var localPlace = regexp.MustCompile(`(^|[\s("'=])(~?/[A-Za-z0-9._-]+|[A-Za-z]:\\|\\\\[A-Za-z0-9])|file:/`)

// localPath refuses texts that mention a path on someone's machine: no reader can open it.
func localPath(text string) *graph.Problem {
	if found := localPlace.FindString(text); found != "" {
		return &graph.Problem{Want: "words that every reader can follow", Found: fmt.Sprintf("a local path: %q", strings.Trim(found, " \t\n(\"'=")), Hint: "name the document instead"}
	}
	return nil
}

// backwards checks two dates, either of which may be missing or bad.
func backwards(from, until string) *graph.Problem {
	a, _ := graph.ParseDate(from)
	b, _ := graph.ParseDate(until)
	if (graph.Span{From: a, Until: b}).Backwards() {
		return &graph.Problem{Want: "a day that is not before " + from, Found: until}
	}
	return nil
}

// foundCell quotes a cell for a message.
func foundCell(text string) string {
	if text == "" {
		return "an empty cell"
	}
	return strconv.Quote(shown(text))
}

// asProblem takes the problem out of an error that is one.
func asProblem(err error) *graph.Problem {
	var p *graph.Problem
	errors.As(err, &p)
	return p
}

// written is an entity as tables write it.
func written(iri quad.IRI) string { return strings.TrimPrefix(string(iri), "kg:") }

// article puts a or an before a noun.
func article(noun string) string {
	if noun != "" && strings.IndexByte("aeiou", noun[0]) >= 0 {
		return "an " + noun
	}
	return "a " + noun
}
