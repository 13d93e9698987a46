package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/queries"
	"kg/server/cayleyui"
)

// A file is something that is sent as it is.
type file struct {
	kind string
	body []byte
	etag string
}

func newFile(kind string, body []byte) *file {
	sum := sha256.Sum256(body)
	return &file{kind, body, `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// reply sends the file.
func (f *file) reply() *reply {
	return &reply{kind: f.kind, body: f.body, etag: f.etag}
}

// cayleyPages adds Cayley's own pages. Everything is read and mended once: the fonts that its styles
// fetch from elsewhere are left out, its page for writing too, and links lead to where things are here.
func (s *Server) cayleyPages(mux *http.ServeMux) error {
	if s.o.Cayley == nil {
		missing := func(*http.Request, *held) (*reply, error) {
			return nil, &refusal{status: http.StatusNotFound, code: codeNotFound, message: fmt.Sprintf("Cayley's pages are not here: %v", s.o.NoCayley)}
		}
		mux.Handle("GET /ui/{page...}", s.answering(missing))
		return nil
	}
	static, err := readStatic(s.o.Cayley)
	if err != nil {
		return err
	}
	pages, security, err := readPages(s.o.Cayley)
	if err != nil {
		return err
	}
	mux.Handle("GET /static/{file...}", s.answering(func(r *http.Request, _ *held) (*reply, error) {
		f, ok := static[r.PathValue("file")]
		if !ok {
			return nil, nothingThere()
		}
		return f.reply(), nil
	}))
	mux.Handle("GET /ui/{page}", s.answering(func(r *http.Request, _ *held) (*reply, error) {
		f, ok := pages[r.PathValue("page")]
		if !ok {
			return nil, nothingThere()
		}
		a := f.reply()
		a.headers = append(a.headers, [2]string{"Content-Security-Policy", security})
		return a, nil
	}))
	documents, err := readDocuments(s.o.Cayley)
	if err != nil {
		return err
	}
	mux.Handle("GET /docs/{page}", s.answering(func(r *http.Request, _ *held) (*reply, error) {
		f, ok := documents[strings.TrimSuffix(strings.ToLower(r.PathValue("page")), ".md")]
		if !ok {
			return nil, nothingThere()
		}
		return f.reply(), nil
	}))
	mux.Handle("GET /ui/questions/{name}", s.answering(s.cayleyText))
	return nil
}

func nothingThere() error {
	return &refusal{status: http.StatusNotFound, code: codeNotFound, message: "there is nothing at this address"}
}

// readStatic reads the files of the folder static.
func readStatic(from fs.FS) (map[string]*file, error) {
	files := map[string]*file{}
	err := fs.WalkDir(from, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		kind := kindOfFile(name)
		if kind == "" {
			return nil // nothing that a page asks for
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".css" {
			body = withoutFetching(body)
		}
		files[strings.TrimPrefix(name, "static/")] = newFile(kind, body)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("Cayley's pages: %w", err) //nolint:staticcheck // a name
	}
	return files, nil
}

// kindOfFile is the media type of what pages are made of; "" for anything else.
func kindOfFile(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".json", ".geojson":
		return kindJSON
	case ".webmanifest":
		return "application/manifest+json"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		return ""
	}
}

// withoutFetching takes from a style what it fetches from other servers.
func withoutFetching(css []byte) []byte {
	for _, what := range []string{`@import\s+url\([^)]*//[^)]*\)\s*;?`, `@font-face\s*\{[^}]*\}`} {
		css = regexp.MustCompile(what).ReplaceAll(css, nil)
	}
	return css
}

// readPages makes Cayley's pages, and the security policy under which they work: their own scripts,
// the one that stands in the page by its digest, styles that scripts set.
func readPages(from fs.FS) (map[string]*file, string, error) {
	var shared []string
	for _, name := range []string{"head.tmpl", "sidebar.tmpl", "top_navbar.tmpl"} {
		text, err := fs.ReadFile(from, "templates/"+name)
		if err != nil {
			return nil, "", fmt.Errorf("Cayley's pages: %w", err) //nolint:staticcheck // a name
		}
		shared = append(shared, mended(string(text)))
	}
	pages, digests := map[string]*file{}, map[string]bool{}
	for _, name := range []string{"query", "query_shape", "visualize"} {
		text, err := fs.ReadFile(from, "templates/"+name+".html")
		if err != nil {
			return nil, "", fmt.Errorf("Cayley's pages: %w", err) //nolint:staticcheck // a name
		}
		t := template.New(name)
		for _, more := range append(shared, mended(string(text))) {
			if t, err = t.Parse(more); err != nil {
				return nil, "", fmt.Errorf("Cayley's pages: %s: %w", name, err) //nolint:staticcheck // a name
			}
		}
		var b bytes.Buffer
		if err := t.Execute(&b, nil); err != nil {
			return nil, "", fmt.Errorf("Cayley's pages: %s: %w", name, err) //nolint:staticcheck // a name
		}
		for _, script := range regexp.MustCompile(`(?s)<script[^>]*>(.*?)</script>`).FindAllSubmatch(b.Bytes(), -1) {
			if len(script[1]) > 0 {
				digests[digest(script[1])] = true
			}
		}
		pages[name] = newFile("text/html; charset=utf-8", b.Bytes())
	}
	pages["kg.js"] = newFile("text/javascript; charset=utf-8", cayleyui.Script)
	licence, err := fs.ReadFile(from, "LICENSE")
	if err != nil {
		return nil, "", fmt.Errorf("Cayley's licence: %w", err) //nolint:staticcheck // a name
	}
	pages["LICENSE"] = newFile("text/plain; charset=utf-8", licence)
	security := "default-src 'none'; script-src 'self'"
	for _, d := range slices.Sorted(maps.Keys(digests)) {
		security += " " + d
	}
	// Its library tries whether an element takes an event handler whose text is "t".
	security += "; script-src-attr 'unsafe-hashes' " + digest([]byte("t"))
	security += "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return pages, security, nil
}

