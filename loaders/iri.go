package loaders

import (
	"bytes"
	"strings"
)

// A baseIRI is what relative IRIs are resolved against (RFC 3986, section 5.2). The zero value is no
// base.
type baseIRI struct {
	scheme, authority, path, query string // with their delimiters: "https:", "//example.org", "/a", "?q"
}

// newBase takes an absolute IRI apart.
func newBase(iri string) baseIRI {
	var b baseIRI
	colon := strings.IndexByte(iri, ':') + 1
	b.scheme, iri = iri[:colon], iri[colon:]
	b.authority, b.path, b.query, _ = splitReference(iri)
	return b
}

// splitReference takes apart what may follow a scheme. The parts keep their delimiters, so that an
// empty one differs from none, and joining them gives the reference back.
func splitReference(s string) (authority, path, query, fragment string) {
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s, fragment = s[:i], s[i:]
	}
	if i := strings.IndexByte(s, '?'); i >= 0 {
		s, query = s[:i], s[i:]
	}
	if strings.HasPrefix(s, "//") {
		end := len(s)
		if i := strings.IndexByte(s[2:], '/'); i >= 0 {
			end = i + 2
		}
		s, authority = s[end:], s[:end]
	}
	return authority, s, query, fragment
}

// resolve makes a relative reference absolute.
func (b baseIRI) resolve(reference string) string {
	authority, path, query, fragment := splitReference(reference)
	switch {
	case authority != "":
		path = removeDots(path)
	case path == "":
		authority, path = b.authority, b.path
		if query == "" {
			query = b.query
		}
	default:
		authority = b.authority
		switch {
		case path[0] == '/':
		case b.authority != "" && b.path == "":
			path = "/" + path
		default:
			path = b.path[:strings.LastIndexByte(b.path, '/')+1] + path
		}
		path = removeDots(path)
	}
	return b.scheme + authority + path + query + fragment
}

// removeDots takes the segments . and .. out of a path (RFC 3986, section 5.2.4).
func removeDots(path string) string {
	if !strings.Contains(path, ".") {
		return path
	}
	out := make([]byte, 0, len(path))
	up := func() { out = out[:max(bytes.LastIndexByte(out, '/'), 0)] }
	for path != "" {
		switch {
		case strings.HasPrefix(path, "../"):
			path = path[len("../"):]
		case strings.HasPrefix(path, "./"):
			path = path[len("./"):]
		case strings.HasPrefix(path, "/./"):
			path = path[len("/."):]
		case path == "/.":
			path = "/"
		case strings.HasPrefix(path, "/../"):
			path = path[len("/.."):]
			up()
		case path == "/..":
			path = "/"
			up()
		case path == ".", path == "..":
			path = ""
		default:
			end := len(path)
			if i := strings.IndexByte(path[1:], '/'); i >= 0 {
				end = i + 1
			}
			out = append(out, path[:end]...)
			path = path[end:]
		}
	}
	return string(out)
}
