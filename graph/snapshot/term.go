package snapshot

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/cayleygraph/quad"
)

// A kind is the first byte of an encoded term, and so the first thing that terms are sorted by.
type kind byte

const (
	kindIRI    kind = 1 + iota // the IRI
	kindBlank                  // the label
	kindString                 // the text
	kindLang                   // length of the language, language, text
	kindTyped                  // length of the datatype, datatype, text
	kindInt                    // 8 bytes, big endian, sign bit flipped
	kindFloat                  // 8 bytes, big endian, order of the bits turned into order of the numbers
	kindBool                   // 0 or 1
	kindTime                   // seconds like an Int, then 4 bytes of nanoseconds
	kindEnd
)

// errTerm says that bytes are no encoded term.
var errTerm = errors.New("not a term")

// AppendIRI appends the encoded form of an IRI: what [Shard.Add] takes.
func AppendIRI[T ~string | ~[]byte](dst []byte, iri T) []byte {
	return append(append(dst, byte(kindIRI)), iri...)
}

// AppendBlank appends the encoded form of a blank node.
func AppendBlank[T ~string | ~[]byte](dst []byte, label T) []byte {
	return append(append(dst, byte(kindBlank)), label...)
}

// AppendString appends the encoded form of a plain string.
func AppendString[T ~string | ~[]byte](dst []byte, text T) []byte {
	return append(append(dst, byte(kindString)), text...)
}

// AppendLangString appends the encoded form of a string in a language.
func AppendLangString(dst, text, language []byte) []byte {
	dst = binary.AppendUvarint(append(dst, byte(kindLang)), uint64(len(language)))
	return append(append(dst, language...), text...)
}

// AppendTypedString appends the encoded form of a literal of a datatype that Cayley has no type of its own
// for.
func AppendTypedString(dst, text, datatype []byte) []byte {
	dst = binary.AppendUvarint(append(dst, byte(kindTyped)), uint64(len(datatype)))
	return append(append(dst, datatype...), text...)
}

// AppendInt appends the encoded form of an integer.
func AppendInt(dst []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, byte(kindInt)), sortable(n))
}

// AppendValue appends the encoded form of a value of Cayley. Encoded terms compare, byte by byte, in
// the order of their values. Values of a kind that Cayley does not define are refused.
func AppendValue(dst []byte, v quad.Value) ([]byte, error) {
	switch v := v.(type) {
	case quad.IRI:
		return AppendIRI(dst, string(v)), nil
	case quad.BNode:
		return AppendBlank(dst, string(v)), nil
	case quad.String:
		return AppendString(dst, string(v)), nil
	case quad.LangString:
		return appendPair(append(dst, byte(kindLang)), v.Lang, string(v.Value)), nil
	case quad.TypedString:
		return appendPair(append(dst, byte(kindTyped)), string(v.Type), string(v.Value)), nil
	case quad.Int:
		return AppendInt(dst, int64(v)), nil
	case quad.Float:
		return binary.BigEndian.AppendUint64(append(dst, byte(kindFloat)), sortableFloat(float64(v))), nil
	case quad.Bool:
		if v {
			return append(dst, byte(kindBool), 1), nil
		}
		return append(dst, byte(kindBool), 0), nil
	case quad.Time:
		at := time.Time(v)
		dst = binary.BigEndian.AppendUint64(append(dst, byte(kindTime)), sortable(at.Unix()))
		return binary.BigEndian.AppendUint32(dst, uint32(at.Nanosecond())), nil
	case nil:
		return dst, fmt.Errorf("%w: no value", errTerm)
	default:
		return dst, fmt.Errorf("%w: a value of type %T, which Cayley does not define", errTerm, v)
	}
}

func appendPair(dst []byte, first, second string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(first)))
	return append(append(dst, first...), second...)
}

// sortable turns a number into one whose unsigned order is the order of the signed numbers.
func sortable(n int64) uint64 { return uint64(n) ^ 1<<63 }

// sortableFloat does so for floating-point numbers: -Inf first, -0 before 0, NaN, of which there is
// one, last.
func sortableFloat(f float64) uint64 {
	if math.IsNaN(f) {
		return math.MaxUint64
	}
	b := math.Float64bits(f)
	if b>>63 == 1 {
		return ^b
	}
	return b | 1<<63
}

func floatOf(b uint64) float64 {
	switch {
	case b == math.MaxUint64:
		return math.NaN()
	case b>>63 == 1:
		return math.Float64frombits(b &^ (1 << 63))
	default:
		return math.Float64frombits(^b)
	}
}

func negativeZero() quad.Float { return quad.Float(math.Copysign(0, -1)) }

func notANumber() quad.Float { return quad.Float(math.NaN()) }

// decodeTerm reads an encoded term.
func decodeTerm(term []byte) (quad.Value, error) {
	if len(term) == 0 {
		return nil, errTerm
	}
	rest := term[1:]
	switch kind(term[0]) {
	case kindIRI:
		return quad.IRI(rest), nil
	case kindBlank:
		return quad.BNode(rest), nil
	case kindString:
		return quad.String(rest), nil
	case kindLang, kindTyped:
		first, second, err := splitPair(rest)
		if err != nil {
			return nil, err
		}
		if kind(term[0]) == kindLang {
			return quad.LangString{Value: quad.String(second), Lang: string(first)}, nil
		}
		return quad.TypedString{Value: quad.String(second), Type: quad.IRI(first)}, nil
	case kindInt:
		if len(rest) == 8 {
			return quad.Int(binary.BigEndian.Uint64(rest) ^ 1<<63), nil
		}
	case kindFloat:
		if len(rest) == 8 {
			return quad.Float(floatOf(binary.BigEndian.Uint64(rest))), nil
		}
	case kindBool:
		if len(rest) == 1 && rest[0] <= 1 {
			return quad.Bool(rest[0] == 1), nil
		}
	case kindTime:
		if len(rest) == 12 {
			seconds := int64(binary.BigEndian.Uint64(rest) ^ 1<<63)
			nanos := binary.BigEndian.Uint32(rest[8:])
			if nanos < 1e9 {
				return quad.Time(time.Unix(seconds, int64(nanos)).UTC()), nil
			}
		}
	case kindEnd:
	}
	return nil, errTerm
}

func splitPair(rest []byte) (first, second []byte, err error) {
	n, size := binary.Uvarint(rest)
	if size <= 0 || n > uint64(len(rest)-size) {
		return nil, nil, errTerm
	}
	return rest[size : size+int(n)], rest[size+int(n):], nil
}

// checkTerm says whether bytes are the encoded form of some term: decoding and encoding give them back.
func checkTerm(term []byte) error {
	if len(term) == 0 {
		return errTerm
	}
	right, rest := false, term[1:]
	switch kind(term[0]) {
	case kindIRI, kindBlank, kindString:
		right = true
	case kindLang, kindTyped:
		n, size := binary.Uvarint(rest)
		right = size > 0 && n <= uint64(len(rest)-size) && (size == 1 || rest[size-1] != 0) // the length is written in one way
	case kindInt:
		right = len(rest) == 8
	case kindFloat:
		right = len(rest) == 8 && sortableFloat(floatOf(binary.BigEndian.Uint64(rest))) == binary.BigEndian.Uint64(rest)
	case kindBool:
		right = len(rest) == 1 && rest[0] <= 1
	case kindTime:
		right = len(rest) == 12 && binary.BigEndian.Uint32(rest[8:]) < 1e9
	case kindEnd:
	}
	if !right {
		return errTerm
	}
	return nil
}
