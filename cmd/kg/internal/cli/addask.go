package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/ergochat/readline"

	"kg/graph"
)

// errNoAnswer is the end of the input before all questions were answered.
var errNoAnswer = errors.New("the questions were not answered, so nothing was written")

// ask asks a person for the fields that were not given, and checks each answer.
func (add *addition) ask() error {
	lines, err := add.answers()
	if err != nil {
		return err
	}
	defer lines.Close() //nolint:errcheck // the terminal is given back as far as it can be
	for _, f := range claimFields() {
		if f.question == "" || add.cells[f.column] != "" || add.skips(f) {
			continue
		}
		if err := add.askFor(lines, f); err != nil {
			return err
		}
	}
	if add.table == "" {
		if add.table = add.likelyTable(); add.table == "" {
			text, err := add.line(lines, "Table (a name like encrochat): ")
			if err != nil {
				return err
			}
			if add.table, err = tableNamed(text); err != nil {
				return err
			}
		}
	}
	return add.place()
}

// skips says whether a field has no place in the claim: a unit of what is no number.
func (add *addition) skips(f claimField) bool {
	p, ok := add.predicate()
	number := ok && p.Range == graph.RangeInteger
	switch f.column {
	case "value_max":
		return !ok || p.Range != graph.RangeInteger && p.Range != graph.RangeDate
	case "unit":
		return !number || p.Unit == ""
	case "qualifier", "reported_as":
		return !number
	}
	return false
}

// askFor asks for one field until the answer is right.
func (add *addition) askFor(lines lineReader, f claimField) error {
	add.asking = f
	fallback := add.fallback(f)
	add.app.std.say("%s\n", add.wanted(f))
	prompt := f.question
	switch {
	case fallback != "":
		prompt += " [" + fallback + "]"
	case !f.required:
		prompt += ", if any"
	}
	for {
		text, err := add.line(lines, prompt+": ")
		if err != nil {
			return err
		}
		switch {
		case text == "?":
			add.app.std.say("%s\n", add.explained(f))
			continue
		case text == "":
			text = fallback
		}
		if text == "" {
			if f.required || f.column == "derived_from" && add.cells["speaker"] == "agent/editors" {
				add.app.std.say("kg: this cannot be left out\n")
				continue
			}
			return nil
		}
		if problem := add.accept(f, text); problem != nil {
			add.app.std.say("kg: %v\n", problem)
			continue
		}
		return nil
	}
}

// accept takes an answer, or says what is wrong with it.
func (add *addition) accept(f claimField, text string) error {
	text, err := add.resolve(f.column, text)
	if err != nil {
		return err
	}
	cells, table := maps.Clone(add.cells), add.table
	cells[f.column] = text
	// What has not been asked for yet must not be what is wrong.
	stands := func(column, otherwise string) {
		if cells[column] == "" {
			cells[column] = otherwise
		}
	}
	stands("claim_id", "new-claim")
	if p, ok := predicateOf(add.s.schema, cells["predicate"], cells["unit"]); ok {
		stands("unit", p.Unit)
	}
	trial, err := add.tryAs(cells, orElse(table, "claims/new-claim.csv"), nil)
	if err == nil {
		err = trial.Faults[f.column].Join()
	}
	var first *graph.Problem
	if errors.As(err, &first) {
		told := *first
		told.At = graph.Position{}
		err = &told
	}
	if err == nil {
		add.cells[f.column] = text
	}
	return err
}

// fallback is what an empty answer means.
func (add *addition) fallback(f claimField) string {
	if f.column != "unit" {
		return ""
	}
	if p, ok := add.predicate(); ok && p.Money == "" {
		return p.Unit
	}
	return ""
}

// wanted says in one line what a field takes.
func (add *addition) wanted(f claimField) string {
	p, ok := add.predicate()
	if !ok {
		return f.short
	}
	switch f.column {
	case "value":
		return strings.ToLower(p.Label) + ": " + p.Definition + " " + valueKind(p)
	case "unit":
		if units := unitsOf(add.s.schema, p); len(units) > 0 {
			return "unit: " + strings.Join(units, ", ")
		}
	}
	return f.short
}

