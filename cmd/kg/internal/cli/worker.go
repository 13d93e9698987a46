package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kg/queries/gizmo"
)

// A worker is this program, started once more to run one Gizmo text under limits that the system
// keeps: what no check inside a process can stop, the end of the process does.

// workerName is the command that a worker runs. It is hidden: people have no use for it.
const workerName = "gizmo-worker"

// workerGrace is how long a worker may take, beyond the time limit that it keeps itself, until it is
// killed.
const workerGrace = 2 * time.Second

// A message is one line from a worker.
type message struct {
	Row     *gizmo.Row   `json:"row,omitempty"`
	Result  *gizmo.Row   `json:"result,omitempty"` // the last expression's value, as an emitted row
	Warning *workerError `json:"warning,omitempty"`
	Error   *workerError `json:"error,omitempty"`
	Done    bool         `json:"done,omitempty"`
}

// workerError is an error on its way out of a worker.
type workerError struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Excerpt string `json:"excerpt,omitempty"`
	Want    string `json:"want,omitempty"`
	Found   string `json:"found,omitempty"`
	Hint    string `json:"hint,omitempty"`
	Limit   string `json:"limit,omitempty"` // the limit's name, for the exit code
	Text    string `json:"text,omitempty"`  // of an error that is not about the text
}

// limits names the limits of a run on their way through a pipe.
func limits() map[string]error {
	return map[string]error{
		"time": gizmo.ErrTimeout, "rows": gizmo.ErrRows, "depth": gizmo.ErrDepth, "memory": gizmo.ErrMemory, "size": gizmo.ErrSize,
	}
}

func packError(err error) *workerError {
	w := &workerError{}
	for name, limit := range limits() {
		if errors.Is(err, limit) {
			w.Limit = name
		}
	}
	var e *gizmo.Error
	if !errors.As(err, &e) {
		w.Text = err.Error()
		return w
	}
	w.File, w.Line, w.Column, w.Excerpt, w.Want, w.Found, w.Hint = e.File, e.Line, e.Column, e.Excerpt, e.Want, e.Found, e.Hint
	if e.Want == "" && e.Err != nil {
		w.Text = e.Err.Error()
	}
	return w
}

func (w *workerError) unpack() error {
	var cause error
	if w.Limit != "" {
		cause = limits()[w.Limit]
		if w.Text != "" && cause != nil {
			cause = reachedLimit{text: w.Text, limit: cause}
		}
	} else if w.Text != "" {
		cause = errors.New(w.Text)
	}
	if w.File == "" && cause != nil {
		return cause
	}
	return &gizmo.Error{File: w.File, Line: w.Line, Column: w.Column, Excerpt: w.Excerpt, Want: w.Want, Found: w.Found, Hint: w.Hint, Err: cause}
}

// A reachedLimit is the error of a limit in the words of the process that met it, which has the numbers.
type reachedLimit struct {
	text  string
	limit error
}

// Error is what the other process said.
func (e reachedLimit) Error() string { return e.text }

// Unwrap returns the limit.
func (e reachedLimit) Unwrap() error { return e.limit }

// newWorker is the command of the worker's side.
func newWorker(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    workerName,
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE:   func(cmd *cobra.Command, _ []string) error { return a.work(cmd.Context()) },
	}
}

// work runs the text on standard input and writes one message a line.
func (a *app) work(ctx context.Context) error {
	var r gizmoRun
	if err := json.NewDecoder(a.std.In).Decode(&r); err != nil {
		return fmt.Errorf("reading the text to run: %w", err)
	}
	go endWithParent(a.std.In)
	a.quiet = true // warnings travel as messages
	a.maxMemory = r.Memory
	if _, err := a.open(ctx); err != nil {
		return err
	}
	if err := limitMemory(r.Memory); err != nil {
		return fmt.Errorf("setting the memory limit: %w", err)
	}
	out := bufio.NewWriter(a.std.Out)
	sink := &pipeSink{enc: json.NewEncoder(out)}
	if err := a.runGizmo(ctx, r, sink); err != nil {
		var limit *limitError
		if errors.As(err, &limit) {
			err = limit.err // the hint is the parent's to give
		}
		sink.send(message{Error: packError(err)})
	} else {
		sink.send(message{Done: true})
	}
	if sink.err != nil {
		return sink.err
	}
	return out.Flush()
}

