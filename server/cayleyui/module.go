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
	version, err := pinned()
	if err != nil {
		return nil, err
	}
	cache, err := moduleCache()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, filepath.FromSlash(module)+"@"+version)
	if _, err := os.Stat(filepath.Join(dir, "templates")); err != nil {
		return nil, fmt.Errorf("want Cayley's pages in %s, found none; make build puts them into the program: %w", dir, err)
	}
	return os.DirFS(dir), nil
}

// pinned is the version of Cayley that this program was built with.
func pinned() (string, error) {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, d := range info.Deps {
			if d.Path == module {
				return d.Version, nil
			}
		}
	}
	return "", fmt.Errorf("the program does not say with which version of %s it was built; make build puts its pages into the program", module)
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
