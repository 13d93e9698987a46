package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kg/data"
	"kg/exporters"
	"kg/graph"
	"kg/loaders"
	"kg/queries"
	"kg/server"
	"kg/server/cayleyui"
	"kg/server/web"
	"kg/server/worker"
)

// workerStore makes this test program a process that runs query texts.
const workerStore = "KG_TEST_WORKER_STORE"

func TestMain(m *testing.M) {
	if path := os.Getenv(workerStore); path != "" {
		store, err := open(context.Background(), path)
		if err == nil {
			err = worker.Serve(context.Background(), os.Stdin, os.Stdout, store, 64<<20, func() { os.Exit(0) })
		}
		if err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

func open(ctx context.Context, path string) (*graph.Store, error) {
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		return nil, err
	}
	return graph.Open(ctx, graph.Address{Scheme: "snapshot", Path: path}, graph.OpenOptions{Schema: schema})
}

// built is the store of all tests: the facts inside the program.
var built struct {
	sync.Once
	dir, path string
	err       error
}

func store(t testing.TB) string {
	t.Helper()
	built.Do(func() {
		built.dir, built.err = os.MkdirTemp("", "kg-server") //nolint:usetesting // several tests share it
		built.path = filepath.Join(built.dir, "graph.snapshot")
		if built.err == nil {
			built.err = build(built.path, data.Facts)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

func build(path, facts string) error {
	schema, err := graph.ParseSchema(data.SchemaFile, []byte(data.Schema))
	if err != nil {
		return err
	}
	feed := func(ctx context.Context, sink graph.Sink) error {
		return loaders.Load(ctx, loaders.StandardInput, loaders.Options{Format: "nquads", Stdin: strings.NewReader(facts)}, sink)
	}
	_, err = graph.Build(context.Background(), graph.Address{Scheme: "snapshot", Path: path}, feed, graph.BuildOptions{
		Schema: schema, Inputs: graph.Inputs{Texts: map[string]string{"facts": facts}},
	})
	return err
}

// A site is a server that answers on a port of its own.
type site struct {
	t       testing.TB
	address string // http://127.0.0.1:…
	log     *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// serve starts a server that ends with the test.
func serve(t testing.TB, change ...func(*server.Options)) *site {
	t.Helper()
	path := store(t)
	questions, err := queries.All()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, log: &safeBuffer{}}
	o := server.Options{
		Open: func(ctx context.Context) (*graph.Store, error) { return open(ctx, path) }, Questions: questions,
		About: exporters.About{Title: "Facts", Licence: "CC BY 4.0", Program: "kg"}, Log: slog.New(slog.NewJSONHandler(s.log, nil)),
		Page: web.Files(),
	}
	var missing error
	if o.Cayley, missing = cayleyui.Files(); missing != nil {
		o.Cayley, o.NoCayley = fs.FS(nil), missing
	}
	o.Texts = pool(path, 2, 4, o.Log)
	for _, c := range change {
		c(&o)
	}
	kg, err := server.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = "http://" + l.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(kg.Serve(ctx, l), kg.Close()) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("want a calm end, found %v", err)
		}
	})
	return s
}

// pool has time for honest texts on a busy machine; see hasty.
func pool(path string, size, waiting int, log *slog.Logger) *worker.Pool {
	return worker.NewPool(worker.Options{
		Command: func() (*exec.Cmd, error) {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), workerStore+"="+path)
			return cmd, nil
		},
		Size: size, Waiting: waiting, Patience: time.Minute, Timeout: 20 * time.Second, Memory: 64 << 20, Bytes: 1 << 20, Rows: 5000, Log: log,
	})
}

// hasty ends texts soon, for tests of texts that do not end.
func hasty(o *server.Options) {
	limits := o.Texts.Limits()
	o.Texts.Close()
	limits.Timeout, limits.Patience = 1500*time.Millisecond, 5*time.Second
	o.Texts = worker.NewPool(limits)
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("want JSON, found %v: %.200s", err, a.body)
	}
	return v
}

// do sends a request; pairs are headers.
func (s *site) do(method, path, body string, pairs ...string) answer {
	s.t.Helper()
	r, err := http.NewRequest(method, s.address+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "Host" {
			r.Host = pairs[i+1]
		}
		r.Header.Set(pairs[i], pairs[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 2 * time.Minute}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		return answer{status: -1, body: []byte(err.Error())}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{status: -1, header: resp.Header, body: []byte(err.Error())}
	}
	return answer{resp.StatusCode, resp.Header, b}
}

func (s *site) get(path string, pairs ...string) answer {
	s.t.Helper()
	return s.do(http.MethodGet, path, "", pairs...)
}

// patiently has a text run that needs little time, which may still be more than it is given on a machine
// that has much else to do: then it asks again, as a client would.
func (s *site) patiently(path, text string) answer {
	s.t.Helper()
	for again := 4; ; again-- {
		a := s.do(http.MethodPost, path, text)
		if a.status != http.StatusGatewayTimeout && a.status != http.StatusServiceUnavailable || again == 0 {
			return a
		}
	}
}

// honest asks what an honest client asks, and fails the test when no answer comes.
func (s *site) honest() {
	s.t.Helper()
	if a := s.get("/api/kg/questions/agencies-by-platform/answer?platform=encrochat"); a.status != http.StatusOK {
		s.t.Errorf("an honest question: want 200, found %d: %.200s", a.status, a.body)
	}
	a := s.patiently("/api/v1/query/gizmo", `g.V("<kg:platform/encrochat>").in("<kg:cracked>").all()`)
	if a.status != http.StatusOK {
		s.t.Errorf("an honest text: want 200, found %d: %.200s", a.status, a.body)
	}
}
