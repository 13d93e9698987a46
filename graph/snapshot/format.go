package snapshot

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// FormatVersion is the version of the files that this package writes and reads.
const FormatVersion = 2

// Errors of a file as a whole. They come wrapped in words that say what was found.
var (
	// ErrForeign says that a file is no snapshot at all.
	ErrForeign = errors.New("not a snapshot")

	// ErrVersion says that a file was written by another version of this package.
	ErrVersion = errors.New("a snapshot of another version")

	// ErrDamaged says that a file is cut short, or that its parts or its checksums do not fit together.
	ErrDamaged = errors.New("a damaged snapshot")
)

const (
	headMagic  = "kgsnap\r\n" // a transfer that changes the ends of lines shows here
	footMagic  = "\x00kgsnap\n"
	headerSize = 16 // magic, version, nothing
	footerSize = 32 // place of the trailer, its length, its checksum, version, nothing, magic
)

// blockTerms is how many terms are front-coded together. More are smaller, and slower to look up.
const blockTerms = 16

// maxTerms is how many values a file can have: numbers have 32 bits, and two of them mean something else.
const maxTerms = 1<<32 - 2

// The sections, in the order in which the trailer lists them.
const (
	secTerms = iota
	secBlocks
	secPredicates
	secSPOL
	secOPSL
	secPOSL
	secLSPO
	secSubjects // offsets of SPOL
	secObjects  // of OPSL
	secPredOffs // of POSL
	secLabels   // of LSPO
	secStats
	secManifest
	secText
	sections
)

// sectionName names sections in errors.
func sectionName(i int) string {
	return [sections]string{
		"terms", "blocks", "predicates", "SPOL", "OPSL", "POSL", "LSPO",
		"subjects", "objects", "predicate offsets", "labels", "statistics", "manifest", "text",
	}[i]
}

// A span is the place and the checksum of a section.
type span struct {
	Offset, Length uint64
	Sum            uint32
}

// trailer is what a file says about itself. All fields have a fixed size.
type trailer struct {
	Quads      uint64
	Labelled   uint64 // quads that have a label
	Terms      uint32
	Predicates uint32
	Subjects   uint32 // distinct ones
	Objects    uint32
	Labels     uint32
	// The smallest and the largest number in each column; 0, 0 for a column without values.
	FirstSubject, LastSubject uint32
	FirstObject, LastObject   uint32
	FirstLabel, LastLabel     uint32
	Kinds                     [kindEnd + 1]uint32 // number of the first term of this kind or a later one
	Sections                  [sections]span
}

func (t *trailer) encode() []byte {
	out, err := binary.Append(nil, binary.LittleEndian, t)
	if err != nil {
		panic(err) // the type has no fixed size: a slip in this package that every test would show
	}
	return out
}

