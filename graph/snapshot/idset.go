package snapshot

// An idSet is a set of numbers of values: a table while it is small, and a bit for each value of the file
// once that takes about as much room, for a bit is found faster.
type idSet struct {
	x     *execution
	slots []uint32 // 0 for free; numbers are kept plus one
	bits  []uint64
	n     int
}

// add says whether a number was not there before.
func (s *idSet) add(id uint32) bool {
	if s.bits == nil && 2*s.n >= len(s.slots) {
		s.grow()
	}
	if s.bits != nil {
		word, bit := &s.bits[id>>6], uint64(1)<<(id&63)
		if *word&bit != 0 {
			return false
		}
		*word |= bit
		s.n++
		return true
	}
	at, found := s.find(id)
	if found {
		return false
	}
	s.slots[at] = id + 1
	s.n++
	return true
}

func (s *idSet) has(id uint32) bool {
	if s.n == 0 {
		return false
	}
	if s.bits != nil {
		return s.bits[id>>6]&(1<<(id&63)) != 0
	}
	_, found := s.find(id)
	return found
}

func (s *idSet) find(id uint32) (at uint32, found bool) {
	mask := uint32(len(s.slots) - 1)
	for at = (id * 0x9e3779b1) >> 7 & mask; s.slots[at] != 0; at = (at + 1) & mask {
		if s.slots[at] == id+1 {
			return at, true
		}
	}
	return at, false
}

// bitsAre is how many times as large as a table the bits of a file may be.
const bitsAre = 4

func (s *idSet) grow() {
	old := s.slots
	size := max(32, 2*len(old))
	words := int(s.x.f.trailer.Terms)/64 + 1
	if 8*words <= bitsAre*4*size {
		s.x.use(8*words - 4*len(old))
		s.slots, s.bits = nil, make([]uint64, words)
		for _, kept := range old {
			if kept != 0 {
				s.bits[(kept-1)>>6] |= 1 << ((kept - 1) & 63)
			}
		}
		return
	}
	s.x.use(4 * (size - len(old)))
	s.slots = make([]uint32, size)
	for _, kept := range old {
		if kept != 0 {
			at, _ := s.find(kept - 1)
			s.slots[at] = kept
		}
	}
}

// clear empties the set. A large one is let go of, since sets that are cleared often are small.
func (s *idSet) clear() {
	const large = 1 << 14 // bytes
	switch size := 4*len(s.slots) + 8*len(s.bits); {
	case s.n == 0:
	case size > large:
		s.x.use(-size)
		s.slots, s.bits = nil, nil
	default:
		clear(s.slots)
		clear(s.bits)
	}
	s.n = 0
}
