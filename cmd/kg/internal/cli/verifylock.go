package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"kg/cmd/kg/internal/evidence"
	"kg/graph"
	"kg/queries"
)

// lockText writes where the evidence of a document's claims stands in its text.
func (a *app) lockText(ctx context.Context, e encoding, v *verifier, o verifyOptions) error {
	id, err := v.documentID(ctx, o.lock)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(o.text)
	if err != nil {
		return unreadable(o.text, "the text of "+id, err)
	}
	if !utf8.Valid(text) {
		return &graph.Problem{At: graph.Position{File: o.text}, Want: "UTF-8 text", Found: "other bytes", Hint: "save it as plain text in UTF-8"}
	}
	byHand, err := handPassages(o, text)
	if err != nil {
		return err
	}
	old, _ := v.lock.Document(id)
	l := locker{s: v.s, text: text, document: evidence.Document{ID: id, Bytes: len(text), SHA256: evidence.Sum(text)}}
	findings, err := evidence.Check(ctx, old, text)
	if err != nil {
		return err
	}
	l.keep(findings, byHand)
	if err := l.all(ctx, v.claims[id], byHand); err != nil {
		return err
	}
	t := queries.Table{Question: "verify", Columns: []queries.Column{
		column("claim", queries.TypeClaim), column("evidence", queries.TypeText), column("at", queries.TypeText),
		column("says", queries.TypeText), column("passage", queries.TypeText),
	}, Rows: l.rows}
	if err := a.answer(e, o.tableFlags, t); err != nil {
		return err
	}
	for _, gone := range l.gone {
		a.note("%s: the passage that was locked for it does not stand in the text any more", gone)
	}
	if l.open > 0 {
		a.note("%s no passage yet; give them by hand: kg verify --lock %s --text %s --passage CLAIM=FROM-TO (bytes), or --passage 'CLAIM=words of the text'",
			countOf(l.open, "claim has", "claims have"), id, o.text)
	}
	switch {
	case o.dryRun:
		a.note("nothing was written")
		return nil
	case v.file == "":
		return noTables(v.s.project)
	}
	err = a.writeFile(v.file, func(w io.Writer) error {
		_, err := w.Write(v.lock.With(l.document).Text())
		return err
	})
	if err == nil {
		a.note("%s: %s of %s written", v.file, countOf(len(l.document.Passages), "passage", "passages"), id)
	}
	return err
}

// A locker gathers the passages of a document.
type locker struct {
	s        *session
	text     []byte
	document evidence.Document
	held     map[string]string // claim → how it came by its passages
	gone     []string
	open     int
	rows     [][]queries.Cell
}

// keep takes over the passages that still stand in the text, but for claims that have new ones.
func (l *locker) keep(findings []evidence.Finding, byHand map[string][]evidence.Passage) {
	l.held = map[string]string{}
	for _, f := range findings {
		_, again := byHand[f.Claim]
		switch {
		case again:
		case f.State == evidence.Changed:
			l.gone = append(l.gone, f.Claim)
		default:
			l.document.Passages = append(l.document.Passages, f.Now)
			if l.held[f.Claim] == "" {
				l.held[f.Claim] = "kept"
			}
			if f.State == evidence.Moved {
				l.held[f.Claim] = "moved"
			}
		}
	}
	slices.Sort(l.gone)
	l.gone = slices.Compact(l.gone)
	for claim, passages := range byHand {
		l.document.Passages = append(l.document.Passages, passages...)
		l.held[claim] = "by hand"
	}
}

// all looks at every claim of the document, and drops passages of claims that it has not.
func (l *locker) all(ctx context.Context, claims []graph.Claim, byHand map[string][]evidence.Passage) error {
	known := map[string]bool{}
	for _, c := range claims {
		key := shortID(c.ID)
		if c.Basis == graph.Inferred {
			if _, given := byHand[key]; given {
				return &graph.Problem{
					Want: "a claim that the document states", Found: key + ", which the editors concluded",
					Hint: "its evidence is that of the claims that it rests on",
				}
			}
			continue
		}
		known[key] = true
		if l.held[key] == "" {
			l.propose(c)
		}
		if err := l.row(ctx, c); err != nil {
			return err
		}
	}
	for claim := range byHand {
		if !known[claim] {
			return &graph.Problem{Want: "a claim of " + l.document.ID, Found: fmt.Sprintf("%q", claim)}
		}
	}
	l.document.Passages = slices.DeleteFunc(l.document.Passages, func(p evidence.Passage) bool { return !known[p.Claim] })
	return nil
}

