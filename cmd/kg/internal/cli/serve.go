package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kg/graph"
	"kg/server"
	"kg/server/cayleyui"
	"kg/server/web"
	"kg/server/worker"
)

// defaultListen is Cayley's own port, on this machine alone.
const defaultListen = "127.0.0.1:64210"

// serveOptions are the flags of "kg serve".
type serveOptions struct {
	listen, log     string
	hosts           []string
	open, noAuth    bool
	noCache         bool
	writable        bool
	timeout         time.Duration
	memory          int64 // MiB
	workers, queued int
}

func newServe(a *app) *cobra.Command {
	o := &serveOptions{}
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the explorer page, Cayley's web pages and an API",
		Long: `serve answers over HTTP until you press Ctrl-C: the explorer page at /, Cayley's own
pages at /ui/query, a JSON API under /api/kg (described at /api/kg/openapi.json), and
Cayley's API under /api/v1 and /api/v2. docs/serve.md tells more.

Only this machine can ask, nothing can be written, and pages of other sites are turned
away. To let others ask, name an address with --listen and a token in KG_TOKEN, which
they give as "Authorization: Bearer TOKEN" or as a password; --no-auth lets everybody
in. --host adds a name under which the server is asked.

--writable takes writes through Cayley's API from those who know the token in KG_TOKEN.
It wants a store of its own (--store snapshot:FILE), since the project's is built anew
from its files. --no-auth then frees reading alone.

Query texts that are sent in run in processes of their own, with limits of time and
memory. When "kg build" replaces the facts, the server goes on with the new ones.`,
		Example: `  kg serve --open
  kg serve --listen 127.0.0.1:0
  KG_TOKEN=secret kg serve --listen 0.0.0.0:64211 --host kg.example.org
  KG_TOKEN=secret kg serve --writable --store snapshot:mine.snapshot`,
		Args: wantArgs(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(cmd); err != nil {
				return err
			}
			return a.serve(cmd.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.listen, "listen", defaultListen, "address and port to answer on; port 0 takes any that is free")
	f.StringArrayVar(&o.hosts, "host", nil, "`NAME` under which the server is asked, besides localhost and its address; may be repeated")
	f.BoolVar(&o.open, "open", false, "open the page in the browser")
	f.BoolVar(&o.noAuth, "no-auth", false, "let everybody ask who can reach the address")
	f.BoolVar(&o.writable, "writable", false, "let those who know the token write through Cayley's API")
	f.StringVar(&a.queries, "queries", a.std.env(envQueries), "folder with more saved questions (*.gizmo)")
	f.DurationVar(&o.timeout, "timeout", 10*time.Second, "how long a query text that is sent in may run")
	f.Int64Var(&o.memory, "max-memory", 128, "memory that such a text may use, in MiB")
	f.IntVar(&o.workers, "workers", 0, "how many such texts run at once; 0 means two a processor")
	f.IntVar(&o.queued, "queue", 64, "how many such texts may wait; more are refused")
	f.StringVar(&o.log, "log", "text", "how requests are noted on standard error: text, json or off")
	f.BoolVar(&o.noCache, "no-cache", false, "compute every answer anew, for measurements")
	complete(c, "log", fixed("text", "json", "off"))
	complete(c, "listen", cobra.NoFileCompletions)
	complete(c, "host", cobra.NoFileCompletions)
	return c
}

func (o *serveOptions) check(cmd *cobra.Command) error {
	if err := checkWord(cmd, "--log", o.log, []string{"text", "json", "off"}); err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(o.listen); err != nil {
		return usagef(cmd.CommandPath(), "as in --listen "+defaultListen, "--listen: want ADDRESS:PORT, found %q", o.listen)
	}
	switch {
	case o.timeout <= 0:
		return usagef(cmd.CommandPath(), "", "--timeout: want more than 0, found %s", o.timeout)
	case o.memory < 16:
		return usagef(cmd.CommandPath(), "", "--max-memory: want 16 or more MiB, found %d", o.memory)
	case o.workers < 0:
		return usagef(cmd.CommandPath(), "", "--workers: want 0 or more, found %d", o.workers)
	case o.queued < 0:
		return usagef(cmd.CommandPath(), "", "--queue: want 0 or more, found %d", o.queued)
	}
	return nil
}

// serve answers until the context ends.
func (a *app) serve(ctx context.Context, o *serveOptions) error {
	token := a.std.env(envToken)
	if !isLoopback(o.listen) && token == "" && !o.noAuth {
		return usagef("kg serve", "set "+envToken+", or give --no-auth to let everybody in",
			"--listen %s: others could reach it, and no token says who may ask", o.listen)
	}
	var writable graph.Address
	if o.writable {
		var err error
		if writable, err = a.writableStore(token); err != nil {
			return err
		}
	}
	// The port first: to build a store and then find the port taken would waste a minute.
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return listenError(o.listen, err)
	}
	defer l.Close() //nolint:errcheck // closed by the server already
	options, err := a.serverOptions(ctx, o)
	if err != nil {
		return err
	}
	if !o.noAuth {
		options.Token = token
	}
	if o.writable {
		if options.Writing, err = a.writing(writable, token); err != nil {
			return err
		}
	}
	s, err := server.New(ctx, options)
	if err != nil {
		if options.Texts != nil {
			options.Texts.Close()
		}
		return err
	}
	address := "http://" + shownAddress(l.Addr()) + "/"
	if _, err := fmt.Fprintln(a.std.Out, address); err != nil {
		return errors.Join(&writeError{err}, s.Close())
	}
	a.note("serving %s; Ctrl-C ends it", a.servedFacts())
	if options.NoCayley != nil {
		a.note("Cayley's pages are not here: %v", options.NoCayley)
	}
	if o.open {
		if err := openBrowser(ctx, address); err != nil {
			a.note("no browser opens (%v); go to %s", err, address)
		}
	}
	return errors.Join(s.Serve(ctx, l), s.Close())
}

