package gizmo_test

import (
	"testing"

	"kg/queries/gizmo"
)

func TestDefinitions(t *testing.T) {
	tests := []struct{ name, text, loose, kept string }{
		{"a question names nothing", `g.V().all()`, `g.V().all()`, ""},
		{"let and const may be given again", "let a = 1\nconst b = 2", "var a = 1\nvar   b = 2", "var a = 1\n;\nvar   b = 2\n;\n"},
		{"what is asked beside a name is not asked again", `var p = g.V(); p.all()`, `var p = g.V(); p.all()`, "var p = g.V()\n;\n"},
		{"a let within a function is its own", `function f() { let x = 1; return x }`, `function f() { let x = 1; return x }`, "function f() { let x = 1; return x }\n;\n"},
		{"an assignment is a name", `x = 5; x + 1`, `x = 5; x + 1`, "x = 5\n;\n"},
		{"a class may be given again", `class A { f() { return 1 } }`, `class A { f() { return 1 } }`, "var A = class A { f() { return 1 } }\n;\n"},
		{"a comment at the end stays one", "const a = 1 // one", "var   a = 1 // one", "var   a = 1 // one\n;\n"},
		{"a text with a mistake is left as it is", `let a = (`, `let a = (`, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := gizmo.Redeclarable(tc.text); got != tc.loose {
				t.Errorf("Redeclarable: got %q, want %q", got, tc.loose)
			}
			if got := gizmo.Definitions(tc.text); got != tc.kept {
				t.Errorf("Definitions: got %q, want %q", got, tc.kept)
			}
		})
	}
}
