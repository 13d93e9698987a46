// Package web holds the explorer page as it is served: HTML, a style sheet and JavaScript modules, all
// written by hand. Nothing builds them, and they fetch nothing but the API of the server that sent them.
package web

import (
	"embed"
	"io/fs"
)

//go:embed index.html style.css icon.svg land.json *.js
var files embed.FS

// Files holds the page: index.html and what it asks for, all in one folder.
func Files() fs.FS { return files }

// Policy is the Content-Security-Policy that the page is written for: it runs no script but its own,
// and makes no markup of text, so that a name in the data stays a name.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"
