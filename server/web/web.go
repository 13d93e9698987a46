// Package web is the explorer page: hand-written modules that are sent as they are.
package web

import (
	"embed"
	"io/fs"
)

//go:embed *.html *.css *.js
var files embed.FS

// Files returns the files of the page; index.html is where it begins.
func Files() fs.FS { return files }
