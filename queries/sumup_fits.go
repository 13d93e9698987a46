package queries

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// fits says whether a figure is of what the request asks for. why is given where it is so in part, so
// that its number says more than was asked: then it is left out, and listed.
func (u *summingUp) fits(figure quad.IRI) (fits bool, why string) {
	w, r := u.w, u.r
	total := (&summing{w: w}).isTotal(figure)
	for _, f := range []struct {
		want   quad.IRI
		have   []quad.IRI
		within quad.IRI
		always bool // several are told apart in single seizures too
	}{
		{r.Platform, w.platformsOf(figure), "", false},
		{r.Agency, w.agenciesOf(figure), graph.PartOf, false},
		{r.Operation, w.operationsOf(figure), graph.PartOf, false},
		{r.Place, w.objects(figure, "kg:place"), "kg:liesIn", false},
		{r.Item, w.objects(figure, "kg:item"), "skos:broaderTransitive", true},
	} {
		if f.want == "" {
			continue
		}
		var others []string
		found := false
		for _, id := range f.have {
			if id == f.want || f.within != "" && slices.Contains(w.all(id, f.within), f.want) {
				found = true
			} else {
				others = append(others, w.name(id))
			}
		}
		if !found {
			return false, ""
		}
		// An operation within another is in it: only what lies outside of what was asked is too much.
		if len(others) > 0 && (total || f.always) && f.within != graph.PartOf {
			slices.Sort(others)
			why = "counts " + strings.Join(others, ", ") + " too"
		}
	}
	if why != "" {
		return false, why
	}
	if fits, why = u.inTime(figure); fits && u.measure.seized && !w.isSeizure(figure) {
		return false, "no seizure; only what was seized is added"
	}
	return fits, why
}

// isSeizure says whether goods were taken. Documents also weigh what was only shipped, planned or alleged:
// such figures are not seizures. Of identifiers that are not ours, all are taken to be.
func (w *world) isSeizure(figure quad.IRI) bool {
	c, ok := w.schema.ClassOf(figure)
	return !ok || c.Name == "Seizure"
}

// inTime says whether a figure counts nothing before From and nothing after To.
func (u *summingUp) inTime(figure quad.IRI) (fits bool, why string) {
	r := u.r
	if r.From.IsZero() && r.To.IsZero() {
		return true, ""
	}
	s := u.w.span(figure)
	asked := graph.Span{From: r.From, Until: r.To}
	switch {
	case s == (graph.Span{}):
		return false, "no date given"
	case !s.Overlaps(asked):
		return false, ""
	}
	if !r.From.IsZero() && (s.From.IsZero() || s.From.First().Before(r.From.First())) {
		if s.From.IsZero() {
			return false, fmt.Sprintf("a total of %s whose beginning no document gives: it may count from before %s", s.Until, r.From)
		}
		return false, fmt.Sprintf("begins %s, before %s", s.From, r.From)
	}
	if !r.To.IsZero() && (s.Until.IsZero() || s.Until.Last().After(r.To.Last())) {
		if s.Until.IsZero() {
			return false, "has no end"
		}
		return false, fmt.Sprintf("ends %s, after %s", s.Until, r.To)
	}
	return true, ""
}

// A division is a pile of one row.
type division struct {
	key   string
	cells []Cell
	pile  *pile
	open  bool // something was left out that may add to it
}

// divide parts what is counted by the keys. What is not counted is parted too, for the naive sum and to
// tell where numbers are missing.
func (u *summingUp) divide() []division {
	var list []division
	for _, t := range u.s.piles {
		at := map[string]int{}
		for _, id := range t.order {
			cells, key := u.keyOf(id)
			i, ok := at[key]
			if !ok {
				i = len(list)
				at[key] = i
				p := &pile{keys: []Value{{Label: key}}, measure: t.measure, figures: map[quad.IRI]*summand{}}
				list = append(list, division{key: key, cells: cells, pile: p})
			}
			d := &list[i]
			f := t.figures[id]
			d.pile.figures[id] = f
			d.pile.order = append(d.pile.order, id)
			if f.dropped != "" && (f.possible || !f.number && f.best.Object == graph.SomeValue) {
				d.open = true
			}
		}
	}
	return list
}

// keyOf is a figure's place in the breakdown: several entities of one kind stay together, for their
// number is one.
func (u *summingUp) keyOf(figure quad.IRI) (cells []Cell, key string) {
	for _, k := range u.keys {
		var cell Cell
		if k.of == nil {
			if text := years(u.w.span(figure)); text != "" {
				cell = Cell{{Term: quad.String(text), Label: text}}
			}
		} else {
			for _, id := range k.of(u.w, figure) {
				cell = append(cell, u.w.entity(id))
			}
		}
		cells = append(cells, cell)
		for _, v := range cell {
			key += v.key() + "\x00"
		}
		key += "\x01"
	}
	return cells, key
}

// years names the years of a span: "2021", "2020 to 2023", "by 2021".
func years(s graph.Span) string {
	switch {
	case s.From.IsZero() && s.Until.IsZero():
		return ""
	case s.From.IsZero():
		return fmt.Sprintf("by %d", s.Until.Year)
	case s.Until.IsZero():
		return fmt.Sprintf("from %d", s.From.Year)
	case s.From.Year == s.Until.Year:
		return fmt.Sprint(s.From.Year)
	default:
		return fmt.Sprintf("%d to %d", s.From.Year, s.Until.Year)
	}
}

// A naiveSum is what adding up every number gives.
type naiveSum struct {
	amount int64
	claims int
}

// naive adds up every number of every claim, as a spreadsheet would. What does not fit any more is left
// at the largest number.
func (u *summingUp) naive() map[quad.IRI]map[string]naiveSum {
	sums := map[quad.IRI]map[string]naiveSum{}
	for predicate, amounts := range u.all {
		sums[predicate] = map[string]naiveSum{}
		for _, a := range amounts {
			_, key := u.keyOf(a.Figure)
			n := sums[predicate][key]
			for _, c := range a.Claims {
				number, ok := c.Object.(quad.Int)
				if !ok {
					continue
				}
				more, fits := plus(n.amount, int64(number))
				if !fits {
					continue
				}
				n.amount = more
				n.claims++
			}
			sums[predicate][key] = n
		}
	}
	return sums
}
