package bench

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A World is an invented graph: the one of these numbers.
type World struct {
	Quads int    // at least this many, and at most those of one case more
	Seed  uint64 // another seed gives another graph
}

// How many cases there are to one of each: a case is a seizure with what is said about it.
const (
	perSource    = 8
	perOperation = 20
	perLocation  = 30
	perAgency    = 50
	perEvent     = 100
	perPlatform  = 400
)

// countries that are always there, so that every place lies somewhere.
const countries = 24

// All yields the quads of the graph, with IRIs in short form. What a fact names comes before the fact.
func (w World) All() iter.Seq[quad.Quad] {
	return func(yield func(quad.Quad) bool) {
		m := maker{source: rand.NewPCG(w.Seed, 0), yield: yield}
		m.random = rand.New(m.source)
		m.preamble()
		for i := 0; m.made < w.Quads && !m.stopped; i++ {
			// Each case has dice of its own, so that no case depends on how the one before was made.
			m.source.Seed(w.Seed, uint64(i)+1)
			m.incident(i)
		}
	}
}

// A maker makes quads until nobody wants more.
type maker struct {
	source  *rand.PCG
	random  *rand.Rand
	yield   func(quad.Quad) bool
	made    int
	stopped bool
	claims  int // of this case
	number  int // of this case
}

func (m *maker) add(s, p quad.IRI, o quad.Value, label quad.IRI) {
	if !m.stopped {
		m.made++
		m.stopped = !m.yield(quad.Quad{Subject: s, Predicate: p, Object: o, Label: label})
	}
}

func (m *maker) gazetteer(s, p quad.IRI, o quad.Value) { m.add(s, p, o, graph.Gazetteer) }

// named says what a thing is and how it is called.
func (m *maker) named(s, class quad.IRI, name string, aliases ...string) {
	m.gazetteer(s, graph.Type, class)
	m.gazetteer(s, graph.Name, quad.String(name))
	for _, a := range aliases {
		m.gazetteer(s, graph.AltLabel, quad.String(a))
	}
}

// claim states a fact under a claim of its own, with its document and, mostly, who said it.
func (m *maker) claim(s, p quad.IRI, o quad.Value) quad.IRI {
	m.claims++
	id := quad.IRI(fmt.Sprintf("kg:claim/B-%d-%d", m.number, m.claims))
	m.add(s, p, o, id)
	m.add(id, graph.ReadIn, m.some("source", perSource), graph.Provenance)
	if m.random.IntN(10) < 7 {
		m.add(id, graph.SaidBy, m.some("agency", perAgency), graph.Provenance)
	}
	return id
}

// some picks a thing made until now. Early ones are picked more often: a graph has hubs.
func (m *maker) some(path string, per int) quad.IRI {
	n := m.number/per + 1
	return thing(path, min(m.random.IntN(n), m.random.IntN(n)))
}

func thing(path string, i int) quad.IRI { return quad.IRI(fmt.Sprintf("kg:%s/b%d", path, i)) }

func (m *maker) oneOf(words ...string) string { return words[m.random.IntN(len(words))] }

// item is one of the things that are seized.
func item(i int) string {
	items := [...]string{"cocaine", "heroin", "cannabis", "amphetamine", "ketamine", "ecstasy", "cash", "firearms", "ammunition", "cars", "watches", "phones"}
	return items[i%len(items)]
}

// preamble makes the countries, the items and what all cases may name from the start.
func (m *maker) preamble() {
	m.named("kg:location/europe", "kg:Location", "Bench Europe")
	for i := range countries {
		c := quad.IRI(fmt.Sprintf("kg:location/country-%d", i))
		m.named(c, "kg:Location", "Land "+name(i))
		m.gazetteer(c, graph.Kind, quad.IRI("kg:kind/country"))
		m.gazetteer(c, graph.Within, quad.IRI("kg:location/europe"))
	}
	m.named("kg:item/goods", "kg:Item", "goods of the bench")
	for i := range 12 {
		kind := quad.IRI("kg:item/bench-" + item(i))
		m.named(kind, "kg:Item", "bench "+item(i))
		m.gazetteer(kind, graph.Broader, quad.IRI("kg:item/goods"))
	}
}

// incident makes one seizure, and the things that are due.
func (m *maker) incident(i int) {
	m.number, m.claims = i, 0
	for _, due := range []struct {
		per  int
		make func(n int)
	}{
		{perSource, m.document},
		{perLocation, m.location},
		{perAgency, m.agency},
		{perPlatform, m.platform},
		{perOperation, m.operation},
		{perEvent, m.event},
	} {
		if i%due.per == 0 {
			due.make(i / due.per)
		}
	}
	m.seizure(i)
}

func (m *maker) document(n int) {
	s := thing("source", n)
	m.named(s, "kg:Source", fmt.Sprintf("Report %d on %s", n, name(n)))
	m.gazetteer(s, graph.Kind, quad.IRI("kg:kind/"+m.oneOf("primary", "republished", "press", "press", "aggregator")))
	m.gazetteer(s, "dcterms:publisher", quad.String("Publisher "+name(n%97)))
	m.gazetteer(s, graph.Issued, m.day())
}

