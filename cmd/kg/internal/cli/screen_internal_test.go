package cli

import (
	"strings"
	"testing"
)

func TestScreen(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"text passes", "Škoda, 日本\tZürich\nnext\r\n", "Škoda, 日本\tZürich\nnext\r\n"},
		{"styles of ours pass", "\x1b[1mtitle\x1b[0m \x1b[31;1mbad\x1b[0m \x1b[2mquiet\x1b[m", "\x1b[1mtitle\x1b[0m \x1b[31;1mbad\x1b[0m \x1b[2mquiet\x1b[m"},
		{"a style that hides text does not", "\x1b[8mhidden", "�[8mhidden"},
		{"nor what clears, moves or asks", "\x1b[2J\x1b[1A\x1b]0;title\x07\x1bc", "�[2J�[1A�]0;title��c"},
		{"nor controls of one byte or one character", "a\x9bb\u009bc\x7f\x00\b", "a�b�c���"},
		{"a carriage return would write over its line", "safe\rworse", "safe�worse"},
		{"text keeps its order and its line", "a\u202eb\u2066c\u2028d", "a�b�c�d"},
		{"half a character at the end is shown as such", "a\xe6\x97", "a��"},
		{"half a style at the end", "a\x1b[3", "a�[3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for size := 1; size <= len(tc.text); size++ { // wherever the writes are parted
				var out strings.Builder
				s := &screen{w: &out}
				for rest := tc.text; rest != ""; {
					n := min(size, len(rest))
					if wrote, err := s.Write([]byte(rest[:n])); wrote != n || err != nil {
						t.Fatalf("wrote %d of %d: %v", wrote, n, err)
					}
					rest = rest[n:]
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if out.String() != tc.want {
					t.Fatalf("in pieces of %d: %q, want %q", size, out.String(), tc.want)
				}
			}
		})
	}
}
