package server

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"kg/server/web"
)

// guarded stands before every request: who may ask, the headers of every answer, the log, faults.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		o := &outcome{ResponseWriter: w, id: newID()}
		r = withOutcome(r, o)
		h := w.Header()
		h.Set("Content-Security-Policy", web.Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Kg-Request", o.id)
		defer func() {
			fault := recover()
			begun := o.begun
			if fault != nil {
				s.fell(o, r, fault)
			}
			s.metrics.count(o.pattern, o.status, time.Since(began))
			s.metrics.sent.Add(o.bytes)
			s.log(r, o, time.Since(began))
			if fault != nil && begun {
				panic(http.ErrAbortHandler) // the client must see that the answer is not whole
			}
		}()
		if err := s.admits(r); err != nil {
			s.metrics.refused.Add(1)
			if err.code == codeUnauthorized {
				h.Set("WWW-Authenticate", `Basic realm="kg: any name, and the token as password", charset="UTF-8"`)
			}
			s.fail(o, r, err)
			return
		}
		r.Body = http.MaxBytesReader(o, r.Body, s.bodyLimit(r))
		next.ServeHTTP(o, r)
	})
}

// fell answers a request that ended in a fault of ours.
func (s *Server) fell(o *outcome, r *http.Request, fault any) {
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	s.metrics.panics.Add(1)
	s.o.Log.Error("a fault of the program", "id", o.id, "method", r.Method, "path", r.URL.Path, "fault", fault, "stack", string(debug.Stack()))
	if !o.begun {
		s.fail(o, r, &refusal{status: http.StatusInternalServerError, code: codeInternal, message: "a fault of the program; the server's log has it under the id " + o.id})
	}
}

func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// admits says whether a request may be answered.
func (s *Server) admits(r *http.Request) *refusal {
	if len(r.RequestURI) > maxAddress {
		return &refusal{status: http.StatusRequestURITooLong, code: codeTooLarge, message: "the address is too long"}
	}
	if !s.knows(r) {
		return &refusal{
			status: http.StatusMisdirectedRequest, code: codeForbidden,
			message: "this server does not go by that name; --host NAME adds one",
		}
	}
	if err := sameOrigin(r); err != nil {
		return err
	}
	open := r.URL.Path == "/healthz" || r.URL.Path == "/readyz"
	if s.o.Token != "" && !open && !knowsToken(r, s.o.Token) {
		return &refusal{status: http.StatusUnauthorized, code: codeUnauthorized, message: "want the header Authorization: Bearer TOKEN"}
	}
	return nil
}

// knows says whether the name under which the server is asked is its own. A page that an attacker's
// DNS sends here asks under the attacker's name.
func (s *Server) knows(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || slices.Contains(s.o.Hosts, host) {
		return true
	}
	asked, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return asked.IsLoopback()
	}
	at, err := netip.ParseAddrPort(local.String())
	if err != nil {
		return asked.IsLoopback()
	}
	return at.Addr().Unmap() == asked.Unmap()
}

// sameOrigin refuses what another site's page asks for. Following a link to a page is no such thing.
func sameOrigin(r *http.Request) *refusal {
	foreign := &refusal{status: http.StatusForbidden, code: codeForbidden, message: "pages of other sites may not ask here"}
	page := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document" &&
		!strings.HasPrefix(r.URL.Path, "/api/")
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
	default:
		if !page {
			return foreign
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) {
			return foreign
		}
	}
	return nil
}

// knowsToken compares tokens in a time that says nothing about them.
func knowsToken(r *http.Request, token string) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		_, given, ok = r.BasicAuth()
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && ok
}

// log writes the line of a request.
func (s *Server) log(r *http.Request, o *outcome, took time.Duration) {
	level := slog.LevelInfo
	if o.status >= 500 {
		level = slog.LevelError
	}
	s.o.Log.LogAttrs(r.Context(), level, "request",
		slog.String("id", o.id), slog.String("from", r.RemoteAddr), slog.String("method", r.Method),
		slog.String("path", shortened(r.URL.Path)), slog.String("query", shortened(r.URL.RawQuery)),
		slog.Int("status", o.status), slog.Int64("bytes", o.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
	)
}

// shortened keeps a stranger's text from filling the log.
func shortened(s string) string {
	const most = 300
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
