package loaders_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"

	"kg/graph"
	"kg/loaders"
)

// dump makes N-Quads as dumps look: entities with a class, names in two languages, dates, figures, links to
// each other and to one graph for each, a few escapes.
func dump(entities int) []byte {
	var b bytes.Buffer
	const xsd = "http://www.w3.org/2001/XMLSchema#"
	for i := range entities {
		s := fmt.Sprintf("<https://example.org/kg/seizure/case-%07d>", i)
		g := fmt.Sprintf("<https://example.org/kg/claim/A-%07d>", i/3)
		fmt.Fprintf(&b, "%s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/kg/Seizure> %s .\n", s, g)
		fmt.Fprintf(&b, "%s <https://schema.org/name> \"Seizure of load %d in Antwerp\"@en %s .\n", s, i, g)
		fmt.Fprintf(&b, "%s <https://schema.org/name> \"Inbeslagname \\\"%d\\\" te Antwerpen\\u00E9\"@nl-BE %s .\n", s, i, g)
		fmt.Fprintf(&b, "%s <https://example.org/kg/amount> \"%d\"^^<%sinteger> %s .\n", s, i*7919%100003, xsd, g)
		fmt.Fprintf(&b, "%s <http://purl.org/dc/terms/date> \"2021-%02d-%02d\"^^<%sdate> %s .\n", s, i%12+1, i%28+1, xsd, g)
		fmt.Fprintf(&b, "%s <http://www.w3.org/ns/prov#wasDerivedFrom> <https://example.org/kg/seizure/case-%07d> %s .\n", s, i*31%entities, g)
		fmt.Fprintf(&b, "%s <http://www.w3.org/2000/01/rdf-schema#comment> \"The load was found in a container of bananas; the crew knew nothing of it, said the ministry.\" %s .\n", s, g)
		fmt.Fprintf(&b, "_:place%d <https://example.org/kg/near> <https://example.org/kg/location/antwerp> %s .\n", i%1000, g)
	}
	return b.Bytes()
}

// BenchmarkNQuads reads the same bytes with our reader, with that of Cayley and with rapper: a dump as
// they usually are, and one in which no subject and no object comes twice. cpu-ns/quad is the time of
// all cores, which is what to compare where other processes run.
func BenchmarkNQuads(b *testing.B) {
	b.Run("dump", func(b *testing.B) { benchmarkReaders(b, dump(20000)) })
	b.Run("distinct", func(b *testing.B) { benchmarkReaders(b, []byte(distinct(100000))) })
}

func benchmarkReaders(b *testing.B, data []byte) {
	b.Helper()
	quads := bytes.Count(data, []byte("\n"))
	f, err := loaders.ByName("nquads")
	if err != nil {
		b.Fatal(err)
	}
	for _, workers := range slices.Compact([]int{1, runtime.GOMAXPROCS(0)}) {
		o := loaders.Options{Workers: workers}
		b.Run(fmt.Sprintf("values/cores=%d", workers), func(b *testing.B) {
			benchmarkReader(b, data, quads, func() int {
				n := 0
				sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { n++; return nil })
				if err := f.Load(context.Background(), bytes.NewReader(data), "dump.nq", o, sink); err != nil {
					b.Fatal(err)
				}
				return n
			})
		})
		b.Run(fmt.Sprintf("bytes/cores=%d", workers), func(b *testing.B) {
			benchmarkReader(b, data, quads, func() int {
				sink := new(counter)
				if err := f.Load(context.Background(), bytes.NewReader(data), "dump.nq", o, sink); err != nil {
					b.Fatal(err)
				}
				return sink.quads()
			})
		})
	}
	b.Run("cayley", func(b *testing.B) {
		benchmarkReader(b, data, quads, func() (n int) {
			for r := nquads.NewReader(bytes.NewReader(data), false); ; n++ {
				_, err := r.ReadQuad()
				if errors.Is(err, io.EOF) {
					return n
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	})
	b.Run("rapper", func(b *testing.B) { benchmarkRapper(b, "nquads", data, quads) })
}

func benchmarkReader(b *testing.B, data []byte, quads int, read func() int) {
	b.Helper()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	runtime.GC() // what others left is not for this one to clear away
	start := cpuTime()
	for b.Loop() {
		if n := read(); n != quads {
			b.Fatalf("%d quads, want %d", n, quads)
		}
	}
	took := cpuTime() - start
	b.ReportMetric(float64(took)/float64(quads)/float64(b.N), "cpu-ns/quad")
	b.ReportMetric(float64(len(data))*float64(b.N)/took.Seconds()/1e6, "MB/cpu-s")
}

// benchmarkRapper counts with rapper, which reads a file.
func benchmarkRapper(b *testing.B, format string, data []byte, quads int) {
	b.Helper()
	program, err := exec.LookPath("rapper")
	if err != nil {
		b.Skip("SKIPPED: rapper is not here; Debian's package is raptor2-utils")
	}
	file := filepath.Join(b.TempDir(), "dump")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	var took time.Duration
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), program, "-c", "-i", format, file)
		if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, fmt.Appendf(nil, "returned %d triples", quads)) {
			b.Fatalf("%v: %s", err, out)
		}
		took += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	b.ReportMetric(float64(took)/float64(quads)/float64(b.N), "cpu-ns/quad")
	b.ReportMetric(float64(len(data))*float64(b.N)/took.Seconds()/1e6, "MB/cpu-s")
}

