package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kg/data"
	"kg/graph"
)

// A project is where the facts come from: a data folder, or the program itself.
type project struct {
	dir    string // the data folder as the user would name it; "" for the embedded facts
	tables string // the folder with curated tables; "" where facts.nq is the input
}

// embedded says whether the facts are those inside the program.
func (p project) embedded() bool { return p.dir == "" }

// facts is the name of what is loaded, for messages.
func (p project) facts() string {
	switch {
	case p.embedded():
		return "the embedded facts"
	case p.tables != "":
		return p.tables
	default:
		return filepath.Join(p.dir, "facts.nq")
	}
}

// kgDir is the folder in which the project keeps what it builds.
func (p project) kgDir() string { return filepath.Join(filepath.Dir(p.dir), ".kg") }

// project finds the facts: --data or KG_DATA, the nearest folder upward, the program itself.
func (a *app) project() (project, error) {
	if a.data != "" {
		return projectAt(a.data)
	}
	dir, err := a.workDir()
	if err != nil {
		return project{}, nil //nolint:nilerr // a working folder that was deleted has no project above it
	}
	for {
		if p, ok := isData(filepath.Join(dir, "data")); ok {
			p.dir = a.near(p.dir)
			if p.tables != "" {
				p.tables = a.near(p.tables)
			}
			return p, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return project{}, nil
		}
		dir = parent
	}
}

func (a *app) workDir() (string, error) {
	if a.std.Dir != "" {
		return filepath.Abs(a.std.Dir)
	}
	return os.Getwd()
}

// near names a path relative to the working folder where that is shorter, so that messages and
// records of inputs do not depend on where a project was checked out.
func (a *app) near(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return path
	}
	return rel
}

// projectAt is the project that the user named: a data folder, or a folder that has one.
func projectAt(dir string) (project, error) {
	for _, candidate := range []string{dir, filepath.Join(dir, "data")} {
		if p, ok := isData(candidate); ok {
			return p, nil
		}
	}
	found := "neither"
	if _, err := os.Stat(dir); err != nil {
		found = "no such folder"
	}
	return project{}, &graph.Problem{
		At: graph.Position{File: dir}, Want: "a folder with curated/ or facts.nq", Found: found,
		Hint: "--data (or " + envData + ") names the folder with the facts", Err: fs.ErrNotExist,
	}
}

func isData(dir string) (project, bool) {
	if tables := filepath.Join(dir, "curated"); isFolder(tables) {
		return project{dir: dir, tables: tables}, true
	}
	if info, err := os.Stat(filepath.Join(dir, "facts.nq")); err == nil && info.Mode().IsRegular() {
		return project{dir: dir}, true
	}
	return project{}, false
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// schema reads the schema of the project, else the embedded one.
func (a *app) schema() (*graph.Schema, error) {
	if a.opened != nil {
		return a.opened.schema, nil
	}
	p, err := a.project()
	if err != nil {
		return nil, err
	}
	file, text, err := p.schemaText()
	if err != nil {
		return nil, err
	}
	return graph.ParseSchema(file, text)
}

// schemaText is the schema of the project, or the embedded one where the project has none.
func (p project) schemaText() (file string, text []byte, err error) {
	if !p.embedded() {
		file = filepath.Join(p.dir, "schema.yaml")
		text, err = os.ReadFile(file)
		if err == nil {
			return file, text, nil
		}
		if !os.IsNotExist(err) {
			return file, nil, fmt.Errorf("reading the schema: %w", err)
		}
	}
	return data.SchemaFile, []byte(data.Schema), nil
}

// inputs lists everything the project's graph is built from. The paths are full ones, so that a store
// is fresh from whichever folder it is asked.
func (p project) inputs(ns graph.Namespaces) (graph.Inputs, error) {
	_, schema, err := p.schemaText()
	if err != nil {
		return graph.Inputs{}, err
	}
	in := graph.Inputs{Texts: map[string]string{
		"schema": string(schema),
		"base":   ns.Expand("kg:"), // decides which IRIs of a file are ours
	}}
	switch {
	case p.embedded():
		in.Texts["facts.nq"] = data.Facts
	case p.tables != "":
		err = filepath.WalkDir(p.tables, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
				in.Files = append(in.Files, path)
			}
			return err
		})
		slices.Sort(in.Files)
	default:
		in.Files = []string{p.facts()}
	}
	for i, file := range in.Files {
		if full, failed := filepath.Abs(file); failed == nil {
			in.Files[i] = full
		}
	}
	return in, err
}
