package cli

import (
	"errors"
	"math"
	"runtime/debug"
	"strconv"
	"strings"
)

// A size is a number of bytes, as people write it: 512MB, 4GiB, 1.5G. What is written without an i is
// taken for powers of two as well, as sort and others do with memory.
type size int64

// sizeUnits are the units, the longer names of one before the shorter.
func sizeUnits() []struct {
	name string
	size float64
} {
	return []struct {
		name string
		size float64
	}{
		{"tib", 1 << 40},
		{"tb", 1 << 40},
		{"t", 1 << 40},
		{"gib", 1 << 30},
		{"gb", 1 << 30},
		{"g", 1 << 30},
		{"mib", 1 << 20},
		{"mb", 1 << 20},
		{"m", 1 << 20},
		{"kib", 1 << 10},
		{"kb", 1 << 10},
		{"k", 1 << 10},
		{"b", 1},
	}
}

// leastSize is what no build can do with less than.
const leastSize = 16 << 20

// errNoSize is the cause of every error about a size; its words are those of Type.
var errNoSize = errors.New("no size")

// Set reads a size.
func (s *size) Set(text string) error {
	number, unit := strings.ToLower(strings.TrimSpace(text)), 0.0
	for _, u := range sizeUnits() {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || unit == 0 || n < 0 || math.IsNaN(n) || n*unit > 1<<62 {
		return errNoSize
	}
	if n*unit < leastSize {
		return errNoSize
	}
	*s = size(n * unit)
	return nil
}

// String writes a size with the largest unit that leaves a whole number; nothing for none.
func (s size) String() string {
	if s == 0 {
		return ""
	}
	for _, u := range []struct {
		name string
		size size
	}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}} {
		if s%u.size == 0 {
			return strconv.FormatInt(int64(s/u.size), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

// Type says what is wanted, in errors; help has a word of its own.
func (s size) Type() string {
	return "size of " + size(leastSize).String() + " or more, like 512MB or 4GB"
}

// limitHeap lets the garbage collector know of the limit, if one was given, until the returned function
// is called.
func (s size) limitHeap() (restore func()) {
	if s == 0 {
		return func() {}
	}
	before := debug.SetMemoryLimit(int64(s))
	return func() { debug.SetMemoryLimit(before) }
}
