package graph

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"strconv"
	"syscall"

	"github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/pquads"

	"kg/graph/atomicfile"
)

// memoryBackend keeps graphs in Cayley's memstore. With a path, the built graph is one file, read as
// a whole when it is opened: the manifest as a line of JSON, then the values, each once, as Cayley's
// protobuf messages, then the quads as numbers of values. Reading each value once makes opening
// twice as fast as reading a list of whole quads.
func memoryBackend() backend {
	return backend{
		scheme:   "memory",
		pathless: true,
		kinds: []StoreKind{
			{"memory:", "Cayley's memstore, built at every start and kept nowhere"},
			{"memory:FILE", "Cayley's memstore, filled from one file; for up to a few hundred thousand quads"},
		},
		write:    writeMemory,
		open:     openMemory,
		manifest: memoryManifest,
	}
}

// memoryNode is the start of blank nodes that memstore reads as its own numbers. [malformed] keeps
// it out of graphs, so that fill can use it.
const memoryNode = "memnode"

func memoryAddress(path string) Address { return Address{Scheme: "memory", Path: path} }

func writeMemory(ctx context.Context, path string, g content) error {
	body, err := encodeQuads(ctx, g)
	if err != nil {
		return err
	}
	g.manifest.Checksum = crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli))
	head, err := json.Marshal(g.manifest)
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	file, err := atomicfile.Begin(path)
	if err != nil {
		return err
	}
	defer file.Discard()
	for _, part := range [][]byte{head, {'\n'}, body} {
		if _, err := file.Write(part); err != nil {
			return fmt.Errorf("new store: %w", err)
		}
	}
	if stop := context.Cause(ctx); stop != nil {
		return stop
	}
	return file.Commit()
}

// encodeQuads writes the table of values and the table of quads.
func encodeQuads(ctx context.Context, g content) ([]byte, error) {
	ids := map[quad.Value]uint64{}
	var values, quads []byte
	for i, q := range g.quads {
		if i%progressEvery == 0 {
			if stop := context.Cause(ctx); stop != nil {
				return nil, stop
			}
			g.step(i)
		}
		for _, d := range quad.Directions {
			v := q.Get(d)
			id, known := ids[v]
			if v != nil && !known {
				text, err := pquads.MarshalValue(v)
				if err != nil {
					return nil, fmt.Errorf("value %s: %w", v, err)
				}
				id = uint64(len(ids) + 1)
				ids[v] = id
				values = binary.AppendUvarint(values, uint64(len(text)))
				values = append(values, text...)
			}
			quads = binary.AppendUvarint(quads, id)
		}
	}
	body := binary.AppendUvarint(nil, uint64(len(ids)))
	body = append(body, values...)
	body = binary.AppendUvarint(body, uint64(len(g.quads)))
	return append(body, quads...), nil
}

func openMemory(path string, _ OpenOptions) (opened, error) {
	text, err := readStoreFile(path)
	if err != nil {
		return opened{}, err
	}
	head, body, _ := bytes.Cut(text, []byte{'\n'})
	m, err := parseManifest(memoryAddress(path), head)
	if err != nil {
		return opened{}, err
	}
	if crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)) != m.Checksum {
		return opened{}, otherVersion(memoryAddress(path), "a file that is cut short or changed")
	}
	qs := memstore.New()
	if err := decodeQuads(qs, body); err != nil {
		return opened{}, otherVersion(memoryAddress(path), err.Error())
	}
	return opened{quads: readMemory(qs), manifest: m}, nil
}

// readStoreFile reads a file; what is not a file is an error that says so.
func readStoreFile(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return text, nil
}

func memoryManifest(path string) (Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("store: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	var head []byte
	block := make([]byte, 64<<10)
	for !bytes.ContainsRune(head, '\n') && len(head) < 64<<20 {
		n, err := f.Read(block)
		head = append(head, block[:n]...)
		if errors.Is(err, io.EOF) {
			break // parseManifest says what a cut or empty line is
		}
		if err != nil {
			return Manifest{}, fmt.Errorf("store: %w", err)
		}
	}
	head, _, _ = bytes.Cut(head, []byte{'\n'})
	return parseManifest(memoryAddress(path), head)
}

var errDamaged = errors.New("a file whose tables do not fit together")

// A decoder reads numbers and byte strings until one is missing.
type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.bad = true
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) bytes() []byte {
	n := d.number()
	if d.bad || n > uint64(len(d.rest)) {
		d.bad = true
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

// decodeQuads fills a memstore. Every value is added, and so spelled out, once; the quads then name it
// by memstore's own number for it, in the one form that its interface has for that: a blank node.
func decodeQuads(qs *memstore.QuadStore, body []byte) (err error) {
	defer func() {
		if recover() != nil { // protobuf messages of no known kind
			err = errDamaged
		}
	}()
	d := decoder{rest: body}
	count := d.number()
	if count > uint64(len(body)) {
		return errDamaged
	}
	names := make([]quad.Value, 1, count+1)
	for range count {
		v, err := pquads.UnmarshalValue(d.bytes())
		if err != nil || v == nil || d.bad {
			return errDamaged
		}
		names = append(names, memoryName(qs, v))
	}
	for range d.number() {
		var q quad.Quad
		for _, dir := range quad.Directions {
			n := d.number()
			if n >= uint64(len(names)) {
				return errDamaged
			}
			q.Set(dir, names[n])
		}
		if d.bad || !q.IsValid() {
			return errDamaged
		}
		qs.AddQuad(q)
	}
	if d.bad || len(d.rest) > 0 {
		return errDamaged
	}
	return nil
}

// memoryName adds a value to a memstore and returns the blank node that stands for it there.
func memoryName(qs *memstore.QuadStore, v quad.Value) quad.Value {
	id, _ := qs.AddValue(v)
	return quad.BNode(memoryNode + strconv.FormatInt(id, 10))
}

// fill makes a memstore of quads.
func fill(quads []quad.Quad) *memstore.QuadStore {
	qs := memstore.New()
	names := make(map[quad.Value]quad.Value, len(quads))
	for _, q := range quads {
		for _, d := range quad.Directions {
			v := q.Get(d)
			if v == nil {
				continue
			}
			name, ok := names[v]
			if !ok {
				name = memoryName(qs, v)
				names[v] = name
			}
			q.Set(d, name)
		}
		qs.AddQuad(q)
	}
	return qs
}
