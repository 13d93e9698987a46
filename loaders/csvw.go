package loaders

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kg/graph"
)

// ErrNoMetadata is the cause of the problem of a table that no metadata file describes.
var ErrNoMetadata = errors.New("no metadata")

// MetadataSuffix follows the name of a table in the name of its metadata file, and FolderMetadata is the
// file that describes several tables of a folder.
const (
	MetadataSuffix = "-metadata.json"
	FolderMetadata = "csv-metadata.json"
)

// LoadTable reads a table of any shape through the CSV on the Web metadata that describe it, and hands
// to the sink what the minimal mode of the recommendation "Generating RDF from Tabular Data on the Web"
// makes of its cells.
//
// The input is a table (.csv, .tsv, packed or not; .xlsx, with #SHEET where it has several sheets; "-"
// for Options.Stdin) or a metadata file (.json), which stands for all tables that it describes. The
// metadata of a table are those of Options.Metadata, else in NAME-metadata.json beside it, else in
// csv-metadata.json. Errors are those of [Load]. What the recommendation defines and this reader does
// not do is refused by name.
func LoadTable(ctx context.Context, input string, o Options, sink graph.Sink) error {
	o, err := o.resolved(input)
	if err != nil {
		return err
	}
	l := &tableLoader{options: o, input: input, given: map[*tableDescription]string{}}
	if err := l.describe(ctx); err != nil {
		return err
	}
	l.out = delivery{ctx: ctx, sink: sink, report: newReport(input, o)}
	for i, t := range l.load {
		if err := l.table(ctx, t, i); err != nil {
			if stop := context.Cause(ctx); stop != nil {
				return stop
			}
			if asProblem(err) == nil {
				return err
			}
			if err := l.out.report.add(err); err != nil {
				return err
			}
		}
	}
	return l.out.report.end(nil)
}

// A tableLoader loads the tables of one input.
type tableLoader struct {
	options Options
	input   string
	folder  string // of the metadata
	group   *tableGroup
	load    []*tableDescription
	given   map[*tableDescription]string // the tables that the user named, by that name
	out     delivery
}

// describe reads the metadata and decides which of their tables to load.
func (l *tableLoader) describe(ctx context.Context) error {
	file, alone := l.options.Metadata, false
	switch {
	case file != "":
	case strings.EqualFold(filepath.Ext(l.input), ".json"):
		file, alone = l.input, true
	case l.input == StandardInput:
		return &graph.Problem{At: graph.Position{File: l.input}, Want: "metadata for standard input", Found: "none", Hint: "name them: --metadata FILE", Err: ErrNoMetadata}
	default:
		var err error
		if file, err = FindMetadata(l.input); err != nil {
			return err
		}
	}
	l.folder = filepath.Dir(file)
	root, err := l.readMetadata(ctx, file)
	if err != nil {
		return err
	}
	if l.group, err = readGroup(file, root, l.options.Base, func(name string) (*node, error) { return l.beside(ctx, name) }); err != nil {
		return err
	}
	if alone {
		for _, t := range l.group.tables {
			if !t.suppress {
				l.load = append(l.load, t)
			}
		}
		return nil
	}
	t, err := l.find(file)
	if err != nil {
		return err
	}
	l.given[t], l.load = l.input, []*tableDescription{t}
	return nil
}

// FindMetadata finds the metadata file of a table: NAME-metadata.json beside it, else csv-metadata.json.
// The error of a table without any is [ErrNoMetadata].
func FindMetadata(table string) (string, error) {
	table = FileOf(table)
	if _, err := os.Stat(table); err != nil {
		return "", unopened(table, err)
	}
	candidates := []string{table + MetadataSuffix, filepath.Join(filepath.Dir(table), FolderMetadata)}
	for _, file := range candidates {
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
	}
	return "", &graph.Problem{
		At: graph.Position{File: table}, Want: "metadata in " + candidates[0] + " or " + candidates[1], Found: "neither",
		Hint: "kg infer " + table + " -o " + candidates[0] + " writes a first draft", Err: ErrNoMetadata,
	}
}

// FileOf is the file behind an input: of dump.zip#facts.nq and book.xlsx#Sheet1 that of the archive or
// workbook, of others the input itself.
func FileOf(input string) string {
	file, _ := splitMember(input)
	return file
}

func (l *tableLoader) readMetadata(ctx context.Context, file string) (*node, error) {
	raw, closeRaw, err := openRaw(ctx, file, Options{})
	if err != nil {
		return nil, err
	}
	n, err := parseMetadata(file, raw)
	if closing := closeRaw(); err == nil && closing != nil {
		err = fmt.Errorf("closing %s: %w", file, closing)
	}
	return n, err
}

// beside reads a schema or a dialect that has a file of its own.
func (l *tableLoader) beside(ctx context.Context, name string) (*node, error) {
	path, err := l.path(name, graph.Position{})
	if err != nil {
		return nil, err
	}
	return l.readMetadata(ctx, path)
}

