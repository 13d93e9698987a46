package evidence_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/cmd/kg/internal/evidence"
)

const text = "Police found 27.64 tons. A record, they said! Was it?\nThe 27 men were “not” there.\n"

func document(passages ...evidence.Passage) evidence.Document {
	return evidence.Document{ID: "report", Bytes: len(text), SHA256: evidence.Sum([]byte(text)), Passages: passages}
}

func passage(t *testing.T, claim, words string) evidence.Passage {
	t.Helper()
	at := strings.Index(text, words)
	if at < 0 {
		t.Fatalf("%q is not in the text", words)
	}
	return evidence.NewPassage(claim, []byte(text), at, at+len(words))
}

func TestALockIsReadAsItWasWritten(t *testing.T) {
	l := evidence.Lock{Documents: []evidence.Document{
		document(passage(t, "B-2", "record"), passage(t, "A-1", "27 men"), passage(t, "A-1", "27.64"), passage(t, "A-1", "27.64")),
		{ID: "another", SHA256: evidence.Sum(nil)},
	}}
	written := l.Text()
	read, err := evidence.Parse("lock", written)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(written), string(read.Text())); d != "" {
		t.Errorf("the canonical form changed (-once +twice):\n%s", d)
	}
	if strings.Contains(string(written), "27") && strings.Contains(string(written), "tons") {
		t.Error("the lock tells what the text says")
	}
	d, ok := read.Document("report")
	if !ok || len(d.Passages) != 3 || d.Passages[0] != passage(t, "A-1", "27.64") {
		t.Errorf("want three passages in order, found %v, %v", ok, d)
	}
}

func TestParseRefuses(t *testing.T) {
	zeros := strings.Repeat("0", 64)
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "# a remark\n", "lock:1: want a lock of version 1, found no version"},
		{"another version", "version 2\nanything\n", `lock:1: want version 1, found "version 2"`},
		{"a passage before a document", "version 1\nA-1 0-1 " + zeros, "lock:2: want a document before its passages"},
		{"a document without a digest", "version 1\ndocument x 10 abc", "lock:2: want document ID BYTES SHA256"},
		{"a length that is none", "version 1\ndocument x ten " + zeros, `lock:2: want the length of the text in bytes, found "ten"`},
		{"a document twice", "version 1\ndocument x 1 " + zeros + "\ndocument x 1 " + zeros, "lock:3: want each document once, found x again"},
		{"an empty passage", "version 1\ndocument x 10 " + zeros + "\nA 3-3 " + zeros, "lock:3: want a passage within the 10 bytes of the text, found 3-3"},
		{"a passage beyond the end", "version 1\ndocument x 10 " + zeros + "\nA 3-11 " + zeros, "lock:3: want a passage within the 10 bytes of the text, found 3-11"},
		{"words that are no passage", "version 1\ndocument x 10 " + zeros + "\nA three " + zeros, "lock:3: want CLAIM FROM-TO SHA256"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := evidence.Parse("lock", []byte(test.text)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("want %s, found %v", test.want, err)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name, now string
		want      evidence.State
		from      int
	}{
		{"the same text", text, evidence.Same, 13},
		{"something after it", text + "more", evidence.Same, 13},
		{"something before it", "New. " + text, evidence.Moved, 18},
		{"twice, and the nearest counts", "27.64 Police found 27.64 tons.", evidence.Moved, 19},
		{"another number", strings.Replace(text, "27.64", "27.46", 1), evidence.Changed, 0},
		{"a text that ends before it", "Police", evidence.Changed, 0},
		{"no text at all", "", evidence.Changed, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, err := evidence.Check(t.Context(), document(passage(t, "A-1", "27.64")), []byte(test.now))
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != 1 || found[0].State != test.want || found[0].Now.From != test.from {
				t.Errorf("want %v at %d, found %v", test.want, test.from, found)
			}
		})
	}
}

// A book is searched in a moment, and the search can be stopped.
func TestCheckOfALongText(t *testing.T) {
	words := strings.Repeat("one two three 1,234.56 “four”. ", 8_000)
	var passages []evidence.Passage
	for n := range 50 {
		passages = append(passages, evidence.NewPassage("A-1", []byte(text), 13, 20+n))
	}
	moved := []byte(words + "27.64 " + text)
	found, err := evidence.Check(t.Context(), document(passages...), moved)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		whole := f.To == len(text) || !strings.ContainsAny(text[f.To-1:f.To], "abcdefghijklmnopqrstuvwxyzATW0123456789") || strings.ContainsAny(text[f.To:f.To+1], " .!?")
		if whole && f.State != evidence.Moved {
			t.Errorf("%q is not found", text[f.From:f.To])
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := evidence.Check(ctx, document(passages...), moved); err == nil {
		t.Error("a search that is told to stop goes on")
	}
}

func TestFind(t *testing.T) {
	for _, test := range []struct {
		name, words string
		want        []string
	}{
		{"the sentence around the words", "27.64 tons", []string{"Police found 27.64 tons."}},
		{"a number is not found in a longer one", "27", []string{"The 27 men were “not” there."}},
		{"nor a word in a longer one", "Pol", nil},
		{"a sentence ends with an exclamation mark", "record", []string{"A record, they said!"}},
		{"or with the line", "Was", []string{"Was it?"}},
		{"letters of more than one byte", "not", []string{"The 27 men were “not” there."}},
		{"no words stand nowhere", "", nil},
		{"other spelling is another word", "police", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, at := range evidence.Find([]byte(text), test.words) {
				got = append(got, text[at[0]:at[1]])
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestHolds(t *testing.T) {
	p := []evidence.Passage{passage(t, "A-1", "Was it?\nThe 27 men")}
	if !evidence.Holds([]byte(text), p, "it? The") {
		t.Error("a line break is as good as a blank")
	}
	if evidence.Holds([]byte(text), p, "27.64") {
		t.Error("words beside the passage are no evidence")
	}
	if !evidence.Holds([]byte(text), p, "") {
		t.Error("where there are no words none are missing")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("version 1\ndocument x 10 " + strings.Repeat("0", 64) + "\nA 3-9 " + strings.Repeat("1", 64)))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := evidence.Parse("lock", text)
		if err != nil {
			return
		}
		once := l.Text()
		again, err := evidence.Parse("lock", once)
		if err != nil || !bytes.Equal(once, again.Text()) {
			t.Fatalf("%q is written as %q, and that is not read back (%v)", text, once, err)
		}
	})
}

func FuzzFind(f *testing.F) {
	f.Add("One. Two 2.5! Three", "2")
	f.Fuzz(func(t *testing.T, text, words string) {
		for _, at := range evidence.Find([]byte(text), words) {
			if at[0] < 0 || at[1] > len(text) || !strings.Contains(text[at[0]:at[1]], words) {
				t.Fatalf("%q in %q: %v", words, text, at)
			}
		}
	})
}
