package graph

import (
	"bytes"
	"cmp"
	"slices"
)

// A wantedWord is a typed word, and the words of the index that it begins or nearly spells.
type wantedWord struct {
	word       string
	slips      *slipCounter
	first, end int   // words that it begins
	others     []int // words that it nearly spells
	rows       int   // that have any of them
}

// withWords adds the rows that have, for each word, one that it begins or nearly spells. All words of the
// index are looked through for the rarest word; once few rows are left, the other words are looked for
// among theirs.
func (ix *textIndex) withWords(words []string, found map[int]bool) {
	if len(words) == 0 || len(words) > 200 {
		return
	}
	wanted := make([]wantedWord, len(words))
	for i, word := range words {
		w := wantedWord{word: word, slips: newSlipCounter(word)}
		w.first = ix.words.find(word)
		w.end = w.first
		for w.end < ix.words.len() && bytes.HasPrefix(ix.words.at(w.end), []byte(word)) {
			w.end++
		}
		w.rows = ix.rowsFrom.at(w.end) - ix.rowsFrom.at(w.first)
		wanted[i] = w
	}
	rarest := func(a, b wantedWord) int {
		return cmp.Or(cmp.Compare(a.rows, b.rows), cmp.Compare(len(b.word), len(a.word)))
	}
	slices.SortStableFunc(wanted, rarest)
	few, looked := ix.rows/64, 0
	for looked < len(wanted) {
		w := &wanted[looked]
		looked++
		ix.lookThrough(w)
		if w.rows == 0 {
			return
		}
		if w.rows <= few {
			break
		}
	}
	slices.SortStableFunc(wanted[:looked], rarest)
	if wanted[0].rows <= few {
		looked = 1
	}
	for _, row := range ix.rowsWith(wanted[:looked]) {
		fits := func(w wantedWord) bool { return ix.hasWord(row, &w) }
		if !slices.ContainsFunc(wanted[looked:], func(w wantedWord) bool { return !fits(w) }) {
			found[row] = true
		}
	}
}

// lookThrough finds the words that a wanted one nearly spells, but those that it begins.
func (ix *textIndex) lookThrough(w *wantedWord) {
	spelled := spellingOf(w.word)
	next := 0
	for n := range ix.words.len() {
		start := next
		next = ix.words.from.at(n + 1)
		if !nearlyAsLong(len(w.word), next-start) || n >= w.first && n < w.end {
			continue
		}
		if nearlySpelled(len(w.word), spelled, next-start, ix.wordSpellings.spelling(n)) && w.slips.typo(ix.words.all[start:next]) > 0 {
			w.others = append(w.others, n)
			w.rows += ix.rowsFrom.at(n+1) - ix.rowsFrom.at(n)
		}
	}
}

// rowsWith lists the rows that have one of the words of each wanted one.
func (ix *textIndex) rowsWith(wanted []wantedWord) (rows []int) {
	have := make([]byte, ix.rows) // how many of them, from the first on
	for i, w := range wanted {
		rows = rows[:0]
		mark := func(n int) {
			for at := ix.rowsFrom.at(n); at < ix.rowsFrom.at(n+1); at++ {
				if row := ix.rowsOf.at(at); have[row] == byte(i) {
					have[row]++
					rows = append(rows, row)
				}
			}
		}
		for n := w.first; n < w.end; n++ {
			mark(n)
		}
		for _, n := range w.others {
			mark(n)
		}
	}
	return rows
}

// hasWord says whether a row has a word that a wanted one begins or nearly spells.
func (ix *textIndex) hasWord(row int, w *wantedWord) bool {
	for at := ix.wordsFrom.at(row); at < ix.wordsFrom.at(row+1); at++ {
		word := ix.words.at(ix.wordsOf.at(at))
		if bytes.HasPrefix(word, []byte(w.word)) || w.slips.typo(word) > 0 {
			return true
		}
	}
	return false
}