// propose looks for the words of a claim in the text.
func (l *locker) propose(c graph.Claim) {
	words := c.ReportedAs
	if said, ok := c.Object.(quad.String); ok && words == "" {
		words = string(said)
	}
	key := shortID(c.ID)
	for _, at := range evidence.Find(l.text, words) {
		l.document.Passages = append(l.document.Passages, evidence.NewPassage(key, l.text, at[0], at[1]))
		l.held[key] = "proposed"
	}
}

// row shows a claim with its passages, in the words of the text: for the editor's eyes, not for the lock.
func (l *locker) row(ctx context.Context, c graph.Claim) error {
	key := shortID(c.ID)
	var at, words []string
	for _, p := range l.document.Passages {
		if p.Claim == key {
			at = append(at, fmt.Sprintf("%d-%d", p.From, p.To))
			words = append(words, strings.Join(strings.Fields(string(l.text[p.From:p.To])), " "))
		}
	}
	if len(at) == 0 {
		l.open++
	}
	subject, err := l.s.value(ctx, c.Subject)
	if err != nil {
		return err
	}
	value, err := l.s.claimValue(ctx, c)
	if err != nil {
		return err
	}
	says := fmt.Sprintf("%s, %s: %s", subject.Plain(), l.s.predicate(c.Predicate, false).Label, value.Plain())
	claim, err := l.s.cell(ctx, c.ID)
	if err != nil {
		return err
	}
	l.rows = append(l.rows, []queries.Cell{
		claim, textCell(orElse(l.held[key], "none yet")), textCell(strings.Join(at, ", ")), textCell(says), textCell(strings.Join(words, " … ")),
	})
	return nil
}

var byteRange = regexp.MustCompile(`^([0-9]{1,15})-([0-9]{1,15})$`)

// handPassages reads what the user gave by hand.
func handPassages(o verifyOptions, text []byte) (map[string][]evidence.Passage, error) {
	given := slices.Clone(o.passages)
	if o.passageFile != "" {
		list, err := os.ReadFile(o.passageFile)
		if err != nil {
			return nil, unreadable(o.passageFile, "a list of passages", err)
		}
		for line := range strings.Lines(string(list)) {
			if line = strings.TrimRight(line, "\r\n"); line != "" {
				given = append(given, line)
			}
		}
	}
	found := map[string][]evidence.Passage{}
	var problems graph.Problems
	for _, line := range given {
		claim, where, ok := strings.Cut(line, "=")
		if !ok || claim == "" || where == "" {
			problems = append(problems, &graph.Problem{Want: "a passage like A-1=120-180, or A-1=words of the text", Found: fmt.Sprintf("%q", line)})
			continue
		}
		from, to, p := locate(text, where)
		if p != nil {
			p.At.File = o.text
			p.Found += " for " + claim
			problems = append(problems, p)
			continue
		}
		found[claim] = append(found[claim], evidence.NewPassage(claim, text, from, to))
	}
	return found, problems.Join()
}

// locate finds the place that the user means: a range of bytes, or words that stand in the text once.
func locate(text []byte, where string) (from, to int, p *graph.Problem) {
	if m := byteRange.FindStringSubmatch(where); m != nil {
		from, _ = strconv.Atoi(m[1]) // digits, and few enough
		to, _ = strconv.Atoi(m[2])
		if from >= to || to > len(text) || !utf8.Valid(text[from:to]) {
			return 0, 0, &graph.Problem{Want: fmt.Sprintf("a range of whole characters in a text of %d bytes", len(text)), Found: where}
		}
		return from, to, nil
	}
	first := strings.Index(string(text), where)
	if first < 0 {
		return 0, 0, &graph.Problem{Want: "words that stand in the text letter by letter", Found: strconv.Quote(where)}
	}
	if again := strings.Index(string(text[first+1:]), where); again >= 0 {
		again += first + 1
		return 0, 0, &graph.Problem{
			Want: "words that stand in the text once", Found: fmt.Sprintf("%q at %d-%d and %d-%d", where, first, first+len(where), again, again+len(where)),
			Hint: "give more words, or the range",
		}
	}
	return first, first + len(where), nil
}
