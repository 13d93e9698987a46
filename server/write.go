package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// Writing lets those who know a token change the store, through Cayley's API.
type Writing struct {
	// Token is what they must know. It is asked for even where reading is free.
	Token string

	// Read hands the quads of a text to a sink: a text of a format by the name that package loaders gives
	// it. The labels of blank nodes stay as they are written.
	Read func(ctx context.Context, format string, r io.Reader, sink graph.Sink) error

	// Apply changes the store that Options.Open opens, all or nothing.
	Apply func(ctx context.Context, c graph.Changes) error
}

// Limits of one change. Each makes a new file, so many quads are better written at once than one by one,
// and very many are a matter for a build.
const (
	writeBytes = 16 << 20
	writeQuads = 100_000
	nodeBytes  = 128 << 10
)

// isWrite says whether an address changes the store.
func isWrite(path string) bool {
	return isCayley(path) && (strings.Contains(path, "/write") || strings.HasSuffix(path, "/delete"))
}

// bodyLimit is how long the body of a request may be.
func (s *Server) bodyLimit(r *http.Request) int64 {
	if s.o.Writing != nil && isWrite(r.URL.Path) {
		return writeBytes
	}
	return bodyBytes
}

// writeRoutes lists the addresses of Cayley's API that change the store.
func (s *Server) writeRoutes(mux *http.ServeMux) {
	for path, h := range map[string]handler{
		"/api/v1/write":            s.change("cayley-json", "wrote %d quads", additions),
		"/api/v1/write/file/nquad": s.v1File,
		"/api/v1/delete":           s.change("cayley-json", "deleted %d quads", removals),
		"/api/v2/write":            s.change("", "wrote %d quads", additions),
		"/api/v2/delete":           s.change("", "deleted %d quads", removals),
		"/api/v2/node/delete":      s.deleteNode,
	} {
		mux.Handle("POST "+path, s.answering(s.writing(h)))
	}
}

func additions(quads []quad.Quad) graph.Changes { return graph.Changes{Add: quads} }
func removals(quads []quad.Quad) graph.Changes  { return graph.Changes{Remove: quads} }

// writing lets only those through who may write.
func (s *Server) writing(h handler) handler {
	return func(r *http.Request, store *held) (*reply, error) {
		if s.o.Writing == nil {
			return nil, &refusal{
				status: http.StatusForbidden, code: codeForbidden,
				message: "Database is read-only. kg serve --writable takes writes from those who know its token.",
			}
		}
		if !knowsToken(r, s.o.Writing.Token) {
			return nil, &refusal{
				status: http.StatusForbidden, code: codeForbidden,
				message: "Writing wants the header Authorization: Bearer TOKEN, with the token of this server.",
			}
		}
		return h(r, store)
	}
}

// change reads quads from the body and applies them. Without a format the body's type tells it.
func (s *Server) change(format, done string, changes func([]quad.Quad) graph.Changes) handler {
	return func(r *http.Request, h *held) (*reply, error) {
		name := format
		if name == "" {
			name = sentFormat(r)
		}
		quads, err := s.readQuads(r.Context(), h, name, r.Body)
		if err != nil {
			return nil, err
		}
		return s.applied(r.Context(), changes(quads), done, len(quads))
	}
}

// sentFormat is the format of a body by its type: as in Cayley, N-Quads where the type is none of ours.
func sentFormat(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return "nquads"
	}
	switch kind {
	case "application/json", "application/x-json-stream":
		return "cayley-json"
	case "application/ld+json":
		return "jsonld"
	case "application/x-protobuf", "application/octet-stream":
		return "pquads"
	default:
		return "nquads"
	}
}

// v1File takes a file of N-Quads from a form.
func (s *Server) v1File(r *http.Request, h *held) (*reply, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, bad("want a form of type multipart/form-data with the file NQuadFile: " + err.Error())
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, bad("want a file NQuadFile in the form, found none")
		}
		if err != nil {
			return nil, unread(err)
		}
		if part.FormName() != "NQuadFile" {
			continue
		}
		quads, err := s.readQuads(r.Context(), h, "nquads", part)
		if err != nil {
			return nil, err
		}
		return s.applied(r.Context(), graph.Changes{Add: quads}, "wrote %d quads", len(quads))
	}
}

// unread is the error of a body that ends before it should, or is too large.
func unread(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return bad("the body cannot be read: " + err.Error())
}

