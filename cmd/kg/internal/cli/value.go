package cli

import (
	"strconv"

	"github.com/cayleygraph/quad"

	"kg/queries"
)

// valueText is a value as one piece of text: for people, or its identifier.
func valueText(v queries.Value, ids bool) string {
	if iri, ok := v.Term.(quad.IRI); ok && ids && v.Unit == "" {
		return string(iri)
	}
	return v.Text()
}

// numberText is a quantity's number, plain and exact, in the unit of its predicate, so that a column
// of one predicate can be added up: always grams, always pounds sterling. It is empty where a
// document gives no number.
func numberText(v queries.Value) string { return v.InUnit }

// unitText names the unit of [numberText].
func unitText(v queries.Value) string {
	if _, ok := v.Term.(quad.Int); !ok {
		return ""
	}
	return v.Unit
}

// integerText is a count without the commas that people read it with.
func integerText(v queries.Value) string {
	if n, ok := v.Term.(quad.Int); ok {
		return strconv.FormatInt(int64(n), 10)
	}
	return v.Text()
}
