// Package cayleyui has the files of Cayley's own web pages: scripts, styles, templates, documents and
// their licence. None of them is in this repository. "make build" copies them from the module that
// go.mod names into the folder assets, and builds with the tag cayleyui, which puts them into the
// program; without the copy that build fails. A program built without the tag, as "go run" builds it,
// reads them from the module cache.
package cayleyui
