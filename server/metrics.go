package server

import (
	"bytes"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// metrics counts what happens, for Prometheus.
type metrics struct {
	connections, answering        atomic.Int64
	panics, reloads, cached, sent atomic.Int64
	refused, notModified, tooBusy atomic.Int64
	writes                        atomic.Int64
	started                       time.Time

	mu       sync.Mutex
	requests map[requestKey]*requestCount
}

// A requestKey tells requests apart: by the address as it was registered, so that no stranger adds
// series by asking for many addresses.
type requestKey struct {
	pattern string
	status  int
}

type requestCount struct {
	n       int64
	seconds float64
	within  [len(bounds)]int64
}

// bounds are the upper ends of the classes of duration, in seconds.
var bounds = [...]float64{0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60} //nolint:gochecknoglobals // an array cannot be a constant

func newMetrics() *metrics {
	return &metrics{started: time.Now(), requests: map[requestKey]*requestCount{}}
}

// count notes a request that was answered.
func (m *metrics) count(pattern string, status int, took time.Duration) {
	if pattern == "" {
		pattern = "none"
	}
	seconds := took.Seconds()
	m.mu.Lock()
	defer m.mu.Unlock()
	k := requestKey{pattern, status}
	c := m.requests[k]
	if c == nil {
		c = &requestCount{}
		m.requests[k] = c
	}
	c.n++
	c.seconds += seconds
	for i, b := range bounds {
		if seconds <= b {
			c.within[i]++
		}
	}
}

func (s *Server) showMetrics(_ *http.Request, h *held) (*reply, error) {
	var b bytes.Buffer
	m := s.metrics
	one := func(name, kind, help string, value int64) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n%s %d\n", name, help, name, kind, name, value)
	}
	m.mu.Lock()
	keys := make([]requestKey, 0, len(m.requests))
	for k := range m.requests {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b requestKey) int {
		if a.pattern != b.pattern {
			if a.pattern < b.pattern {
				return -1
			}
			return 1
		}
		return a.status - b.status
	})
	b.WriteString("# HELP kg_http_request_duration_seconds How long requests took.\n# TYPE kg_http_request_duration_seconds histogram\n")
	for _, k := range keys {
		c := m.requests[k]
		labels := "handler=" + strconv.Quote(k.pattern) + ",code=\"" + strconv.Itoa(k.status) + "\""
		for i, bound := range bounds {
			fmt.Fprintf(&b, "kg_http_request_duration_seconds_bucket{%s,le=\"%g\"} %d\n", labels, bound, c.within[i])
		}
		fmt.Fprintf(&b, "kg_http_request_duration_seconds_bucket{%s,le=\"+Inf\"} %d\n", labels, c.n)
		fmt.Fprintf(&b, "kg_http_request_duration_seconds_sum{%s} %g\nkg_http_request_duration_seconds_count{%s} %d\n", labels, c.seconds, labels, c.n)
	}
	m.mu.Unlock()
	one("kg_http_connections", "gauge", "Open connections.", m.connections.Load())
	one("kg_http_requests_in_flight", "gauge", "Requests that are being answered.", m.answering.Load())
	one("kg_http_sent_bytes_total", "counter", "Bytes of answers.", m.sent.Load())
	one("kg_http_refused_total", "counter", "Requests refused for their Host, origin or token.", m.refused.Load())
	one("kg_http_not_modified_total", "counter", "Answers that the client had already.", m.notModified.Load())
	one("kg_http_busy_total", "counter", "Requests refused because too many were waiting.", m.tooBusy.Load())
	one("kg_http_cache_hits_total", "counter", "Answers from the cache.", m.cached.Load())
	one("kg_http_panics_total", "counter", "Requests that ended in a fault of the program.", m.panics.Load())
	one("kg_store_reloads_total", "counter", "Times a new store replaced the old one.", m.reloads.Load())
	one("kg_store_writes_total", "counter", "Changes of the store that clients made.", m.writes.Load())
	one("kg_store_quads", "gauge", "Quads in the store.", int64(h.Manifest().Counts.Quads))
	v := s.views.stats()
	one("kg_views", "gauge", "Views of the clocks that are open.", int64(v.open))
	one("kg_views_waiting", "gauge", "Requests that wait for a view.", int64(v.waiting))
	one("kg_views_built_total", "counter", "Views opened.", v.built)
	one("kg_views_refused_total", "counter", "Requests refused because too many views were wanted.", v.refused)
	one("kg_views_abandoned_total", "counter", "Requests that a view took too long for.", v.abandoned)
	one("kg_goroutines", "gauge", "Goroutines.", int64(runtime.NumGoroutine()))
	one("kg_start_time_seconds", "gauge", "When the server started.", m.started.Unix())
	if s.o.Texts != nil {
		t := s.o.Texts.Stats()
		one("kg_texts_running", "gauge", "Query texts that are running.", int64(t.Running))
		one("kg_texts_waiting", "gauge", "Query texts that wait.", int64(t.Waiting))
		one("kg_texts_total", "counter", "Query texts run.", t.Done)
		one("kg_texts_refused_total", "counter", "Query texts refused because too many were waiting.", t.Refused)
		one("kg_workers", "gauge", "Processes that run query texts.", int64(t.Workers))
		one("kg_workers_ended_total", "counter", "Processes that were ended at a limit, or fell.", t.Ended)
	}
	return &reply{kind: "text/plain; version=0.0.4; charset=utf-8", body: b.Bytes(), fresh: true}, nil
}
