package queries

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"kg/graph"
)

//go:embed *.gizmo
var embedded embed.FS

// extension ends the name of a question's file.
const extension = ".gizmo"

// testCommand is the command that tests all questions; no question may take its name.
const testCommand = "test"

// ErrUnknownQuestion is the cause of an error about a question that is not in the catalogue.
var ErrUnknownQuestion = errors.New("unknown question")

// A Folder is a place where questions are saved.
type Folder struct {
	FS   fs.FS
	Path string // put before file names in errors
}

// A Catalog knows the saved questions by name. It reads a question's head when it is asked for.
type Catalog struct {
	files map[string]savedFile
	names []string
}

type savedFile struct {
	fs   fs.FS
	name string // inside fs
	path string // for people
}

// All returns the questions that come with the program.
func All() (*Catalog, error) { return Load() }

// Load returns the questions that come with the program and those of the folders. Two questions
// of one name are an error.
func Load(folders ...Folder) (*Catalog, error) {
	c := &Catalog{files: map[string]savedFile{}}
	var problems graph.Problems
	for _, folder := range append([]Folder{{FS: embedded, Path: "queries"}}, folders...) {
		names, err := fs.Glob(folder.FS, "*"+extension)
		if err == nil {
			_, err = fs.Stat(folder.FS, ".") // Glob takes a folder that is not there for an empty one
		}
		if err != nil {
			return nil, fmt.Errorf("questions in %s: %w", folder.Path, err)
		}
		for _, name := range names {
			f := savedFile{folder.FS, name, path.Join(folder.Path, name)}
			question := strings.TrimSuffix(name, extension)
			if graph.Slug(question) != question || question == testCommand {
				problems = append(problems, &graph.Problem{
					At:   graph.Position{File: f.path},
					Want: "a file named like seizures-by-port.gizmo: the question becomes a command beside kg query " + testCommand, Found: strconv.Quote(name),
					Hint: "rename the file",
				})
				continue
			}
			if first, twice := c.files[question]; twice {
				problems = append(problems, &graph.Problem{
					At:   graph.Position{File: f.path},
					Want: "a question with a name of its own", Found: fmt.Sprintf("%s, which is also %s", question, first.path),
					Hint: "rename the file",
				})
				continue
			}
			c.files[question] = f
			c.names = append(c.names, question)
		}
	}
	slices.Sort(c.names)
	return c, problems.Join()
}

// Names lists the questions in alphabetical order.
func (c *Catalog) Names() []string { return slices.Clone(c.names) }

// Lookup returns the question with this name. The error is a *[graph.Problem] that is
// [ErrUnknownQuestion] and names the nearest question, or the [graph.Problems] of its head.
func (c *Catalog) Lookup(name string) (*Question, error) {
	f, ok := c.files[name]
	if !ok {
		hint := graph.DidYouMean(name, c.names)
		if hint == "" {
			hint = "kg query lists them"
		}
		return nil, &graph.Problem{Err: ErrUnknownQuestion, Found: fmt.Sprintf("%q", name), Hint: hint}
	}
	text, err := fs.ReadFile(f.fs, f.name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return parseQuestion(name, f.path, string(text))
}

// Questions returns every question in alphabetical order. All problems of all heads are reported.
func (c *Catalog) Questions() ([]*Question, error) {
	var problems graph.Problems
	var list []*Question
	for _, name := range c.names {
		q, err := c.Lookup(name)
		if err != nil {
			if err := problems.Collect(err); err != nil {
				return nil, err
			}
			continue
		}
		list = append(list, q)
	}
	return list, problems.Join()
}
