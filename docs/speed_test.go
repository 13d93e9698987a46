package docs_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkProcess times whole commands on the facts that ship, from start to exit, as a person waits
// for them. The median is what counts: the machine does other things as well.
func BenchmarkProcess(b *testing.B) {
	kg := filepath.Join(program(b), "kg")
	for _, command := range []struct {
		name string
		args []string
	}{
		{"version", []string{"version"}}, // what a process costs
		{"query", []string{"query", "agencies-by-platform"}},
		{"show", []string{"show", "encrochat"}},
		{"build", []string{"build", "--quiet"}},
		{"first", []string{"query", "agencies-by-platform", "--store", "memory:"}}, // reads the tables
	} {
		b.Run(command.name, func(b *testing.B) {
			term := newTerminal(b, filepath.Dir(kg))
			run := func() time.Duration {
				cmd := exec.CommandContext(b.Context(), kg, command.args...)
				cmd.Dir, cmd.Env = term.folder, term.env
				start := time.Now()
				if out, err := cmd.CombinedOutput(); err != nil {
					b.Fatalf("kg %v: %v\n%s", command.args, err, out)
				}
				return time.Since(start)
			}
			run() // builds what the others find built
			var times []time.Duration
			for b.Loop() {
				times = append(times, run())
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "median-ms")
		})
	}
}
