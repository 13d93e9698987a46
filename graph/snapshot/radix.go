package snapshot

import (
	"slices"
	"sync"
)

// digitBits is the size of a digit that rows are sorted by: 2048 counters stay in the nearest cache.
const digitBits = 11

// fewRows is up to how many rows comparing is faster than counting.
const fewRows = 1 << 10

// A digit is a few bits of a column.
type digit struct {
	col   column
	shift uint
	bits  uint
}

func (d digit) of(r *row) uint32 { return r.get(d.col) >> d.shift & (1<<d.bits - 1) }

// digits lists the digits of columns, the most significant first, given the largest number of each.
func digits(cols []column, most row) []digit {
	var list []digit
	for _, c := range cols {
		left := widthOf(uint64(most.get(c)))
		for left > 0 {
			n := left % digitBits
			if n == 0 {
				n = digitBits
			}
			left -= n
			list = append(list, digit{c, left, n})
		}
	}
	return list
}

// radixSort sorts rows by columns, stably, with tmp as scratch; the result is in one of the two. Rows
// that are sorted by further columns before stay so among equals: that spares most of the work for the
// second and later orders.
func radixSort(rows, tmp []row, cols []column, most row) []row {
	return radixSortBy(rows, tmp, cols, most, 1)
}

// radixSortBy is radixSort on several cores.
func radixSortBy(rows, tmp []row, cols []column, most row, workers int) []row {
	if len(rows) <= fewRows {
		slices.SortStableFunc(rows, func(a, b row) int {
			for _, c := range cols {
				if x, y := a.get(c), b.get(c); x != y {
					if x < y {
						return -1
					}
					return 1
				}
			}
			return 0
		})
		return rows
	}
	list := digits(cols, most)
	if len(list) == 0 {
		return rows
	}
	// First by the most significant digit, into parts that fit the cache and are sorted each by itself.
	bounds := partition(rows, tmp, list[0], workers)
	rest := list[1:]
	var wg sync.WaitGroup
	parts := make(chan int, len(bounds))
	for i := range len(bounds) - 1 {
		parts <- i
	}
	close(parts)
	for range workers {
		wg.Go(func() {
			for i := range parts {
				lo, hi := bounds[i], bounds[i+1]
				sortPart(tmp[lo:hi], rows[lo:hi], rest)
			}
		})
	}
	wg.Wait()
	if len(rest)%2 == 0 {
		return tmp
	}
	return rows
}

// partition moves rows to tmp by one digit, stably, and returns where the parts begin.
func partition(rows, tmp []row, d digit, workers int) []int {
	size := 1 << d.bits
	counts := make([][]int, workers)
	share := (len(rows) + workers - 1) / workers
	part := func(w int) []row { return rows[min(w*share, len(rows)):min((w+1)*share, len(rows))] }
	var wg sync.WaitGroup
	for w := range workers {
		counts[w] = make([]int, size)
		wg.Go(func() {
			mine, c := part(w), counts[w]
			for i := range mine {
				c[d.of(&mine[i])]++
			}
		})
	}
	wg.Wait()
	bounds := make([]int, size+1)
	at := 0
	for v := range size {
		bounds[v] = at
		for w := range workers {
			n := counts[w][v]
			counts[w][v] = at
			at += n
		}
	}
	bounds[size] = at
	for w := range workers {
		wg.Go(func() {
			mine, c := part(w), counts[w]
			for i := range mine {
				v := d.of(&mine[i])
				tmp[c[v]] = mine[i]
				c[v]++
			}
		})
	}
	wg.Wait()
	return bounds
}

// sortPart sorts rows by digits, the least significant first. The result is in rows for an even number
// of digits, else in tmp.
func sortPart(rows, tmp []row, list []digit) {
	if len(rows) <= 64 {
		slices.SortStableFunc(rows, func(a, b row) int {
			for _, d := range list {
				if x, y := d.of(&a), d.of(&b); x != y {
					if x < y {
						return -1
					}
					return 1
				}
			}
			return 0
		})
		if len(list)%2 == 1 {
			copy(tmp, rows)
		}
		return
	}
	var counts [1 << digitBits]int
	for i := len(list) - 1; i >= 0; i-- {
		d := list[i]
		c := counts[:1<<d.bits]
		clear(c)
		for j := range rows {
			c[d.of(&rows[j])]++
		}
		at := 0
		for v, n := range c {
			c[v] = at
			at += n
		}
		for j := range rows {
			v := d.of(&rows[j])
			tmp[c[v]] = rows[j]
			c[v]++
		}
		rows, tmp = tmp, rows
	}
}
