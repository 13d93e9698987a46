//go:build !cayleyui

package cayleyui

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// module is where the files come from.
const module = "github.com/cayleygraph/cayley"

// Files returns Cayley's folders static, templates and docs, and its LICENSE.
func Files() (fs.FS, error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, "templates")); err != nil {
		return nil, fmt.Errorf("want Cayley's pages in %s, found none; make build puts them into the program: %w", dir, err)
	}
	return os.DirFS(dir), nil
}

// folder is where the module cache has Cayley: the version that this program was built with or, where
// the program does not say, as tests do not, that of the module in the working folder.
func folder() (string, error) {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == module {
				cache, err := moduleCache()
				return filepath.Join(cache, filepath.FromSlash(module)+"@"+d.Version), err
			}
		}
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if dir := strings.TrimSpace(string(out)); err == nil && dir != "" {
		return dir, nil
	}
	return "", fmt.Errorf("nothing says which version of %s belongs to this program; make build puts its pages into it", module)
}

// moduleCache asks Go where it keeps modules.
func moduleCache() (string, error) {
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if dir := strings.TrimSpace(string(out)); err == nil && dir != "" {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("finding the module cache: %w", err)
	}
	return filepath.Join(home, "go", "pkg", "mod"), nil
}
