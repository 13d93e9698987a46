package loaders

import (
	"bytes"
	"strings"
	"time"

	"kg/graph"
)

const (
	rdfPrefix = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	rdfType   = rdfPrefix + "type"
	xsdPrefix = "http://www.w3.org/2001/XMLSchema#"
)

// wantTerm tells what stands at b[i] instead of the term that was wanted, and guesses what was meant.
func wantTerm(b []byte, i int, want string) *fault {
	if i < len(b) && b[i] >= 0x80 {
		if f := badUTF8(b[i:]); f != nil && f.at == 0 {
			return f.in(i)
		}
	}
	return &fault{at: i, want: want, found: excerpt(b, i), hint: guess(b, i)}
}

// guess tells how N-Quads writes what people write from habit of Turtle or of programming.
func guess(b []byte, i int) string {
	if i >= len(b) {
		return ""
	}
	word := b[i:]
	if end := bytes.IndexAny(word, " \t"); end >= 0 {
		word = word[:end]
	}
	switch c := b[i]; {
	case bytes.HasPrefix(word, byteOrderMark):
		return hintBOM
	case c == '"':
		return "only an object can be a string"
	case c == '_':
		return "only subjects, objects and graphs can be blank nodes"
	case c == '\'':
		return `strings are written in double quotes: "…"`
	case c == ':' && i > 0 && b[i-1] != ' ' && b[i-1] != '\t':
		return "the label of a blank node holds letters, digits, _, - and inner points"
	case c == '@', strings.EqualFold(string(word), "prefix"), strings.EqualFold(string(word), "base"):
		return "this is Turtle or TriG: name it .ttl or .trig, or name the format"
	case strings.IndexByte("[](){};,", c) >= 0:
		return "abbreviations are Turtle or TriG: here each statement stands whole on its own line"
	case string(word) == "a":
		return "did you mean <" + rdfType + ">?"
	case string(word) == "true", string(word) == "false":
		return `did you mean "` + string(word) + `"^^<` + xsdPrefix + `boolean>?`
	case classes[c]&digit != 0, c == '-' || c == '+':
		return guessNumber(word)
	case bytes.Contains(word, []byte("://")):
		return "did you mean <" + shown(strings.TrimSuffix(string(word), ".")) + ">?"
	case classes[c]&alpha != 0:
		return guessPrefixed(word)
	default:
		return ""
	}
}

func guessNumber(word []byte) string {
	digits := bytes.TrimLeft(bytes.TrimSuffix(word, []byte(".")), "+-")
	if len(digits) == 0 || len(digits) > excerptLength {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, string(digits)); err == nil {
		return `did you mean "` + string(digits) + `"^^<` + xsdPrefix + `date>?`
	}
	kind := "integer"
	for _, c := range digits {
		switch {
		case classes[c]&digit != 0:
		case c == '.' && kind == "integer":
			kind = "decimal"
		case c == 'e' || c == 'E':
			kind = "double"
		case kind == "double" && (c == '-' || c == '+'):
		default:
			return ""
		}
	}
	return `did you mean "` + strings.TrimSuffix(string(word), ".") + `"^^<` + xsdPrefix + kind + `>?`
}

func guessPrefixed(word []byte) string {
	prefix, local, ok := strings.Cut(strings.TrimSuffix(string(word), "."), ":")
	if !ok || local == "" || len(word) > 4*excerptLength {
		return ""
	}
	for _, p := range graph.DefaultNamespaces().Prefixes() {
		if p.Name == prefix {
			return "did you mean <" + p.Namespace + local + ">?"
		}
	}
	return "prefixed names are Turtle: here IRIs are written in full, in < >"
}

// wantEnd tells what stands where the statement should end.
func wantEnd(b []byte, i int, graphs, labelled bool) *fault {
	want := ". at the end of the statement"
	if graphs && !labelled {
		want = ". at the end of the statement, or a graph"
	}
	f := wantTerm(b, i, want)
	if i >= len(b) {
		return f
	}
	switch c := b[i]; {
	case c == '"' && bytes.HasSuffix(b[:i], []byte(`""`)):
		f.hint = `strings in """ are Turtle: here a line break inside a string is written \n`
	case bytes.HasSuffix(b[:i], []byte(`"`)) && classes[c]&alphanumeric != 0:
		f.hint = `a quote inside a string is written \"`
	case !graphs && (c == '<' || c == '_'):
		f.hint = "a fourth term is N-Quads: name the file .nq, or name the format"
	case labelled && (c == '<' || c == '_' || c == '"'):
		f.hint = "a statement has at most four terms"
	case c == '"' && graphs:
		f.hint = "a graph is an IRI or a blank node"
	case c == '"':
		f.hint = "a statement has three terms"
	case c == '^' || c == '@':
		f.hint = "a language or a datatype follows its string without a space, and there is one of them"
	case c == '#':
		f.found = "a comment"
	}
	return f
}

func wantLineEnd(b []byte, i int) *fault {
	f := wantTerm(b, i, "the end of the line after the statement")
	switch {
	case b[i] == '<' || b[i] == '_':
		f.hint = "put the next statement on its own line"
	case b[i] == '.':
		f.hint = "one . is enough"
	default:
		f.hint = "a comment begins with #"
	}
	return f
}
