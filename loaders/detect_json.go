package loaders

import (
	"bytes"
	"encoding/json"
)

// firstMembers looks at how some JSON begins and returns the members of its first object, or of the
// first one in an array: each name with the first byte of its value ('0' for a number). The text may
// be cut off anywhere.
func firstMembers(head []byte) map[string]byte {
	in := json.NewDecoder(bytes.NewReader(head))
	in.UseNumber()
	token, err := in.Token()
	if err == nil && token == json.Delim('[') {
		token, err = in.Token()
	}
	if err != nil || token != json.Delim('{') {
		return nil
	}
	members := map[string]byte{}
	for {
		token, err := in.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return members
		}
		value, err := in.Token()
		if err != nil {
			members[name] = 0 // cut off
			return members
		}
		members[name] = kindOf(value)
		if value == json.Delim('{') || value == json.Delim('[') {
			for depth := 1; depth > 0; {
				inner, err := in.Token()
				if err != nil {
					return members
				}
				switch inner {
				case json.Delim('{'), json.Delim('['):
					depth++
				case json.Delim('}'), json.Delim(']'):
					depth--
				}
			}
		}
	}
}

func kindOf(token json.Token) byte {
	switch t := token.(type) {
	case json.Delim:
		return byte(t)
	case string:
		return '"'
	case json.Number:
		return '0'
	case bool:
		return 't'
	default:
		return 'n'
	}
}
