package worker

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
	"kg/queries/gizmo"
	"kg/queries/languages"
)

// Serve is the process's side: it runs one text after the other until in ends, and calls orphaned when
// in ends while a text runs, since nobody waits for it any more. memory bounds the process.
func Serve(ctx context.Context, in io.Reader, out io.Writer, store *graph.Store, memory int64, orphaned func()) error {
	if err := LimitMemory(memory); err != nil {
		return fmt.Errorf("setting the memory limit: %w", err)
	}
	held := mappedMemory()
	if err := writeFrame(out, Result{Ready: true}, nil); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	r := bufio.NewReaderSize(in, 64<<10)
	programs := gizmo.NewPrograms()
	orders := orders{r: r}
	for {
		j, err := orders.next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		awake := watchFor(r, orphaned)
		result := run(ctx, store, programs, j)
		// The runtime gives memory back to the system, but not the addresses that the kernel
		// counts: the next text would pay for this one's.
		result.Spent = mappedMemory()-held > memory
		err = writeFrame(out, result, result.Body)
		awake()
		if err != nil {
			return err
		}
	}
}

// garbagePercent is how much more than what it holds a process may take before it collects garbage. It
// holds a few megabytes, and what a text leaves is little: to collect it after every few dozen texts took
// a sixth of the time. The limit of memory has the collector at work long before it is reached.
const garbagePercent = 1000

// orphanAfter is how long a text runs before its process looks whether anybody waits for the answer.
const orphanAfter = 100 * time.Millisecond

// watchFor calls orphaned when what r reads ends while a text runs. The function returned ends the watch;
// it waits for the next order where the watch reads already.
func watchFor(r *bufio.Reader, orphaned func()) (end func()) {
	over := make(chan struct{})
	timer := time.AfterFunc(orphanAfter, func() {
		defer close(over)
		if _, err := r.Peek(1); err != nil {
			orphaned()
		}
	})
	return func() {
		if !timer.Stop() {
			<-over
		}
	}
}

// mappedMemory is what the Go runtime has mapped, in bytes, given back or not.
func mappedMemory() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// run runs one text.
func run(ctx context.Context, store *graph.Store, programs *gizmo.Programs, j Job) Result {
	ctx, cancel := context.WithTimeout(ctx, j.Timeout)
	defer cancel()
	r := languages.Request{
		Language: j.Language, Text: j.Text, Limit: j.Limit, Bytes: j.Bytes, Linked: j.Linked, Programs: programs,
		Gizmo: gizmo.Options{
			Name: "text", Params: j.Params, Namespaces: store.Namespaces(), Claims: j.Claims,
			Limits: gizmo.Limits{Memory: j.Memory},
		},
	}
	var a languages.Answer
	var err error
	switch j.Kind {
	case KindTable:
		a, err = table(ctx, store, r)
	case KindShape:
		a, err = languages.Shape(ctx, store, r)
	default:
		a, err = languages.Run(ctx, store, r)
	}
	if err == nil {
		err = store.Err() // an answer with gaps is none
	}
	if err != nil {
		return Result{Fault: Pack(err)}
	}
	return Result{Body: a.Body, Truncated: a.Truncated}
}

// errEnough ends a run at its limit of rows.
var errEnough = errors.New("enough rows")

// table answers with the rows as the command line prints them.
func table(ctx context.Context, store *graph.Store, r languages.Request) (languages.Answer, error) {
	rows := answers.Rows{Limit: r.Gizmo.Limits.Memory}
	r.Gizmo.Result = func(v any) { rows.Last = v }
	cut := false
	err := r.Programs.Run(ctx, store.Cayley(), r.Text, r.Gizmo, func(row gizmo.Row) error {
		if len(rows.List) >= r.Limit {
			cut = true
			return errEnough
		}
		return rows.Add(row)
	})
	if err != nil && !errors.Is(err, errEnough) {
		return languages.Answer{}, err
	}
	t, err := rows.Table(ctx, &answers.Reader{Store: store, Schema: store.Schema()})
	if err != nil {
		return languages.Answer{}, err
	}
	t.Count, t.Truncated = len(t.Rows), cut
	var more []queries.Member
	if cut {
		more = append(more, queries.Member{Name: "limits", Value: []string{fmt.Sprintf("only the first %d rows are here; there are more", r.Limit)}})
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	t.WriteJSON(w, more...)
	if err := w.Flush(); err != nil {
		return languages.Answer{}, err
	}
	if b.Len() > r.Bytes {
		return languages.Answer{}, fmt.Errorf("%w: the answer is longer than %d bytes; ask for fewer rows", gizmo.ErrSize, r.Bytes)
	}
	return languages.Answer{Body: b.Bytes(), Truncated: cut}, nil
}
