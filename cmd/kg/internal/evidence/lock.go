package evidence

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kg/graph"
)

// A Lock says where the evidence of claims stands in the texts of documents.
type Lock struct {
	Documents []Document
}

// A Document is one text. Its id is that of the table of sources.
type Document struct {
	ID       string
	Bytes    int    // length of the text
	SHA256   string // of the text, in hexadecimal digits
	Passages []Passage
}

// A Passage is where evidence of a claim stands: bytes From to To of the text, To not included. A claim
// may have several.
type Passage struct {
	Claim    string
	From, To int
	SHA256   string // of these bytes
}

// head stands before everything in a lock, so that who opens one knows what it is.
const head = `# Where the evidence of claims stands in the texts of documents, and the SHA-256 of what stands there.
# The texts are not part of this project. Written by "kg verify --lock"; lines are
#   document ID BYTES SHA256         a text, then its passages
#   CLAIM FROM-TO SHA256             bytes of the text, the last not included
version 1
`

// Sum is the SHA-256 of a text as locks write it.
func Sum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// NewPassage is the passage of a claim in a text.
func NewPassage(claim string, text []byte, from, to int) Passage {
	return Passage{Claim: claim, From: from, To: to, SHA256: Sum(text[from:to])}
}

// Document returns the document of this id, and whether the lock has it.
func (l Lock) Document(id string) (Document, bool) {
	i := slices.IndexFunc(l.Documents, func(d Document) bool { return d.ID == id })
	if i < 0 {
		return Document{}, false
	}
	return l.Documents[i], true
}

// With returns the lock with this document in the place of the one of its id.
func (l Lock) With(d Document) Lock {
	kept := slices.DeleteFunc(slices.Clone(l.Documents), func(other Document) bool { return other.ID == d.ID })
	return Lock{Documents: append(kept, d)}
}

// Text is the canonical form: documents by id, passages by claim and place, one line each.
func (l Lock) Text() []byte {
	var b bytes.Buffer
	b.WriteString(head)
	documents := slices.Clone(l.Documents)
	slices.SortFunc(documents, func(a, b Document) int { return cmp.Compare(a.ID, b.ID) })
	for _, d := range documents {
		fmt.Fprintf(&b, "\ndocument %s %d %s\n", d.ID, d.Bytes, d.SHA256)
		passages := slices.Clone(d.Passages)
		slices.SortFunc(passages, comparePassages)
		for _, p := range slices.Compact(passages) {
			fmt.Fprintf(&b, "%s %d-%d %s\n", p.Claim, p.From, p.To, p.SHA256)
		}
	}
	return b.Bytes()
}

func comparePassages(a, b Passage) int {
	return cmp.Or(cmp.Compare(a.Claim, b.Claim), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}

var (
	digest = regexp.MustCompile(`^[0-9a-f]{64}$`)
	places = regexp.MustCompile(`^([0-9]{1,15})-([0-9]{1,15})$`)
)

// Parse reads a lock. The file names it in problems; the error is [graph.Problems].
func Parse(file string, text []byte) (Lock, error) {
	var l Lock
	var problems graph.Problems
	version := false
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p := l.line(strings.Fields(line), &version)
		if p != nil {
			p.At = graph.Position{File: file, Line: number}
			problems = append(problems, p)
			if !version {
				break // another version may mean anything
			}
		}
	}
	if !version && len(problems) == 0 {
		problems = append(problems, &graph.Problem{At: graph.Position{File: file, Line: 1}, Want: "a lock of version 1", Found: "no version"})
	}
	return l, problems.Join()
}

// line reads one line that is not empty.
func (l *Lock) line(words []string, version *bool) *graph.Problem {
	switch {
	case !*version:
		if !slices.Equal(words, []string{"version", "1"}) {
			return &graph.Problem{Want: "version 1", Found: quoted(words)}
		}
		*version = true
		return nil
	case words[0] == "document":
		if len(words) != 4 || !digest.MatchString(words[3]) {
			return &graph.Problem{Want: "document ID BYTES SHA256", Found: quoted(words)}
		}
		n, err := strconv.Atoi(words[2])
		if err != nil || n < 0 {
			return &graph.Problem{Want: "the length of the text in bytes", Found: fmt.Sprintf("%q", words[2])}
		}
		if _, again := l.Document(words[1]); again {
			return &graph.Problem{Want: "each document once", Found: words[1] + " again"}
		}
		l.Documents = append(l.Documents, Document{ID: words[1], Bytes: n, SHA256: words[3]})
		return nil
	case len(l.Documents) == 0:
		return &graph.Problem{Want: "a document before its passages", Found: quoted(words)}
	}
	if len(words) != 3 || !places.MatchString(words[1]) || !digest.MatchString(words[2]) {
		return &graph.Problem{Want: "CLAIM FROM-TO SHA256", Found: quoted(words)}
	}
	d := &l.Documents[len(l.Documents)-1]
	p := Passage{Claim: words[0], SHA256: words[2]}
	from, to, _ := strings.Cut(words[1], "-")
	p.From, _ = strconv.Atoi(from) // digits, and few enough
	p.To, _ = strconv.Atoi(to)
	if p.From >= p.To || p.To > d.Bytes {
		return &graph.Problem{Want: fmt.Sprintf("a passage within the %d bytes of the text", d.Bytes), Found: words[1]}
	}
	d.Passages = append(d.Passages, p)
	return nil
}

func quoted(words []string) string {
	s := strings.Join(words, " ")
	if len(s) > 60 {
		s = s[:57] + "…"
	}
	return strconv.Quote(s)
}
