package loaders_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/cayleygraph/quad"

	"kg/loaders"
)

// isomorphic says whether two lists of quads are the same graph up to the names of blank nodes.
// It colours each node by what it is connected with until colours tell no more, then tries to match
// nodes of the same colour. Good for test cases, too slow for large graphs full of symmetries.
func isomorphic(a, b []quad.Quad) bool {
	a, b = withoutRepeats(a), withoutRepeats(b)
	return len(a) == len(b) && match(a, b, nil, nil)
}

func withoutRepeats(quads []quad.Quad) []quad.Quad {
	seen := map[quad.Quad]bool{}
	var out []quad.Quad
	for _, q := range quads {
		if !seen[q] {
			seen[q] = true
			out = append(out, q)
		}
	}
	return out
}

// match compares graphs in which the nodes of fixA and fixB are taken to be the same, in this order.
func match(a, b []quad.Quad, fixA, fixB []quad.BNode) bool {
	colourA, colourB := colours(a, fixA), colours(b, fixB)
	classA, classB := byColour(colourA), byColour(colourB)
	if len(classA) != len(classB) {
		return false
	}
	var tied string
	for c, nodes := range classA {
		if len(nodes) != len(classB[c]) {
			return false
		}
		if len(nodes) > 1 && (tied == "" || c < tied) {
			tied = c
		}
	}
	if tied == "" {
		return slices.Equal(coloured(a, colourA), coloured(b, colourB))
	}
	for _, other := range classB[tied] {
		if match(a, b, append(slices.Clone(fixA), classA[tied][0]), append(slices.Clone(fixB), other)) {
			return true
		}
	}
	return false
}

func byColour(colour map[quad.BNode]string) map[string][]quad.BNode {
	classes := map[string][]quad.BNode{}
	for n, c := range colour {
		classes[c] = append(classes[c], n)
	}
	return classes
}

func colours(quads []quad.Quad, fixed []quad.BNode) map[quad.BNode]string {
	colour := map[quad.BNode]string{}
	for _, q := range quads {
		for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
			if n, ok := v.(quad.BNode); ok {
				colour[n] = ""
			}
		}
	}
	for i, n := range fixed {
		colour[n] = fmt.Sprint("fixed ", i)
	}
	for distinct := 0; ; {
		next := map[quad.BNode]string{}
		for n, c := range colour {
			var around []string
			for _, q := range quads {
				if q.Subject == n || q.Object == n || q.Label == n {
					around = append(around, line(q, colour, n))
				}
			}
			sort.Strings(around)
			next[n] = fmt.Sprintf("%x", fnv64(c+"\n"+strings.Join(around, "\n")))
		}
		colour = next
		if n := len(byColour(colour)); n > distinct {
			distinct = n
			continue
		}
		return colour
	}
}

// line prints a quad with colours in place of blank nodes; self is the node that is looked at.
func line(q quad.Quad, colour map[quad.BNode]string, self quad.BNode) string {
	var parts []string
	for _, v := range []quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
		switch n, ok := v.(quad.BNode); {
		case ok && n == self:
			parts = append(parts, "self")
		case ok:
			parts = append(parts, "_:"+colour[n])
		default:
			parts = append(parts, fmt.Sprintf("%T %v", v, v))
		}
	}
	return strings.Join(parts, " ")
}

func coloured(quads []quad.Quad, colour map[quad.BNode]string) []string {
	var lines []string
	for _, q := range quads {
		lines = append(lines, line(q, colour, ""))
	}
	sort.Strings(lines)
	return lines
}

func fnv64(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func TestIsomorphic(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		want       bool
	}{
		{"names of nodes do not matter", "_:a <p:p> _:b .", "_:x <p:p> _:y .", true},
		{"directions do", "_:a <p:p> _:b . ", "_:x <p:p> _:x .", false},
		{"a ring of three is a ring of three", "_:a <p:p> _:b .\n_:b <p:p> _:c .\n_:c <p:p> _:a .", "_:c <p:p> _:b .\n_:b <p:p> _:a .\n_:a <p:p> _:c .", true},
		{"two rings of three are no ring of six", "_:a <p:p> _:b .\n_:b <p:p> _:c .\n_:c <p:p> _:a .\n_:d <p:p> _:e .\n_:e <p:p> _:f .\n_:f <p:p> _:d .", "_:a <p:p> _:b .\n_:b <p:p> _:c .\n_:c <p:p> _:d .\n_:d <p:p> _:e .\n_:e <p:p> _:f .\n_:f <p:p> _:a .", false},
		{"repeats do not matter", "_:a <p:p> \"x\" .\n_:a <p:p> \"x\" .", "_:b <p:p> \"x\" .", true},
		{"values do", "_:a <p:p> \"x\" .", "_:b <p:p> \"y\" .", false},
		{"datatypes do", "_:a <p:p> \"1\" .", "_:b <p:p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .", false},
		{"graphs do", "_:a <p:p> \"x\" <g:g> .", "_:b <p:p> \"x\" .", false},
	} {
		a, err := loadText("nquads", tt.a, loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := loadText("nquads", tt.b, loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := isomorphic(a, b); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
