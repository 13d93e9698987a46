package server_test

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// buildWith runs "kg build" of the facts inside the program.
func buildWith(t *testing.T, address string, more ...string) {
	t.Helper()
	kg, err := kgProgram()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(kg, append([]string{"build", "--store", address}, more...)...)
	cmd.Dir = filepath.Dir(kg)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("kg build: %v: %s", err, out)
	}
}

// reloads is how often the program has begun to serve another store.
func reloads(p *program) int {
	p.t.Helper()
	m := regexp.MustCompile(`(?m)^kg_store_reloads_total (\d+)$`).FindSubmatch(p.ask("/metrics", "").body)
	if m == nil {
		p.t.Fatal("want the number of reloads in the metrics, found none")
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// Cayley's kinds of stores lock what they open. The server and the processes that run texts all open it
// for reading, which shares the lock; so texts run over any kind of store, beside each other, and a new
// build is served.
func TestTextsRunOverEveryKindOfStore(t *testing.T) {
	store(t) // the program is built beside it
	for _, test := range []struct {
		name, address string
		kept          bool // in files, which a build can replace
	}{
		{"a snapshot", "snapshot:FILE", true},
		{"LevelDB", "leveldb:FILE", true},
		{"Bolt", "bolt:FILE", true},
		{"a file that is read into memory", "memory:FILE", true},
		{"memory alone", "memory:", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			address := strings.ReplaceAll(test.address, "FILE", filepath.Join(t.TempDir(), "graph"))
			if test.kept {
				buildWith(t, address)
			}
			p := kgServe(t, nil, "--store", address, "--log", "off", "--workers", "3")
			const text = `g.V("<kg:platform/encrochat>").out("<schema:name>").all()`
			ask := func() {
				if a := p.ask("/api/v1/query/gizmo", text); a.status != http.StatusOK || !strings.Contains(string(a.body), "EncroChat") {
					t.Errorf("a text: found %d: %s: %s", a.status, a.body, p.said.String())
				}
				if a := p.ask("/api/kg/questions/agencies-by-platform/answer?platform=encrochat", ""); a.status != http.StatusOK {
					t.Errorf("a question: found %d: %s", a.status, a.body)
				}
			}
			var some sync.WaitGroup
			for range 6 {
				some.Go(ask)
			}
			some.Wait()
			if !test.kept {
				return
			}
			// Those who read must not keep those who build waiting.
			buildWith(t, address)
			p.until("want the new store served", func() bool { return reloads(p) == 1 })
			ask()
		})
	}
}

// What the program makes of a body is what was sent: nodes without a name keep the labels that clients
// know them by, and prefixed names and full ones are one.
func TestTheProgramTakesWhatClientsWrite(t *testing.T) {
	store(t)
	path := filepath.Join(t.TempDir(), "mine.snapshot")
	buildWith(t, "snapshot:"+path)
	p := kgServe(t, []string{"KG_TOKEN=pen"}, "--store", "snapshot:"+path, "--writable", "--no-auth", "--log", "off")
	const token = "Bearer pen"
	write := func(path, body, want string) {
		t.Helper()
		if a := p.ask(path, body, "Authorization", token); a.status != http.StatusOK || !strings.Contains(string(a.body), want) {
			t.Errorf("%s: want %s, found %d: %s", path, want, a.status, a.body)
		}
	}
	read := func(want string) {
		t.Helper()
		if a := p.ask("/api/v2/read?pred=%3Cx%3Alikes%3E", ""); string(a.body) != want {
			t.Errorf("want %q, found %d: %q", want, a.status, a.body)
		}
	}
	if a := p.ask("/api/v2/write", "_:ada <x:likes> <kg:platform/ghost> ."); a.status != http.StatusForbidden {
		t.Errorf("without the token: want 403, found %d: %s", a.status, a.body)
	}
	read("")
	write("/api/v2/write", "_:ada <x:likes> <kg:platform/ghost> .", "wrote 1")
	const first = "_:ada <x:likes> <https://example.org/kg/platform/ghost> .\n"
	read(first)
	write("/api/v1/write", `[{"subject":"_:ada","predicate":"<x:likes>","object":"<https://example.org/kg/platform/ghost>"}]`, "wrote 1")
	read(first)
	write("/api/v2/delete", first, "deleted 1")
	read("")
	write("/api/v2/write", first, "wrote 1")
	write("/api/v2/node/delete", "_:ada", "deleted 1")
	read("")
	// A build from the store itself checks it and concludes anew; the server goes on with it.
	for _, claim := range []string{"b0101", "b0102-by", "b0102-target"} {
		write("/api/v2/node/delete", "<kg:claim/"+claim+">", "deleted 1")
	}
	concluded := func() bool {
		a := p.ask("/api/v2/read?sub=%3Ckg%3Aagency%2Fau-afp%3E&pred=%3Ckg%3Acracked%3E&obj=%3Ckg%3Aplatform%2Fghost%3E", "")
		return a.status == http.StatusOK && len(a.body) > 0
	}
	if !concluded() {
		t.Error("want the conclusion to stay while only a write took what it rests on")
	}
	before := reloads(p)
	buildWith(t, "snapshot:"+path, "snapshot:"+path)
	p.until("want served what was built of it", func() bool { return reloads(p) > before })
	if concluded() {
		t.Error("want the conclusion gone with the build")
	}
}
