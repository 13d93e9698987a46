package snapshot

import (
	"sync"
	"sync/atomic"
)

// A rowList is rows in pieces: it grows without moving what it has.
type rowList struct {
	pieces [][]row
	n      int
}

// rowPiece is how many rows a piece has, but for the first ones.
const rowPiece = 1 << 15

func (l *rowList) add(r row) {
	last := len(l.pieces) - 1
	if last < 0 || len(l.pieces[last]) == cap(l.pieces[last]) {
		l.pieces = append(l.pieces, make([]row, 0, min(rowPiece, max(64, l.n))))
		last++
	}
	l.pieces[last] = append(l.pieces[last], r)
	l.n++
}

// each hands every piece over, on several cores.
func (l *rowList) each(workers int, do func(rows []row)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, len(l.pieces)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(l.pieces); i = next.Add(1) - 1 {
				do(l.pieces[i])
			}
		})
	}
	wg.Wait()
}

// extent is [extent] of all rows.
func (l *rowList) extent() (least, most row) {
	for i, rows := range l.pieces {
		low, high := extent(rows)
		if i == 0 {
			least, most = low, high
		}
		least, most = widen(least, most, low)
		least, most = widen(least, most, high)
	}
	return least, most
}
