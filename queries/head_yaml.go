package queries

import (
	"go.yaml.in/yaml/v3"
)

// headYAML is the head of a question as it is written.
type headYAML struct {
	Summary string       `yaml:"summary"`
	Params  []paramYAML  `yaml:"params"`
	Columns []columnYAML `yaml:"columns"`
	Group   []string     `yaml:"group"`
	Collect []string     `yaml:"collect"`
	Prefer  []string     `yaml:"prefer"`
	Sum     []string     `yaml:"sum"`
	Sort    []string     `yaml:"sort"`
	Span    []string     `yaml:"span"`
	Tally   string       `yaml:"tally"`
	Example exampleYAML  `yaml:"example"`
}

type paramYAML struct {
	Name     string   `yaml:"name"`
	Type     string   `yaml:"type"`
	Enum     []string `yaml:"enum"`
	Optional bool     `yaml:"optional"`
	Default  string   `yaml:"default"`
	Bound    string   `yaml:"bound"`
	Help     string   `yaml:"help"`
}

type columnYAML struct {
	Name  string   `yaml:"name"`
	Title string   `yaml:"title"`
	Type  string   `yaml:"type"`
	List  bool     `yaml:"list"`
	Of    string   `yaml:"of"`
	Fact  words    `yaml:"fact"`
	Order []string `yaml:"order"`

	Inverse bool `yaml:"inverse"`
}

type exampleYAML struct {
	Params  map[string]string `yaml:"params"`
	Columns []string          `yaml:"columns"`
	Rows    []string          `yaml:"rows"`
	LeftOut []string          `yaml:"left_out"`
}

// words reads one word or a list of them.
type words []string

// UnmarshalYAML accepts a scalar or a sequence.
func (w *words) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*w = words{n.Value}
		return nil
	}
	return n.Decode((*[]string)(w))
}

// headKeys lists the words that may stand at each place of a head; a key that is not in it is named
// with the nearest one that is.
func headKeys() map[string][]string {
	return map[string][]string{
		"":        {"summary", "params", "columns", "group", "collect", "prefer", "sum", "span", "sort", "tally", "example"},
		"params":  {"name", "type", "enum", "optional", "default", "bound", "help"},
		"columns": {"name", "title", "type", "list", "of", "fact", "order", "inverse"},
		"example": {"params", "columns", "rows", "left_out"},
	}
}