// servedFacts is what is served, for people.
func (a *app) servedFacts() string {
	if a.store != "" {
		return a.store
	}
	p, err := a.project()
	if err != nil {
		return "the facts"
	}
	return p.facts()
}

// serverOptions opens the store and says how it is served.
func (a *app) serverOptions(ctx context.Context, o *serveOptions) (server.Options, error) {
	catalog, err := a.catalog()
	if err != nil {
		return server.Options{}, err
	}
	if _, err := catalog.Questions(); err != nil {
		return server.Options{}, err // a fault in a head is told now, not to those who ask
	}
	first, err := a.open(ctx)
	if err != nil {
		return server.Options{}, err
	}
	about, err := a.about(first, "", "")
	if err != nil {
		return server.Options{}, err
	}
	if d, err := first.project.dataset(); err == nil && a.store == "" {
		about.Title = d.Title
	}
	options := server.Options{
		Questions: catalog, Places: first.project.places, About: about, Log: a.logger(o.log),
		Hosts: lower(o.hosts), NoCache: o.noCache, Page: web.Files(),
	}
	if options.Cayley, options.NoCayley = cayleyui.Files(); options.NoCayley != nil {
		options.Cayley = fs.FS(nil)
	}
	address := first.store.Address()
	a.opened = nil // it is the server's now
	given := sync.OnceValue(func() *graph.Store { return first.store })
	used := false
	options.Open = func(ctx context.Context) (*graph.Store, error) {
		if !used {
			used = true
			return given(), nil
		}
		return a.openAgain(ctx, address)
	}
	folder := a.viewFolder(first.project)
	options.View = func(ctx context.Context, base *graph.Store, clock graph.Clock) (*graph.Store, graph.ViewCounts, error) {
		return graph.OpenView(ctx, base, clock, folder, graph.BuildOptions{Schema: base.Schema(), Namespaces: base.Namespaces(), Tool: toolVersion()})
	}
	if !address.InMemory() {
		options.Stamp = func() string { return stampOf(address) }
	}
	options.Texts = worker.NewPool(worker.Options{
		Command: func() (*exec.Cmd, error) { return a.workerCommand(address, o.memory) },
		Size:    cmp.Or(o.workers, 2*runtime.NumCPU()), Waiting: o.queued, Patience: 10 * time.Second,
		Timeout: o.timeout, Memory: o.memory << 20, Bytes: 16 << 20, Rows: 10_000, Log: options.Log,
	})
	return options, nil
}

