package loaders

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A Source is the document under which foreign facts are put. Only ID is required.
type Source struct {
	ID        string // a slug: "ofac-sdn-2026-11"
	Title     string // ID where it is empty
	Publisher string
	Published string // a day, month or year: 2026-11-01, 2026-11, 2026
	URL       string
}

// sourcePosition stands where a file does in problems with the source itself.
const sourcePosition = "--source"

// UnderSource returns a sink that puts facts under a document before it hands them on:
//
//   - a quad without a label becomes a claim that was read in the document: its label is
//     kg:claim/ID-HASH, in which the hash is that of the fact. So the same fact gives the same claim
//     in every load, and a fact that stands twice is one claim;
//   - a quad without a label about a claim joins the facts about claims (kg:graph/provenance);
//   - a quad with a label keeps it, and whatever provenance it has of its own.
//
// The document itself (kg:source/ID) is handed on first. A fact that the sink refuses leaves no claim.
func UnderSource(s Source, sink graph.Sink) (graph.Sink, error) {
	quads, err := s.quads()
	if err != nil {
		return nil, err
	}
	for _, q := range quads {
		if err := sink.Add(q, graph.Position{File: sourcePosition}); err != nil {
			return nil, err
		}
	}
	iri := s.iri()
	return graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		if q.Label != nil {
			return sink.Add(q, at)
		}
		if subject, ok := q.Subject.(quad.IRI); ok && graph.IsClaim(subject) {
			q.Label = graph.Provenance
			return sink.Add(q, at)
		}
		claim := quad.IRI("kg:claim/" + s.ID + "-" + fingerprint(q))
		q.Label = claim
		if err := sink.Add(q, at); err != nil {
			return err
		}
		return sink.Add(quad.Quad{Subject: claim, Predicate: graph.ReadIn, Object: iri, Label: graph.Provenance}, at)
	}), nil
}

// Check says what is wrong with the description of a source.
func (s Source) Check() error {
	_, err := s.quads()
	return err
}

func (s Source) iri() quad.IRI { return quad.IRI("kg:source/" + s.ID) }

// quads describes the document.
func (s Source) quads() ([]quad.Quad, error) {
	at := graph.Position{File: sourcePosition}
	if s.ID == "" || graph.Slug(s.ID) != s.ID {
		p := &graph.Problem{At: at, Want: "an id of lower-case letters, digits and -, like ofac-sdn-2026", Found: fmt.Sprintf("%q", s.ID)}
		if slug := graph.Slug(s.ID); slug != "" {
			p.Hint = "did you mean " + slug + "?"
		}
		return nil, p
	}
	title := strings.TrimSpace(s.Title)
	if title == "" {
		title = s.ID
	}
	var quads []quad.Quad
	add := func(p quad.IRI, v quad.Value) {
		quads = append(quads, quad.Quad{Subject: s.iri(), Predicate: p, Object: v, Label: graph.Gazetteer})
	}
	add(graph.Type, quad.IRI("kg:Source"))
	add(graph.Name, quad.String(title))
	if publisher := strings.TrimSpace(s.Publisher); publisher != "" {
		add("dcterms:publisher", quad.String(publisher))
	}
	if s.Published != "" {
		date, err := graph.ParseDate(s.Published)
		if err != nil {
			return nil, &graph.Problem{At: graph.Position{File: "--published"}, Want: "a day, month or year like 2026-11-01, 2026-11 or 2026", Found: fmt.Sprintf("%q", s.Published), Err: err}
		}
		add(graph.Issued, date.Value())
	}
	if s.URL != "" {
		if f := plainIRI(s.URL); f != nil {
			return nil, &graph.Problem{At: graph.Position{File: "--url"}, Want: "an absolute address like https://example.org/page", Found: fmt.Sprintf("%q", s.URL)}
		}
		add("schema:url", quad.IRI(s.URL))
	}
	return quads, nil
}

// fingerprint sums up a fact: its terms in the form of the store, and so whatever kg: stands for.
func fingerprint(q quad.Quad) string {
	h := sha256.New()
	for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object} {
		if typed, ok := graph.Lexical(v); ok {
			v = typed
		}
		fmt.Fprintf(h, "%s\n", quad.StringOf(v)) // which holds no line break: they are escaped
	}
	return hex.EncodeToString(h.Sum(nil)[:10])
}
