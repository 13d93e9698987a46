package worker

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"sync"
	"time"

	"kg/queries/gizmo"
)

// Errors of a pool.
var (
	// ErrBusy says that too many texts are waiting already.
	ErrBusy = errors.New("too many texts are waiting")

	// ErrWaited says that no process became free in time.
	ErrWaited = errors.New("no process became free in time")

	// ErrNone says that there is no process: the pool is closed, or none starts.
	ErrNone = errors.New("no process runs texts")
)

// errFell is the end of a process for no reason that it told.
var errFell = errors.New("the process that ran the text ended; the system may be short of memory")

// Options say how many processes a pool has, and what a text may do.
type Options struct {
	Command func() (*exec.Cmd, error) // a process that calls [Serve] on its standard streams

	Size     int           // processes, and texts that run at once
	Waiting  int           // texts that may wait
	Patience time.Duration // how long a text may wait
	Timeout  time.Duration // how long a text may run
	Memory   int64         // bytes that a text may use
	Bytes    int           // of an answer
	Rows     int           // of an answer, at most
	Log      *slog.Logger
}

// jobsMost is after how many texts a process is replaced, so that what texts leave behind does not grow.
const jobsMost = 20_000

// A Pool runs texts in a few processes.
type Pool struct {
	o     Options
	slots chan struct{}

	mu         sync.Mutex
	idle       []*process
	all        map[*process]bool
	waiting    int
	generation int
	closed     bool
	stats      Stats
	starting   sync.WaitGroup
}

// Stats count what a pool did.
type Stats struct {
	Running, Waiting, Workers int
	Done, Refused, Ended      int64
}

// NewPool makes a pool and begins to start its first process.
func NewPool(o Options) *Pool {
	p := &Pool{o: o, slots: make(chan struct{}, o.Size), all: map[*process]bool{}}
	p.prepare()
	return p
}

// Limits returns what a text may do.
func (p *Pool) Limits() Options { return p.o }

// Run runs a text when its turn comes. What Job does not say is what the pool allows at most.
func (p *Pool) Run(ctx context.Context, j Job) (Result, error) {
	if err := p.turn(ctx); err != nil {
		return Result{}, err
	}
	defer func() { <-p.slots }()
	if j.Timeout <= 0 || j.Timeout > p.o.Timeout {
		j.Timeout = p.o.Timeout
	}
	if j.Limit <= 0 || j.Limit > p.o.Rows {
		j.Limit = p.o.Rows
	}
	j.Memory, j.Bytes = p.o.Memory, p.o.Bytes
	result, used, err := p.runOnce(ctx, j, p.take)
	if used && fell(err) {
		// Texts before this one may be to blame: one that nobody used decides.
		result, _, err = p.runOnce(ctx, j, p.begin)
	}
	if err == nil && result.Fault != nil {
		err = result.Fault.Unpack()
	}
	return result, err
}

// runOnce runs a text in a process that from gives. Used says whether the process ran others before.
func (p *Pool) runOnce(ctx context.Context, j Job, from func(context.Context) (*process, error)) (result Result, used bool, err error) {
	w, err := from(ctx)
	if err != nil {
		return Result{}, false, err
	}
	used = w.jobs > 0
	result, alive, err := w.run(ctx, j)
	p.back(w, alive, result.Spent)
	return result, used, err
}

// fell says whether a process ended by itself while it ran a text.
func fell(err error) bool { return errors.Is(err, errFell) || errors.Is(err, gizmo.ErrMemory) }

// turn waits for a slot.
func (p *Pool) turn(ctx context.Context) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	p.mu.Lock()
	if p.waiting >= p.o.Waiting {
		p.stats.Refused++
		p.mu.Unlock()
		return ErrBusy
	}
	p.waiting++
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.waiting--
		p.mu.Unlock()
	}()
	patience := time.NewTimer(p.o.Patience)
	defer patience.Stop()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-patience.C:
		return ErrWaited
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// take returns a process that does nothing, or starts one.
func (p *Pool) take(ctx context.Context) (*process, error) {
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, ErrNone
		}
		var w *process
		if n := len(p.idle); n > 0 {
			w, p.idle = p.idle[n-1], p.idle[:n-1]
		}
		p.mu.Unlock()
		if w == nil {
			return p.begin(ctx)
		}
		select {
		case <-w.gone: // it fell while it did nothing
			p.forget(w)
		default:
			return w, nil
		}
	}
}

// begin starts a process.
func (p *Pool) begin(ctx context.Context) (*process, error) {
	p.mu.Lock()
	generation := p.generation
	p.mu.Unlock()
	w, err := start(ctx, p.o.Command, generation)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		p.o.Log.Error("no process for query texts", "reason", err)
		return nil, ErrNone
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		w.end()
		return nil, ErrNone
	}
	p.all[w] = true
	return w, nil
}

// back puts a process back, or replaces it.
func (p *Pool) back(w *process, alive, spent bool) {
	p.mu.Lock()
	p.stats.Done++
	if alive && !spent && !p.closed && w.generation == p.generation && w.jobs < jobsMost {
		var surplus *process // one made ready in advance may have come beside this one
		if len(p.all) > p.o.Size && len(p.idle) > 0 {
			surplus, p.idle = p.idle[0], p.idle[1:]
			delete(p.all, surplus)
		}
		p.idle = append(p.idle, w)
		p.mu.Unlock()
		if surplus != nil {
			surplus.retire()
		}
		return
	}
	if !alive {
		p.stats.Ended++
	}
	delete(p.all, w)
	p.mu.Unlock()
	if alive {
		w.retire()
	} else {
		p.o.Log.Warn("a process that ran query texts was ended", "texts", w.jobs)
	}
	p.prepare()
}

func (p *Pool) forget(w *process) {
	w.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats.Ended++
	delete(p.all, w)
}

// prepare starts a process in advance, where none waits for a text.
func (p *Pool) prepare() {
	p.mu.Lock()
	if p.closed || len(p.idle) > 0 || len(p.all) >= p.o.Size {
		p.mu.Unlock()
		return
	}
	p.starting.Add(1)
	p.mu.Unlock()
	go func() {
		defer p.starting.Done()
		w, err := p.begin(context.Background())
		if err != nil {
			return // told in the log
		}
		p.mu.Lock()
		if p.closed || len(p.all) > p.o.Size || w.generation != p.generation {
			delete(p.all, w)
			p.mu.Unlock()
			w.retire()
			return
		}
		p.idle = append(p.idle, w)
		p.mu.Unlock()
	}()
}

// Renew replaces the processes, each when its text ends: there is another store.
func (p *Pool) Renew() {
	p.mu.Lock()
	p.generation++
	old := p.idle
	p.idle = nil
	for _, w := range old {
		delete(p.all, w)
	}
	p.mu.Unlock()
	for _, w := range old {
		w.retire()
	}
	p.prepare()
}

// Close ends all processes.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	all := p.all
	p.all, p.idle = map[*process]bool{}, nil
	p.mu.Unlock()
	for w := range all {
		w.end()
	}
	p.starting.Wait()
	for w := range all {
		<-w.gone
	}
}

// Stats returns the counts.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Running, s.Waiting, s.Workers = len(p.slots), p.waiting, len(p.all)
	return s
}
