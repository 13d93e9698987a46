package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/data"
	"kg/graph"
	"kg/graph/audit"
	"kg/graph/snapshot"
	"kg/loaders"
)

// The files of the folder with what people have reviewed.
const (
	reviewFolder    = "review"
	acceptedFile    = "accepted.csv"
	notPersonsFile  = "not-persons.csv"
	slugsFile       = "slugs.txt"
	plausibleFile   = "plausible.yaml"
	reviewedColumns = "rule,about,reason"
)

// isProject says whether the paths name one folder with a project, or one with curated tables.
func isProject(paths []string) bool {
	if len(paths) != 1 || !isFolder(paths[0]) {
		return false
	}
	_, err := projectAt(paths[0])
	return err == nil || loaders.IsCurated(os.DirFS(paths[0]), ".")
}

// checkedProject is the project that is checked: that of the working folder, or the one named. Files of
// facts are checked beside the project of the working folder, whose schema holds for them.
func (a *app) checkedProject(paths []string) (project, error) {
	if !isProject(paths) {
		return a.project()
	}
	if p, err := projectAt(paths[0]); err == nil {
		return p, nil
	}
	clean := filepath.Clean(paths[0])
	return project{dir: filepath.Dir(clean), tables: clean}, nil
}

func (a *app) schemaOf(p project) (*graph.Schema, error) {
	file, text, err := p.schemaText()
	if err != nil {
		return nil, err
	}
	return graph.ParseSchema(file, text)
}

// readReview reads what people have decided. A project without a file of its own has no accepted
// warnings and no published slugs; what goods fetch, and which words are no persons, it shares with the
// program.
func readReview(p project, schema *graph.Schema) (audit.Reviewed, []audit.Accepted, error) {
	var r audit.Reviewed
	var accepted []audit.Accepted
	read := func(name string, shared bool) (file string, text []byte, err error) {
		if !p.embedded() {
			file = filepath.Join(p.dir, reviewFolder, name)
			text, err = os.ReadFile(file)
			if err == nil || !errors.Is(err, fs.ErrNotExist) {
				return file, text, err
			}
		}
		if !p.embedded() && !shared {
			return file, nil, nil
		}
		file = "data/" + reviewFolder + "/" + name
		text, err = fs.ReadFile(data.Review, reviewFolder+"/"+name)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return file, text, err
	}
	var problems graph.Problems
	table := func(name string, shared bool, columns string, take func(loaders.Row) *graph.Problem) error {
		file, text, err := read(name, shared)
		if err != nil || len(text) == 0 {
			return err
		}
		return problems.Collect(eachRow(file, text, strings.Split(columns, ","), take))
	}
	file, text, err := read(plausibleFile, true)
	if err != nil {
		return r, nil, err
	}
	r.Bands, err = audit.ParseBands(file, text, schema)
	if other := problems.Collect(err); other != nil {
		return r, nil, other
	}
	err = table(acceptedFile, false, reviewedColumns, func(row loaders.Row) *graph.Problem {
		if p := wantReason(row); p != nil {
			return p
		}
		accepted = append(accepted, audit.Accepted{
			Rule: row.Text("rule"), About: reviewedID(row.Text("about")), Reason: row.Text("reason"), At: row.At("rule"),
		})
		return nil
	})
	if err != nil {
		return r, nil, err
	}
	err = table(notPersonsFile, true, "words,reason", func(row loaders.Row) *graph.Problem {
		r.NotPersons = append(r.NotPersons, row.Text("words"))
		return wantReason(row)
	})
	if err != nil {
		return r, nil, err
	}
	file, text, err = read(slugsFile, false)
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if line = strings.TrimSpace(line); line != "" {
			r.Slugs = append(r.Slugs, audit.Slug{Entity: quad.IRI("kg:" + line), At: graph.Position{File: file, Line: number}})
		}
	}
	if err == nil {
		r.Texts, err = leftOutTexts(p)
	}
	if err == nil {
		err = problems.Join()
	}
	return r, accepted, err
}

// leftOutTexts are the reasons why rows were left out of the tables: they are published with them.
func leftOutTexts(p project) ([]audit.Text, error) {
	if p.tables == "" {
		return nil, nil
	}
	file := filepath.Join(p.tables, "left-out.csv")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil //nolint:nilerr // there need not be one; what is wrong with one that is there, the loader tells
	}
	var texts []audit.Text
	err = eachRow(file, text, []string{"claim_id", "reason"}, func(row loaders.Row) *graph.Problem {
		texts = append(texts, audit.Text{Text: row.Text("reason"), About: reviewedID(row.Text("claim_id")), At: row.At("reason")})
		return nil
	})
	var problems graph.Problems
	return texts, problems.Collect(err)
}

// eachRow hands on the rows of a table and gathers what is wrong with them.
func eachRow(file string, text []byte, columns []string, take func(loaders.Row) *graph.Problem) error {
	var problems graph.Problems
	t, err := loaders.NewTable(bytes.NewReader(text), file, columns...)
	if err != nil {
		return err
	}
	for {
		row, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return problems.Join()
		case err == nil:
			if p := take(row); p != nil {
				problems = append(problems, p)
			}
		default:
			if other := problems.Collect(err); other != nil {
				return other
			}
		}
	}
}

func wantReason(row loaders.Row) *graph.Problem {
	if row.Text("reason") != "" {
		return nil
	}
	return &graph.Problem{At: row.At("reason"), Want: "the reason", Found: "an empty cell", Hint: "say why it is right, for whoever reviews this next"}
}

// reviewedID is the claim or entity that a row is about.
func reviewedID(text string) quad.IRI {
	text = strings.TrimPrefix(text, "kg:")
	if strings.Contains(text, "/") {
		return quad.IRI("kg:" + text)
	}
	return quad.IRI("kg:claim/" + text)
}

