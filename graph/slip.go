package graph

import "math/bits"

// A slipCounter is typo for one word and many others: the word is prepared once, and each other one costs
// a few operations a letter. It keeps a column of the usual table of edit distances in two machine words,
// one bit a letter for each step up and each step down (Myers, 1999), which takes ASCII words of up to 64
// letters; other words go to typo itself.
type slipCounter struct {
	word   string
	plain  bool
	places [0x80]uint64 // of each letter in the word, one bit each
	last   uint64       // the bit of the last letter
}

func newSlipCounter(word string) *slipCounter {
	s := &slipCounter{word: word, plain: len(word) > 0 && len(word) <= 64}
	for i := 0; i < len(word) && s.plain; i++ {
		if word[i] >= 0x80 {
			s.plain = false
			break
		}
		s.places[word[i]] |= 1 << i
		s.last = 1 << i
	}
	return s
}

// typo is the function typo with the word.
func (s *slipCounter) typo(other []byte) int {
	shorter := min(len(s.word), len(other))
	allowed := shorter / 4
	if allowed == 0 || max(len(s.word), len(other))-shorter > allowed {
		return 0
	}
	if !s.plain {
		return typo(s.word, string(other))
	}
	up, down, distance := ^uint64(0), uint64(0), len(s.word)
	for i, c := range other {
		if c >= 0x80 {
			return typo(s.word, string(other))
		}
		same := s.places[c]
		level := same | down
		diagonal := ((same&up + up) ^ up) | same
		rise, fall := down|^(diagonal|up), up&diagonal
		switch {
		case rise&s.last != 0:
			distance++
		case fall&s.last != 0:
			distance--
		}
		if distance-(len(other)-1-i) > allowed {
			return 0 // each letter left takes one away at most
		}
		rise = rise<<1 | 1
		up, down = fall<<1|^(level|rise), rise&level
		if i+1 == len(other)/2 && s.strayed(up, down, i+1, len(other), allowed) {
			return 0
		}
	}
	if distance > allowed {
		return 0
	}
	return distance
}

// strayed says, after some letters of the other word, whether all ways that are left have more slips than
// are allowed: those ways lead past the places near the diagonal of the table.
func (s *slipCounter) strayed(up, down uint64, column, letters, allowed int) bool {
	row := max(0, column-allowed)
	before := uint64(1)<<row - 1
	slips := column + bits.OnesCount64(up&before) - bits.OnesCount64(down&before)
	for ; ; row++ {
		left := (len(s.word) - row) - (letters - column)
		if slips+max(left, -left) <= allowed {
			return false
		}
		if row == len(s.word) || row == column+allowed {
			return true
		}
		slips += int(up>>row&1) - int(down>>row&1)
	}
}
