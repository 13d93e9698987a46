package gizmo

import (
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Options says how a text is run. The zero value runs it without parameters, prefixes or lint and
// with the default limits.
type Options struct {
	Name       string           // the file's name, for errors ("agencies-by-platform.gizmo")
	Params     map[string]any   // bound to the name params, frozen; JSON-like values and quad.Value
	Namespaces graph.Namespaces // short and full IRIs both mean the node under its short one
	Vocabulary Vocabulary       // nil: no lint
	Strict     bool             // the first finding of the lint ends the run
	Warn       func(*Error)     // receives the findings of the lint when Strict is off; may be nil
	Limits     Limits
	Claims     bool // rows carry the labels of the quads they stand on (Row.Claims)

	// Result receives the value of the text's last expression, as JSON-like data with quad.Value
	// inside, unless it is undefined, null or a path. It is what a prompt prints after "=>".
	Result func(any)

	explain *strings.Builder // plans go here
	outline func(*path)      // takes paths instead of running them
}

// A Vocabulary knows the names that a text may use. It is asked about IRIs in their short form.
type Vocabulary interface {
	// Predicate reports whether p is a predicate of the schema.
	Predicate(p quad.IRI) bool
	// Entity reports whether e is a known node; texts may name predicates and classes as nodes too.
	Entity(e quad.IRI) bool
	// Nearest lists known names that resemble an unknown one, best first.
	Nearest(unknown quad.IRI, predicates bool) []quad.IRI
}

// Limits bounds what one run may use. A zero field means the default; a negative one no limit.
// A limit that is met ends the run with its own error, never with fewer rows in silence.
type Limits struct {
	Rows      int   // rows delivered; default: no limit
	CallDepth int   // calls within calls in JavaScript; default 2,000
	Memory    int64 // bytes held by the engine and, watched, by the script; default 256 MiB
	String    int   // length of one string that a built-in makes (four times that when it joins parts); default 1 Mi
	Array     int   // length of one array that a built-in makes; default 256 Ki
	Text      int   // bytes of the Gizmo text; default 32 KiB, which the parser's recursion survives
	Steps     int   // steps of one path, those of the paths within it counted; default 10,000
}

func (l Limits) withDefaults() Limits {
	set := func(p *int, n int) {
		if *p == 0 {
			*p = n
		} else if *p < 0 {
			*p = maxInt
		}
	}
	set(&l.Rows, maxInt)
	set(&l.CallDepth, 2000)
	set(&l.String, 1<<20)
	set(&l.Array, 1<<18)
	set(&l.Text, 32<<10)
	set(&l.Steps, 10_000)
	if l.Memory == 0 {
		l.Memory = 256 << 20
	} else if l.Memory < 0 {
		l.Memory = 1<<63 - 1
	}
	return l
}

const maxInt = int(^uint(0) >> 1)
