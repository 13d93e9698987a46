package gizmo

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/cayleygraph/quad"
)

// jsonValue writes a value without losing its type: {"iri": "kg:agency/nca"}, {"string": "NCA"},
// {"string": "Bob", "lang": "en"}, {"string": "2020", "type": "xsd:gYear"}, {"bnode": "x"},
// {"int": "42"}, {"float": "40.5"}, {"bool": true}, {"time": "2020-07-02T10:00:00Z"}. Numbers are
// strings, because readers of JSON round large ones.
type jsonValue struct {
	IRI    *string `json:"iri,omitempty"`
	BNode  *string `json:"bnode,omitempty"`
	String *string `json:"string,omitempty"`
	Bytes  []byte  `json:"bytes,omitempty"` // a text that is not UTF-8
	Lang   string  `json:"lang,omitempty"`
	Type   *string `json:"type,omitempty"`
	Int    *string `json:"int,omitempty"`
	Float  *string `json:"float,omitempty"`
	Bool   *bool   `json:"bool,omitempty"`
	Time   *string `json:"time,omitempty"`
}

type jsonTag struct {
	Name  string     `json:"name"`
	Value *jsonValue `json:"value"`
}

type jsonRow struct {
	Value   *jsonValue   `json:"value,omitempty"`
	Tags    []jsonTag    `json:"tags,omitempty"`
	Claims  []*jsonValue `json:"claims,omitempty"`
	Emitted any          `json:"emitted,omitempty"`
	Emits   bool         `json:"emits,omitempty"`
}

// MarshalJSON writes a row so that UnmarshalJSON reads the same row: what one process finds, another
// can have line by line.
func (r Row) MarshalJSON() ([]byte, error) {
	j := jsonRow{}
	var err error
	if j.Value, err = toJSON(r.Value); err != nil {
		return nil, err
	}
	for _, t := range r.Tags {
		v, err := toJSON(t.Value)
		if err != nil {
			return nil, err
		}
		j.Tags = append(j.Tags, jsonTag{t.Name, v})
	}
	for _, c := range r.Claims {
		v, err := toJSON(c)
		if err != nil {
			return nil, err
		}
		j.Claims = append(j.Claims, v)
	}
	if r.Emitted != nil {
		j.Emits = true
		if j.Emitted, err = emittedToJSON(r.Emitted); err != nil {
			return nil, err
		}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Row) UnmarshalJSON(b []byte) error {
	var j jsonRow
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*r = Row{}
	var err error
	if r.Value, err = fromJSON(j.Value); err != nil {
		return err
	}
	for _, t := range j.Tags {
		v, err := fromJSON(t.Value)
		if err != nil {
			return err
		}
		r.Tags = append(r.Tags, Tag{t.Name, v})
	}
	for _, c := range j.Claims {
		v, err := fromJSON(c)
		if err != nil {
			return err
		}
		r.Claims = append(r.Claims, v)
	}
	if j.Emits {
		r.Emitted, err = emittedFromJSON(j.Emitted)
	}
	return err
}

func toJSON(v quad.Value) (*jsonValue, error) {
	text := func(s string) *string { return &s }
	switch v := v.(type) {
	case nil:
		return nil, nil
	case quad.IRI:
		return &jsonValue{IRI: text(string(v))}, nil
	case quad.BNode:
		return &jsonValue{BNode: text(string(v))}, nil
	case quad.String:
		return literal(string(v)), nil
	case quad.LangString:
		j := literal(string(v.Value))
		j.Lang = v.Lang
		return j, nil
	case quad.TypedString:
		j := literal(string(v.Value))
		j.Type = text(string(v.Type))
		return j, nil
	case quad.Int:
		return &jsonValue{Int: text(strconv.FormatInt(int64(v), 10))}, nil
	case quad.Float:
		return &jsonValue{Float: text(strconv.FormatFloat(float64(v), 'g', -1, 64))}, nil
	case quad.Bool:
		b := bool(v)
		return &jsonValue{Bool: &b}, nil
	case quad.Time:
		return &jsonValue{Time: text(time.Time(v).Format(time.RFC3339Nano))}, nil
	default:
		return nil, fmt.Errorf("a value of kind %T cannot be written as JSON", v)
	}
}

// literal keeps bytes that JSON's strings cannot hold.
func literal(s string) *jsonValue {
	for _, r := range s {
		if r == '\uFFFD' {
			return &jsonValue{Bytes: []byte(s)}
		}
	}
	return &jsonValue{String: &s}
}

func fromJSON(j *jsonValue) (quad.Value, error) {
	if j == nil {
		return nil, nil
	}
	text := quad.String(j.Bytes)
	if j.String != nil {
		text = quad.String(*j.String)
	}
	switch {
	case j.IRI != nil:
		return quad.IRI(*j.IRI), nil
	case j.BNode != nil:
		return quad.BNode(*j.BNode), nil
	case j.Lang != "":
		return quad.LangString{Value: text, Lang: j.Lang}, nil
	case j.Type != nil:
		return quad.TypedString{Value: text, Type: quad.IRI(*j.Type)}, nil
	case j.Int != nil:
		n, err := strconv.ParseInt(*j.Int, 10, 64)
		return quad.Int(n), err
	case j.Float != nil:
		f, err := strconv.ParseFloat(*j.Float, 64)
		return quad.Float(f), err
	case j.Bool != nil:
		return quad.Bool(*j.Bool), nil
	case j.Time != nil:
		t, err := time.Parse(time.RFC3339Nano, *j.Time)
		return quad.Time(t), err
	default:
		return text, nil
	}
}

// Emitted data keeps its shape; a value in it becomes {"$": value}, and so does an object that has
// the key $ itself, so that none is taken for the other. Integers become {"$int": "42"}.
func emittedToJSON(x any) (any, error) {
	switch x := x.(type) {
	case nil, bool, string:
		return x, nil
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("%v cannot be written as JSON", x)
		}
		return x, nil
	case int64:
		return map[string]any{"$int": strconv.FormatInt(x, 10)}, nil
	case quad.Value:
		v, err := toJSON(x)
		return map[string]any{"$": v}, err
	case []any:
		out := make([]any, len(x))
		for i := range x {
			v, err := emittedToJSON(x[i])
			if err != nil {
				return nil, err
			}
			out[i] = v
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(x))
		for k := range x {
			v, err := emittedToJSON(x[k])
			if err != nil {
				return nil, err
			}
			if k != "" && k[0] == '$' {
				k = "$" + k
			}
			out[k] = v
		}
		return out, nil
	default:
		return nil, fmt.Errorf("data of kind %T cannot be written as JSON", x)
	}
}

func emittedFromJSON(x any) (any, error) {
	switch x := x.(type) {
	case []any:
		for i := range x {
			v, err := emittedFromJSON(x[i])
			if err != nil {
				return nil, err
			}
			x[i] = v
		}
		return x, nil
	case map[string]any:
		if n, ok := x["$int"].(string); ok {
			return strconv.ParseInt(n, 10, 64)
		}
		if v, ok := x["$"]; ok {
			b, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			var j jsonValue
			if err := json.Unmarshal(b, &j); err != nil {
				return nil, err
			}
			return fromJSON(&j)
		}
		out := make(map[string]any, len(x))
		for k := range x {
			v, err := emittedFromJSON(x[k])
			if err != nil {
				return nil, err
			}
			if len(k) > 1 && k[:2] == "$$" {
				k = k[1:]
			}
			out[k] = v
		}
		return out, nil
	default:
		return x, nil
	}
}
