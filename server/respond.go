package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

const kindJSON = "application/json; charset=utf-8"

// A handler answers one kind of request from a store.
type handler func(r *http.Request, h *held) (*reply, error)

// A reply is an answer before it is sent.
type reply struct {
	status  int // 0: 200
	kind    string
	body    []byte
	zipped  []byte                  // body, compressed; made when first needed and kept by the cache
	stream  func(w io.Writer) error // instead of body, for what is too large to hold
	headers [][2]string
	etag    string // "": that of the dataset
	fresh   bool   // differs from one moment to the next: no ETag, not kept
}

// An outcome is the writer of an answer, with what is known of it when it is over.
type outcome struct {
	http.ResponseWriter

	id, pattern string
	status      int
	bytes       int64
	begun       bool
	ends        []func()
}

// atEnd has something done when the answer is sent.
func (o *outcome) atEnd(do func()) { o.ends = append(o.ends, do) }

func (o *outcome) end() {
	for _, do := range o.ends {
		do()
	}
}

// WriteHeader notes the status.
func (o *outcome) WriteHeader(status int) {
	if !o.begun {
		o.begun, o.status = true, status
		o.ResponseWriter.WriteHeader(status)
	}
}

// Write counts bytes.
func (o *outcome) Write(b []byte) (int, error) {
	if !o.begun {
		o.WriteHeader(http.StatusOK)
	}
	n, err := o.ResponseWriter.Write(b)
	o.bytes += int64(n)
	return n, err
}

// Unwrap is how the standard library finds the writer behind this one.
func (o *outcome) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// outcomeKey finds the outcome in a request's context.
type outcomeKey struct{}

func withOutcome(r *http.Request, o *outcome) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), outcomeKey{}, o))
}

func outcomeOf(r *http.Request) *outcome {
	o, _ := r.Context().Value(outcomeKey{}).(*outcome)
	return o
}

// answering makes a handler answer over HTTP: it waits for its turn, takes the store, and sends what
// comes of it.
func (s *Server) answering(h handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		o := outcomeOf(r)
		o.pattern = r.Pattern
		limit := answerTime
		if strings.HasSuffix(r.URL.Path, "/export") || strings.HasSuffix(r.URL.Path, "/read") || isWrite(r.URL.Path) {
			limit = exportTime
		}
		ctx, cancel := context.WithTimeout(r.Context(), limit)
		defer cancel()
		r = r.WithContext(ctx)
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
		case <-ctx.Done():
			s.metrics.tooBusy.Add(1)
			s.fail(o, r, &refusal{status: http.StatusServiceUnavailable, code: codeUnavailable, message: "too many requests are being answered", retry: 2})
			return
		}
		s.metrics.answering.Add(1)
		defer s.metrics.answering.Add(-1)
		store := s.shelf.take()
		if store == nil {
			s.fail(o, r, &refusal{status: http.StatusServiceUnavailable, code: codeUnavailable, message: "the server is ending", retry: 5})
			return
		}
		defer o.end()
		defer func() {
			if err := s.shelf.give(store); err != nil {
				s.o.Log.Warn("closing the old store", "reason", err)
			}
		}()
		etag := s.etagFor(r, store)
		if unchanged(r, etag) && isRead(r) && isData(r.URL.Path) {
			s.notModified(o, etag)
			return
		}
		a, err := h(r, store)
		if err == nil {
			err = store.Err() // an answer with gaps is none
		}
		if err != nil {
			s.fail(o, r, err)
			return
		}
		if a.etag == "" && !a.fresh && isRead(r) {
			a.etag = etag
		}
		s.send(o, r, a)
	})
}

// isRead says whether a request only reads.
func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// isData says whether what an address answers is decided by the dataset and the address alone.
func isData(path string) bool { return strings.HasPrefix(path, "/api/kg/") }

// etagFor names what a request is answered from.
func (s *Server) etagFor(r *http.Request, h *held) string {
	version := versionFor(r, h)
	if version != h.digest {
		return s.etag(version)
	}
	h.tagged.Do(func() { h.tag = s.etag(version) })
	return h.tag
}

// etag names a version of the dataset, and of the program that answers from it.
func (s *Server) etag(version string) string {
	sum := sha256.Sum256([]byte(version + "\x00" + s.version()))
	return `W/"` + hex.EncodeToString(sum[:12]) + `"`
}

// version tells builds of the program apart.
func (s *Server) version() string { return s.o.About.Program + " " + buildOf() }

// buildOf is the revision of the program; what was built from changed sources is told by nothing
// better than the time at which it started.
var buildOf = sync.OnceValue(func() string { //nolint:gochecknoglobals // computed once
	info, ok := debug.ReadBuildInfo()
	revision, changed := "", true
	if ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				revision = s.Value
			case "vcs.modified":
				changed = s.Value == "true"
			}
		}
	}
	if revision == "" || changed {
		return time.Now().String()
	}
	return revision
})

