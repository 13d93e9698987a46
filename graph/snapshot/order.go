package snapshot

// A field is a column of packed rows.
type field struct {
	shift uint
	mask  uint32
}

// An order is the quads sorted by one column, then by three others. The leading column is not stored:
// it follows from where a row is. Methods may panic on a damaged file; the callers have a guard.
type order struct {
	data   []byte
	width  uint
	n      uint64
	fields [3]field

	offsets     numbers
	first, last uint32 // leading values
}

func newOrder(data []byte, n uint64, widths [3]uint, offsets []byte, width uint, first, last uint32) order {
	o := order{data: data, n: n, offsets: numbers{offsets, width}, first: first, last: last}
	for i, w := range widths {
		o.fields[i] = field{shift: o.width, mask: uint32(1<<w - 1)}
		o.width += w
	}
	return o
}

// at returns one column of a row.
func (o *order) at(row uint64, column int) uint32 {
	f := &o.fields[column]
	return uint32(numbers{o.data, o.width}.shifted(row, f.shift)) & f.mask
}

// A rows is a stretch of an order.
type rows struct{ lo, hi uint64 }

func (r rows) len() uint64 { return r.hi - r.lo }

// under returns the rows of a leading value.
func (o *order) under(lead uint32) rows {
	if lead < o.first || lead > o.last || o.first == 0 {
		return rows{}
	}
	i := uint64(lead - o.first)
	return o.checked(rows{o.offsets.at(i), o.offsets.at(i + 1)})
}

func (o *order) checked(r rows) rows {
	if r.lo > r.hi || r.hi > o.n {
		panic(damage("offsets that go backwards"))
	}
	return r
}

// narrow returns the part of rows, which agree in all columns before this one, that has the value. Often
// that is where they begin, or all of them.
func (o *order) narrow(r rows, column int, value uint32) rows {
	if r.lo == r.hi {
		return r
	}
	lo := r.lo
	if first := o.at(lo, column); first != value {
		if first > value {
			return rows{lo, lo}
		}
		lo = o.search(r, column, value)
		if lo == r.hi || o.at(lo, column) != value {
			return rows{lo, lo}
		}
	}
	if o.at(r.hi-1, column) == value {
		return rows{lo, r.hi}
	}
	return rows{lo, o.after(rows{lo, r.hi}, column, value)}
}

// search returns the first row whose column is not less than the value.
func (o *order) search(r rows, column int, value uint32) uint64 {
	for r.hi-r.lo > 8 {
		mid := (r.lo + r.hi) / 2
		if o.at(mid, column) < value {
			r.lo = mid + 1
		} else {
			r.hi = mid
		}
	}
	for r.lo < r.hi && o.at(r.lo, column) < value {
		r.lo++
	}
	return r.lo
}

// after returns the first row whose column is greater than the value, which the first rows have: it
// looks nearby first, because most stretches are short.
func (o *order) after(r rows, column int, value uint32) uint64 {
	step := uint64(1)
	for r.lo+step < r.hi && o.at(r.lo+step, column) <= value {
		r.lo += step
		step *= 2
	}
	hi := min(r.lo+step, r.hi)
	for r.lo < hi {
		mid := (r.lo + hi) / 2
		if o.at(mid, column) <= value {
			r.lo = mid + 1
		} else {
			hi = mid
		}
	}
	return r.lo
}
