//go:build cayleyui

package cayleyui

import (
	"embed"
	"io/fs"
)

//go:embed assets/static assets/templates assets/docs assets/LICENSE
var assets embed.FS

// Files returns Cayley's folders static, templates and docs, and its LICENSE.
func Files() (fs.FS, error) { return fs.Sub(assets, "assets") }
