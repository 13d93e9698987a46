package gizmo_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/cayleygraph/cayley/graph/memstore"
)

// Cayley's session runs a text in a goroutine without recover: a fault in it ends the process, here
// for one random path in a hundred. So it runs in a process of its own, started anew when it died.

const stockVariable = "GIZMO_STOCK_WORKER"

type stockAnswer struct {
	Rows  []string
	Error string
}

// TestStockWorker is that process: it does nothing in a run of the tests.
func TestStockWorker(t *testing.T) {
	if os.Getenv(stockVariable) == "" {
		t.Skip("the process that runs Cayley's session for the other tests")
	}
	store := memstore.New(small()...)
	out := json.NewEncoder(os.NewFile(3, "answers"))
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		a := stockAnswer{}
		var err error
		if a.Rows, err = stockRows(t, store, in.Text()); err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			t.Fatal(err)
		}
	}
}

type stockProcess struct {
	t       *testing.T
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *json.Decoder
	out     *os.File
	deaths  int
}

func (p *stockProcess) start() {
	r, w, err := os.Pipe()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(os.Args[0], "-test.run=^TestStockWorker$")
	p.cmd.Env = append(os.Environ(), stockVariable+"=1")
	p.cmd.ExtraFiles = []*os.File{w}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.out, p.answers = r, json.NewDecoder(r)
}

func (p *stockProcess) close() {
	if p.cmd == nil {
		return
	}
	_ = p.in.Close()  // the process ends when its input does
	_ = p.cmd.Wait()  // it may have died: that is what it is for
	_ = p.out.Close() // read to the end
	p.cmd = nil
}

// run asks the process; died says that the text ended it.
func (p *stockProcess) run(text string) (rows []string, died bool, err error) {
	if p.cmd == nil {
		p.start()
	}
	if _, err := io.WriteString(p.in, text+"\n"); err != nil {
		// The text before this one ended it after its answer: a goroutine of the session falls when it falls.
		p.deaths++
		p.close()
		p.start()
		if _, err := io.WriteString(p.in, text+"\n"); err != nil {
			p.t.Fatal(err)
		}
	}
	var a stockAnswer
	if err := p.answers.Decode(&a); err != nil {
		p.deaths++
		p.close()
		return nil, true, err
	}
	if a.Error != "" {
		err = errors.New(a.Error)
	}
	return a.Rows, false, err
}
