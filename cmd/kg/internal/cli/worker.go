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
	"kg/server/worker"
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
	Row     *gizmo.Row    `json:"row,omitempty"`
	Result  *gizmo.Row    `json:"result,omitempty"` // the last expression's value, as an emitted row
	Warning *worker.Fault `json:"warning,omitempty"`
	Error   *worker.Fault `json:"error,omitempty"`
	Done    bool          `json:"done,omitempty"`
}

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
	if err := worker.LimitMemory(r.Memory); err != nil {
		return fmt.Errorf("setting the memory limit: %w", err)
	}
	out := bufio.NewWriter(a.std.Out)
	sink := &pipeSink{enc: json.NewEncoder(out)}
	if err := a.runGizmo(ctx, r, sink); err != nil {
		var limit *limitError
		if errors.As(err, &limit) {
			err = limit.err // the hint is the parent's to give
		}
		sink.send(message{Error: worker.Pack(err)})
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
func (p *pipeSink) warning(e *gizmo.Error) { p.send(message{Warning: worker.Pack(e)}) }

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
	process := exec.CommandContext(limited, program, append([]string{workerName, "--quiet", "--base", a.base, "--data", a.data, "--store", a.store}, a.clocks.args()...)...)
	process.Args[0] = os.Args[0]
	process.Dir = a.std.Dir
	var complaint bytes.Buffer
	process.Stderr = &complaint
	process.WaitDelay = workerGrace
	worker.Detach(process) // Ctrl-C is for us: a worker that it ends first would tell another story
	answers, err := process.StdoutPipe()
	if err != nil {
		return fmt.Errorf("starting a process of its own: %w", err)
	}
	orders, err := process.StdinPipe() // stays open: its end is how the worker learns that we ended
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		return fmt.Errorf("starting a process of its own: %w", err)
	}
	go func() { _, _ = orders.Write(request) }() // a worker that does not read it has ended, which is told below
	finished, failure := a.receive(answers, sink)
	if failure != nil {
		cancel() // it may go on sending
	}
	ended := process.Wait()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case failure != nil:
		return r.explained(failure)
	case finished:
		return nil
	case limited.Err() != nil:
		return r.explained(gizmo.ErrTimeout)
	case worker.OutOfMemory(complaint.String()):
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
			a.note("%v", m.Warning.Unpack())
		case m.Error != nil:
			return true, m.Error.Unpack()
		case m.Done:
			return true, nil
		}
	}
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
