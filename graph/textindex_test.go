package graph_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	godiff "github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/graph/storetest"
)

// A namedThing is an entity of these tests with its names, the first one its name.
type namedThing struct {
	id    quad.IRI
	names []string
	texts []string
}

func (n namedThing) quads() []quad.Quad {
	var qs []quad.Quad
	for i, name := range n.names {
		p := graph.Name
		if i > 0 {
			p = graph.AltLabel
		}
		qs = append(qs, quad.Quad{Subject: n.id, Predicate: p, Object: quad.String(name), Label: graph.Gazetteer})
	}
	for _, text := range n.texts {
		qs = append(qs, quad.Quad{Subject: n.id, Predicate: graph.Note, Object: quad.String(text), Label: graph.Gazetteer})
	}
	return qs
}

// randomThings are things with names that are much alike.
func randomThings(random *rand.Rand, n int) []namedThing {
	syllables := []string{"ka", "lo", "mi", "ren", "ta", "vo", "Sü", "del", "ni", "gár", "pe", "ø", "警察", "x"}
	word := func() string {
		var b strings.Builder
		for range 1 + random.IntN(4) {
			b.WriteString(syllables[random.IntN(len(syllables))])
		}
		return b.String()
	}
	var things []namedThing
	for i := range n {
		t := namedThing{id: quad.IRI(fmt.Sprintf("kg:agency/%s-%d", graph.Slug(word()), i))}
		for range 1 + random.IntN(3) {
			words := []string{word()}
			for range random.IntN(3) {
				words = append(words, word())
			}
			if name := strings.Join(words, []string{" ", "-", ". "}[random.IntN(3)]); !slices.Contains(t.names, name) {
				t.names = append(t.names, name)
			}
		}
		if random.IntN(3) == 0 {
			t.texts = append(t.texts, word()+" "+word())
		}
		things = append(things, t)
	}
	return things
}

// misspelt is a text with a few letters swapped, dropped or added.
func misspelt(random *rand.Rand, text string) string {
	letters := []rune(text)
	for range random.IntN(3) {
		i := random.IntN(len(letters))
		switch random.IntN(3) {
		case 0:
			letters[i] = 'q'
		case 1:
			letters = slices.Insert(letters, i, 'a')
		case 2:
			if len(letters) > 1 {
				letters = slices.Delete(letters, i, i+1)
			}
		}
	}
	return string(letters)
}

// plainSearch looks at every name of every thing.
func plainSearch(things []namedThing, text string) []string {
	type hit struct {
		how      graph.MatchKind
		distance int
		alias    bool
		name     string
		line     string
	}
	key, words := graph.Fold(text), graph.FoldWords(text)
	var hits []hit
	for _, t := range things {
		var best *hit
		consider := func(h hit, matched string) {
			h.name = t.names[0]
			h.line = fmt.Sprintf("%s %s %s", string(t.id), h.how, matched)
			rank := func(h hit) int {
				n := 4*(100*int(h.how)+h.distance) + 1
				if !h.alias {
					n--
				}
				return n
			}
			if best == nil || rank(h) < rank(*best) || rank(h) == rank(*best) && h.line < best.line {
				best = &h
			}
		}
		for i, name := range t.names {
			if how, distance, ok := graph.Fit(key, words, name); ok {
				consider(hit{how: how, distance: distance, alias: i > 0}, name)
			}
		}
		if slug := graph.SlugOf(t.id); graph.Fold(slug) == key {
			consider(hit{how: graph.MatchExact, alias: true}, slug)
		}
		for _, text := range t.texts {
			if strings.Contains(graph.Fold(text), key) {
				consider(hit{how: graph.MatchText}, text)
			}
		}
		if best != nil {
			hits = append(hits, *best)
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		alias := 0
		if a.alias != b.alias {
			alias = 1
			if b.alias {
				alias = -1
			}
		}
		return cmp.Or(cmp.Compare(a.how, b.how), cmp.Compare(a.distance, b.distance), alias, strings.Compare(a.name, b.name), strings.Compare(a.line, b.line))
	})
	var lines []string
	for _, h := range hits {
		lines = append(lines, h.line)
	}
	return lines
}

