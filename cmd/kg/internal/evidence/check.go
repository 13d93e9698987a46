package evidence

import "context"

// A State is what became of a passage.
type State int

// The states of a passage in a text.
const (
	Same    State = iota // it stands where it stood
	Moved                // the text changed around it
	Changed              // it is not in the text any more
)

// A Finding is a passage and where it stands in a text now.
type Finding struct {
	Passage
	State State
	Now   Passage // the same evidence in this text; zero where it is gone
}

// longText is the length from which passages that moved are looked for only where words begin and end:
// the digest of every range of bytes would take too long.
const longText = 64 << 10

// Check compares the passages of a document with a text: each is looked for where it stood, and where it
// is not there any more, in the whole text. The place nearest to the old one counts. The error is that of
// the context.
func Check(ctx context.Context, d Document, text []byte) ([]Finding, error) {
	findings := make([]Finding, len(d.Passages))
	lost := map[int]map[string][]int{} // length → digest → findings
	for i, p := range d.Passages {
		f := Finding{Passage: p, State: Changed}
		switch {
		case p.To <= len(text) && Sum(text[p.From:p.To]) == p.SHA256:
			f.State, f.Now = Same, p
		default:
			n := p.To - p.From
			if lost[n] == nil {
				lost[n] = map[string][]int{}
			}
			lost[n][p.SHA256] = append(lost[n][p.SHA256], i)
		}
		findings[i] = f
	}
	for n, wanted := range lost {
		for from := 0; from+n <= len(text); from++ {
			if from%longText == 0 && ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if len(text) > longText && !(boundary(text, from) && boundary(text, from+n)) {
				continue
			}
			for _, i := range wanted[Sum(text[from:from+n])] {
				f := &findings[i]
				if f.State == Changed || distance(from, f.From) < distance(f.Now.From, f.From) {
					f.State = Moved
					f.Now = Passage{Claim: f.Claim, From: from, To: from + n, SHA256: f.SHA256}
				}
			}
		}
	}
	return findings, nil
}

// boundary says whether no word or number goes on from text[at-1] to text[at].
func boundary(text []byte, at int) bool {
	return at == 0 || at == len(text) || !wordByte(text[at-1]) || !wordByte(text[at])
}

// wordByte says whether a byte is a letter, a digit, or a part of a character that may be a letter.
func wordByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b >= 0x80
}

func distance(a, b int) int { return max(a-b, b-a) }
