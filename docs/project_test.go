package docs_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the transcripts in the Markdown files")

// root is the project's folder; go test runs in the folder of the package.
const root = ".."

// read returns the text of a file of the project.
func read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// files lists the project's files, slash-separated and relative to its root, without what is ignored.
func files(t testing.TB) []string {
	t.Helper()
	ignored := ignored(t)
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil || rel == "." {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case rel == ".git" || ignored(rel):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir():
			list = append(list, rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// ignored reads .gitignore, of which the project uses two forms: "/path" and "*.ext".
func ignored(t testing.TB) func(path string) bool {
	t.Helper()
	patterns := strings.Fields(read(t, ".gitignore"))
	return func(path string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			if anchored, ok := strings.CutPrefix(pattern, "/"); ok {
				return path == strings.TrimSuffix(anchored, "/")
			}
			match, err := filepath.Match(pattern, filepath.Base(path))
			return err == nil && match
		})
	}
}

// documents lists the Markdown files.
func documents(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(files(t), func(path string) bool {
		return filepath.Ext(path) != ".md" || strings.Contains(path, "/testdata/")
	})
}