func castagnoli(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

func header() []byte {
	h := make([]byte, headerSize)
	copy(h, headMagic)
	binary.LittleEndian.PutUint32(h[8:], FormatVersion)
	return h
}

func footer(at uint64, encoded []byte) []byte {
	f := make([]byte, 0, footerSize)
	f = binary.LittleEndian.AppendUint64(f, at)
	f = binary.LittleEndian.AppendUint32(f, uint32(len(encoded)))
	f = binary.LittleEndian.AppendUint32(f, castagnoli(encoded))
	f = binary.LittleEndian.AppendUint32(f, FormatVersion)
	f = append(f, 0, 0, 0, 0)
	return append(f, footMagic...)
}

// parseTrailer finds and checks the trailer of a whole file, and the place of every section.
func parseTrailer(data []byte) (*trailer, error) {
	if len(data) < headerSize || string(data[:8]) != headMagic {
		return nil, fmt.Errorf("%w: it does not begin like one", ErrForeign)
	}
	if v := binary.LittleEndian.Uint32(data[8:]); v != FormatVersion {
		return nil, fmt.Errorf("%w: want version %d, found %d", ErrVersion, FormatVersion, v)
	}
	if len(data) < headerSize+footerSize || string(data[len(data)-8:]) != footMagic {
		return nil, fmt.Errorf("%w: cut short, %d bytes are left", ErrDamaged, len(data))
	}
	foot := data[len(data)-footerSize:]
	at, length := binary.LittleEndian.Uint64(foot), binary.LittleEndian.Uint32(foot[8:])
	var t trailer
	if int(length) != binary.Size(&t) || at != uint64(len(data)-footerSize)-uint64(length) {
		return nil, fmt.Errorf("%w: its trailer is not where it should be", ErrDamaged)
	}
	encoded := data[at : at+uint64(length)]
	if string(foot) != string(footer(at, encoded)) || string(data[:headerSize]) != string(header()) {
		return nil, fmt.Errorf("%w: the checksum of its trailer", ErrDamaged)
	}
	if _, err := binary.Decode(encoded, binary.LittleEndian, &t); err != nil {
		return nil, fmt.Errorf("%w: its trailer: %w", ErrDamaged, err)
	}
	if err := t.check(at); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return &t, nil
}

// check says whether the counts and the sections fit together. A trailer with a right checksum can
// still be made to mislead.
func (t *trailer) check(end uint64) error {
	next := uint64(headerSize)
	for i, s := range t.Sections {
		if s.Offset != next || s.Length > end-next {
			return fmt.Errorf("section %s is out of place", sectionName(i))
		}
		next += s.Length
	}
	if next != end {
		return errors.New("bytes that belong to no section")
	}
	if t.Terms > maxTerms || t.Quads > 1<<32-1 || t.Labelled > t.Quads {
		return errors.New("counts out of range")
	}
	for _, c := range [][3]uint32{
		{t.FirstSubject, t.LastSubject, t.Subjects},
		{t.FirstObject, t.LastObject, t.Objects},
		{t.FirstLabel, t.LastLabel, t.Labels},
		{min(t.Predicates, 1), t.Predicates, t.Predicates},
	} {
		if c[0] > c[1] || c[1] > t.Terms || uint64(c[2]) > t.Quads || (c[0] == 0) != (c[2] == 0) ||
			c[2] > 0 && c[2] > c[1]-c[0]+1 {
			return errors.New("columns out of range")
		}
	}
	if (t.Quads > 0) != (t.Subjects > 0 && t.Objects > 0 && t.Predicates > 0) || (t.Labelled > 0) != (t.Labels > 0) {
		return errors.New("columns without values")
	}
	for k := kind(1); k <= kindEnd; k++ {
		if t.Kinds[k] < t.Kinds[k-1] {
			return errors.New("kinds out of order")
		}
	}
	if t.Kinds[kindIRI] != 1 || t.Kinds[kindEnd] != t.Terms+1 {
		return errors.New("kinds that do not cover the terms")
	}
	w := t.widths()
	blocks := (uint64(t.Terms) + blockTerms - 1) / blockTerms
	for i, want := range map[int]uint64{
		secBlocks:     packedSize(blocks+1, w.blob),
		secPredicates: 4 * uint64(t.Predicates),
		secSPOL:       packedSize(t.Quads, w.rank+w.object+w.label),
		secOPSL:       packedSize(t.Quads, w.rank+w.subject+w.label),
		secPOSL:       packedSize(t.Quads, w.object+w.subject+w.label),
		secLSPO:       packedSize(t.Labelled, w.subject+w.rank+w.object),
		secSubjects:   packedSize(leads(t.FirstSubject, t.LastSubject), w.row),
		secObjects:    packedSize(leads(t.FirstObject, t.LastObject), w.row),
		secPredOffs:   packedSize(leads(min(t.Predicates, 1), t.Predicates), w.row),
		secLabels:     packedSize(leads(t.FirstLabel, t.LastLabel), w.row),
		secStats:      8 * uint64(t.Predicates),
	} {
		if t.Sections[i].Length != want {
			return fmt.Errorf("section %s has %d bytes, want %d", sectionName(i), t.Sections[i].Length, want)
		}
	}
	return nil
}

// leads returns how many offsets an order has: one for each number from first to last, and the end.
func leads(first, last uint32) uint64 {
	if first == 0 {
		return 1
	}
	return uint64(last) - uint64(first) + 2
}

// widths are the bits that the columns of a file have.
type widths struct {
	subject, rank, object, label uint
	row                          uint // an offset into an order
	blob                         uint // an offset into the terms
}

func (t *trailer) widths() widths {
	return widths{
		subject: widthOf(uint64(t.LastSubject)),
		rank:    widthOf(uint64(max(t.Predicates, 1) - 1)),
		object:  widthOf(uint64(t.LastObject)),
		label:   widthOf(uint64(t.LastLabel)),
		row:     widthOf(t.Quads),
		blob:    widthOf(t.Sections[secTerms].Length),
	}
}
