package cli

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"kg/graph"
	"kg/loaders"
)

// A diffSide is one of the two versions that are compared.
type diffSide struct {
	name    string // as the user gave it
	version *graph.Version
	leftOut map[string]string // claim id → why it was left out, where the tables tell
}

// diffSide reads what the user named: a file, a folder, a store, or a revision.
func (a *app) diffSide(ctx context.Context, o diffOptions, text string) (diffSide, error) {
	ns, err := a.namespaces()
	if err != nil {
		return diffSide{}, err
	}
	read := loaders.Options{Format: o.from, Stdin: a.std.In, Namespaces: ns, KeepGoing: true, Document: "d"}
	if isFolder(text) {
		if p, err := projectAt(text); err == nil {
			return a.diffFacts(ctx, text, p)
		}
		if loaders.IsCurated(os.DirFS(text), ".") {
			return a.diffFacts(ctx, text, project{dir: filepath.Dir(filepath.Clean(text)), tables: text})
		}
	}
	_, missing := os.Lstat(loaders.FileOf(text))
	if missing != nil && text != loaders.StandardInput && !graph.IsStore(text) && !strings.ContainsAny(text, "*?[") {
		return a.revision(ctx, text)
	}
	files, notes, err := loaders.Expand(ctx, []string{text}, false)
	for _, note := range notes {
		a.note("%s", note)
	}
	if err != nil {
		return diffSide{}, err
	}
	side := diffSide{name: text, version: graph.NewVersion()}
	return side, inputsFeed(files, read, orStore(loaders.Load))(ctx, side.version)
}

// diffProject reads the project as it is now.
func (a *app) diffProject(ctx context.Context) (diffSide, error) {
	p, err := a.project()
	if err != nil {
		return diffSide{}, err
	}
	return a.diffFacts(ctx, p.facts(), p)
}

// diffFacts reads the facts of a project.
func (a *app) diffFacts(ctx context.Context, name string, p project) (diffSide, error) {
	ns, err := a.namespaces()
	if err != nil {
		return diffSide{}, err
	}
	file, text, err := p.schemaText()
	if err != nil {
		return diffSide{}, err
	}
	schema, err := graph.ParseSchema(file, text)
	if err != nil {
		return diffSide{}, err
	}
	side := diffSide{name: name, version: graph.NewVersion()}
	if p.tables != "" {
		table, err := os.ReadFile(filepath.Join(p.tables, "left-out.csv"))
		if err == nil {
			side.leftOut = leftOutReasons(table)
		}
	}
	return side, a.feed(p, schema, loaders.Options{Namespaces: ns, KeepGoing: true})(ctx, side.version)
}

// leftOutReasons reads why claims were left out. A table that cannot be read gives no reasons; a build
// tells what is wrong with it.
func leftOutReasons(table []byte) map[string]string {
	reasons := map[string]string{}
	t, err := loaders.NewTable(bytes.NewReader(table), "left-out.csv", "claim_id", "reason")
	if err != nil {
		return nil
	}
	for {
		row, err := t.Next()
		if err != nil {
			return reasons
		}
		reasons[row.Text("claim_id")] = row.Text("reason")
	}
}

// revision reads the facts that the project had in a revision of git.
func (a *app) revision(ctx context.Context, rev string) (diffSide, error) {
	p, err := a.project()
	if err != nil {
		return diffSide{}, err
	}
	if p.embedded() {
		return diffSide{}, noSide(rev, "there is no project here whose revisions could be looked at")
	}
	git := gitIn{ctx: ctx, dir: p.dir}
	commit, err := git.run("rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if errors.Is(err, exec.ErrNotFound) {
		return diffSide{}, noSide(rev, "to look at revisions the program git is needed")
	}
	if err != nil {
		return diffSide{}, noSide(rev, graph.DidYouMean(rev, git.names()))
	}
	at := strings.TrimSpace(string(commit))
	side := diffSide{name: rev, version: graph.NewVersion()}
	if table, err := git.run("show", at+":./curated/left-out.csv"); err == nil {
		side.leftOut = leftOutReasons(table)
	}
	facts, err := git.run("show", at+":./facts.nq")
	if err != nil {
		return side, a.revisionTables(git, at, side)
	}
	ns, err := a.namespaces()
	if err != nil {
		return side, err
	}
	read := loaders.Options{Format: "nquads", Stdin: bytes.NewReader(facts), Namespaces: ns, KeepGoing: true}
	err = loaders.Load(ctx, loaders.StandardInput, read, side.version)
	return side, placedIn(err, loaders.StandardInput, rev+":"+filepath.ToSlash(filepath.Join(p.dir, "facts.nq")))
}

// revisionTables reads the curated tables of a revision, by the schema of that revision.
func (a *app) revisionTables(git gitIn, commit string, side diffSide) error {
	archive, err := git.run("archive", "--format=tar", commit, "--", "curated")
	if err != nil {
		return &graph.Problem{
			At: graph.Position{File: side.name}, Want: "a revision in which " + git.dir + " has facts.nq or curated/", Found: "neither",
		}
	}
	dir, err := os.MkdirTemp("", "kg-diff-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder for temporary files, which the system clears
	if err := unpack(archive, dir); err != nil {
		return err
	}
	p := project{dir: dir, tables: filepath.Join(dir, "curated")}
	if text, err := git.run("show", commit+":./schema.yaml"); err == nil {
		if err := os.WriteFile(filepath.Join(dir, "schema.yaml"), text, 0o600); err != nil {
			return err
		}
	}
	file, text, err := p.schemaText()
	if err != nil {
		return err
	}
	schema, err := graph.ParseSchema(file, text)
	if err == nil {
		err = tablesFeed(p.tables, schema)(git.ctx, side.version)
	}
	return placedIn(err, dir, side.name+":"+git.dir)
}

// unpack writes the files of an archive that git made below a folder.
func unpack(archive []byte, dir string) error {
	r := tar.NewReader(bytes.NewReader(archive))
	for {
		h, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("archive of git: %w", err)
		case h.Typeflag != tar.TypeReg || !filepath.IsLocal(h.Name):
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(h.Name))
		text, err := io.ReadAll(r)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o700)
		}
		if err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			return err
		}
	}
}

// placedIn says in problems where the user finds the text that was read from elsewhere.
func placedIn(err error, from, to string) error {
	var problems graph.Problems
	if err == nil || problems.Collect(err) != nil {
		return err
	}
	for _, p := range problems {
		if rest, ok := strings.CutPrefix(p.At.File, from); ok {
			p.At.File = to + filepath.ToSlash(rest)
		}
	}
	return problems
}

// noSide is the problem of a name that stands for nothing that could be compared.
func noSide(name, hint string) error {
	return &graph.Problem{
		Want: "a file, a folder, a store or a revision of git", Found: fmt.Sprintf("%q", name), Hint: hint, Err: fs.ErrNotExist,
	}
}

// gitIn runs git in a folder.
type gitIn struct {
	ctx context.Context //nolint:containedctx // lives as long as one command
	dir string
}

func (g gitIn) run(args ...string) ([]byte, error) {
	cmd := exec.CommandContext(g.ctx, "git", append([]string{"-C", g.dir}, args...)...)
	out, err := cmd.Output()
	if stop := context.Cause(g.ctx); stop != nil {
		return nil, stop
	}
	return out, err
}

// names lists branches and tags.
func (g gitIn) names() []string {
	out, err := g.run("for-each-ref", "--format=%(refname:short)")
	if err != nil {
		return nil
	}
	return append(strings.Fields(string(out)), "HEAD")
}