// endWithParent ends this process when the other end of its standard input closes, which happens
// however the parent ends. Nothing gentler stops what this process is for.
func endWithParent(in io.Reader) {
	_, _ = io.Copy(io.Discard, in) // an end is an end
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill() // there is nobody left to tell
	}
}

// pipeSink writes what a text answers as messages.
type pipeSink struct {
	enc *json.Encoder
	err error
}

func (p *pipeSink) send(m message) {
	if p.err == nil {
		p.err = p.enc.Encode(m)
	}
}

func (p *pipeSink) row(r gizmo.Row) error {
	p.send(message{Row: &r})
	return p.err
}

func (p *pipeSink) result(v any)           { p.send(message{Result: &gizmo.Row{Emitted: v}}) }
func (p *pipeSink) warning(e *gizmo.Error) { p.send(message{Warning: packError(e)}) }

// runIsolated runs a text in a worker.
func (a *app) runIsolated(ctx context.Context, r gizmoRun, sink *rowTable) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("starting a process of its own: %w", err)
	}
	request, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	limited, cancel := context.WithCancel(ctx)
	if r.Timeout > 0 {
		limited, cancel = context.WithTimeout(ctx, r.Timeout+workerGrace)
	}
	defer cancel()
	worker := exec.CommandContext(limited, program, append([]string{workerName, "--quiet", "--base", a.base, "--data", a.data, "--store", a.store}, a.clocks.args()...)...)
	worker.Args[0] = os.Args[0]
	worker.Dir = a.std.Dir
	var complaint bytes.Buffer
	worker.Stderr = &complaint
	worker.WaitDelay = workerGrace
	answers, err := worker.StdoutPipe()
	if err != nil {
		return fmt.Errorf("starting a process of its own: %w", err)
	}
	orders, err := worker.StdinPipe() // stays open: its end is how the worker learns that we ended
	if err == nil {
		err = worker.Start()
	}
	if err != nil {
		return fmt.Errorf("starting a process of its own: %w", err)
	}
	go func() { _, _ = orders.Write(request) }() // a worker that does not read it has ended, which is told below
	finished, failure := a.receive(answers, sink)
	if failure != nil {
		cancel() // it may go on sending
	}
	ended := worker.Wait()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case failure != nil:
		return r.explained(failure)
	case finished:
		return nil
	case limited.Err() != nil:
		return r.explained(gizmo.ErrTimeout)
	case outOfMemory(complaint.String()):
		return r.explained(fmt.Errorf("%w: the process was ended", gizmo.ErrMemory))
	case wasKilled(ended):
		return &limitError{err: errors.New("the process that ran the text was killed"), hint: "as systems do that run out of memory"}
	case complaint.Len() > 0:
		return errors.New(strings.TrimPrefix(firstLine(complaint.String()), "kg: "))
	default:
		return fmt.Errorf("the process that ran the text ended early: %w", orClosed(ended))
	}
}

// receive reads a worker's messages; finished says whether the last one came.
func (a *app) receive(r io.Reader, sink *rowTable) (finished bool, err error) {
	dec := json.NewDecoder(r)
	for {
		var m message
		if dec.Decode(&m) != nil {
			return false, nil //nolint:nilerr // how the process ended tells why
		}
		switch {
		case m.Row != nil:
			if err := sink.row(*m.Row); err != nil {
				return true, err
			}
		case m.Result != nil:
			sink.result(m.Result.Emitted)
		case m.Warning != nil:
			a.note("%v", m.Warning.unpack())
		case m.Error != nil:
			return true, m.Error.unpack()
		case m.Done:
			return true, nil
		}
	}
}

// outOfMemory says whether the Go runtime gave up for want of memory. Where the kernel refuses a page
// that the runtime has counted on, it ends with a fault of segmentation instead of a word about memory.
func outOfMemory(complaint string) bool {
	for _, sign := range []string{"out of memory", "cannot allocate memory", "SIGSEGV"} {
		if strings.Contains(complaint, sign) {
			return true
		}
	}
	return false
}

// wasKilled says whether a signal ended the process.
func wasKilled(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func orClosed(err error) error {
	if err == nil {
		return io.ErrUnexpectedEOF
	}
	return err
}

var _ rowSink = (*pipeSink)(nil)
