package server_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// stockCayley is what our server is compared with.
const stockCayley = "github.com/cayleygraph/cayley@v0.7.7"

// loadClients is how many ask at once, each the next when it has its answer.
const loadClients = 8

// hop is one hop in Gizmo, in words that both servers have.
const hop = `g.V("<https://example.org/kg/platform/encrochat>").in("<https://example.org/kg/cracked>").all()`

// BenchmarkLoad measures "kg serve" under load, beside Cayley's own server over the same quads, and
// prints a table for docs/performance.md. It runs once:
//
//	go test ./server -run '^$' -bench Load -benchtime 1x
//
// KG_LOAD_SECONDS says how long each measurement takes (5), KG_LOAD_ROUNDS how often each is made (3);
// the servers take turns. It wants wrk, and Go's module proxy for what Cayley's server is built from.
func BenchmarkLoad(b *testing.B) {
	if _, err := exec.LookPath("wrk"); err != nil {
		b.Skip("wrk is missing; on Debian: apt-get install wrk")
	}
	seconds, rounds := fromEnv("KG_LOAD_SECONDS", 5), fromEnv("KG_LOAD_ROUNDS", 3)
	paths := mix(b, 1)
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer nowhere.Close()
	load := loadAverage()
	kg := kgServe(b, nil, "--log", "off")
	// Cayley's own server notes every request, and cannot be told not to: so does ours beside it.
	noting := kgServeTo(b, nowhere, nil)
	bare := kgServe(b, nil, "--log", "off", "--no-cache")
	stock, err := startCayley(b, nowhere)
	if err != nil {
		b.Logf("Cayley's own server is not measured: %v", err)
	}
	health := script(b, "health.lua", "GET", []string{"/healthz"}, "")
	one := script(b, "hop.lua", "POST", []string{"/api/v1/query/gizmo"}, hop)
	many := script(b, "mix.lua", "GET", paths, "")
	works := []*work{
		{name: "`/healthz`: the server's own share", on: kg, script: health},
		{name: "a one-hop Gizmo text", on: noting, script: one, wantP99: 10 * time.Millisecond},
		{name: "the mix, without a cache", on: bare, script: many, wantRate: 2000, wantP99: 20 * time.Millisecond},
		{name: "the mix, with the cache", on: kg, script: many, wantRate: 20_000},
	}
	if stock != nil {
		same(b, noting, stock)
		works = slices.Insert(works, 2, &work{name: "the same on Cayley's own server (memstore)", on: stock, script: one})
	}
	for _, w := range works { // every address once, so that caches are full and processes there
		w.run(b, max(1, seconds/2))
	}
	for _, w := range works {
		w.runs = nil
	}
	before, beforeNoting, beforeBare := kg.settled(), noting.settled(), bare.settled()
	for b.Loop() {
		for range rounds {
			for _, w := range works {
				w.run(b, seconds)
			}
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "\n%d clients of wrk, %d s each, %d rounds, medians; clients and server share %d cores (%s); load before: %s\n\n",
		loadClients, seconds, rounds, runtime.NumCPU(), runtime.Version(), load)
	out.WriteString("| what is asked | answers a second | best round | p99 | errors | wanted |\n| --- | ---: | ---: | ---: | ---: | --- |\n")
	for _, w := range works {
		w.row(&out)
	}
	if stock != nil {
		ours, theirs := works[1], works[2]
		fmt.Fprintf(&out, "\nOne hop: %.2f times Cayley's own rate (medians; rounds: %s). Wanted: 2.\n",
			ours.rate()/theirs.rate(), ratios(ours, theirs))
	}
	fmt.Fprintf(&out, "\nServer of the hops, before: %s\n                    after:  %s\n", beforeNoting, noting.settled())
	fmt.Fprintf(&out, "With the cache,     before: %s\n                    after:  %s\n", before, kg.settled())
	fmt.Fprintf(&out, "Without a cache,    before: %s\n                    after:  %s\n", beforeBare, bare.settled())
	if _, err := os.Stdout.Write(out.Bytes()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
	b.ReportMetric(works[1].rate(), "hops/s")
}

// A work is one kind of requests to one server.
type work struct {
	name, script string
	on           *program
	wantRate     float64
	wantP99      time.Duration
	runs         []load
}

// A load is what wrk measured.
type load struct {
	rate          float64
	p99           time.Duration
	asked, errors int
}

// run lets wrk ask for some seconds.
func (w *work) run(b *testing.B, seconds int) {
	b.Helper()
	out, err := exec.Command("wrk", "-t1", "-c", strconv.Itoa(loadClients), "-d", strconv.Itoa(seconds)+"s", "--timeout", "20s", "-s", w.script, w.on.address).CombinedOutput()
	if err != nil {
		b.Fatalf("wrk: %v: %s", err, out)
	}
	_, line, ok := strings.Cut(string(out), "measured ")
	var asked, took, p99, faults float64
	if n, err := fmt.Sscan(line, &asked, &took, &p99, &faults); !ok || n != 4 {
		b.Fatalf("wrk says %s: %v", out, err)
	}
	w.runs = append(w.runs, load{
		rate: asked / (took / 1e6), p99: time.Duration(p99) * time.Microsecond, asked: int(asked), errors: int(faults),
	})
}

// rate is the median of the rounds.
func (w *work) rate() float64 {
	return median(w.runs, func(l load) float64 { return l.rate })
}

func median(runs []load, of func(load) float64) float64 {
	var list []float64
	for _, l := range runs {
		list = append(list, of(l))
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// row writes the line of the table.
func (w *work) row(out *bytes.Buffer) {
	best, faults := 0.0, 0
	for _, l := range w.runs {
		best = max(best, l.rate)
		faults += l.errors
	}
	p99 := time.Duration(median(w.runs, func(l load) float64 { return float64(l.p99) }))
	verdict := func(met bool) string {
		if met {
			return "met"
		}
		return "missed"
	}
	var wanted []string
	if w.wantRate > 0 {
		wanted = append(wanted, fmt.Sprintf("%.0f/s: %s", w.wantRate, verdict(w.rate() >= w.wantRate)))
	}
	if w.wantP99 > 0 {
		wanted = append(wanted, fmt.Sprintf("p99 %s: %s", w.wantP99, verdict(p99 < w.wantP99)))
	}
	fmt.Fprintf(out, "| %s | %.0f | %.0f | %.1f ms | %d | %s |\n", w.name, w.rate(), best, float64(p99.Microseconds())/1000, faults, strings.Join(wanted, ", "))
}

// ratios are those of the rounds, one by one: in each both ran one after the other.
func ratios(a, b *work) string {
	var list []string
	for i := range a.runs {
		list = append(list, fmt.Sprintf("%.2f", a.runs[i].rate/b.runs[i].rate))
	}
	return strings.Join(list, ", ")
}

// script writes what wrk asks: the paths in turn, each prepared before the clock runs.
func script(b *testing.B, name, method string, paths []string, body string) string {
	b.Helper()
	var lua bytes.Buffer
	fmt.Fprintf(&lua, "wrk.method = %q\n", method)
	if body != "" {
		fmt.Fprintf(&lua, "wrk.body = %q\nwrk.headers[\"Content-Type\"] = \"text/plain\"\n", body)
	}
	lua.WriteString("local paths = {\n")
	for _, p := range paths {
		fmt.Fprintf(&lua, "\t%q,\n", p)
	}
	lua.WriteString(`}
local requests, at = {}, 0
function init(args)
	for i, path in ipairs(paths) do requests[i] = wrk.format(nil, path) end
end
function request()
	at = at % #requests + 1
	return requests[at]
end
function done(summary, latency, _)
	local e = summary.errors
	io.write(string.format("measured %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(99),
		e.connect + e.read + e.write + e.status + e.timeout))
end
`)
	path := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(path, lua.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
	return path
}

// startCayley builds Cayley's own server, in a module of its own since ours has not all that it needs,
// and starts it over the quads of our store.
func startCayley(b *testing.B, stderr *os.File) (*program, error) {
	b.Helper()
	dir := b.TempDir()
	path, version, _ := strings.Cut(stockCayley, "@")
	module := "module stock\n\ngo 1.26.0\n\nrequire " + path + " " + version + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o644); err != nil {
		return nil, err
	}
	binary := filepath.Join(dir, "cayley")
	if err := buildProgram(dir, binary, path+"/cmd/cayley", "GOFLAGS=-mod=mod"); err != nil {
		return nil, err
	}
	quads := filepath.Join(dir, "quads.nq")
	if err := writeQuads(b, quads); err != nil {
		return nil, err
	}
	host := freePort(b)
	p := &program{t: b, address: "http://" + host}
	p.cmd = exec.Command(binary, "http", "-d", "memstore", "-i", quads, "--load_format", "nquads", "--host", host, "--read_only")
	p.cmd.Dir = dir
	p.cmd.Stderr = stderr
	p.begin()
	p.await("/api/v2/formats")
	return p, nil
}

// writeQuads writes all quads of the store, what was concluded included.
func writeQuads(b *testing.B, path string) error {
	b.Helper()
	kg, err := kgProgram()
	if err != nil {
		return err
	}
	out, err := exec.Command(kg, "export", "--store", "snapshot:"+store(b), "--format", "nquads-stream", "-o", path).CombinedOutput()
	if err != nil {
		return fmt.Errorf("kg export: %w: %s", err, out)
	}
	return nil
}

// same holds two servers to the same answer, row for row: an error would be a fast one.
func same(b *testing.B, ours, theirs *program) {
	b.Helper()
	rows := func(p *program) int {
		a := p.ask("/api/v1/query/gizmo", hop)
		list, _ := a.json(b)["result"].([]any)
		return len(list)
	}
	if a, c := rows(ours), rows(theirs); a == 0 || a != c {
		b.Fatalf("want the same rows of both servers, found %d and %d", a, c)
	}
}

func fromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "not known"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}
