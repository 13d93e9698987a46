package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link   = regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)
	code   = regexp.MustCompile("`([^`\n]+)`")
	fence  = regexp.MustCompile("(?ms)^```.*?^```$")
	target = regexp.MustCompile(`(?m)^([a-z-]+):`)
	// A path of the project in running text: it has a slash, or is a file that stands at the top level.
	inProject = regexp.MustCompile(`^(?:cmd|graph|loaders|queries|exporters|data|docs|\.ci)/[\w./-]*$|^[A-Z]+\.md$|^go\.(?:mod|sum)$`)
	// An exported name of one of our packages, with or without the parentheses of a call.
	exported = regexp.MustCompile(`^(graph|loaders|queries|exporters|data)\.([A-Z]\w*)(?:\.([A-Z]\w*))?(?:\(.*\))?$`)
	inMake   = regexp.MustCompile(`^make ([a-z-]+)`)
)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, document := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(read(t, document), ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			to := path.Join(path.Dir(document), m[1])
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(to))); err != nil {
				t.Errorf("%s links to %s, which is not there", document, m[1])
			}
		}
	}
}

// What a document puts between backquotes and looks like a file, a name of a package or a make
// target has to be there. A recipe that names a file that moved is worse than none.
func TestNamedThingsExist(t *testing.T) {
	names := exportedNames(t)
	targets := map[string]bool{}
	for _, m := range target.FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	checked := 0
	for _, document := range documents(t) {
		if document == "CHANGELOG.md" { // tells what was
			continue
		}
		for _, m := range code.FindAllStringSubmatch(fence.ReplaceAllString(read(t, document), ""), -1) {
			text := m[1]
			switch {
			case inProject.MatchString(text):
				checked++
				if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(text))); err != nil {
					t.Errorf("%s names %s, which is not there", document, text)
				}
			case exported.MatchString(text):
				checked++
				parts := exported.FindStringSubmatch(text)
				name := parts[1] + "." + parts[2]
				if parts[3] != "" {
					name += "." + parts[3]
				}
				if !names[name] {
					t.Errorf("%s names %s, which is not there", document, text)
				}
			case inMake.MatchString(text):
				checked++
				if name := inMake.FindStringSubmatch(text)[1]; !targets[name] {
					t.Errorf("%s names make %s, which is not there", document, name)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("found nothing to check")
	}
}

// exportedNames collects "package.Name", "package.Type.Method" and "package.Type.Field".
func exportedNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, folder := range []string{"graph", "loaders", "queries", "exporters", "data"} {
		entries, err := os.ReadDir(filepath.Join(root, folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !isSource(e) {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, folder, e.Name()), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				collect(d, folder+".", names)
			}
		}
	}
	return names
}

func isSource(e fs.DirEntry) bool {
	return strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")
}

func collect(d ast.Decl, prefix string, names map[string]bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names[prefix+d.Name.Name] = true
			return
		}
		receiver := d.Recv.List[0].Type
		if star, ok := receiver.(*ast.StarExpr); ok {
			receiver = star.X
		}
		if ident, ok := receiver.(*ast.Ident); ok {
			names[prefix+ident.Name+"."+d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names[prefix+spec.Name.Name] = true
				if s, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						for _, n := range field.Names {
							names[prefix+spec.Name.Name+"."+n.Name] = true
						}
					}
				}
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					names[prefix+n.Name] = true
				}
			}
		}
	}
}

// A path of the machine on which a file was written is of no use to anybody else.
func TestNoFileNamesSomebodysFolders(t *testing.T) {
	private := regexp.MustCompile(`(?:^|[\s"'(=:` + "`" + `])/(?:home|root|Users|work)/\w`)
	for _, file := range files(t) {
		if strings.Contains(file, "/testdata/") || path.Ext(file) == ".nq" || path.Ext(file) == ".csv" {
			continue
		}
		for number, line := range strings.Split(read(t, file), "\n") {
			if private.MatchString(line) {
				t.Errorf("%s:%d names a folder of somebody's machine: %s", file, number+1, strings.TrimSpace(line))
			}
		}
	}
}