// unchanged says whether the client has this version already.
func unchanged(r *http.Request, etag string) bool {
	given := r.Header.Get("If-None-Match")
	if given == "" || etag == "" {
		return false
	}
	if given == "*" {
		return true
	}
	bare := strings.TrimPrefix(etag, "W/")
	for one := range strings.SplitSeq(given, ",") {
		if strings.TrimPrefix(strings.TrimSpace(one), "W/") == bare {
			return true
		}
	}
	return false
}

func (s *Server) notModified(o *outcome, etag string) {
	s.metrics.notModified.Add(1)
	o.Header().Set("ETag", etag)
	o.Header().Set("Cache-Control", "no-cache")
	o.WriteHeader(http.StatusNotModified)
}

// least is how small an answer is not worth compressing.
const least = 1 << 10

// send sends a reply.
func (s *Server) send(o *outcome, r *http.Request, a *reply) {
	h := o.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "no-cache")
	if a.fresh {
		h.Set("Cache-Control", "no-store")
	}
	for _, pair := range a.headers {
		h.Set(pair[0], pair[1])
	}
	if a.etag != "" {
		if unchanged(r, a.etag) {
			s.notModified(o, a.etag)
			return
		}
		h.Set("ETag", a.etag)
	}
	h.Add("Vary", "Accept-Encoding")
	status := a.status
	if status == 0 {
		status = http.StatusOK
	}
	zip := takesGzip(r)
	if a.stream != nil {
		s.sendStream(o, r, a, status, zip)
		return
	}
	body := a.body
	if zip && len(body) >= least && compressible(a.kind) {
		if a.zipped == nil {
			a.zipped = compressed(body)
		}
		body = a.zipped
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	o.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = o.Write(body) // a client that left needs no error
	}
}

// sendStream sends what is written while it is made.
func (s *Server) sendStream(o *outcome, r *http.Request, a *reply, status int, zip bool) {
	if r.Method == http.MethodHead {
		o.WriteHeader(status)
		return
	}
	// Nothing is sent before the first bytes are there: an error until then has a status of its own.
	late := &lateWriter{o: o, status: status}
	var err error
	if zip && compressible(a.kind) {
		o.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(late)
		if err = a.stream(z); err == nil {
			err = z.Close()
		}
	} else {
		err = a.stream(late)
	}
	if err == nil && !o.begun {
		o.WriteHeader(status)
	}
	if err != nil {
		s.fail(o, r, err) // ends the connection where the answer has begun
	}
}

// lateWriter sends the status with the first bytes.
type lateWriter struct {
	o      *outcome
	status int
}

func (l *lateWriter) Write(b []byte) (int, error) {
	if !l.o.begun {
		l.o.WriteHeader(l.status)
	}
	return l.o.Write(b)
}

// takesGzip says whether the client accepts compressed answers.
func takesGzip(r *http.Request) bool {
	for one := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(one), ";")
		if strings.TrimSpace(coding) != "gzip" {
			continue
		}
		weight = strings.ReplaceAll(weight, " ", "")
		return weight != "q=0" && weight != "q=0.0" && weight != "q=0.00" && weight != "q=0.000"
	}
	return false
}

// compressible says whether a kind of file is not compressed already.
func compressible(kind string) bool {
	for _, part := range []string{"text/", "json", "xml", "javascript", "n-quads", "n-triples", "turtle", "trig", "svg"} {
		if strings.Contains(kind, part) {
			return true
		}
	}
	return false
}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is a valid one
	_, _ = z.Write(body)                            // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// jsonReply is an answer as JSON.
func jsonReply(v any) (*reply, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return &reply{kind: kindJSON, body: b.Bytes()}, nil
}

func decimal(n int) string { return strconv.Itoa(n) }

// elsewhere answers for addresses that are not there, and methods that they do not take.
func (s *Server) elsewhere(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		var seen absent
		h.ServeHTTP(&seen, r)
		o := outcomeOf(r)
		if seen.status == http.StatusMethodNotAllowed {
			o.Header().Set("Allow", seen.header.Get("Allow"))
			s.fail(o, r, &refusal{status: seen.status, code: codeMethod, message: r.Method + " is not for this address"})
			return
		}
		s.fail(o, r, &refusal{status: http.StatusNotFound, code: codeNotFound, message: "there is nothing at this address"})
	})
}

// absent notes how the standard library would answer.
type absent struct {
	header http.Header
	status int
}

func (a *absent) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}
func (a *absent) Write(b []byte) (int, error) { return len(b), nil }
func (a *absent) WriteHeader(status int)      { a.status = status }

// complaints is where the standard library puts what it has to say of clients that misbehave.
func complaints(l *slog.Logger) *log.Logger { //nolint:forbidigo // http.Server takes nothing else
	return slog.NewLogLogger(l.Handler(), slog.LevelDebug)
}