// find is the description of the table that the user named.
func (l *tableLoader) find(file string) (*tableDescription, error) {
	table, sheet := splitMember(l.input)
	var urls []string
	for _, t := range l.group.tables {
		urls = append(urls, t.url)
		path, err := l.path(t.url, t.at)
		if err != nil {
			continue
		}
		described, member := splitMember(path)
		if (filepath.Clean(described) == filepath.Clean(table)) && (member == sheet || member == "" || sheet == "") {
			return t, nil
		}
	}
	if len(l.group.tables) == 1 && l.options.Metadata != "" {
		return l.group.tables[0], nil // what the user puts together belongs together
	}
	return nil, &graph.Problem{
		At: graph.Position{File: file}, Want: "a description of " + l.input, Found: "tables " + strings.Join(urls, ", "),
		Hint: `its "url" is the path of the table from the metadata file`, Err: ErrNoMetadata,
	}
}

// path is where a table or another file of the metadata lies: in their folder or below it. Nothing is
// fetched: of an address on the Web only the last part counts.
func (l *tableLoader) path(name string, at graph.Position) (string, error) {
	name, fragment, _ := strings.Cut(name, "#")
	if absolute([]byte(name)) {
		u, err := url.Parse(name)
		if err != nil || strings.EqualFold(u.Scheme, "file") {
			return "", &graph.Problem{At: at, Want: "a path relative to the metadata file", Found: quote([]byte(shown(name)), "")}
		}
		name = u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	}
	decoded, err := url.PathUnescape(name)
	if err != nil || decoded == "" || !filepath.IsLocal(filepath.FromSlash(decoded)) {
		return "", &graph.Problem{At: at, Want: "a path relative to the metadata file, in its folder or below", Found: quote([]byte(shown(name)), "")}
	}
	path := filepath.Join(l.folder, filepath.FromSlash(decoded))
	if fragment != "" {
		if decoded, err := url.PathUnescape(fragment); err == nil {
			fragment = decoded
		}
		path += memberMark + fragment
	}
	return path, nil
}

// name is how messages call a table.
func (l *tableLoader) name(t *tableDescription) (string, error) {
	if given := l.given[t]; given != "" {
		return given, nil
	}
	return l.path(t.url, t.at)
}

// openRows opens a table.
func (l *tableLoader) openRows(ctx context.Context, t *tableDescription) (tableRows, func() error, error) {
	name, err := l.name(t)
	if err != nil {
		return nil, nil, err
	}
	return openTable(ctx, name, t.dialect, l.options)
}

// openTable opens a table of any kind.
func openTable(ctx context.Context, name string, d dialect, o Options) (tableRows, func() error, error) {
	if file, sheet := splitMember(name); isSpreadsheet(file) {
		return openSheet(ctx, name, file, sheet, d)
	}
	r, closeText, err := openText(ctx, name, o)
	if err != nil {
		return nil, nil, err
	}
	return newTextRows(r, name, d), closeText, nil
}

// openText opens an unpacked text that is read whatever its name tells.
func openText(ctx context.Context, name string, o Options) (*textInput, func() error, error) {
	o, err := o.resolved(name)
	if err != nil {
		return nil, nil, err
	}
	raw, closeRaw, err := openRaw(ctx, name, o)
	if err != nil {
		return nil, nil, err
	}
	ahead := openAhead(ctx, raw, name, o)
	closeAll := func() error { ahead.stop(); return closeRaw() }
	head, err := readHead(ahead, longestMagic)
	if err == nil {
		err = refuseBinary(name, head)
	}
	if err != nil {
		_ = closeAll() // the error at hand is the one to tell
		return nil, nil, err
	}
	return &textInput{head, ahead}, closeAll, nil
}

// textInput is a text whose first bytes have been looked at.
type textInput struct {
	head []byte
	rest *ahead
}

// Read reads the first bytes again, then the rest.
func (t *textInput) Read(p []byte) (int, error) {
	if len(t.head) > 0 {
		n := copy(p, t.head)
		t.head = t.head[n:]
		return n, nil
	}
	return t.rest.Read(p)
}

// IsTable says whether the name of an input is that of a table: LoadTable reads those, and Load does not.
// Members of archives need metadata that are named, and so do not count.
func IsTable(name string) bool {
	name, _ = splitMember(strings.ToLower(name))
	if ext := filepath.Ext(name); archiveByExtension(ext) != plain {
		name = strings.TrimSuffix(name, ext)
	}
	return slices.Contains(tableExtensions(), filepath.Ext(name))
}

// tableExtensions are what names of tables end in.
func tableExtensions() []string { return []string{".csv", ".tsv", ".tab", ".xlsx", ".xlsm"} }

func isSpreadsheet(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".xlsx" || ext == ".xlsm"
}

// notThere says whether nothing of that name exists.
func notThere(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}
