// Package docs holds the tests that keep the documents true: the arrows and folders of
// ARCHITECTURE.md, the recipes of CONTRIBUTING.md, the decisions in docs/adr, and every transcript
// in a Markdown file, which is run and compared with what it shows.
package docs
