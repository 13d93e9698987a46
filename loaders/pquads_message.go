package loaders

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// A protoField is one field of a protobuf message.
type protoField struct {
	number int
	varint uint64 // the value of a number
	bytes  []byte // that of a string or a message
}

// Wire types of protobuf.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

// fields walks over the fields of a message, those of newer versions included.
func (p *pquadsReader) fields(b []byte, do func(protoField) *fault) *fault {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 || key>>3 == 0 || key>>3 > math.MaxInt32 {
			return p.damaged("the number of a field")
		}
		b = b[n:]
		f := protoField{number: int(key >> 3)}
		var size uint64
		switch key & 7 {
		case wireVarint:
			if f.varint, n = binary.Uvarint(b); n <= 0 {
				return p.damaged("a number")
			}
			size = uint64(n)
		case wireFixed64:
			if len(b) < 8 {
				return p.damaged("8 bytes")
			}
			f.varint, size = binary.LittleEndian.Uint64(b), 8
		case wireFixed32:
			size = 4
		case wireBytes:
			length, n := binary.Uvarint(b)
			if n <= 0 || length > uint64(len(b)-n) {
				return p.damaged("as many bytes as a field says it has")
			}
			f.bytes, size = b[n:n+int(length)], uint64(n)+length
		default:
			return p.damaged("a kind of field that is known")
		}
		if size > uint64(len(b)) {
			return p.damaged("the rest of a field")
		}
		b = b[size:]
		if fault := do(f); fault != nil {
			return fault
		}
	}
	return nil
}

func (p *pquadsReader) damaged(want string) *fault {
	return &fault{want: want, found: fmt.Sprintf("something else in the quad that ends at byte %d", p.offset), hint: "is the file damaged?"}
}

// quad reads a message. What is wrong with a term is bad; a fault is one after which nothing can be
// read any more.
func (p *pquadsReader) quad(message []byte) (q quad.Quad, bad, f *fault) {
	p.last[3] = pquadsTerm{} // a label is never left out
	f = p.fields(message, func(field protoField) *fault {
		if field.number > len(quad.Directions) {
			return nil
		}
		d := quad.Directions[field.number-1]
		var term pquadsTerm
		var f *fault
		if p.strict && d != quad.Object {
			term, f = p.reference(field.bytes)
		} else {
			term, f = p.value(field.bytes)
		}
		if f == nil && term.fault == nil && term.value != nil {
			term.fault = misplaced(term.value, d)
		}
		p.last[field.number-1] = term
		return f
	})
	if f != nil {
		return q, nil, f
	}
	for i, d := range quad.Directions {
		term := p.last[i]
		switch {
		case term.fault != nil:
			return q, term.fault, nil
		case term.value == nil && d != quad.Label:
			return q, &fault{want: "a quad with " + article(d.String()), found: fmt.Sprintf("one without, which ends at byte %d", p.offset)}, nil
		case term.value != nil:
			q.Set(d, term.value)
		}
	}
	return q, nil, nil
}

func (p *pquadsReader) reference(b []byte) (term pquadsTerm, f *fault) {
	f = p.fields(b, func(field protoField) *fault {
		switch field.number {
		case 2:
			term.value, term.fault = p.terms.blank(string(field.bytes))
		case 3:
			term.value, term.fault = p.terms.iri(string(field.bytes))
		}
		return nil
	})
	return term, f
}

// value reads a term of any kind. The numbers are those of Cayley's definition of the format.
func (p *pquadsReader) value(b []byte) (term pquadsTerm, f *fault) {
	f = p.fields(b, func(field protoField) *fault {
		term = pquadsTerm{}
		text := string(field.bytes)
		switch field.number {
		case 1: // raw
			if term.fault = badText(text); term.fault == nil {
				term.value, term.fault = p.terms.term(text)
			}
		case 2:
			term.value, term.fault = quad.String(text), badText(text)
		case 3:
			term.value, term.fault = p.terms.iri(text)
		case 4:
			term.value, term.fault = p.terms.blank(text)
		case 5:
			text, datatype, f := p.pair(field.bytes)
			if f != nil {
				return f
			}
			if term.fault = badText(text); term.fault == nil {
				term.value, term.fault = p.terms.exactly(text, datatype)
			}
		case 6:
			text, lang, f := p.pair(field.bytes)
			if f != nil {
				return f
			}
			if term.fault = badText(text); term.fault == nil {
				term.value, term.fault = langString(text, lang)
			}
		case 7:
			term.value = quad.Int(int64(field.varint))
		case 8:
			term.value = quad.Float(math.Float64frombits(field.varint))
		case 9:
			term.value = quad.Bool(field.varint != 0)
		case 10:
			at, f := p.time(field.bytes)
			if f != nil {
				return f
			}
			term.value = at
		}
		return nil
	})
	return term, f
}

func langString(text, lang string) (quad.Value, *fault) {
	if end, ok := langEnd([]byte("@"+lang), 0); !ok || end != len(lang)+1 {
		return nil, &fault{want: "a language tag like en or nl-BE", found: quote([]byte(shown(lang)), "")}
	}
	return quad.LangString{Value: quad.String(text), Lang: lang}, nil
}

// pair reads a message of two strings.
func (p *pquadsReader) pair(b []byte) (first, second string, f *fault) {
	f = p.fields(b, func(field protoField) *fault {
		switch field.number {
		case 1:
			first = string(field.bytes)
		case 2:
			second = string(field.bytes)
		}
		return nil
	})
	return first, second, f
}

func (p *pquadsReader) time(b []byte) (quad.Value, *fault) {
	var seconds int64
	var nanos int32
	f := p.fields(b, func(field protoField) *fault {
		switch field.number {
		case 1:
			seconds = int64(field.varint)
		case 2:
			nanos = int32(field.varint)
		}
		return nil
	})
	at := time.Unix(seconds, int64(nanos)).UTC()
	if f == nil && (at.Year() < 1 || at.Year() > 9999) {
		f = p.damaged("a time of the years 1 to 9999")
	}
	return quad.Time(at), f
}

func badText(s string) *fault {
	if utf8.ValidString(s) {
		return nil
	}
	return badUTF8([]byte(s))
}
