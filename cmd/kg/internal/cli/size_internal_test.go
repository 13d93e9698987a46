package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"kg/graph"
)

func TestSizesAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]size{
		"512MB": 512 << 20, "4GiB": 4 << 30, "1.5G": 3 << 29, "16777216b": 16 << 20, "16384k": 16 << 20, "1TB": 1 << 40,
		" 16 mb ": 16 << 20, //nolint:gocritic // blanks are what is tested
	} {
		var s size
		if err := s.Set(text); err != nil || s != want {
			t.Errorf("%q is %d, %v; want %d", text, s, err, want)
		}
		var again size
		if err := again.Set(s.String()); err != nil || again != s {
			t.Errorf("%q is printed as %q, which is read as %d, %v", text, s, again, err)
		}
	}
	for _, text := range []string{"", "much", "12", "-1GB", "15MB", "NaNGB", "1EB", "9999999999TB", "GB"} {
		s := size(7)
		if err := s.Set(text); err == nil || s != 7 {
			t.Errorf("%q is %d, %v; want an error", text, s, err)
		}
	}
}

func TestTheProgressLineTellsRateAndRest(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	p := &progressLine{std: Streams{Err: &out}, on: true, now: func() time.Time { return now }, started: now}
	shown := func(state graph.Progress, after time.Duration) string {
		now = now.Add(after)
		out.Reset()
		p.show(state)
		_, line, _ := strings.Cut(out.String(), "\x1b[K")
		return line
	}
	for _, step := range []struct {
		state graph.Progress
		after time.Duration
		want  string
	}{
		{graph.Progress{Stage: "reading", Done: 4096}, time.Millisecond, ""}, // not worth telling yet
		{graph.Progress{Stage: "reading", Done: 1_000_000}, 2 * time.Second, "reading: 1000000 quads"},
		{graph.Progress{Stage: "reading", Done: 3_000_000}, 4 * time.Second, "reading: 3000000 quads, 500000 a second"},
		{graph.Progress{Stage: "sorting", Done: 1000}, time.Second, "sorting: 1000 values"},
		{graph.Progress{Stage: "writing", Done: 0, Total: 4_000_000}, time.Second, "writing: 0 of 4000000 quads"},
		{graph.Progress{Stage: "writing", Done: 1_000_000, Total: 4_000_000}, 2 * time.Second, "writing: 1000000 of 4000000 quads, 500000 a second, about 6s left"},
	} {
		if got := shown(step.state, step.after); got != step.want {
			t.Errorf("%+v is shown as %q, want %q", step.state, got, step.want)
		}
	}
}
