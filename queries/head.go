package queries

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"kg/graph"
)

// parseQuestion reads one question. The error is graph.Problems.
func parseQuestion(name, file, text string) (*Question, error) {
	h := headReader{file: file}
	head, line, ok := cutHead(text)
	if !ok {
		h.fault(1, 1, "a comment /* … */ with the question's head as YAML", "none", "see kg query --show agencies-by-platform")
		return nil, h.problems
	}
	h.line = line
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(head), &doc); err != nil {
		h.yamlFault(err)
		return nil, h.problems
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		h.fault(1, 1, "a head with summary and columns", "none", "")
		return nil, h.problems
	}
	root := doc.Content[0]
	h.keys(root, "")
	var y headYAML
	if len(h.problems) == 0 {
		if err := root.Decode(&y); err != nil {
			h.yamlFault(err)
		}
	}
	if len(h.problems) > 0 {
		return nil, h.problems
	}
	h.root = root
	q := h.question(name, y)
	q.Text = text
	return q, h.problems.Join()
}

// cutHead returns the YAML inside the leading comment, and the line on which it begins.
func cutHead(text string) (head string, line int, ok bool) {
	trimmed := strings.TrimLeft(text, " \t\r\n")
	rest, ok := strings.CutPrefix(trimmed, "/*")
	if !ok {
		return "", 0, false
	}
	head, _, ok = strings.Cut(rest, "*/")
	before := len(text) - len(trimmed)
	return head, 1 + strings.Count(text[:before], "\n"), ok
}

// A headReader collects what is wrong with a head. Positions of the YAML count from the line of "/*".
type headReader struct {
	file     string
	line     int
	root     *yaml.Node
	problems graph.Problems
}

func (h *headReader) fault(line, column int, want, found, hint string) {
	h.problems = append(h.problems, &graph.Problem{
		At: graph.Position{File: h.file, Line: max(1, h.line) + line - 1, Column: column}, Want: want, Found: found, Hint: hint,
	})
}

// at reports a fault at a place of the head: the key's value where there is one ("columns", 2).
func (h *headReader) at(key string, index int, want, found, hint string) {
	n := h.find(key, index)
	h.fault(n.Line, n.Column, want, found, hint)
}

func (h *headReader) find(key string, index int) *yaml.Node {
	for i := 0; i+1 < len(h.root.Content); i += 2 {
		if h.root.Content[i].Value != key {
			continue
		}
		value := h.root.Content[i+1]
		if value.Kind == yaml.SequenceNode && index >= 0 && index < len(value.Content) {
			return value.Content[index]
		}
		return value
	}
	return h.root
}

// yamlLine finds the line in a message of the YAML package.
var yamlLine = regexp.MustCompile(`^line ([0-9]+): (.*)$`)

func (h *headReader) yamlFault(err error) {
	messages := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	var several *yaml.TypeError
	if errors.As(err, &several) {
		messages = several.Errors
	}
	for _, m := range messages {
		line := 1
		if parts := yamlLine.FindStringSubmatch(m); parts != nil {
			line, _ = strconv.Atoi(parts[1])
			m = parts[2]
		}
		hint := ""
		if strings.Contains(m, "!!map into string") {
			hint = "put a text with \": \" in quotes"
		}
		h.fault(line, 0, "a head in YAML", m, hint)
	}
}

// keys refuses the words that no head knows.
func (h *headReader) keys(n *yaml.Node, place string) {
	known := headKeys()[place]
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !slices.Contains(known, key.Value) {
			h.fault(key.Line, key.Column, "one of "+strings.Join(known, ", "), strconv.Quote(key.Value), graph.DidYouMean(key.Value, known))
			continue
		}
		if place != "" || headKeys()[key.Value] == nil {
			continue
		}
		items := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			items = value.Content
		}
		for _, item := range items {
			if item.Kind != yaml.MappingNode {
				h.fault(item.Line, item.Column, "{"+strings.Join(headKeys()[key.Value], ": …, ")+": …}", strconv.Quote(item.Value), "")
				continue
			}
			h.keys(item, key.Value)
		}
	}
}

// wordForm is how parameters and columns are named: they become flags, tags, JSON keys and headers.
var wordForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (h *headReader) question(name string, y headYAML) *Question {
	q := &Question{
		Name: name, File: h.file, Summary: y.Summary, program: &program{},
		Group: y.Group, Collect: y.Collect, Prefer: y.Prefer, Sum: y.Sum, Span: y.Span, Tally: y.Tally,
		Example: Example{Params: y.Example.Params, Columns: y.Example.Columns, Rows: y.Example.Rows, LeftOut: y.Example.LeftOut},
	}
	if strings.TrimSpace(y.Summary) == "" {
		h.at("summary", -1, "a summary that completes the sentence \"kg tells …\"", "none", "")
	}
	for i, p := range y.Params {
		h.param(q, i, p)
	}
	if len(y.Columns) == 0 {
		h.at("columns", -1, "at least one column", "none", "")
	}
	for i, c := range y.Columns {
		h.column(q, i, c)
	}
	for i, c := range q.Columns {
		if of := q.column(c.Of); c.Of != "" && (of < 0 || q.Columns[of].Type != TypeEntity || !q.Columns[of].fromText()) {
			h.at("columns", i, "of: a column of type entity that the text fills", strconv.Quote(c.Of), graph.DidYouMean(c.Of, q.columnNames()))
		}
	}
	for i, s := range y.Sort {
		key := SortKey{Column: strings.TrimPrefix(s, "-"), Descending: strings.HasPrefix(s, "-")}
		q.Sort = append(q.Sort, key)
		h.isColumn(q, "sort", i, key.Column)
	}
	for _, list := range []struct {
		key   string
		names []string
	}{{"group", q.Group}, {"collect", q.Collect}, {"prefer", q.Prefer}, {"sum", q.Sum}, {"span", q.Span}} {
		for i, c := range list.names {
			h.isColumn(q, list.key, i, c)
		}
	}
	if q.Tally != "" {
		h.isColumn(q, "tally", -1, q.Tally)
	}
	for _, c := range q.Example.Columns {
		h.isColumn(q, "example", -1, c)
	}
	for p := range q.Example.Params {
		if _, ok := q.Param(p); !ok {
			h.at("example", -1, "a parameter of the question", strconv.Quote(p), graph.DidYouMean(p, q.ParamNames()))
		}
	}
	h.grouping(q)
	return q
}

