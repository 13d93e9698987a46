package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"kg/queries/gizmo"
)

// Times that a process is given beyond those of its texts.
const (
	grace     = time.Second      // to say itself that its time is over
	startTime = 20 * time.Second // to open the store
)

// complaintMost is how much of a process's standard error is kept.
const complaintMost = 16 << 10

// A process runs one text at a time.
type process struct {
	cmd        *exec.Cmd
	orders     io.WriteCloser
	answers    chan message
	gone       chan struct{} // closed when the process has ended
	complaint  *head
	generation int
	jobs       int
}

type message struct {
	result Result
	err    error
}

// head keeps the beginning of what is written to it.
type head struct {
	mu   sync.Mutex
	text []byte
}

func (h *head) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if room := complaintMost - len(h.text); room > 0 {
		h.text = append(h.text, b[:min(room, len(b))]...)
	}
	return len(b), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.text)
}

// start starts a process and waits until it has opened the store.
func start(ctx context.Context, command func() (*exec.Cmd, error), generation int) (*process, error) {
	cmd, err := command()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, answers: make(chan message, 1), gone: make(chan struct{}), complaint: &head{}, generation: generation}
	cmd.Stderr = p.complaint
	cmd.WaitDelay = grace
	answers, err := cmd.StdoutPipe()
	if err == nil {
		p.orders, err = cmd.StdinPipe()
	}
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("starting a process: %w", err)
	}
	go p.listen(answers)
	limit := time.NewTimer(startTime)
	defer limit.Stop()
	select {
	case m := <-p.answers:
		if m.err == nil && m.result.Ready {
			return p, nil
		}
		p.end()
		return nil, fmt.Errorf("starting a process: %s", p.lastWords())
	case <-limit.C:
		p.end()
		return nil, errors.New("starting a process: it did not open the store in time")
	case <-ctx.Done():
		p.end()
		return nil, context.Cause(ctx)
	}
}

// listen passes on what the process says, and waits for its end.
func (p *process) listen(answers io.Reader) {
	r := bufio.NewReaderSize(answers, 64<<10)
	for {
		var m message
		m.result.Body, m.err = readFrame(r, &m.result)
		if m.err != nil {
			_ = p.cmd.Process.Kill() // it has ended, or is out of step
			_ = p.cmd.Wait()         // how it ended, its last words tell
			close(p.gone)
			select {
			case p.answers <- m:
			default: // nobody waits for it
			}
			return
		}
		select {
		case p.answers <- m:
		default: // an answer to no question: it is out of step
			_ = p.cmd.Process.Kill()
		}
	}
}

// end ends the process at once.
func (p *process) end() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	_ = p.orders.Close()
	select { // an answer on its way must not keep the listener
	case <-p.answers:
	default:
	}
}

// retire lets the process end when its text does.
func (p *process) retire() { _ = p.orders.Close() }

// lastWords is the first line of what the process left on standard error.
func (p *process) lastWords() string {
	line, _, _ := strings.Cut(strings.TrimSpace(p.complaint.String()), "\n")
	if line == "" {
		return "it ended without a word"
	}
	return strings.TrimPrefix(line, "kg: ")
}

// run has the process run a text. Alive says whether the process still lives.
func (p *process) run(ctx context.Context, j Job) (result Result, alive bool, err error) {
	p.jobs++
	if err := writeFrame(p.orders, j, nil); err != nil {
		p.end()
		return Result{}, false, errFell
	}
	limit := time.NewTimer(j.Timeout + grace)
	defer limit.Stop()
	select {
	case m := <-p.answers:
		if m.err == nil {
			return m.result, true, nil
		}
		<-p.gone
		if OutOfMemory(p.complaint.String()) {
			return Result{}, false, fmt.Errorf("%w: the process was ended", gizmo.ErrMemory)
		}
		return Result{}, false, errFell
	case <-limit.C:
		p.end()
		return Result{}, false, fmt.Errorf("%w: the process was ended after %s", gizmo.ErrTimeout, j.Timeout)
	case <-ctx.Done():
		p.end()
		return Result{}, false, context.Cause(ctx)
	}
}
