package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFold(t *testing.T) {
	for _, row := range []struct {
		name, page, want string
	}{
		{
			name: "what fits stays as it is",
			page: "one two\nthree\n\n  a  b\n",
			want: "one two\nthree\n\n  a  b\n",
		},
		{
			name: "a paragraph with a line that is too long is filled anew",
			page: "one two three four five six\nseven\n\nnext one\nstays\n",
			want: "one two three four\nfive six seven\n\nnext one\nstays\n",
		},
		{
			name: "an explanation stays in its column, with the lines that go on with it",
			page: "Flags:\n  -a, --all   one two three\n              four\n      --bee   five\n",
			want: "Flags:\n  -a, --all   one\n              two\n              three\n              four\n      --bee   five\n",
		},
		{
			name: "indented text without a column keeps its indent",
			page: "  one two three four five\n",
			want: "  one two three four\n  five\n",
		},
		{
			name: "a word that is longer than the page is not broken",
			page: "https://example.org/a/long/address\n",
			want: "https://example.org/a/long/address\n",
		},
		{
			name: "examples are to be copied and stay",
			page: "Examples:\n  kg query a-question --with flags\n\nFlags:\n  a  bb cc dd ee ff gg hh\n",
			want: "Examples:\n  kg query a-question --with flags\n\nFlags:\n  a  bb cc dd ee ff\n     gg hh\n",
		},
		{
			name: "columns are counted, not bytes",
			page: "äöüäöüäöü äöüäöüäöü\n",
			want: "äöüäöüäöü äöüäöüäöü\n",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, fold(row.page, 20)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
