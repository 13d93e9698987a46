package evidence

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

// Check compares the passages of a document with a text: each is looked for where it stood, and where it
// is not there any more, in the whole text. The place nearest to the old one counts.
func Check(d Document, text []byte) []Finding {
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
			for _, i := range wanted[Sum(text[from:from+n])] {
				f := &findings[i]
				if f.State == Changed || distance(from, f.From) < distance(f.Now.From, f.From) {
					f.State = Moved
					f.Now = Passage{Claim: f.Claim, From: from, To: from + n, SHA256: f.SHA256}
				}
			}
		}
	}
	return findings
}

func distance(a, b int) int { return max(a-b, b-a) }