// deleteNode takes away a node with all quads that have it.
func (s *Server) deleteNode(r *http.Request, h *held) (*reply, error) {
	if format := sentFormat(r); format != "nquads" {
		return nil, bad("want the node as N-Quads has it, such as <https://example.org/a>, found " + r.Header.Get("Content-Type"))
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, nodeBytes+1))
	if err != nil {
		return nil, unread(err)
	}
	if len(text) > nodeBytes {
		return nil, &refusal{status: http.StatusRequestEntityTooLarge, code: codeTooLarge, message: "the body is too large"}
	}
	// A statement around it, in which every kind of node may stand: its object.
	const before = "<x:this> <x:is> "
	node := strings.TrimSpace(string(text))
	quads, err := s.readQuads(r.Context(), h, "nquads", strings.NewReader(before+node+" ."))
	var p *graph.Problem
	if errors.As(err, &p) && p.At.Line == 1 && p.At.Column > len(before) {
		p.At.Column -= len(before)
	}
	if err != nil {
		return nil, err
	}
	if len(quads) != 1 || quads[0].Label != nil {
		return nil, bad("want one node as N-Quads has it, such as <https://example.org/a>, found more")
	}
	return s.applied(r.Context(), graph.Changes{Node: quads[0].Object}, "deleted %d nodes", 1)
}

// readQuads reads a whole text before anything of it is applied. Prefixed names are the full ones that
// they stand for, as in all that Cayley's clients send.
func (s *Server) readQuads(ctx context.Context, h *held, format string, from io.Reader) ([]quad.Quad, error) {
	var quads []quad.Quad
	body := &noted{r: from}
	err := s.o.Writing.Read(ctx, format, body, graph.SinkFunc(func(q quad.Quad, _ graph.Position) error {
		if len(quads) == writeQuads {
			return &refusal{
				status: http.StatusRequestEntityTooLarge, code: codeTooLarge,
				message: fmt.Sprintf("the body has more than %d quads; send them in parts, or build a store of them with kg build", writeQuads),
			}
		}
		quads = append(quads, quad.Quad{
			Subject: h.meant(q.Subject), Predicate: h.meant(q.Predicate), Object: h.meant(q.Object), Label: h.meant(q.Label),
		})
		return nil
	}))
	if body.err != nil {
		return nil, unread(body.err) // and not what a reader made of its end
	}
	var p *graph.Problem
	if errors.As(err, &p) {
		p.At.File = "body"
	}
	return quads, err
}

// meant is a value as the store has it, however a client has written it. Only places on earth (RFC 5870)
// begin like one of our prefixes and are something else.
func (h *held) meant(v quad.Value) quad.Value {
	ns := h.Namespaces()
	normal := func(iri quad.IRI) quad.IRI {
		full := ns.Expand(string(iri))
		if rest, ok := strings.CutPrefix(full, "geo:"); ok && rest != "" && strings.IndexByte("+-.0123456789", rest[0]) >= 0 {
			return quad.IRI(ns.Shorten(full))
		}
		return quad.IRI(ns.Normal(full))
	}
	switch v := v.(type) {
	case quad.IRI:
		return normal(v)
	case quad.TypedString:
		return quad.TypedString{Value: v.Value, Type: normal(v.Type)}
	default:
		return v
	}
}

// noted remembers with which error a body ended.
type noted struct {
	r   io.Reader
	err error
}

// Read reads.
func (n *noted) Read(p []byte) (int, error) {
	k, err := n.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return k, err
}

// applied changes the store, one change after the other, and serves what came of it before it answers:
// who has the answer finds the change.
func (s *Server) applied(ctx context.Context, c graph.Changes, done string, count int) (*reply, error) {
	select {
	case s.pen <- struct{}{}:
		defer func() { <-s.pen }()
	case <-ctx.Done():
		return nil, &refusal{status: http.StatusServiceUnavailable, code: codeUnavailable, message: "others are writing; nothing was changed", retry: 5}
	}
	if err := s.o.Writing.Apply(ctx, c); err != nil {
		return nil, err
	}
	s.metrics.writes.Add(1)
	if err := s.shelf.refresh(context.WithoutCancel(ctx)); err != nil {
		s.o.Log.Warn("the store was changed and does not open; the old one is served on", "reason", err)
	}
	a, err := jsonReply(struct {
		Result string `json:"result"`
		Count  int    `json:"count"`
	}{"Successfully " + fmt.Sprintf(done, count) + ".", count})
	if err == nil {
		a.fresh = true
	}
	return a, err
}
