package graph

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

type schemaYAML struct {
	Version    int                      `yaml:"version"`
	Classes    map[string]classYAML     `yaml:"classes"`
	Concepts   map[string]conceptsYAML  `yaml:"concepts"`
	Units      map[string]unitYAML      `yaml:"units"`
	Currencies map[string]int           `yaml:"currencies"`
	Money      map[string]moneyYAML     `yaml:"money"`
	Predicates map[string]predicateYAML `yaml:"predicates"`
}

type classYAML struct {
	Path, Label, Plural, Definition, Broader, Exact, Close string
}

type conceptsYAML struct {
	Path  string
	Words map[string]string
}

type unitYAML struct {
	Symbol, Measures, Factor string
}

type moneyYAML struct {
	Label, Definition string
	Domain            []string
	Estimate          bool
}

type predicateYAML struct {
	Label, Inverse, Definition, Cardinality, Unit, Exact, Close string
	Domain, In                                                  []string
	Range                                                       yaml.Node
	Derived                                                     bool
}

// decode reads the YAML, with no words in it that mean nothing.
func (p *schemaParser) decode(text []byte) error {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&p.yaml); err != nil {
		return err
	}
	p.Version = p.yaml.Version
	if p.Version != schemaVersion {
		p.fault(schemaEntry{section: "version"}, fmt.Sprintf("version: %d", schemaVersion), strconv.Itoa(p.Version), "")
	}
	return nil
}

// problems says where the faults stand. The file is read a second time for it, so that a schema
// without faults costs no more than it must.
func (p *schemaParser) problems(file string, text []byte) Problems {
	at := map[schemaEntry]Position{}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err == nil && len(root.Content) > 0 {
		for _, section := range pairs(root.Content[0]) {
			name := section[0]
			at[schemaEntry{section: name.Value}] = Position{File: file, Line: name.Line, Column: name.Column}
			for _, e := range pairs(section[1]) {
				at[schemaEntry{name.Value, e[0].Value}] = Position{File: file, Line: e[0].Line, Column: e[0].Column}
			}
		}
	}
	var ps Problems
	for _, f := range p.faults {
		where, ok := at[f.in]
		if !ok {
			where = Position{File: file}
		}
		want := f.want
		if f.in.name != "" {
			want += " for " + f.in.name
		}
		ps = append(ps, &Problem{At: where, Want: want, Found: f.found, Hint: f.hint})
	}
	slices.SortFunc(ps, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column), cmp.Compare(a.Error(), b.Error()))
	})
	return ps
}

// pairs lists the names and values of a mapping.
func pairs(n *yaml.Node) [][2]*yaml.Node {
	var ps [][2]*yaml.Node
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		ps = append(ps, [2]*yaml.Node{n.Content[i], n.Content[i+1]})
	}
	return ps
}

var (
	yamlLine  = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)
	yamlField = regexp.MustCompile(`^field (\S+) not found in type .*$`)
)

// syntaxProblems turns an error of the YAML reader into problems.
func syntaxProblems(file string, err error) Problems {
	if errors.Is(err, io.EOF) {
		return Problems{{At: Position{File: file}, Want: "a schema", Found: "an empty file"}}
	}
	messages := []string{err.Error()}
	var several *yaml.TypeError
	if errors.As(err, &several) {
		messages = several.Errors
	}
	var ps Problems
	for _, m := range messages {
		at := Position{File: file}
		if parts := yamlLine.FindStringSubmatch(m); parts != nil {
			at.Line, _ = strconv.Atoi(parts[1]) // digits
			m = parts[2]
		}
		m = yamlField.ReplaceAllString(m, "$1, a word without a meaning here")
		ps = append(ps, &Problem{At: at, Want: "a schema in YAML", Found: strings.TrimPrefix(m, "yaml: ")})
	}
	return ps
}

// A schemaEntry is a name in a section of the schema's file: where a fault is.
type schemaEntry struct {
	section, name string
}

type schemaFault struct {
	in                schemaEntry
	want, found, hint string
}

func (p *schemaParser) fault(in schemaEntry, want, found, hint string) {
	p.faults = append(p.faults, schemaFault{in, want, found, hint})
}
