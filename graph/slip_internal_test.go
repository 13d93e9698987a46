package graph

import (
	"math/rand/v2"
	"testing"
)

func TestASlipCounterCountsAsTypoDoes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func() []rune {
		w := make([]rune, random.IntN(80)*random.IntN(2)+random.IntN(9))
		for i := range w {
			w[i] = []rune("abcdü")[random.IntN(4+random.IntN(50)/49)]
		}
		return w
	}
	near, far := 0, 0
	for range 50_000 {
		a, b := word(), word()
		if random.IntN(2) == 0 && len(a) > 2 { // often words that are alike
			b = append([]rune(nil), a...)
			b[random.IntN(len(b))] = 'e'
			i := random.IntN(len(b))
			b = append(b[:i], b[i+1:]...)
		}
		want := typo(string(a), string(b))
		if want > 0 {
			near++
		} else {
			far++
		}
		if got := newSlipCounter(string(a)).typo([]byte(string(b))); got != want {
			t.Fatalf("%q and %q: %d slips, want %d", string(a), string(b), got, want)
		}
	}
	if near < 5_000 || far < 5_000 {
		t.Errorf("%d pairs alike, %d not: too easy", near, far)
	}
}