// openAgain opens the store after it was replaced, with the schema as it is now.
func (a *app) openAgain(ctx context.Context, address graph.Address) (*graph.Store, error) {
	ns, err := a.namespaces()
	if err != nil {
		return nil, err
	}
	p, err := a.project()
	if err != nil {
		return nil, err
	}
	file, text, err := p.schemaText()
	if err != nil {
		return nil, err
	}
	schema, err := graph.ParseSchema(file, text)
	if err != nil {
		return nil, err
	}
	return graph.Open(ctx, address, graph.OpenOptions{Schema: schema, Namespaces: ns})
}

// stampOf tells one build of a store from the next. While it cannot be read, nothing has changed.
func stampOf(address graph.Address) string {
	m, err := graph.ReadManifest(address)
	if err != nil {
		return ""
	}
	return m.Built.String() + " " + m.Digest
}

// workerCommand is a process that runs query texts.
func (a *app) workerCommand(address graph.Address, memory int64) (*exec.Cmd, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("starting a process: %w", err)
	}
	args := []string{serveWorkerName, "--quiet", "--base", a.base, "--data", a.data, "--max-memory", fmt.Sprint(memory)}
	if !address.InMemory() {
		args = append(args, "--store", address.String())
	}
	cmd := exec.Command(program, args...)
	cmd.Args[0] = os.Args[0]
	cmd.Dir = a.std.Dir
	worker.Detach(cmd)
	return cmd, nil
}

// serveWorkerName is the command that such a process runs. It is hidden: people have no use for it.
const serveWorkerName = "serve-worker"

// newServeWorker is the command of the process's side.
func newServeWorker(a *app) *cobra.Command {
	var memory int64
	c := &cobra.Command{
		Use:    serveWorkerName,
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			return worker.Serve(cmd.Context(), a.std.In, a.std.Out, s.store, memory<<20, func() {
				if self, err := os.FindProcess(os.Getpid()); err == nil {
					_ = self.Kill() // there is nobody left to tell
				}
			})
		},
	}
	c.Flags().Int64Var(&memory, "max-memory", 128, "memory of a text, in MiB")
	return c
}

// logger writes to standard error.
func (a *app) logger(form string) *slog.Logger {
	level := slog.LevelInfo
	if a.quiet {
		level = slog.LevelWarn
	}
	o := &slog.HandlerOptions{Level: level}
	switch form {
	case "json":
		return slog.New(slog.NewJSONHandler(a.std.Err, o))
	case "off":
		return slog.New(slog.DiscardHandler)
	default:
		return slog.New(slog.NewTextHandler(a.std.Err, o))
	}
}

// isLoopback says whether only this machine reaches an address.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// listenError explains why an address cannot be had.
func listenError(listen string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return &graph.Problem{
			Want: "a free port", Found: listen + ", on which another program answers, maybe another kg serve",
			Hint: "end that one, or let --listen 127.0.0.1:0 take any free port", Err: err,
		}
	case errors.Is(err, syscall.EACCES):
		return &graph.Problem{
			Want: "a port that you may use", Found: listen, Hint: "ports below 1024 are for the system; as in --listen " + defaultListen, Err: err,
		}
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return &graph.Problem{Want: "an address of this machine", Found: listen, Err: err}
	}
	return fmt.Errorf("listening on %s: %w", listen, err)
}

// shownAddress is an address that a browser on this machine takes.
func shownAddress(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return a.String()
	}
	if tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return tcp.String()
}

// openBrowser opens an address in the user's browser.
func openBrowser(ctx context.Context, address string) error {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	cmd := exec.CommandContext(ctx, name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // how the browser ends is its own business
	return nil
}

func lower(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}