func (h *headReader) param(q *Question, i int, p paramYAML) {
	switch {
	case !wordForm.MatchString(p.Name):
		h.at("params", i, "a name of small letters, digits and _", strconv.Quote(p.Name), "")
	case p.Help == "":
		h.at("params", i, "a help text for parameter "+p.Name, "none", "")
	}
	if _, twice := q.Param(p.Name); twice {
		h.at("params", i, "a name of its own", strconv.Quote(p.Name)+" again", "")
	}
	if p.Type == "" && len(p.Enum) > 0 {
		p.Type = paramText
	}
	if len(p.Enum) > 0 && p.Type != paramText {
		h.at("params", i, "an enum of texts", "an enum of type "+p.Type, "")
	}
	if isClassName := p.Type != "" && p.Type[0] >= 'A' && p.Type[0] <= 'Z'; !isClassName && !slices.Contains(paramTypes(), p.Type) {
		h.at("params", i, "a class of the schema like Platform, or one of "+strings.Join(paramTypes(), ", "),
			strconv.Quote(p.Type), graph.DidYouMean(p.Type, paramTypes()))
	}
	if p.Default != "" && len(p.Enum) > 0 && !slices.Contains(p.Enum, p.Default) {
		h.at("params", i, "a default that is one of "+strings.Join(p.Enum, ", "), strconv.Quote(p.Default), "")
	}
	switch {
	case p.Bound == "":
	case p.Bound != boundSince && p.Bound != boundUntil:
		h.at("params", i, "bound: since or until", strconv.Quote(p.Bound), graph.DidYouMean(p.Bound, []string{boundSince, boundUntil}))
	case p.Type != paramDate:
		h.at("params", i, "a date as a bound", "type "+p.Type, "")
	}
	q.Params = append(q.Params, Param(p))
}

func (h *headReader) column(q *Question, i int, c columnYAML) {
	if !wordForm.MatchString(c.Name) {
		h.at("columns", i, "a name of small letters, digits and _", strconv.Quote(c.Name), "")
	}
	if q.column(c.Name) >= 0 {
		h.at("columns", i, "a name of its own", strconv.Quote(c.Name)+" again", "")
	}
	col := QuestionColumn{Column: Column{Name: c.Name, Title: c.Title, Type: Type(c.Type), List: c.List}, Of: c.Of, Facts: c.Fact, Order: c.Order, Inverse: c.Inverse}
	if known, ok := reserved(c.Name); ok {
		if c.Type != "" || c.List || c.Of != "" {
			h.at("columns", i, "{name: "+c.Name+"} alone: the program fills it", "a type, list or of", "")
		}
		col.Type, col.List = known.Type, known.List
		if c.Title == "" {
			col.Title = known.Title
		}
	} else if !slices.Contains(types(), c.Type) {
		h.at("columns", i, "a type, one of "+strings.Join(types(), ", "), strconv.Quote(c.Type), graph.DidYouMean(c.Type, types()))
	}
	if col.Title == "" {
		col.Title = strings.ReplaceAll(c.Name, "_", " ")
	}
	if (c.Of == "") != (len(c.Fact) == 0) {
		h.at("columns", i, "of (an entity's column) and fact (a predicate) together", "one of them", "")
	}
	col.List = col.List || slices.Contains(q.Collect, c.Name)
	q.Columns = append(q.Columns, col)
}

func (h *headReader) isColumn(q *Question, key string, i int, name string) {
	if q.column(name) < 0 {
		h.at(key, i, "a column of the question", strconv.Quote(name), graph.DidYouMean(name, q.columnNames()))
	}
}

// grouping holds the head to the rule that no value is picked or dropped in silence: in a grouped
// question every column says how it comes to its value.
func (h *headReader) grouping(q *Question) {
	if len(q.Group) == 0 {
		for _, key := range []string{"collect", "prefer"} {
			if n := h.find(key, -1); n != h.root {
				h.at(key, -1, "group beside "+key, "none", "")
			}
		}
	}
	for i, c := range q.Columns {
		known := slices.Contains(q.Group, c.Name) || slices.Contains(q.Collect, c.Name) || slices.Contains(q.Prefer, c.Name)
		if len(q.Group) > 0 && c.fromText() && !known {
			h.at("columns", i, fmt.Sprintf("%s in group, collect or prefer", c.Name), "it in none", "")
		}
	}
	if len(q.Span) != 0 && len(q.Span) != 2 {
		h.at("span", -1, "the columns of the first and the last day", strconv.Itoa(len(q.Span))+" columns", "")
	}
	if len(q.Sum) > 0 && (q.column(colMeasure) < 0 || q.column(colAmount) < 0) {
		h.at("sum", -1, "the columns measure and amount", "no such columns", "")
	}
}
