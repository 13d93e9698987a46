package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A description is openapi.json as it is served.
type description struct {
	t    *testing.T
	root map[string]any
}

func (d description) follow(schema map[string]any) map[string]any {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		at := any(d.root)
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			at = at.(map[string]any)[part]
		}
		schema, ok = at.(map[string]any)
		if !ok {
			d.t.Fatalf("%s leads nowhere", ref)
		}
	}
}

// fits says in what a value differs from a schema; "" when it does not. It knows the words of JSON
// Schema that the description uses, and fails on others.
func (d description) fits(schema map[string]any, v any, at string) string {
	schema = d.follow(schema)
	for word, want := range schema {
		switch word {
		case "description", "example", "default", "format", "summary", "minimum", "maximum", "maxLength":
		case "type":
			var types []string
			if one, ok := want.(string); ok {
				types = []string{one}
			} else {
				for _, one := range want.([]any) {
					types = append(types, one.(string))
				}
			}
			if !slices.ContainsFunc(types, func(name string) bool { return isType(name, v) }) {
				return fmt.Sprintf("%s: want %v, found %T", at, types, v)
			}
		case "const":
			if fmt.Sprint(want) != fmt.Sprint(v) {
				return fmt.Sprintf("%s: want %v, found %v", at, want, v)
			}
		case "enum":
			if !slices.ContainsFunc(want.([]any), func(one any) bool { return one == v }) {
				return fmt.Sprintf("%s: want one of %v, found %v", at, want, v)
			}
		case "required":
			object, ok := v.(map[string]any)
			for _, name := range want.([]any) {
				if _, has := object[name.(string)]; ok && !has {
					return fmt.Sprintf("%s: want a member %s, found none", at, name)
				}
			}
		case "properties":
			object, _ := v.(map[string]any)
			for name, of := range want.(map[string]any) {
				if member, has := object[name]; has {
					if why := d.fits(of.(map[string]any), member, at+"."+name); why != "" {
						return why
					}
				}
			}
		case "additionalProperties":
			of, ok := want.(map[string]any)
			object, _ := v.(map[string]any)
			for name, member := range object {
				if why := d.fits(of, member, at+"."+name); ok && why != "" {
					return why
				}
			}
		case "items":
			list, _ := v.([]any)
			for i, item := range list {
				if why := d.fits(want.(map[string]any), item, fmt.Sprintf("%s[%d]", at, i)); why != "" {
					return why
				}
			}
		case "allOf":
			for _, of := range want.([]any) {
				if why := d.fits(of.(map[string]any), v, at); why != "" {
					return why
				}
			}
		case "anyOf":
			if !slices.ContainsFunc(want.([]any), func(of any) bool { return d.fits(of.(map[string]any), v, at) == "" }) {
				return fmt.Sprintf("%s: fits none of the forms: %v", at, v)
			}
		default:
			d.t.Fatalf("%s: the test does not know the word %s", at, word)
		}
	}
	return ""
}

func isType(name string, v any) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && v == float64(int64(v))
	case []any:
		return name == "array"
	default:
		return name == "object"
	}
}
