package snapshot_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"path/filepath"
	"testing"

	"github.com/cayleygraph/cayley/graph/path"
	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// mendSums makes the checksums of a file right again, as somebody would who wants it to be read.
func mendSums(data []byte) {
	const footer = 32
	if len(data) < 16+footer {
		return
	}
	foot := data[len(data)-footer:]
	at, length := binary.LittleEndian.Uint64(foot), binary.LittleEndian.Uint32(foot[8:])
	if end := uint64(len(data) - footer); at > end || uint64(length) != end-at {
		return
	}
	table := crc32.MakeTable(crc32.Castagnoli)
	binary.LittleEndian.PutUint32(foot[12:], crc32.Checksum(data[at:at+uint64(length)], table))
}

// FuzzReader opens files of any content, reads all of them, and asks them questions.
func FuzzReader(f *testing.F) {
	good := read(f, made(f, someQuads(dice(2), 40)[:30]))
	f.Add(good, uint16(0), byte(0), false)
	for i := range 60 {
		f.Add(good, uint16(len(good)*i/60), byte(1<<(i%8)), true)
	}
	f.Add([]byte("kgsnap\r\n\x01\x00\x00\x00\x00\x00\x00\x00"), uint16(0), byte(0), true)
	f.Fuzz(func(t *testing.T, data []byte, at uint16, flip byte, mend bool) {
		data = append([]byte{}, data...)
		if len(data) > 0 {
			data[int(at)%len(data)] ^= flip
		}
		if mend {
			mendSums(data)
		}
		file := filepath.Join(t.TempDir(), "graph.snapshot")
		put(t, file, data)
		verifies := snapshot.Verify(t.Context(), file)
		s, err := snapshot.Open(file, snapshot.Options{MaxMemory: 1 << 20})
		if err != nil {
			if verifies == nil {
				t.Errorf("it verifies and does not open: %v", err)
			}
			return
		}
		defer s.Close()
		err = readAll(t, s)
		for _, p := range []*path.Path{
			path.StartPath(s).Out().In(quad.IRI("kg:p1")).Unique(),
			path.StartPath(s, quad.IRI("kg:node/1")).Both().Tag("t").Both().Labels(),
			path.StartPath(s).Has(quad.IRI("kg:p2"), quad.IRI("kg:node/2")).LabelContext(quad.IRI("kg:graph/gazetteer")).Save(quad.IRI("kg:p3"), "x"),
		} {
			it := p.BuildIteratorOn(s)
			for n := 0; n < 2_000 && it.Next(t.Context()); n++ {
				_ = s.NameOf(it.Result())
			}
			err = errors.Join(err, it.Err())
		}
		if verifies == nil && err != nil {
			t.Errorf("it verifies and cannot be read: %v", err)
		}
	})
}

// FuzzBuilder builds graphs of any terms, and finds them again.
func FuzzBuilder(f *testing.F) {
	f.Add([]byte("a\x00b\x01c\x02"), byte(3))
	f.Add([]byte("\xff\xff\x00\x00\x00 longer text with spaces, and more of it"), byte(9))
	f.Fuzz(func(t *testing.T, data []byte, width byte) {
		var qs []quad.Quad
		n := 1 + int(width)%16
		value := func(i int) quad.Value {
			i *= n
			if i >= len(data) {
				return quad.Int(i)
			}
			piece := data[i:min(i+n, len(data))]
			text := string(piece[1:])
			switch piece[0] % 8 {
			case 0:
				return quad.IRI(text)
			case 1:
				return quad.BNode(text)
			case 2:
				return quad.String(text)
			case 3:
				return quad.LangString{Value: quad.String(text), Lang: text[:len(text)/2]}
			case 4:
				return quad.TypedString{Value: quad.String(text), Type: quad.IRI(text[:len(text)/2])}
			case 5:
				return quad.Int(len(text) * int(piece[0]))
			case 6:
				return quad.Float(float64(len(text)) / float64(piece[0]))
			default:
				return quad.Bool(len(text)%2 == 0)
			}
		}
		for i := 0; i*n < len(data); i += 2 {
			q := quad.Quad{Subject: value(i), Predicate: value(i / 3), Object: value(i + 1)}
			if i%4 == 0 {
				q.Label = value(i / 2)
			}
			qs = append(qs, q)
		}
		file := filepath.Join(t.TempDir(), "graph.snapshot")
		build(t, file, qs, snapshot.BuildOptions{Workers: 2})
		if err := snapshot.Verify(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		s := opened(t, file, snapshot.Options{})
		sameQuads(t, s, distinct(qs))
		for _, q := range qs {
			for _, d := range quad.Directions {
				if v := q.Get(d); v != nil && s.ValueOf(v) == nil {
					t.Errorf("%q is not found", v)
				}
			}
		}
	})
}
