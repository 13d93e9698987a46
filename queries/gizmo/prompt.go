package gizmo

import (
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
)

// Redeclarable returns a text in which let and const at the top level are var, every character in its
// place, so that the texts of one conversation may give a name again.
func Redeclarable(text string) string {
	tree, err := parser.ParseFile(nil, "", text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return text
	}
	out := []byte(text)
	for _, st := range tree.Body {
		if l, ok := st.(*ast.LexicalDeclaration); ok {
			loosen(out, l)
		}
	}
	return string(out)
}

func loosen(text []byte, l *ast.LexicalDeclaration) {
	at := int(l.Idx) - 1
	switch {
	case l.Token == token.LET && at+3 <= len(text):
		copy(text[at:], "var")
	case l.Token == token.CONST && at+5 <= len(text):
		copy(text[at:], "var  ")
	}
}

// Before returns what stands before a text that follows the definitions of others. A class may be declared
// again: it does so in a block, which the text then has to close with a brace.
func Before(definitions, text string) (before string, block bool) {
	tree, err := parser.ParseFile(nil, "", text, 0, parser.WithDisableSourceMaps)
	if err != nil || definitions == "" {
		return definitions, false
	}
	for _, st := range tree.Body {
		if _, ok := st.(*ast.ClassDeclaration); ok {
			return definitions + "{\n", true
		}
	}
	return definitions, false
}

// Definitions returns the parts of a text that give names to things, for the texts that follow it in a
// conversation; what the text asks beside is left out. It is empty when the text names nothing.
func Definitions(text string) string {
	tree, err := parser.ParseFile(nil, "", text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return ""
	}
	loose := Redeclarable(text)
	var b strings.Builder
	for i, st := range tree.Body {
		switch st := st.(type) {
		case *ast.VariableStatement, *ast.LexicalDeclaration, *ast.FunctionDeclaration, *ast.ClassDeclaration:
		case *ast.ExpressionStatement:
			if _, ok := st.Expression.(*ast.AssignExpression); !ok {
				continue
			}
		default:
			continue
		}
		start, end := int(st.Idx0())-1, len(loose)
		if i+1 < len(tree.Body) {
			end = int(tree.Body[i+1].Idx0()) - 1
		}
		if start < 0 || end > len(loose) || start >= end {
			continue
		}
		if c, ok := st.(*ast.ClassDeclaration); ok && c.Class.Name != nil {
			b.WriteString("var " + c.Class.Name.Name.String() + " = ") // which may be given again
		}
		b.WriteString(strings.TrimRight(loose[start:end], "; \t\r\n") + "\n;\n")
	}
	return b.String()
}
