package answers

import (
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// WalkedPredicate finds a predicate of the schema, or one that only the graph has, by its IRI.
func (r *Reader) WalkedPredicate(word string) (quad.IRI, error) {
	p, err := r.PredicateNamed(word)
	if err == nil {
		return p.IRI, nil
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(word, "<"), ">")
	if iri := quad.IRI(r.Store.Namespaces().Normal(inner)); strings.Contains(inner, ":") && r.Store.Has(iri) {
		return iri, nil
	}
	return "", err
}

// ClassNamed finds a class by its name, path or plural.
func (r *Reader) ClassNamed(word string) (*graph.Class, error) {
	for _, c := range r.Schema.Classes() {
		for _, name := range []string{c.Name, c.Path, c.Label, c.Plural, string(c.IRI)} {
			if strings.EqualFold(name, word) {
				return c, nil
			}
		}
	}
	return nil, &graph.Problem{Want: "a class (" + strings.Join(ClassWords(r.Schema), ", ") + ")", Found: fmt.Sprintf("%q", word), Hint: graph.DidYouMean(word, ClassWords(r.Schema))}
}

// ClassWords lists the classes as people give them: agency, platform.
func ClassWords(schema *graph.Schema) []string {
	var words []string
	for _, c := range schema.Classes() {
		words = append(words, c.Path)
	}
	return words
}