// digest is how a security policy names a script.
func digest(script []byte) string {
	sum := sha256.Sum256(script)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// mended is a template of Cayley's with what is different here.
func mended(text string) string {
	for _, change := range [][2]string{
		{`<li id="sbQuery"><a href="/">`, `<li id="sbQuery"><a href="/ui/query">`},
		{`<li id="sbWrite"><a href="/ui/write">Write</a></li>`, ``},
		{`<link href='/static/third_party/OpenSans.css' rel='stylesheet' type='text/css'>`, ``},
		{`<link href='/static/third_party/Inconsolata.css' rel='stylesheet' type='text/css'>`, ``},
		{`<script src="/static/third_party/fabric.min.js"></script>`, ``}, // unused, and evaluates texts
		{`</html>`, `<script src="/ui/kg.js"></script></html>`},
		{`<html>`, `<html lang="en">`},
	} {
		text = strings.ReplaceAll(text, change[0], change[1])
	}
	return text
}

// readDocuments reads Cayley's documents, by their names in lower case: its pages link to names whose
// case is another.
func readDocuments(from fs.FS) (map[string]*file, error) {
	names, err := fs.Glob(from, "docs/*.md")
	if err != nil {
		return nil, err
	}
	documents := map[string]*file{}
	for _, name := range names {
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("Cayley's pages: %w", err) //nolint:staticcheck // a name
		}
		documents[strings.TrimSuffix(strings.ToLower(path.Base(name)), ".md")] = newFile("text/plain; charset=utf-8", body)
	}
	return documents, nil
}

// cayleyText is a saved question as a text that runs by itself: its parameters stand before it.
func (s *Server) cayleyText(r *http.Request, h *held) (*reply, error) {
	q, err := s.lookup(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	a := asked(r)
	given := a.params(q)
	if err := a.done(); err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "// kg tells %s.\nvar params = {", q.Summary)
	for i, p := range q.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		v, ok := given[p.Name]
		if !ok && !p.Optional {
			v, ok = q.Example.Params[p.Name], q.Example.Params[p.Name] != ""
		}
		if !ok && p.Default != "" {
			v, ok = p.Default, true
		}
		value, err := s.literal(r, h, p, v, ok)
		if err != nil {
			return nil, err
		}
		b.WriteString(p.Name + ": " + value)
	}
	b.WriteString("};\n\n" + q.Body())
	return &reply{kind: "text/plain; charset=utf-8", body: []byte(b.String())}, nil
}

// literal writes a parameter as Gizmo has it.
func (s *Server) literal(r *http.Request, h *held, p queries.Param, text string, given bool) (string, error) {
	switch {
	case !given:
		return "null", nil
	case p.IsEntity():
		var classes []quad.IRI
		if c, ok := h.Schema().Class(quad.IRI("kg:" + p.Type)); ok {
			classes = append(classes, c.IRI)
		}
		id, err := h.Find(r.Context(), text, classes...)
		return "iri(" + string(queries.JSONText(string(id))) + ")", err
	case p.Type == "boolean" && (text == "true" || text == "false"):
		return text, nil
	default:
		return string(queries.JSONText(text)), nil
	}
}

// page sends a file of the explorer page.
func (s *Server) page(r *http.Request, _ *held) (*reply, error) {
	name := r.PathValue("file")
	if name == "" {
		name = "index.html"
	}
	kind := kindOfFile(name)
	if kind == "" || !fs.ValidPath(name) {
		return nil, nothingThere()
	}
	body, err := fs.ReadFile(s.o.Page, name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, nothingThere()
	}
	if err != nil {
		return nil, err
	}
	return newFile(kind, body).reply(), nil
}
