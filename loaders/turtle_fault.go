package loaders

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"kg/graph"
)

const hintDirective = "directives are written @prefix ex: <https://…/> . and @base <https://…/> ."

// toQuote reads on until what stands at buf[at] can be quoted, and returns where it stands then.
func (p *parser) toQuote(at int) int {
	at -= p.keep
	long := p.long
	p.have(4 * excerptLength) // at the end of the input there may be less
	p.long = long
	return p.keep + at
}

// fail keeps what is wrong at buf[at] and returns false. Without a hint, it guesses one.
func (p *parser) fail(at int, want, hint string) bool {
	at = p.toQuote(at)
	f := &fault{at: at, want: want, hint: hint}
	switch {
	case strings.HasSuffix(want, "that begins here"), at >= p.end:
		f.found = "the end of the input"
	default:
		if r, size := runeAt(p.buf[:p.end], at); r == utf8.RuneError && size <= 1 {
			return p.failWith(notUTF8(p.buf, at))
		}
		f.found = excerpt(p.buf[:p.end], at)
		if hint == "" {
			f.hint = p.guess(at, want)
		}
	}
	return p.failWith(f)
}

// failWith keeps a fault whose place counts from the beginning of buf.
func (p *parser) failWith(f *fault) bool {
	if p.long {
		return p.tooLong()
	}
	if f.found == "" {
		f.at = p.toQuote(f.at)
		f.found = excerpt(p.buf[:p.end], f.at)
	}
	if p.fault == nil {
		p.fault = f.problem(p.place(f.at))
	}
	return false
}

func (p *parser) tooLong() bool {
	if p.fault == nil {
		want := fmt.Sprintf("a term or a comment of at most %d bytes", p.limit)
		p.fault = &graph.Problem{At: p.place(p.keep), Want: want, Found: "a longer one"}
	}
	return false
}

// unknownPrefix tells what to declare, or what was meant.
func (p *parser) unknownPrefix(prefix string, at int) *fault {
	at = p.toQuote(at)
	f := &fault{at: at, want: "a name whose prefix is declared", found: excerpt(p.buf[:p.end], at)}
	switch prefix {
	case "http", "https", "urn", "mailto", "ftp", "file":
		f.want, f.hint = "an IRI in < > or a name with a prefix", "did you mean <"+p.word(at, " \t\r\n,;")+">?"
		return f
	}
	if strings.HasPrefix(prefix, "\uFEFF") {
		f.hint = hintBOM
		return f
	}
	for _, known := range graph.DefaultNamespaces().Prefixes() {
		if known.Name == prefix {
			f.hint = "declare it: @prefix " + prefix + ": <" + known.Namespace + "> ."
			return f
		}
	}
	if near := graph.Nearest(prefix, slices.Sorted(maps.Keys(p.prefixes))); near != "" {
		f.hint = "did you mean " + near + ":?"
	} else {
		f.hint = "declare it: @prefix " + shown(prefix) + ": <https://…/> ."
	}
	return f
}

// word is what stands at buf[at], up to one of the given characters.
func (p *parser) word(at int, ends string) string {
	b := p.buf[at:min(p.end, at+2*excerptLength)]
	if end := bytes.IndexAny(b, ends); end >= 0 {
		b = b[:end]
	}
	return string(bytes.ToValidUTF8(b, nil))
}

// guess tells what to do about something unexpected.
func (p *parser) guess(at int, want string) string {
	b := p.buf[at:p.end]
	word := p.word(at, " \t\r\n.;,])}")
	before := p.before
	if at > 0 {
		before = p.buf[at-1]
	}
	after := strings.Contains(want, "after the object")
	predicate := strings.HasPrefix(want, "a predicate")
	switch c := b[0]; {
	case strings.HasPrefix(string(b), "\uFEFF"):
		return hintBOM
	case strings.EqualFold(word, "true"), strings.EqualFold(word, "false"):
		return "did you mean " + strings.ToLower(word) + "?"
	case after && (before == '"' || before == '\'') && classes[c]&alphanumeric != 0:
		return `a quote inside a string is written \"`
	case after && classes[before]&digit != 0, before == '.' && classes[c]&digit != 0:
		return `what is no number stands in quotes: "2021-03-09"^^xsd:date`
	case strings.IndexByte("/?&*+~$-", c) >= 0 && (classes[before]&labelChar != 0 || before == ':') && (predicate || after):
		return "in a name, " + string(c) + ` is written \` + string(c)
	case p.inGraph && (c == '@' || strings.EqualFold(word, "prefix") || strings.EqualFold(word, "base")):
		return "directives stand outside of graphs"
	case after && c == '@' || after && c == '^':
		return "a literal has one language or one datatype"
	case after && (c == '"' || c == '\''):
		return `a quote inside a string is written \" (a comma parts two objects)`
	case after && (c == '<' || c == ':' || c == '_' || c == '@' || strings.Contains(word, ":")):
		return "is the . of the statement before missing? (a comma parts two objects)"
	case after && (c == ']' || c == ')'):
		return "nothing was opened that it could close"
	case c == '{':
		return p.guessBrace(predicate)
	case c == '}':
		return "no graph is open here, or a statement in it is not finished"
	case predicate && (c == '"' || c == '\''), strings.HasPrefix(want, "a subject") && (c == '"' || c == '\''):
		return "only an object can be a string"
	case predicate && (c == '_' || c == '['):
		return "a predicate cannot be a blank node"
	case predicate && c == '.':
		return "a subject alone says nothing"
	case strings.HasPrefix(want, "a subject") && c == '.':
		return "one . ends a statement; PREFIX and BASE without @, and graphs, take none"
	case c == '=' || c == '!' || c == '^' || word == "is" || word == "has":
		return "this is N3, which says more than RDF can"
	case want == "a prefix like ex:":
		return hintDirective
	case classes[c]&alpha != 0 && !strings.Contains(word, ":"):
		return "names have a prefix, as in ex:" + shown(word) + "; text stands in quotes"
	}
	return ""
}

func (p *parser) guessBrace(predicate bool) string {
	switch {
	case !p.graphs:
		return "graphs in braces are TriG: name the file .trig, or name the format"
	case p.inGraph:
		return "graphs cannot stand in each other"
	case predicate:
		return "a graph's name is an IRI or a blank node"
	default:
		return ""
	}
}
