package worker_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"kg/queries/gizmo"
	"kg/server/worker"
)

// childMode makes this test program a process of a pool.
const childMode = "KG_TEST_POOL_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		child(mode)
	}
	os.Exit(m.Run())
}

// child speaks the protocol of a process, and answers with how many texts it ran.
func child(mode string) {
	say := func(head, body string) {
		b := make([]byte, 8)
		binary.LittleEndian.PutUint32(b, uint32(len(head)))
		binary.LittleEndian.PutUint32(b[4:], uint32(len(body)))
		_, _ = os.Stdout.WriteString(string(b) + head + body)
	}
	say(`{"ready":true}`, "")
	for texts := 1; ; texts++ {
		var lengths [8]byte
		if _, err := io.ReadFull(os.Stdin, lengths[:]); err != nil {
			os.Exit(0)
		}
		head := make([]byte, binary.LittleEndian.Uint32(lengths[:]))
		text := make([]byte, binary.LittleEndian.Uint32(lengths[4:]))
		_, _ = io.ReadFull(os.Stdin, head)
		_, _ = io.ReadFull(os.Stdin, text)
		switch {
		case string(text) == "greedy", mode == "falls at the third text" && texts == 3:
			fmt.Fprintln(os.Stderr, "fatal error: runtime: cannot allocate memory")
			os.Exit(2)
		case mode == "is spent at the second text" && texts == 2:
			say(`{"spent":true}`, fmt.Sprint(texts))
		default:
			say(`{}`, fmt.Sprint(texts))
		}
	}
}

func pool(t *testing.T, mode string) *worker.Pool {
	t.Helper()
	p := worker.NewPool(worker.Options{
		Command: func() (*exec.Cmd, error) {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childMode+"="+mode)
			return cmd, nil
		},
		Size: 1, Waiting: 1, Patience: time.Minute, Timeout: time.Minute, Memory: 1 << 20, Bytes: 1 << 20, Rows: 1,
		Log: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(p.Close)
	return p
}

func TestPoolBlamesATextOnlyForItsOwn(t *testing.T) {
	for _, c := range []struct{ mode, want string }{
		{"lives on", "1 2 3 4 5 6"},
		{"is spent at the second text", "1 2 1 2 1 2"}, // replaced before a third
		{"falls at the third text", "1 2 1 2 1 2"},     // and the third is run again by a new one
	} {
		t.Run(c.mode, func(t *testing.T) {
			p := pool(t, c.mode)
			var got []string
			for range 6 {
				r, err := p.Run(t.Context(), worker.Job{Text: "innocent"})
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, string(r.Body))
			}
			if found := strings.Join(got, " "); found != c.want {
				t.Errorf("want the texts of each process counted %s, found %s", c.want, found)
			}
			for began := time.Now(); p.Stats().Workers > 1; time.Sleep(time.Millisecond) { // one may be on its way out
				if time.Since(began) > time.Minute {
					t.Fatalf("want one process at most, found %d", p.Stats().Workers)
				}
			}
		})
	}
}

func TestPoolTellsAGreedyText(t *testing.T) {
	p := pool(t, "lives on")
	for range 3 {
		if _, err := p.Run(t.Context(), worker.Job{Text: "innocent"}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Run(t.Context(), worker.Job{Text: "greedy"}); !errors.Is(err, gizmo.ErrMemory) {
			t.Errorf("want the memory limit, found %v", err)
		}
	}
	if s := p.Stats(); s.Ended != 6 { // the one that others used, and the one that nobody did
		t.Errorf("want 6 processes ended, found %d", s.Ended)
	}
}

func TestPoolThatIsClosedRunsNothing(t *testing.T) {
	p := pool(t, "lives on")
	p.Close()
	if _, err := p.Run(context.Background(), worker.Job{}); !errors.Is(err, worker.ErrNone) {
		t.Errorf("want no process, found %v", err)
	}
}