func (m *maker) location(n int) {
	s := thing("location", n)
	m.named(s, "kg:Location", "Port of "+name(n))
	m.gazetteer(s, graph.Kind, quad.IRI("kg:kind/"+m.oneOf("port", "city", "airport")))
	m.gazetteer(s, graph.Within, quad.IRI(fmt.Sprintf("kg:location/country-%d", m.random.IntN(countries))))
}

func (m *maker) agency(n int) {
	s := thing("agency", n)
	m.named(s, "kg:Agency", name(n)+" Police", fmt.Sprintf("%cP%d", 'A'+n%26, n))
	m.gazetteer(s, graph.Kind, quad.IRI("kg:kind/"+m.oneOf("police", "customs", "prosecutor", "joint-team")))
	m.gazetteer(s, "kg:country", quad.IRI(fmt.Sprintf("kg:location/country-%d", m.random.IntN(countries))))
}

func (m *maker) platform(n int) {
	s := thing("platform", n)
	m.named(s, "kg:Platform", name(n)+" Phone", name(n)+"Chat")
	m.gazetteer(s, graph.Kind, quad.IRI("kg:kind/"+m.oneOf("phone-network", "messaging-app", "market")))
	m.claim(m.some("agency", perAgency), "kg:shutDown", s)
}

func (m *maker) operation(n int) {
	s := thing("operation", n)
	m.named(s, "kg:Operation", "Operation "+name(n))
	m.gazetteer(s, graph.Kind, quad.IRI("kg:kind/"+m.oneOf("investigation", "enforcement", "enforcement")))
	m.claim(s, "kg:targeted", m.some("platform", perPlatform))
	m.claim(s, "kg:ledBy", m.some("agency", perAgency))
	m.claim(s, "kg:participant", m.some("agency", perAgency))
	m.claim(s, graph.StartDate, m.day())
}

func (m *maker) event(n int) {
	s := thing("event", n)
	m.named(s, "kg:Event", "Decryption of "+name(n))
	m.gazetteer(s, graph.Kind, quad.IRI("kg:kind/"+m.oneOf("infiltration", "interception", "decryption", "takedown")))
	m.claim(s, "kg:targeted", m.some("platform", perPlatform))
	m.claim(s, "kg:carriedOutBy", m.some("agency", perAgency))
	m.claim(s, graph.StartDate, m.day())
}

func (m *maker) seizure(n int) {
	s := thing("seizure", n)
	kind := item(m.random.IntN(12))
	m.named(s, "kg:Seizure", fmt.Sprintf("%s seized in case %d", kind, n))
	m.gazetteer(s, "kg:measure", quad.IRI("kg:measure/goods"))
	m.claim(s, "kg:item", quad.IRI("kg:item/bench-"+kind))
	m.claim(s, "kg:place", m.some("location", perLocation))
	m.claim(s, "kg:duringOperation", m.some("operation", perOperation))
	m.claim(s, "kg:seizedBy", m.some("agency", perAgency))
	m.claim(s, graph.StartDate, m.day())
	kilograms := 1 + m.random.IntN(30_000)
	m.amount(s, kilograms, fmt.Sprintf("%d kg", kilograms))
	if m.random.IntN(7) == 0 { // another document says how much
		tons := max(1, (kilograms+500)/1000)
		id := m.amount(s, 1000*tons, fmt.Sprintf("about %d tons", tons))
		m.add(id, graph.QualifierIs, graph.Approx, graph.Provenance)
		m.add(id, graph.LastDigit, quad.Int(1_000_000), graph.Provenance)
	}
}

func (m *maker) amount(s quad.IRI, kilograms int, words string) quad.IRI {
	id := m.claim(s, "kg:massGrams", quad.Int(kilograms*1000))
	m.add(id, graph.ReportedAs, quad.String(words), graph.Provenance)
	return id
}

func (m *maker) day() quad.Value {
	return graph.Date{Year: 2015 + m.random.IntN(10), Month: 1 + m.random.IntN(12), Day: 1 + m.random.IntN(28)}.Value()
}

// name is a name that can be spoken, another one for each number.
func name(n int) string {
	syllables := [...]string{"ka", "lo", "mi", "ren", "ta", "vo", "su", "del", "ni", "gar", "pe", "hul", "fa", "zen", "ba", "rik"}
	text := ""
	for n += len(syllables); n > 0; n /= len(syllables) {
		text += syllables[n%len(syllables)]
	}
	return string(text[0]-'a'+'A') + text[1:]
}

// Feed hands the quads of the graph to a build.
func (w World) Feed() graph.Feed {
	return func(ctx context.Context, sink graph.Sink) error {
		n := 0
		for q := range w.All() {
			if n++; n%4096 == 0 && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := sink.Add(q, graph.Position{File: "the generated graph", Line: n}); err != nil {
				return err
			}
		}
		return nil
	}
}
