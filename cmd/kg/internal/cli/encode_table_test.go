package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/cmd/kg/internal/cli"
)

// onTerminal runs kg in a copy of the stories' project as if a person sat at a terminal that wide.
func onTerminal(t *testing.T, width int, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "project"))); err != nil {
		t.Fatal(err)
	}
	var out, talk bytes.Buffer
	status := cli.Main(t.Context(), append(args, "--color", "never", "--quiet"), cli.Streams{
		In: strings.NewReader(""), Out: &out, Err: &talk, OutTerminal: true, Width: width, Dir: dir,
	})
	if status != 0 || talk.Len() > 0 {
		t.Fatalf("exit status %d, on standard error: %s", status, &talk)
	}
	return out.String()
}

func TestTablesFitTheTerminal(t *testing.T) {
	for _, tc := range []struct {
		name  string
		width int
		args  []string
		want  string
	}{
		{
			name: "columns without a value go, however wide the terminal is", width: 200,
			args: []string{"query", "arrests-by-operation"},
			want: `
operation          figure                        measure                   arrests  sources
──────────────────────────────────────────────────────────────────────────────────────────────────────────
Operation Lantern  Arrests in Operation Lantern  count    dozens (no number given)  Police read the phones
`,
		},
		{
			name: "where not all fits, long cells wrap between words", width: 90,
			args: []string{"query", "arrests-by-operation"},
			want: `
operation          figure               measure              arrests  sources
──────────────────────────────────────────────────────────────────────────────────────────
Operation Lantern  Arrests in           count    dozens (no number    Police read the
                   Operation Lantern                          given)  phones
`,
		},
		{
			name: "where words would break, each row is a block", width: 50,
			args: []string{"query", "arrests-by-operation"},
			want: `
operation  Operation Lantern
figure     Arrests in Operation Lantern
measure    count
arrests    dozens (no number given)
sources    Police read the phones
`,
		},
		{
			name: "values keep a readable width on the narrowest terminal", width: 20,
			args: []string{"query", "arrests-by-operation"},
			want: `
operation  Operation Lantern
figure     Arrests in Operation
           Lantern
measure    count
arrests    dozens (no number
           given)
sources    Police read the
           phones
`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(strings.TrimPrefix(tc.want, "\n"), onTerminal(t, tc.width, tc.args...)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