// valueKind says what kind of value a predicate takes.
func valueKind(p *graph.Predicate) string {
	switch p.Range {
	case graph.RangeEntity:
		var labels []string
		for _, c := range p.Classes {
			labels = append(labels, c.Label)
		}
		return "(" + oneOf(labels) + ")"
	case graph.RangeInteger:
		return "(a number as the document gives it, or someValue, noValue, withheld)"
	case graph.RangeDate:
		return "(2020, 2020-07 or 2020-07-02)"
	case graph.RangeConcept:
		return "(a word of the schema)"
	case graph.RangeURL:
		return "(a web address)"
	case graph.RangeBoolean:
		return "(true or false)"
	default:
		return "(in your own words)"
	}
}

// explained lists what may be answered.
func (add *addition) explained(f claimField) string {
	words := add.words(f)
	if len(words) == 0 {
		return f.short
	}
	const most = 40
	text := strings.ReplaceAll(strings.Join(words[:min(most, len(words))], "\n"), "\t", "  ")
	if len(words) > most {
		text += fmt.Sprintf("\n… and %d more; type a part of one and press Tab", len(words)-most)
	}
	return text
}

// words lists the proposals for a field.
func (add *addition) words(f claimField) []string {
	subject := quad.IRI("kg:" + add.cells["subject"])
	if words := fieldWords(add.s, f, subject, add.cells["predicate"], add.cells["unit"]); words != nil {
		return words
	}
	var classes []*graph.Class
	p, ok := add.predicate()
	switch {
	case f.column == "value" && ok && p.Range == graph.RangeEntity:
		classes = p.Classes
	case f.class == "" || f.column == "value":
		return nil
	case f.class != "-":
		c, _ := add.s.schema.Class(f.class)
		classes = []*graph.Class{c}
	}
	entities, err := add.s.entities(add.ctx)
	if err != nil {
		return nil
	}
	var words []string
	for _, e := range entities {
		class, known := add.s.schema.ClassOf(e.iri)
		if len(classes) > 0 && (!known || !slices.ContainsFunc(classes, func(want *graph.Class) bool { return add.s.schema.IsA(class, want) })) {
			continue
		}
		word := shortID(e.iri)
		if f.column == "source_id" {
			word = strings.TrimPrefix(word, "source/")
		}
		words = append(words, word+"\t"+e.name)
	}
	slices.Sort(words)
	return words
}

// confirm asks for a yes.
func (add *addition) confirm(question string) (bool, error) {
	lines, err := add.answers()
	if err != nil {
		return false, err
	}
	defer lines.Close() //nolint:errcheck // the terminal is given back as far as it can be
	text, err := add.line(lines, question)
	return strings.EqualFold(text, "y") || strings.EqualFold(text, "yes"), err
}

// line reads one answer.
func (add *addition) line(lines lineReader, prompt string) (string, error) {
	text, err := lines.read(prompt)
	if errors.Is(err, io.EOF) || errors.Is(err, errDropped) {
		return "", errNoAnswer
	}
	return strings.TrimSpace(text), err
}

// answers reads from a terminal with completion, or from a reader that stands for one.
func (add *addition) answers() (lineReader, error) {
	std := add.app.std
	if !std.ErrTerminal {
		if add.plain == nil {
			add.plain = bufio.NewReader(std.In)
		}
		return &promptedLines{plainLines: plainLines{scanner: add.plain}, say: std.say}, nil
	}
	instance, err := readline.NewFromConfig(&readline.Config{
		AutoComplete: &fieldCompleter{add: add}, Undo: true, DisableAutoSaveHistory: true, Stdout: std.Err,
	})
	if err != nil {
		return nil, err
	}
	return &terminalLines{instance}, nil
}

// promptedLines shows the prompt that a line editor would.
type promptedLines struct {
	plainLines
	say func(format string, args ...any)
}

func (l *promptedLines) read(prompt string) (string, error) {
	l.say("%s", prompt)
	return l.plainLines.read(prompt)
}

// fieldCompleter proposes answers to the question that is being asked.
type fieldCompleter struct{ add *addition }

// Do implements the completion of the line editor: words that begin with what was typed, entities by
// their slug as well.
func (c *fieldCompleter) Do(line []rune, pos int) (proposals [][]rune, length int) {
	typed := string(line[:pos])
	for _, word := range c.add.words(c.add.asking) {
		word, _, _ = strings.Cut(word, "\t")
		_, slug, _ := strings.Cut(word, "/")
		rest, ok := strings.CutPrefix(word, typed)
		if !ok {
			rest, ok = strings.CutPrefix(slug, typed)
		}
		if ok {
			proposals = append(proposals, []rune(rest))
		}
	}
	return proposals, len([]rune(typed))
}
