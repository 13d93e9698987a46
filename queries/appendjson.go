package queries

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// The answers of a busy server are mostly values in JSON. They are written as encoding/json would write
// them, byte by byte, but straight into the answer.

// hexDigits of an escape.
const hexDigits = "0123456789abcdef"

// AppendText writes a text in quotes, as json.Marshal does: with <, > and & escaped.
func AppendText(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
				i++
				continue
			}
			dst = append(dst, s[from:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\b':
				dst = append(dst, '\\', 'b')
			case '\f':
				dst = append(dst, '\\', 'f')
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			from = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[from:i]...), `\ufffd`...)
			from = i + size
		case r == '\u2028' || r == '\u2029': // line ends in JavaScript
			dst = append(append(dst, s[from:i]...), '\\', 'u', '2', '0', '2', hexDigits[r&15])
			from = i + size
		}
		i += size
	}
	return append(append(dst, s[from:]...), '"')
}

// appendNative writes a text, number or boolean; false for what takes encoding/json to write.
func appendNative(dst []byte, v any) ([]byte, bool) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), true
	case string:
		return AppendText(dst, v), true
	case int64:
		return strconv.AppendInt(dst, v, 10), true
	case bool:
		return strconv.AppendBool(dst, v), true
	case json.Number:
		return append(dst, v...), isDecimal(string(v))
	default:
		return dst, false
	}
}

// isDecimal says whether a number is one in JSON, without an exponent.
func isDecimal(s string) bool {
	whole, fraction, dotted := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return isDigits(whole) && (whole[0] != '0' || whole == "0") && (!dotted || isDigits(fraction))
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// appendJSON writes the value as [Value.MarshalJSON] does.
func (v Value) appendJSON(dst []byte) []byte {
	start := len(dst)
	iri, thing := v.Term.(quad.IRI)
	ok := true
	switch {
	case v.Unit == "" && !thing && !v.Inferred:
		dst, ok = appendNative(dst, native(v.Term))
	case v.Unit == "" && thing:
		o := objectWriter{text: append(dst, '{'), empty: true}
		o.member("id", string(iri))
		o.member("name", v.Plain())
		v.appendMarks(&o)
		dst = o.end()
	default:
		dst, ok = v.appendForm(dst)
	}
	if ok {
		return dst
	}
	return append(dst[:start], JSONText(v)...)
}

// appendForm writes a quantity, or a text that was inferred.
func (v Value) appendForm(dst []byte) (out []byte, ok bool) {
	j := v.form()
	o := objectWriter{text: append(dst, '{'), empty: true}
	for _, m := range []struct {
		name  string
		value any
	}{{"value", j.Value}, {"up_to", j.UpTo}} {
		if m.value == nil {
			continue
		}
		o.name(m.name)
		if o.text, ok = appendNative(o.text, m.value); !ok {
			return dst, false
		}
	}
	o.member("unit", j.Unit)
	o.member("text", j.Text)
	o.member("qualifier", j.Qualifier)
	o.member("reported_as", j.ReportedAs)
	o.member("missing", j.Missing)
	o.member("claim", j.Claim)
	v.appendMarks(&o)
	return o.end(), true
}

// appendMarks writes what any value may have, last.
func (v Value) appendMarks(o *objectWriter) {
	o.member("preferred_for", v.Rule)
	if v.Inferred {
		o.name("inferred")
		o.text = append(o.text, "true"...)
	}
	if v.Unnamed {
		o.name("unnamed")
		o.text = append(o.text, "true"...)
	}
}

// An objectWriter writes the members of an object, without those that are empty.
type objectWriter struct {
	text  []byte
	empty bool
}

func (o *objectWriter) end() []byte {
	o.text = append(o.text, '}')
	return o.text
}

func (o *objectWriter) name(name string) {
	if !o.empty {
		o.text = append(o.text, ',')
	}
	o.empty = false
	o.text = append(append(append(o.text, '"'), name...), '"', ':')
}

func (o *objectWriter) member(name, text string) {
	if text != "" {
		o.name(name)
		o.text = AppendText(o.text, text)
	}
}