// A counter is a bulk sink that counts.
type counter struct {
	mu     sync.Mutex
	shards []*counterShard
}

type counterShard struct {
	n int
	_ [64]byte // keeps two cores from writing to one line of their caches
}

func (c *counter) Add(quad.Quad, graph.Position) error { return errors.New("want terms, found values") }

func (c *counter) Bulk() bool { return true }

func (c *counter) Shard() graph.TermSink {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := new(counterShard)
	c.shards = append(c.shards, s)
	return s
}

func (c *counter) quads() (n int) {
	for _, s := range c.shards {
		n += s.n
	}
	return n
}

func (s *counterShard) AddTerms(*graph.TermQuad, graph.Position) error {
	s.n++
	return nil
}

// turtleDump says what dump says, as people write it: prefixes, semicolons, nested nodes.
func turtleDump(entities int) []byte {
	var b bytes.Buffer
	b.WriteString("@prefix kg: <https://example.org/kg/> .\n@prefix schema: <https://schema.org/> .\n" +
		"@prefix dcterms: <http://purl.org/dc/terms/> .\n@prefix prov: <http://www.w3.org/ns/prov#> .\n" +
		"@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n")
	for i := range entities {
		fmt.Fprintf(&b, "<https://example.org/kg/seizure/case-%07d> a kg:Seizure ;\n", i)
		fmt.Fprintf(&b, "    schema:name \"Seizure of load %d in Antwerp\"@en , \"Inbeslagname \\\"%d\\\" te Antwerpen\"@nl-BE ;\n", i, i)
		fmt.Fprintf(&b, "    kg:amount %d ; kg:tonnes %d.5 ;\n", i*7919%100003, i%30)
		fmt.Fprintf(&b, "    dcterms:date \"2021-%02d-%02d\"^^xsd:date ;\n", i%12+1, i%28+1)
		fmt.Fprintf(&b, "    prov:wasDerivedFrom <https://example.org/kg/seizure/case-%07d> ;\n", i*31%entities)
		b.WriteString("    rdfs:comment \"The load was found in a container of bananas; the crew knew nothing of it, said the ministry.\" ;\n")
		b.WriteString("    kg:near [ schema:name \"Antwerp\" ; kg:items ( 1 2 ) ] .\n\n")
	}
	return b.Bytes()
}

// BenchmarkTurtle reads from memory.
func BenchmarkTurtle(b *testing.B) {
	data := turtleDump(5000)
	const quads = 5000 * 15
	for _, name := range []string{"turtle", "trig"} {
		b.Run(name, func(b *testing.B) {
			f, err := loaders.ByName(name)
			if err != nil {
				b.Fatal(err)
			}
			benchmarkReader(b, data, quads, func() int {
				n := 0
				sink := graph.SinkFunc(func(quad.Quad, graph.Position) error { n++; return nil })
				if err := f.Load(context.Background(), bytes.NewReader(data), "dump.ttl", loaders.Options{}, sink); err != nil {
					b.Fatal(err)
				}
				return n
			})
		})
	}
	b.Run("rapper", func(b *testing.B) { benchmarkRapper(b, "turtle", data, quads) })
}