// slugsAt lists the entities that the project's facts.nq had in a git revision.
func slugsAt(ctx context.Context, p project, revision string) ([]audit.Slug, error) {
	if p.embedded() {
		return nil, &graph.Problem{Want: "a project in a git repository for --since", Found: "the embedded facts"}
	}
	cmd := exec.CommandContext(ctx, "git", "-C", p.dir, "show", "--end-of-options", revision+":./facts.nq")
	var said strings.Builder
	cmd.Stderr = &said
	text, err := cmd.Output()
	if stop := context.Cause(ctx); stop != nil {
		return nil, stop
	}
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(orElse(said.String(), err.Error())), "\n")
		return nil, &graph.Problem{Want: "a git revision in which " + p.dir + " has facts.nq", Found: fmt.Sprintf("%q", revision), Hint: "git says: " + first, Err: err}
	}
	var slugs []audit.Slug
	sink := graph.SinkFunc(func(q quad.Quad, at graph.Position) error {
		if iri, ok := q.Subject.(quad.IRI); ok && q.Predicate == graph.Name && q.Label == graph.Gazetteer {
			slugs = append(slugs, audit.Slug{Entity: iri, At: graph.Position{File: revision + ":" + filepath.ToSlash(filepath.Join(p.dir, "facts.nq")), Line: at.Line}})
		}
		return nil
	})
	options := loaders.Options{Format: "nquads", Stdin: bytes.NewReader(text), Namespaces: graph.DefaultNamespaces()}
	return slugs, loaders.Load(ctx, loaders.StandardInput, options, sink)
}

// writeSlugs adds what is new to the list of published slugs. Nothing is ever taken off it.
func (a *app) writeSlugs(p project, published []audit.Slug, facts checkedFacts) error {
	if p.embedded() {
		return &graph.Problem{Want: "a folder with facts for --write-slugs", Found: "the embedded facts"}
	}
	if len(facts.problems) > 0 {
		return &graph.Problem{Want: "facts without errors before their slugs are published", Found: plural(len(facts.problems), "error"), Hint: "kg check tells them"}
	}
	seen := map[string]bool{}
	var lines []string
	add := func(id quad.IRI) {
		if line := strings.TrimPrefix(string(id), "kg:"); !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	for _, slug := range published {
		add(slug.Entity)
	}
	before := len(lines)
	for _, q := range facts.record.Quads() {
		id, _ := q.Subject.(quad.IRI)
		if q.Predicate == graph.Name && id != graph.Editors && strings.HasPrefix(string(id), "kg:") {
			add(id)
		}
	}
	slices.Sort(lines)
	file := filepath.Join(p.dir, reviewFolder, slugsFile)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	err := a.writeFile(file, func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
		return err
	})
	if err == nil {
		a.note("%s: %s, %d of them new", file, plural(len(lines), "slug"), len(lines)-before)
	}
	return err
}

// verifyStore reads a whole store. What is damaged is a finding; a store that is not there is not.
func (a *app) verifyStore(ctx context.Context, o checkOptions) ([]audit.Finding, error) {
	text := o.store
	switch {
	case text == ownStoreFlag && len(o.paths) == 1:
		text = o.paths[0]
	case text == ownStoreFlag:
		p, err := a.project()
		if err != nil {
			return nil, err
		}
		text = a.ownStore(p).String()
	}
	if _, err := os.Stat(text); err == nil && !isFolder(text) || !strings.Contains(text, ":") {
		text = "snapshot:" + text
	}
	address, err := graph.ParseAddress(text)
	if err != nil {
		return nil, err
	}
	if address.InMemory() {
		return nil, &graph.Problem{At: graph.Position{File: text}, Want: "a store that is kept somewhere", Found: "one in memory"}
	}
	if _, err := os.Stat(address.Path); err != nil {
		return nil, &graph.Problem{At: graph.Position{File: address.Path}, Want: "a store", Found: "nothing there", Hint: "kg build makes one", Err: err}
	}
	n, err := a.readStore(ctx, address)
	if stop := context.Cause(ctx); stop != nil {
		return nil, stop
	}
	if err == nil {
		a.note("%s: %d quads, all as they were written", address, n)
		return nil, nil
	}
	var problems graph.Problems
	if problems.Collect(err) != nil {
		problems = graph.Problems{{At: graph.Position{File: address.Path}, Found: strings.TrimPrefix(err.Error(), address.Path+": ")}}
	}
	var findings []audit.Finding
	for _, p := range problems {
		if p.Hint == "" {
			p.Hint = "build it again: kg build"
		}
		findings = append(findings, audit.Finding{Rule: audit.RuleStore, Level: audit.Error, Problem: p})
	}
	return findings, nil
}

// readStore compares a snapshot with its checksums and reads every quad of a store.
func (a *app) readStore(ctx context.Context, address graph.Address) (n int, err error) {
	if address.Scheme == "snapshot" {
		if err := snapshot.Verify(ctx, address.Path); err != nil {
			return 0, err
		}
	}
	schema, err := a.schema()
	if err != nil {
		return 0, err
	}
	ns, err := a.namespaces()
	if err != nil {
		return 0, err
	}
	store, err := graph.Open(ctx, address, graph.OpenOptions{Schema: schema, Namespaces: ns})
	if err != nil {
		return 0, err
	}
	defer func() {
		if closing := store.Close(); err == nil {
			err = closing
		}
	}()
	for _, err := range store.Match(ctx, graph.Pattern{}) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// programVersion is the version of the program where it was built from a tagged one.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "(devel)" {
		return ""
	}
	return info.Main.Version
}
