package server_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// kgProgram is the program as users have it, built once for all tests that want it.
var kgProgram = sync.OnceValues(func() (string, error) {
	path := filepath.Join(filepath.Dir(built.path), "kg")
	return path, buildProgram("..", path, "./cmd/kg")
})

func buildProgram(dir, path, name string, env ...string) error {
	cmd := exec.Command("go", "build", "-o", path, name)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w: %s", name, err, out)
	}
	return nil
}

// A program is a server in a process of its own.
type program struct {
	t       testing.TB
	cmd     *exec.Cmd
	address string // http://127.0.0.1:…
	said    safeBuffer
}

// kgServe starts "kg serve" with the store of all tests, unless the arguments name another, and ends it
// with the test.
func kgServe(t testing.TB, env []string, args ...string) *program {
	t.Helper()
	return kgServeTo(t, nil, env, args...)
}

// kgServeTo is kgServe whose standard error goes to a file, so that nobody has to read it.
func kgServeTo(t testing.TB, stderr *os.File, env []string, args ...string) *program {
	t.Helper()
	path := store(t)
	kg, err := kgProgram()
	if err != nil {
		t.Fatal(err)
	}
	all := append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)
	if !strings.Contains(strings.Join(args, " "), "--store") {
		all = append(all, "--store", "snapshot:"+path)
	}
	p := &program{t: t, cmd: exec.Command(kg, all...)}
	p.cmd.Dir = filepath.Dir(path)
	p.cmd.Env = append(os.Environ(), append([]string{"KG_TOKEN=", "KG_STORE=", "KG_DATA="}, env...)...)
	p.cmd.Stderr = &p.said
	if stderr != nil {
		p.cmd.Stderr = stderr
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.begin()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("kg serve: %v: %s", err, p.said.String())
	}
	p.address = strings.TrimSuffix(strings.TrimSpace(line), "/")
	return p
}

// begin starts the process, which gets Ctrl-C when the test ends.
func (p *program) begin() {
	p.t.Helper()
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended
		kill := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
		defer kill.Stop()
		_ = p.cmd.Wait() // how it ends is not what is tested
	})
}

// ask sends a request; a body makes it a POST.
func (p *program) ask(path, body string, pairs ...string) answer {
	p.t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, p.address+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{status: -1, body: []byte(err.Error())}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{status: -1, body: []byte(err.Error())}
	}
	return answer{resp.StatusCode, resp.Header, text}
}

// await waits until the program answers.
func (p *program) await(path string) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if p.ask(path, "").status > 0 {
			return
		}
	}
	p.t.Fatalf("%s does not answer: %s", p.cmd.Path, p.said.String())
}

// until waits for something to be so.
func (p *program) until(what string, is func() bool) {
	p.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if is() {
			return
		}
	}
	p.t.Fatalf("waited two minutes: %s; the program says %s", what, p.said.String())
}

// A footprint is what a server holds of the system.
type footprint struct {
	goroutines, files, processes int
	rss, workers                 int64 // bytes of memory: of the server, of the processes that run texts
}

// String prints it for people.
func (f footprint) String() string {
	const mb = 1 << 20
	return fmt.Sprintf("goroutines %d, open files %d, processes for texts %d, MiB of memory %d, and in those processes %d",
		f.goroutines, f.files, f.processes, f.rss/mb, f.workers/mb)
}

// footprint looks at the server's process and its children.
func (p *program) footprint() footprint {
	p.t.Helper()
	http.DefaultClient.CloseIdleConnections()
	var f footprint
	if m := regexp.MustCompile(`(?m)^kg_goroutines (\d+)$`).FindSubmatch(p.ask("/metrics", "").body); m != nil {
		f.goroutines, _ = strconv.Atoi(string(m[1]))
	}
	http.DefaultClient.CloseIdleConnections()
	time.Sleep(100 * time.Millisecond) // until the server has closed its side
	pid := p.cmd.Process.Pid
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		p.t.Fatal(err)
	}
	f.files, f.rss = len(files), residentOf(pid)
	for _, child := range childrenOf(p.t, pid) {
		f.processes++
		f.workers += residentOf(child)
	}
	return f
}

// settled waits until two looks in a row see the same.
func (p *program) settled() footprint {
	p.t.Helper()
	f := p.footprint()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); {
		time.Sleep(500 * time.Millisecond)
		next := p.footprint()
		if next.goroutines == f.goroutines && next.files == f.files && next.processes == f.processes {
			return next
		}
		f = next
	}
	return f
}

func residentOf(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0 // it has ended
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// childrenOf lists the processes that a process has started, those among them that ended and that
// nobody has asked how.
func childrenOf(t testing.TB, pid int) []int {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var list []int
	for _, name := range all {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it ended meanwhile
		}
		// The name of the program, in brackets, may hold anything.
		_, rest, _ := bytes.Cut(text[bytes.LastIndexByte(text, ')'):], []byte(" "))
		fields := strings.Fields(string(rest))
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			list = append(list, child)
		}
	}
	return list
}

// freePort finds a port for a program that cannot be asked which one it took.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
