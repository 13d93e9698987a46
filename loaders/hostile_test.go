package loaders_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/loaders"
)

// skipLong leaves inputs of a gigabyte out of the short form of the tests.
func skipLong(t *testing.T) {
	t.Helper()
	if testing.Short() && strings.Contains(t.Name(), "gigabyte") {
		t.Skip("a gigabyte takes long under the race detector")
	}
}

// TestHostile feeds what is made to exhaust a reader. Each input has to be refused soon, for the
// reason given.
func TestHostile(t *testing.T) {
	const subject = "<https://example.org/s> <https://example.org/p> "
	many := func(s string) string { return strings.Repeat(s, 1_000_000) }
	tests := []struct {
		name, format string
		input        io.Reader
		want         string
	}{
		{"a million brackets", "turtle", strings.NewReader(subject + many("[ <x:p> ")), "in:1:8051: want at most 1000 brackets within each other, found"},
		{"a million lists", "trig", strings.NewReader(subject + many("(")), "want at most 1000 brackets within each other, found"},
		{"a million graphs", "trig", strings.NewReader(many("{")), "in:1:2: want a subject"},
		{"a line of a gigabyte", "nquads", io.MultiReader(strings.NewReader(subject+`"`), endless("x", 1<<30)), "in:1:1: want a line of at most 16777216 bytes, found a longer one"},
		{"a string of a gigabyte", "turtle", io.MultiReader(strings.NewReader(subject+`"`), endless("x", 1<<30)), "in:1:49: want a term or a comment of at most 16777216 bytes, found a longer one"},
		{"a string of a gigabyte of escapes", "turtle", io.MultiReader(strings.NewReader(subject+`"""`), endless(`\"`, 1<<30)), "want a term or a comment of at most 16777216 bytes"},
		{"an IRI of a gigabyte", "trig", io.MultiReader(strings.NewReader("<"), endless("x", 1<<30)), "in:1:1: want a term or a comment of at most 16777216 bytes"},
		{"a name of a gigabyte", "trig", io.MultiReader(strings.NewReader("x:"), endless("x", 1<<30)), "in:1:1: want a term or a comment of at most 16777216 bytes"},
		{"a number of a gigabyte", "trig", io.MultiReader(strings.NewReader(subject), endless("1", 1<<30)), "in:1:49: want a term or a comment of at most 16777216 bytes"},
		{"a name that would be two if it were cut", "turtle", strings.NewReader(":" + strings.Repeat("x", 16<<20) + "b:c <x:p> 1 . :" + many("y")), "in:1:1: want a term or a comment of at most 16777216 bytes"},
		{"a comment of a gigabyte", "trig", io.MultiReader(strings.NewReader("#"), endless("x", 1<<30)), "in:1:1: want a term or a comment of at most 16777216 bytes"},
		{"a file of NULs", "nquads", endless("\x00", 1<<25), "in:1:1: want a line of at most 16777216 bytes"},
		{"a file of NULs as Turtle", "turtle", endless("\x00", 1<<25), "in:1:1: want a subject: an IRI in < >, a name like ex:a, a blank node, found the control character U+0000"},
		{"a huge prefix for tiny names", "turtle", strings.NewReader("@prefix x: <http://" + many("x") + "> .\nx:a x:a " + many("x:a,")), "in:1:12: want an IRI of at most 4096 bytes in a directive"},
		{"a base that grows", "turtle", strings.NewReader("@base <http://x/> .\n" + strings.Repeat("@base <x/> .\n", 20_000)), "want an IRI of at most 4096 bytes in a directive, found a longer one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			skipLong(t)
			began := time.Now()
			got, err := loadReader(tt.format, tt.input, loaders.Options{})
			if !strings.Contains(fmt.Sprint(err), tt.want) {
				t.Errorf("found %v\nwant %s", err, tt.want)
			}
			if len(got) > 20_000 {
				t.Errorf("%d quads", len(got))
			}
			if took := time.Since(began); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// endless gives a text again and again, n bytes in all.
func endless(text string, n int64) io.Reader {
	return io.LimitReader(repeat(strings.Repeat(text, 64<<10)), n)
}

// TestMemoryDoesNotGrow streams more than it may hold. Each worker holds a few pieces of the input.
func TestMemoryDoesNotGrow(t *testing.T) {
	for format, piece := range map[string]string{
		"nquads": distinct(10_000),
		"turtle": string(turtleDump(2_000)),
	} {
		f, err := loaders.ByName(format)
		if err != nil {
			t.Fatal(err)
		}
		size := int64(len(piece)) * 30
		in := io.LimitReader(repeating(piece), size)
		heap := watchHeap()
		if err := f.Load(context.Background(), in, "in", loaders.Options{Workers: 4}, heap.sink()); err != nil {
			t.Fatal(err)
		}
		if heap.count < 300_000 || heap.grown() > 16<<20 {
			t.Errorf("%s: %d quads in %d MB make the heap grow by %d kB", format, heap.count, size>>20, heap.grown()>>10)
		}
	}
}

// repeating gives a text again and again, however little of it is asked for at a time.
func repeating(text string) io.Reader { return &repeater{text: text, now: text} }

type repeater struct{ text, now string }

func (r *repeater) Read(p []byte) (int, error) {
	if r.now == "" {
		r.now = r.text
	}
	n := copy(p, r.now)
	r.now = r.now[n:]
	return n, nil
}

// TestNoGoroutineStays counts goroutines after loads that ended well, badly and early.
func TestNoGoroutineStays(t *testing.T) {
	before := runtime.NumGoroutine()
	full := errors.New("full")
	input := []byte(distinct(20_000))
	packed := []byte(zipped(t, string(input)))
	for range 5 {
		for _, in := range [][]byte{input, input[:len(input)-5], packed, packed[:len(packed)/2]} {
			count := 0
			for _, limit := range []int{1, 10_000, 1 << 30} {
				sink := graph.SinkFunc(func(quad.Quad, graph.Position) error {
					if count++; count >= limit {
						return full
					}
					return nil
				})
				o := loaders.Options{Stdin: bytes.NewReader(in), Workers: 3}
				_ = loaders.Load(context.Background(), "-", o, sink) // how it ends is other tests' matter
			}
		}
	}
	deadline := time.Now().Add(time.Minute)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if now := runtime.NumGoroutine(); now > before {
		t.Errorf("%d goroutines, %d before", now, before)
	}
}
