package loaders

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"kg/graph"
)

// ErrFormat is the cause of problems with a format that is unknown or cannot be told.
var ErrFormat = errors.New("unknown format")

// A Format is one way of writing quads in a file.
type Format struct {
	Name       string   // what --from takes: "nquads"
	Extensions []string // with the dot, lower case, the usual one first
	MediaType  string

	// Load reads r to its end and hands its quads to the sink in the order of the input. The name
	// stands in positions. Load starts no goroutine that outlives it and does not close r.
	Load func(ctx context.Context, r io.Reader, name string, o Options, sink graph.Sink) error

	// claims says whether an input that begins like this is of the format, when its name tells nothing.
	claims func(head []byte) bool
}

// Formats lists every format that can be loaded. The order is that in which first bytes are tried.
func Formats() []Format {
	return []Format{
		nquads(),
		ntriples(),
		turtle(),
		trig(),
		jsonld(),
		jsonl(),
		cayleyJSON(),
		ftm(),
		pquads(),
	}
}

// ByName finds a format by its name, an extension or its media type.
func ByName(name string) (Format, error) {
	key := strings.ToLower(strings.TrimSpace(name))
	for _, f := range Formats() {
		if key == f.Name || key == f.MediaType || slices.Contains(f.Extensions, "."+strings.TrimPrefix(key, ".")) {
			return f, nil
		}
	}
	p := &graph.Problem{
		Want:  "a format: " + strings.Join(formatNames(), ", "),
		Found: fmt.Sprintf("%q", name),
		Hint:  graph.DidYouMean(key, formatNames()),
		Err:   ErrFormat,
	}
	if isRDFXMLName(key) {
		p.Hint = convertRDFXML("")
	}
	return Format{}, p
}

func formatNames() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

// byExtension finds the format that the name of a file tells, looking through .gz and .zst.
func byExtension(name string) (Format, bool) {
	name = strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	ext := path.Ext(name)
	if archiveByExtension(ext) != plain {
		ext = path.Ext(strings.TrimSuffix(name, ext))
	}
	for _, f := range Formats() {
		if slices.Contains(f.Extensions, ext) {
			return f, true
		}
	}
	return Format{}, false
}