// textStores keep the quads in memory, where the index is made when it is needed, and as a snapshot,
// which keeps it.
func textStores(t testing.TB, quads []quad.Quad) map[string]*graph.Store {
	t.Helper()
	schema := storetest.Schema(t)
	a := graph.Address{Scheme: "snapshot", Path: filepath.Join(t.TempDir(), "graph.snapshot")}
	o := graph.BuildOptions{Schema: schema, Hold: 1 << 30} // the facts are wanted in memory, too
	summary, err := graph.Build(t.Context(), a, storetest.Feed(quads), o)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := graph.Open(t.Context(), a, graph.OpenOptions{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	return map[string]*graph.Store{"memory": graph.OpenFacts(summary.Facts, graph.OpenOptions{Schema: schema}), "snapshot": kept}
}

func TestTheIndexFindsWhatAPlainSearchFinds(t *testing.T) {
	asked, found := 0, 0
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 1))
		things := randomThings(random, 150)
		var quads []quad.Quad
		for _, thing := range things {
			quads = append(quads, thing.quads()...)
		}
		stores := textStores(t, quads)
		for range 300 {
			thing := things[random.IntN(len(things))]
			text := thing.names[random.IntN(len(thing.names))]
			switch random.IntN(5) {
			case 0:
				runes := []rune(text)
				i := random.IntN(len(runes))
				text = string(runes[i : i+1+random.IntN(len(runes)-i)])
			case 1:
				words := strings.Fields(text)
				slices.Reverse(words)
				text = strings.Join(words, " ")
			case 2:
				text = graph.SlugOf(thing.id)
			default:
				text = misspelt(random, text)
			}
			if graph.Fold(text) == "" {
				continue
			}
			want := plainSearch(things, text)
			for name, s := range stores {
				asked++
				hits, err := s.Search(t.Context(), text, 0)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, h := range hits {
					got = append(got, fmt.Sprintf("%s %s %s", string(h.ID), h.How, h.Matched))
				}
				found += len(got)
				if diff := godiff.Diff(want, got); diff != "" {
					t.Fatalf("%s: search %q (-want +got):\n%s", name, text, diff)
				}
			}
		}
	}
	if asked < 4_000 || found < asked {
		t.Errorf("%d searches found %d things: too easy an exam", asked, found)
	}
}

func TestNamesAreLookedUpAlikeInEveryStore(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	things := randomThings(random, 200)
	var quads []quad.Quad
	for _, thing := range things {
		quads = append(quads, thing.quads()...)
	}
	stores := textStores(t, quads)
	for _, thing := range things {
		for name, s := range stores {
			got, err := s.NameOf(t.Context(), thing.id)
			if err != nil || got != thing.names[0] {
				t.Errorf("%s: the name of %s is %q, %v; want %q", name, thing.id, got, err, thing.names[0])
			}
		}
		for _, text := range append(thing.names, misspelt(random, thing.names[0])) {
			_, want := stores["memory"].Find(t.Context(), text)
			_, got := stores["snapshot"].Find(t.Context(), text)
			if fmt.Sprint(want) != fmt.Sprint(got) {
				t.Errorf("find %q: in memory %v, in the snapshot %v", text, want, got)
			}
		}
	}
}

// BenchmarkSearch looks names up among 100,000, as a process does that has just been started.
func BenchmarkSearch(b *testing.B) {
	syllables := []string{"ka", "lo", "mi", "ren", "ta", "vo", "su", "del", "ni", "gar", "pe", "hul", "fa", "zen", "ba", "rik"}
	var quads []quad.Quad
	for i := range 100_000 {
		name := ""
		for n := i + 16; n > 0; n /= 16 {
			name += syllables[n%16]
		}
		kind := []string{"Police", "Phone", "Port", "Operation"}[i%4]
		quads = append(quads, namedThing{id: quad.IRI(fmt.Sprintf("kg:agency/x%d", i)), names: []string{name + " " + kind}}.quads()...)
	}
	for store, s := range textStores(b, quads) {
		if _, err := s.Search(b.Context(), "first", 1); err != nil {
			b.Fatal(err)
		}
		for _, text := range []string{"karenlomi police", "karenlimo polcie", "karenlo", "operation vosudelni", "opertaion vosudlni", "zzzzzzzz"} {
			b.Run(store+"/"+strings.ReplaceAll(text, " ", "_"), func(b *testing.B) {
				best := time.Hour // the machine does other things as well
				for b.Loop() {
					start := time.Now()
					if _, err := s.Search(b.Context(), text, 20); err != nil {
						b.Fatal(err)
					}
					best = min(best, time.Since(start))
				}
				b.ReportMetric(float64(best.Microseconds())/1000, "best-ms")
			})
		}
	}
}
