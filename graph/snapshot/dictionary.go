package snapshot

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// A dictionary is the sorted list of terms of a file. Its methods may panic on a damaged file; the
// callers have a guard.
type dictionary struct {
	blob   []byte
	blocks numbers // where each block begins, and the end
	terms  uint32
	kinds  [kindEnd + 1]uint32
}

func (d *dictionary) block(b uint64) []byte { return d.blob[d.blocks.at(b):d.blocks.at(b+1)] }

// first returns the first term of a block, which is written out, and what follows it.
func (d *dictionary) first(b uint64) (term, rest []byte) {
	block := d.block(b)
	n, size := binary.Uvarint(block)
	if size <= 0 || n > uint64(len(block)-size) {
		panic(damage("a term reaches beyond its block"))
	}
	return block[size : size+int(n)], block[size+int(n):]
}

// next replaces one term by the one that follows it.
func next(term, rest []byte) (following, left []byte) {
	shared, a := binary.Uvarint(rest)
	if a <= 0 {
		panic(damage("a block ends early"))
	}
	n, b := binary.Uvarint(rest[a:])
	if b <= 0 || shared > uint64(len(term)) || n > uint64(len(rest)-a-b) {
		panic(damage("a term reaches beyond its block"))
	}
	rest = rest[a+b:]
	return append(term[:shared], rest[:n]...), rest[n:]
}

// appendTerm appends the term of a number to dst, which may hold something else before.
func (d *dictionary) appendTerm(dst []byte, id uint32) []byte {
	if id == 0 || id > d.terms {
		panic(damage("a number without a term"))
	}
	term, rest := d.first(uint64(id-1) / blockTerms)
	start := len(dst)
	dst = append(dst, term...)
	for range (id - 1) % blockTerms {
		var tail []byte
		tail, rest = next(dst[start:], rest)
		dst = append(dst[:start], tail...) // where next stayed within dst, this copies nothing
	}
	return dst
}

// from returns the number of the first term that is not less than the one given, and whether it is
// that one. Beyond the last term it is the number after the last.
func (d *dictionary) from(term []byte) (id uint32, exact bool) {
	if d.terms == 0 {
		return 1, false
	}
	blocks := (int(d.terms) + blockTerms - 1) / blockTerms
	b := sort.Search(blocks, func(i int) bool {
		first, _ := d.first(uint64(i))
		return bytes.Compare(first, term) > 0
	})
	if b == 0 {
		return 1, false
	}
	b--
	var buf [256]byte
	first, rest := d.first(uint64(b))
	current := append(buf[:0], first...)
	id = uint32(b)*blockTerms + 1
	for {
		if c := bytes.Compare(current, term); c >= 0 {
			return id, c == 0
		}
		id++
		if id > d.terms || (id-1)%blockTerms == 0 {
			return id, false
		}
		current, rest = next(current, rest)
	}
}

// find returns the number of a term, or 0.
func (d *dictionary) find(term []byte) uint32 {
	id, exact := d.from(term)
	if !exact {
		return 0
	}
	return id
}

// ofKind returns the numbers of a kind: from first to before end.
func (d *dictionary) ofKind(k kind) (first, end uint32) { return d.kinds[k], d.kinds[k+1] }

// each calls yield with every term in order; the bytes are good until yield returns.
func (d *dictionary) each(yield func(id uint32, term []byte) error) error {
	var current, rest []byte
	for i := range d.terms {
		if i%blockTerms == 0 {
			first, more := d.first(uint64(i) / blockTerms)
			current, rest = append(current[:0], first...), more
		} else {
			current, rest = next(current, rest)
		}
		if err := yield(i+1, current); err != nil {
			return err
		}
	}
	return nil
}
