package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
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
	answers    *os.File // read by whoever has the process
	buffered   *bufio.Reader
	gone       chan struct{} // closed when the process has ended
	complaint  *head
	generation int
	jobs       int
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
	p := &process{cmd: cmd, gone: make(chan struct{}), complaint: &head{}, generation: generation}
	cmd.Stderr = p.complaint
	cmd.WaitDelay = grace
	if p.orders, err = cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting a process: %w", err)
	}
	answers, theirs, err := os.Pipe() // not cmd's own, which Wait would close before its end is read
	if err != nil {
		return nil, fmt.Errorf("starting a process: %w", err)
	}
	cmd.Stdout, p.answers, p.buffered = theirs, answers, bufio.NewReaderSize(answers, 64<<10)
	err = cmd.Start()
	_ = theirs.Close() // the process has its own
	if err != nil {
		_ = answers.Close()
		return nil, fmt.Errorf("starting a process: %w", err)
	}
	go func() {
		_ = cmd.Wait() // how it ended, its last words tell
		close(p.gone)
	}()
	result, err := p.answer(ctx, startTime)
	switch {
	case err == nil && result.Ready:
		return p, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		p.end()
		return nil, errors.New("starting a process: it did not open the store in time")
	case ctx.Err() != nil:
		p.end()
		return nil, context.Cause(ctx)
	default:
		p.end()
		<-p.gone
		return nil, fmt.Errorf("starting a process: %s", p.lastWords())
	}
}

// answer reads what the process says next. The error is that of the context, or wraps
// [os.ErrDeadlineExceeded] when it said nothing in time; what it says later would be an answer to
// another text, so the process cannot be used any more then.
func (p *process) answer(ctx context.Context, within time.Duration) (result Result, err error) {
	if err := p.answers.SetReadDeadline(time.Now().Add(within)); err != nil {
		return result, err
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		_ = p.answers.SetReadDeadline(time.Unix(1, 0)) // fails where it is closed already
		close(stopped)
	})
	result, err = readResult(p.buffered)
	if !stop() {
		<-stopped // not in the midst of the next text
		if err != nil {
			return result, context.Cause(ctx)
		}
	}
	return result, err
}

// end ends the process at once.
func (p *process) end() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	_ = p.orders.Close()
	_ = p.answers.Close()
}

// retire lets the process end when its text does.
func (p *process) retire() {
	_ = p.orders.Close()
	_ = p.answers.Close()
}

// lastWords is the first line of what the process left on standard error.
func (p *process) lastWords() string {
	line, _, _ := strings.Cut(strings.TrimSpace(p.complaint.String()), "\n")
	if line == "" {
		return "it ended without a word"
	}
	return strings.TrimPrefix(line, "kg: ")
}

// run has the process run a text. Alive says whether it can run another.
func (p *process) run(ctx context.Context, j Job) (result Result, alive bool, err error) {
	p.jobs++
	if err := writeFrame(p.orders, j, []byte(j.Text)); err != nil {
		p.end()
		return Result{}, false, errFell
	}
	result, err = p.answer(ctx, j.Timeout+grace)
	if err == nil {
		return result, true, nil
	}
	p.end() // if it has not ended by itself, it is out of time, or out of step
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Result{}, false, fmt.Errorf("%w: the process was ended after %s", gizmo.ErrTimeout, j.Timeout)
	case ctx.Err() != nil:
		return Result{}, false, context.Cause(ctx)
	}
	<-p.gone
	if OutOfMemory(p.complaint.String()) {
		return Result{}, false, fmt.Errorf("%w: the process was ended", gizmo.ErrMemory)
	}
	return Result{}, false, errFell
}
