package snapshot

import (
	"cmp"
	"maps"
	"slices"
)

// A row is a quad as numbers of terms; l is 0 where there is no label. While a file is put together,
// and in its orders, p is the rank of the predicate.
type row struct{ s, p, o, l uint32 }

// column names a part of a row.
type column uint8

const (
	colS column = iota
	colP
	colO
	colL
)

func (r *row) get(c column) uint32 {
	switch c {
	case colS:
		return r.s
	case colP:
		return r.p
	case colO:
		return r.o
	default:
		return r.l
	}
}

// An ordering lists the columns by which rows are sorted.
type ordering [4]column

// orderOf has the orderings in the order of their sections.
var orderOf = [4]ordering{ //nolint:gochecknoglobals // a table that nobody changes
	{colS, colP, colO, colL},
	{colO, colP, colS, colL},
	{colP, colO, colS, colL},
	{colL, colS, colP, colO},
}

func (r row) compare(other row, by ordering) int {
	for _, c := range by {
		if d := cmp.Compare(r.get(c), other.get(c)); d != 0 {
			return d
		}
	}
	return 0
}

func (r row) less(other row, by ordering) bool { return r.compare(other, by) < 0 }

// mix turns a row into a number that hardly any other row has, for sums that do not depend on order.
func (r row) mix() uint64 {
	h := uint64(r.s)<<32 | uint64(r.p)
	h = (h ^ h>>31) * 0x9e3779b97f4a7c15
	h += uint64(r.o)<<32 | uint64(r.l)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	return h ^ h>>29
}

// sortedKeys returns the keys of a set in order.
func sortedKeys(set map[uint32]bool) []uint32 { return slices.Sorted(maps.Keys(set)) }
