package queries

import (
	"encoding/json"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// valueJSON is the JSON form of a value that is more than a word or a number.
type valueJSON struct {
	ID         string `json:"id,omitempty"`   // short IRI
	Name       string `json:"name,omitempty"` // for people
	Value      any    `json:"value,omitempty"`
	UpTo       any    `json:"up_to,omitempty"`
	Unit       string `json:"unit,omitempty"`
	Text       string `json:"text,omitempty"` // without the hedge
	Qualifier  string `json:"qualifier,omitempty"`
	ReportedAs string `json:"reported_as,omitempty"`
	Missing    string `json:"missing,omitempty"` // someValue, noValue, withheld
	Claim      string `json:"claim,omitempty"`
	Rule       string `json:"preferred_for,omitempty"`
	Inferred   bool   `json:"inferred,omitempty"`
	Unnamed    bool   `json:"unnamed,omitempty"`
}

// MarshalJSON writes a thing as {"id", "name"}, a quantity as {"value", "unit", "text", …} with the
// value in that unit (grams, pounds sterling), and everything else as the text, number or boolean it is.
func (v Value) MarshalJSON() ([]byte, error) {
	if _, thing := v.Term.(quad.IRI); v.Unit == "" && !thing && !v.Inferred {
		return json.Marshal(native(v.Term))
	}
	return json.Marshal(v.form())
}

// form is the value as an object.
func (v Value) form() valueJSON {
	j := valueJSON{Inferred: v.Inferred, Unnamed: v.Unnamed, Rule: v.Rule}
	iri, thing := v.Term.(quad.IRI)
	switch {
	case v.Unit != "":
		j.Unit, j.Text, j.ReportedAs, j.Claim = v.Unit, v.quantityText(), v.ReportedAs, shortID(v.Claim)
		j.Qualifier = strings.TrimPrefix(string(v.Qualifier), "kg:")
		if thing {
			j.Missing = strings.TrimPrefix(string(iri), "kg:")
		} else {
			j.Value = number(v.InUnit, v.Term)
		}
		if v.UpTo != nil {
			j.UpTo = number(v.UpToInUnit, v.UpTo)
		}
	case thing:
		j.ID, j.Name = string(iri), v.Plain()
	default:
		j.Value = native(v.Term)
	}
	return j
}

// number is an exact number as JSON; the term itself for a value that was not made by [Quantity].
func number(text string, term quad.Value) any {
	if text == "" {
		return native(term)
	}
	return json.Number(text)
}

// shortID is a claim's id as people write it: A-SEED-010.
func shortID(claim quad.IRI) string { return strings.TrimPrefix(string(claim), "kg:claim/") }

// native is a term as JSON says it: numbers and booleans as such, dates and texts as strings.
func native(t quad.Value) any {
	switch t := t.(type) {
	case nil:
		return nil
	case quad.Int:
		return int64(t)
	case quad.Bool:
		return bool(t)
	case quad.Float:
		return float64(t)
	case quad.String:
		return string(t)
	case quad.LangString:
		return string(t.Value)
	case quad.TypedString:
		return string(t.Value)
	case quad.IRI:
		return string(t)
	default:
		if l, ok := graph.Lexical(t); ok {
			return string(l.Value)
		}
		return quad.ToString(t)
	}
}
