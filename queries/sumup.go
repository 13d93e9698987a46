package queries

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A SumRequest asks for a total over all figures that fit.
type SumRequest struct {
	Measure string   // one of [SumMeasures]
	By      []string // what to break the total down by, of [SumKeys]

	Platform, Agency, Operation, Place, Item quad.IRI // only figures of these; "" is any
	From, To                                 graph.Date

	Naive      bool // also add up every number that any document gives
	StatedOnly bool // without what the editors or a rule concluded
}

// A SumMeasure is something that can be added up.
type SumMeasure struct {
	Name, Help string
	predicates []quad.IRI
	counts     quad.IRI // the word of the list measure that a figure must have; "" is any
	seized     bool     // adds up only what was seized
}

// SumMeasures lists what can be added up: mass, each family of money by itself, the number of things, of
// people and of acts. Prices, shares, lengths of time, and numbers of countries cannot.
func SumMeasures(schema *graph.Schema) []SumMeasure {
	byName := map[string]*SumMeasure{}
	add := func(name, help string, p, counts quad.IRI) {
		m := byName[name]
		if m == nil {
			m = &SumMeasure{Name: name, Help: help, counts: counts}
			byName[name] = m
		}
		m.predicates = append(m.predicates, p)
	}
	for _, p := range schema.Predicates() {
		u, ok := schema.Unit(p.Unit)
		switch {
		case !ok || p.Unit == "" || p.Range != graph.RangeInteger || p.Money == "price":
		case p.Money != "":
			add(kebab(p.Money), p.Label, p.IRI, "")
		case u.Measures == "mass":
			add("mass", p.Definition, p.IRI, "")
		case u.Measures == "bytes":
			add("data", p.Definition, p.IRI, "")
		case u.Measures == "count":
			add("items", "Goods seized, counted; always by substance, unless one is asked for.", p.IRI, "kg:measure/goods")
			for _, word := range schema.Words("measure") {
				concept, ok := schema.ConceptNamed(word, "measure")
				if ok && countable(word) && byName[word] == nil {
					add(word, concept.Definition, p.IRI, concept.IRI)
				}
			}
		}
	}
	for _, name := range []string{"mass", "items", "cash", "street-value"} {
		if m := byName[name]; m != nil {
			m.seized = true
		}
	}
	var list []SumMeasure
	for _, m := range byName {
		list = append(list, *m)
	}
	slices.SortFunc(list, func(a, b SumMeasure) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// countable says whether numbers of a measure may be added. Countries and languages may not: two figures
// may count the same ones.
func countable(word string) bool {
	return !slices.Contains([]string{
		"goods", "price", "turnover", "fine", "assets", "reward", "share", "duration", "sentence", "data", "countries", "languages", "other",
	}, word)
}

// kebab writes streetValue as street-value.
func kebab(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// A SumKey is something that a total can be broken down by.
type SumKey struct {
	Name, Help string
	of         func(*world, quad.IRI) []quad.IRI // the entities of a figure; nil for years
	links      []quad.IRI                        // the facts it rests on
}

// SumKeys lists what a total can be broken down by.
func SumKeys() []SumKey {
	direct := func(p quad.IRI) func(*world, quad.IRI) []quad.IRI {
		return func(w *world, id quad.IRI) []quad.IRI { return w.objects(id, p) }
	}
	return []SumKey{
		{"platform", "the platform whose data led to it, or that it is about", (*world).platformsOf, []quad.IRI{"kg:fromPlatform", "kg:about"}},
		{"agency", "the agency that seized it, or that it is about", (*world).agenciesOf, []quad.IRI{"kg:seizedBy", "kg:about"}},
		{"operation", "the operation to which it belongs", (*world).operationsOf, []quad.IRI{"kg:duringOperation", "kg:about"}},
		{"location", "the place, as documents name it", direct("kg:place"), []quad.IRI{"kg:place"}},
		{"country", "the country in which the place lies", (*world).countriesOf, []quad.IRI{"kg:place"}},
		{"substance", "what was seized", direct("kg:item"), []quad.IRI{"kg:item"}},
		{"year", "the year, or years, in which it was counted", nil, []quad.IRI{graph.StartDate, graph.EndDate, "kg:asOf"}},
	}
}

func (w *world) agenciesOf(figure quad.IRI) []quad.IRI {
	return unique(append(w.objects(figure, "kg:seizedBy"), w.ofClass(w.objects(figure, "kg:about"), "Agency")...))
}

// countriesOf are the countries of a figure's places; a place of which no country is known stands for
// itself.
func (w *world) countriesOf(figure quad.IRI) []quad.IRI {
	var list []quad.IRI
	for _, place := range w.objects(figure, "kg:place") {
		found := false
		for _, id := range append([]quad.IRI{place}, w.all(place, graph.Within)...) {
			if slices.Contains(w.objects(id, graph.Kind), "kg:kind/country") {
				list, found = append(list, id), true
			}
		}
		if !found {
			list = append(list, place)
		}
	}
	return unique(list)
}

// SumUp adds up what fits the request. What counts is judged for all figures together, and only then
// broken down: so no part of a figure in one row stands in another. Figures that do not say what a
// total is broken down by yield to those that do. Rows are sorted by amount within a measure.
func SumUp(ctx context.Context, store *graph.Store, r SumRequest) (Table, error) {
	u := &summingUp{w: newWorld(ctx, store), r: r}
	if err := u.understand(); err != nil {
		return Table{}, err
	}
	u.s = summing{lacks: u.lacks, w: u.w, totals: map[string]*pile{}, counted: map[quad.IRI]string{}, listed: map[string]bool{}}
	for _, figure := range u.figures() {
		u.take(figure)
	}
	u.s.judge()
	t, err := u.table()
	if err == nil {
		err = u.w.err
	}
	return t, err
}

// lacks names the first key of the breakdown of which a figure says nothing.
func (u *summingUp) lacks(figure quad.IRI) string {
	for _, k := range u.keys {
		if k.of == nil && years(u.w.span(figure)) == "" || k.of != nil && len(k.of(u.w, figure)) == 0 {
			return k.Name
		}
	}
	return ""
}

// summingUp is a sum in the making.
type summingUp struct {
	w        *world
	r        SumRequest
	measure  SumMeasure
	keys     []SumKey
	s        summing
	excluded []LeftOut             // by the filters, though something speaks for them
	all      map[quad.IRI][]Amount // predicate → every amount that fits, for the naive sum
}

func (u *summingUp) understand() error {
	measures := SumMeasures(u.w.schema)
	var names []string
	for _, m := range measures {
		if m.Name == u.r.Measure {
			u.measure = m
		}
		names = append(names, m.Name)
	}
	if u.measure.Name == "" {
		hint := graph.DidYouMean(u.r.Measure, names)
		if hint == "" {
			hint = "these are: " + strings.Join(names, ", ")
		}
		return &graph.Problem{Want: "something that can be added up", Found: fmt.Sprintf("%q", u.r.Measure), Hint: hint}
	}
	if u.measure.counts == "kg:measure/goods" && u.r.Item == "" && !slices.Contains(u.r.By, "substance") {
		u.r.By = append(slices.Clone(u.r.By), "substance") // pills and rifles are no sum
	}
	for _, name := range u.r.By {
		keys := SumKeys()
		i := slices.IndexFunc(keys, func(k SumKey) bool { return k.Name == name })
		if i < 0 {
			return &graph.Problem{Want: "something to break a total down by", Found: fmt.Sprintf("%q", name)}
		}
		u.keys = append(u.keys, keys[i])
	}
	u.all = map[quad.IRI][]Amount{}
	return nil
}

// figures lists, by id, what has a number of the measure.
func (u *summingUp) figures() []quad.IRI {
	var list []quad.IRI
	for _, predicate := range u.measure.predicates {
		for q, err := range u.w.store.Match(u.w.ctx, graph.Pattern{Predicate: predicate}) {
			if err != nil {
				u.w.note(err)
				return nil
			}
			if id, ok := q.Subject.(quad.IRI); ok {
				list = append(list, id)
			}
		}
	}
	list = unique(list)
	if u.measure.counts == "" {
		return list
	}
	return slices.DeleteFunc(list, func(id quad.IRI) bool { return !slices.Contains(u.w.objects(id, "kg:measure"), u.measure.counts) })
}

// take adds a figure to the sum if it fits.
func (u *summingUp) take(figure quad.IRI) {
	fits, why := u.fits(figure)
	for _, predicate := range u.measure.predicates {
		var claims []graph.Claim
		for _, f := range u.w.about(figure, predicate) {
			if graph.IsClaim(f.label) {
				if c := u.w.claim(f.label); !u.r.StatedOnly || c.Basis != graph.Inferred {
					claims = append(claims, c)
				}
			}
		}
		if len(claims) == 0 || !fits && why == "" {
			continue
		}
		a := Amount{Figure: figure, Measure: predicate, Claims: claims, Inferred: u.guessed(figure)}
		if fits {
			u.s.add(a)
			u.all[predicate] = append(u.all[predicate], a)
			continue
		}
		p, _ := u.w.schema.Predicate(predicate)
		best, _ := graph.Prefer(claims, u.w.document)
		u.excluded = append(u.excluded, LeftOut{
			What: u.w.entity(figure), Amount: ClaimedQuantity(u.w.schema, p.Unit, best),
			Claim: Value{Term: best.ID, Label: shortID(best.ID)}, Reason: why,
		})
	}
}

// guessed says whether a figure stands where it does only by inference.
func (u *summingUp) guessed(figure quad.IRI) bool {
	for _, k := range u.active() {
		for _, link := range k.links {
			for _, f := range u.w.valid(figure, link) {
				if u.w.guessed(f) {
					return true
				}
			}
		}
	}
	return false
}

// active lists the keys that filters and breakdown use.
func (u *summingUp) active() []SumKey {
	used := slices.Clone(u.r.By)
	for name, id := range map[string]quad.IRI{"platform": u.r.Platform, "agency": u.r.Agency, "operation": u.r.Operation, "location": u.r.Place, "substance": u.r.Item} {
		if id != "" {
			used = append(used, name)
		}
	}
	if !u.r.From.IsZero() || !u.r.To.IsZero() {
		used = append(used, "year")
	}
	return slices.DeleteFunc(SumKeys(), func(k SumKey) bool { return !slices.Contains(used, k.Name) })
}
