package loaders

import (
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// aboutRow is the subject of the row at hand, which its cells share.
type aboutRow struct {
	row      int
	template *uriTemplate
	iri      quad.IRI
}

func (c *tableReading) subject(record tableRecord, values [][]string, i int) (quad.Value, *graph.Problem) {
	about := c.columns[i].aboutURL
	if about == nil {
		return quad.BNode(c.blanks + strconv.Itoa(c.row)), nil
	}
	if c.about.row == c.row && c.about.template == about {
		return c.about.iri, nil
	}
	iri, filled, p := c.expand(about, record, values, i)
	if p == nil && filled && !about.ofColumn {
		c.about = aboutRow{c.row, about, iri}
	}
	if p == nil && !filled {
		names := strings.Join(about.variables(), ", ")
		p = &graph.Problem{Want: "a value in " + names + ", by which aboutUrl tells rows apart", Found: "none"}
		if j, ok := c.index[about.variables()[0]]; ok {
			p.At = c.position(record, j)
		}
	}
	return iri, p
}

func (c *tableReading) predicate(record tableRecord, values [][]string, i int) (quad.Value, *graph.Problem) {
	column := c.columns[i]
	if known, ok := c.fixed[column.propertyURL][column.name]; ok {
		return known, nil
	}
	if column.propertyURL != nil {
		iri, filled, p := c.expand(column.propertyURL, record, values, i)
		if vs := column.propertyURL.variables(); p == nil && (len(vs) == 0 || len(vs) == 1 && vs[0] == "_name") {
			if c.fixed[column.propertyURL] == nil {
				c.fixed[column.propertyURL] = map[string]quad.IRI{}
			}
			c.fixed[column.propertyURL][column.name] = iri
		}
		if p == nil && !filled {
			p = &graph.Problem{Want: "a value in " + strings.Join(column.propertyURL.variables(), ", ") + ", which propertyUrl names", Found: "none"}
		}
		return iri, p
	}
	if c.base == (baseIRI{}) {
		return nil, &graph.Problem{
			At: column.at, Want: "a propertyUrl for the column " + quote([]byte(shown(column.name)), ""), Found: "none, and no base",
			Hint: `give the column a propertyUrl, or the context a "@base"`,
		}
	}
	return shortIRI(c.loader.options.Namespaces, c.base.resolve("#"+column.name)), nil
}

// expand fills in a template and makes an IRI of the result. Filled is false where the template names
// columns and all of them are empty in this row: what then comes out would be the same for all such rows.
func (c *tableReading) expand(t *uriTemplate, record tableRecord, values [][]string, i int) (iri quad.IRI, filled bool, p *graph.Problem) {
	asked := false
	text := t.expand(func(name string) binding {
		asked = true
		b := c.variable(name, record, values, i)
		filled = filled || len(b.values) > 0
		return b
	})
	if !asked {
		filled = true
	}
	if prefix, rest, ok := strings.Cut(text, ":"); ok && c.prefixes[prefix] != "" && !strings.HasPrefix(rest, "//") {
		text = c.prefixes[prefix] + rest
	}
	if !absolute([]byte(text)) {
		if c.base == (baseIRI{}) {
			return "", filled, &graph.Problem{
				At: c.columns[i].templateAt, Want: "an absolute IRI from a URI template", Found: quote([]byte(shown(text)), ""),
				Hint: `begin it with https://…, or give the context a "@base"`,
			}
		}
		text = c.base.resolve(text)
	}
	return shortIRI(c.loader.options.Namespaces, text), filled, nil
}

// variable is what a name in a template stands for.
func (c *tableReading) variable(name string, record tableRecord, values [][]string, i int) binding {
	var number int
	switch name {
	case "_name":
		if decoded := c.columns[i].name; strings.Contains(decoded, "%") {
			return binding{values: []string{percentDecoded(decoded)}}
		}
		return binding{values: []string{c.columns[i].name}}
	case "_row":
		number = c.row
	case "_sourceRow":
		number = record.number
	case "_column":
		number = i + 1
	case "_sourceColumn":
		number = i + 1 + c.table.dialect.skipCols
	default:
		j := c.index[name]
		return binding{list: c.columns[j].separator != "", values: values[j]}
	}
	return binding{values: []string{strconv.Itoa(number)}}
}

// percentDecoded takes the percent-encoding out of a name that encodeName made.
func percentDecoded(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// csvwPrefixes are the prefixes of the recommendation's context. They hold in templates only.
func csvwPrefixes() map[string]string {
	return map[string]string{
		"as": "https://www.w3.org/ns/activitystreams#", "cc": "http://creativecommons.org/ns#", "csvw": "http://www.w3.org/ns/csvw#",
		"ctag": "http://commontag.org/ns#", "dc": "http://purl.org/dc/terms/", "dc11": "http://purl.org/dc/elements/1.1/",
		"dcat": "http://www.w3.org/ns/dcat#", "dcterms": "http://purl.org/dc/terms/", "dctypes": "http://purl.org/dc/dcmitype/",
		"foaf": "http://xmlns.com/foaf/0.1/", "gr": "http://purl.org/goodrelations/v1#", "grddl": "http://www.w3.org/2003/g/data-view#",
		"ical": "http://www.w3.org/2002/12/cal/icaltzd#", "ma": "http://www.w3.org/ns/ma-ont#", "oa": "http://www.w3.org/ns/oa#",
		"og": "http://ogp.me/ns#", "org": "http://www.w3.org/ns/org#", "owl": "http://www.w3.org/2002/07/owl#",
		"prov": "http://www.w3.org/ns/prov#", "qb": "http://purl.org/linked-data/cube#", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
		"rdfa": "http://www.w3.org/ns/rdfa#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "rev": "http://purl.org/stuff/rev#",
		"rif": "http://www.w3.org/2007/rif#", "rr": "http://www.w3.org/ns/r2rml#", "schema": "http://schema.org/",
		"sd": "http://www.w3.org/ns/sparql-service-description#", "sioc": "http://rdfs.org/sioc/ns#", "skos": "http://www.w3.org/2004/02/skos/core#",
		"skosxl": "http://www.w3.org/2008/05/skos-xl#", "v": "http://rdf.data-vocabulary.org/#", "vcard": "http://www.w3.org/2006/vcard/ns#",
		"void": "http://rdfs.org/ns/void#", "wdr": "http://www.w3.org/2007/05/powder#", "wrds": "http://www.w3.org/2007/05/powder-s#",
		"xhv": "http://www.w3.org/1999/xhtml/vocab#", "xml": "http://www.w3.org/XML/1998/namespace", "xsd": "http://www.w3.org/2001/XMLSchema#",
	}
}
