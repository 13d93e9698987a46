package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"go.yaml.in/yaml/v3"

	"kg/data"
	"kg/exporters"
	"kg/graph"
)

// dataset is what data/dataset.yaml says of the facts as a whole.
type dataset struct {
	Title     string `yaml:"title"`
	Licence   string `yaml:"licence"`
	Terms     string `yaml:"terms"`
	Publisher string `yaml:"publisher"`
}

// dataset reads the project's own file. A folder without one says nothing of its licence, and then an
// export does not either.
func (p project) dataset() (dataset, error) {
	var d dataset
	text := []byte(data.Dataset)
	file := "data/dataset.yaml"
	if !p.embedded() {
		file = filepath.Join(p.dir, "dataset.yaml")
		var err error
		if text, err = os.ReadFile(file); errors.Is(err, fs.ErrNotExist) {
			return dataset{}, nil
		} else if err != nil {
			return dataset{}, err
		}
	}
	if err := yaml.Unmarshal(text, &d); err != nil {
		return d, &graph.Problem{At: graph.Position{File: file}, Want: "title, licence, terms and publisher, as YAML", Found: err.Error(), Err: err}
	}
	return d, nil
}

// about says of an export where it comes from. What was read with --store may be anybody's: its
// licence is not known.
func (a *app) about(s *session, title, command string) (exporters.About, error) {
	about := exporters.About{Title: title, Dataset: s.store.Manifest().Digest, Command: command, Program: programName()}
	if a.store != "" {
		return about, nil
	}
	d, err := s.project.dataset()
	if err != nil {
		return about, err
	}
	about.Licence, about.Terms = d.Licence, d.Terms
	return about, nil
}

// programName is kg with its version, where it was built with one.
func programName() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "kg"
	}
	return "kg " + info.Main.Version
}

// shellCommand is a command as it can be typed again.
func shellCommand(path string, args []string) string {
	words := []string{path}
	for _, arg := range args {
		words = append(words, shellWord(arg))
	}
	return strings.Join(words, " ")
}

// shellWord quotes a word where a shell would read it as anything else.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@+%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return fmt.Sprintf("'%s'", strings.ReplaceAll(word, "'", `'\''`))
}
