package server

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"kg/exporters"
	"kg/graph"
	"kg/queries"
	"kg/server/worker"
)

// Options say what a server serves, and to whom. Open, Questions and Log are required.
type Options struct {
	// Open opens the store as it is now. It is called at the start, and again when Stamp changes.
	Open func(ctx context.Context) (*graph.Store, error)

	// Stamp tells one state of the store's file from the next: whatever Open would open differs when it
	// differs. It is asked about once a second; nil for a store that nobody replaces.
	Stamp func() string

	// View opens what a clock makes of the store; nil for views in memory.
	View func(ctx context.Context, base *graph.Store, clock graph.Clock) (*graph.Store, graph.ViewCounts, error)

	Questions *queries.Catalog
	Places    func() map[string]string // as in answers.Reader
	About     exporters.About          // of the dataset: title, licence, terms, program
	Log       *slog.Logger

	NoCache bool // answers are computed anew each time, for measurements

	// Texts runs query texts; nil where none may be run.
	Texts *worker.Pool

	Hosts []string // names, besides loopback's own, under which the server is asked
	Token string   // what strangers must know; "" for nothing

	Writing *Writing // who may change the store, and how; nil where nobody may

	Page     fs.FS // the explorer page; nil for none
	Cayley   fs.FS // Cayley's folders static, templates and docs; nil for none
	NoCayley error // why Cayley is nil, for the page that says so
}

// Limits of what one client may ask for. They are generous for people, and bound what others can do.
const (
	headerTime     = 5 * time.Second  // to send the headers
	readTime       = 20 * time.Second // to send the whole request
	writeTime      = 90 * time.Second // to take the whole answer
	idleTime       = 60 * time.Second // between two requests of a connection
	headerBytes    = 16 << 10
	bodyBytes      = 256 << 10 // a text is at most 32 KiB; params go with it
	answerTime     = 30 * time.Second
	exportTime     = 80 * time.Second
	maxConnections = 512
	maxAnswers     = 64 // requests that are answered at once; the others wait
	maxAddress     = 8 << 10
	shutdownTime   = 10 * time.Second
)

// A Server answers requests. Make one with [New], then call [Server.Serve].
type Server struct {
	o       Options
	shelf   *shelf
	views   *views
	metrics *metrics
	cache   *cache
	known   map[string]*queries.Question // read once: their heads are YAML
	slots   chan struct{}
	pen     chan struct{} // held by the one who changes the store
	handler http.Handler
	api     []byte // openapi.yaml as JSON
}

// New opens the store and makes a server.
func New(ctx context.Context, o Options) (*Server, error) {
	api, err := description()
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, metrics: newMetrics(), cache: newCache(), slots: make(chan struct{}, maxAnswers), pen: make(chan struct{}, 1), api: api}
	list, err := o.Questions.Questions()
	if err != nil {
		return nil, err
	}
	s.known = map[string]*queries.Question{}
	for _, q := range list {
		s.known[q.Name] = q
	}
	if s.shelf, err = newShelf(ctx, o.Open, o.Stamp, o.Log); err != nil {
		return nil, err
	}
	s.views = newViews(o.View, s.shelf, o.Log)
	s.shelf.changed = func() {
		s.metrics.reloads.Add(1)
		s.views.clear()
		if o.Texts != nil {
			o.Texts.Renew()
		}
	}
	routes, err := s.routes()
	if err != nil {
		return nil, err
	}
	s.handler = s.guarded(routes)
	return s, nil
}

// Handler returns the server's handler with all that guards it.
func (s *Server) Handler() http.Handler { return s.handler }

// Close gives back the store. No request may be under way.
func (s *Server) Close() error {
	if s.o.Texts != nil {
		s.o.Texts.Close()
	}
	s.views.close()
	return s.shelf.close()
}

// lookup finds a saved question. The error for one that is not there names the nearest.
func (s *Server) lookup(name string) (*queries.Question, error) {
	if q, ok := s.known[name]; ok {
		return q, nil
	}
	return s.o.Questions.Lookup(name)
}

// routes lists every address.
func (s *Server) routes() (http.Handler, error) {
	mux := http.NewServeMux()
	read := func(path string, h handler) {
		mux.Handle("GET "+path, s.answering(h))
	}
	read("/healthz", s.health)
	read("/readyz", s.ready)
	read("/metrics", s.showMetrics)
	read("/api/kg/{$}", bare(s.about))
	read("/api/kg/openapi.json", bare(s.openapi))
	read("/api/kg/questions", bare(s.questions))
	read("/api/kg/questions/{name}", bare(s.question))
	read("/api/kg/questions/{name}/answer", s.cached(s.clocked(s.answer)))
	read("/api/kg/entity", s.cached(s.clocked(s.entity)))
	read("/api/kg/claims", s.cached(s.clocked(s.claims)))
	read("/api/kg/why", s.cached(s.clocked(s.why)))
	read("/api/kg/conflicts", s.cached(s.clocked(s.conflicts)))
	read("/api/kg/sum", s.cached(s.clocked(s.sum)))
	read("/api/kg/search", s.cached(s.clocked(s.search)))
	read("/api/kg/path", s.cached(s.clocked(s.path)))
	read("/api/kg/near", s.cached(s.clocked(s.near)))
	read("/api/kg/expand", s.cached(s.clocked(s.expand)))
	read("/api/kg/graph", s.cached(s.clocked(s.graph)))
	read("/api/kg/timeline", s.cached(s.clocked(s.timeline)))
	read("/api/kg/clock", s.cached(s.clocked(s.showClock)))
	read("/api/kg/stats", s.cached(s.stats))
	read("/api/kg/schema", s.cached(bare(s.schema)))
	read("/api/kg/formats", bare(s.formats))
	read("/api/kg/export", s.clocked(s.export))
	mux.Handle("POST /api/kg/gizmo", s.answering(s.gizmo))
	s.cayleyRoutes(mux)
	if err := s.cayleyPages(mux); err != nil {
		return nil, err
	}
	if s.o.Page != nil {
		read("/{file...}", s.page)
	}
	return s.elsewhere(mux), nil
}
