package queries

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// An Amount is what the claims say of one figure under one measure: what a sum may add.
type Amount struct {
	Keys    []Value       // what the sum is broken down by: an item, a place
	Figure  quad.IRI      // what is counted
	Measure quad.IRI      // kg:massGrams, kg:cashGBP
	Claims  []graph.Claim // on this figure under this measure

	Inferred bool // the figure or its keys are known only by inference
}

// A Total is the sum of the amounts with the same keys and measure.
type Total struct {
	Keys    []Value
	Measure quad.IRI
	Amount  Value
	Parts   []Part // what was added, in the order of the figures' IRIs
}

// A Part is one amount that was added: one figure, and of its claims the preferred one.
type Part struct {
	Figure quad.IRI
	Claim  graph.Claim
}

// Sum adds amounts up by keys and measure, which fixes the unit: no two currencies meet, nor money
// and the estimate of what goods would fetch. A figure counts once, with its preferred claim. What is
// part of a figure that counts, an earlier total of its series, a printed conversion, a figure whose
// documents give no number, one of two that may count the same things: each is left out, and listed
// with the reason.
// The hedges of the parts pass to the total: one hedge stays itself, several become "about".
func Sum(ctx context.Context, store *graph.Store, amounts []Amount) ([]Total, []LeftOut, error) {
	w := newWorld(ctx, store)
	s := summing{w: w, totals: map[string]*pile{}, counted: map[quad.IRI]string{}, listed: map[string]bool{}}
	for _, a := range amounts {
		s.add(a)
	}
	s.judge()
	totals, err := s.total()
	if err == nil {
		err = w.err
	}
	sortLeftOut(s.leftOut)
	return totals, s.leftOut, err
}

// sortLeftOut puts what was left out in an order that depends on nothing but what it is.
func sortLeftOut(list []LeftOut) {
	slices.SortStableFunc(list, func(a, b LeftOut) int {
		return cmp.Or(
			strings.Compare(graph.Fold(a.What.Plain()), graph.Fold(b.What.Plain())),
			strings.Compare(a.What.key(), b.What.key()),
			strings.Compare(a.Claim.key(), b.Claim.key()),
			strings.Compare(a.Amount.key(), b.Amount.key()),
			strings.Compare(a.Reason, b.Reason),
		)
	})
}

// summing is a sum in the making.
type summing struct {
	w       *world
	counted map[quad.IRI]string // claims that are added → their amounts for people
	piles   []*pile
	totals  map[string]*pile
	leftOut []LeftOut
	listed  map[string]bool // claim and reason

	lacks func(quad.IRI) string // what a figure does not say of what the sum is broken down by; nil: nothing is missing
}

// A pile is the amounts of one total.
type pile struct {
	keys    []Value
	measure *graph.Predicate
	figures map[quad.IRI]*summand
	order   []quad.IRI // the figures, sorted
}

// A summand is one figure of a pile.
type summand struct {
	figure  quad.IRI
	claims  []graph.Claim
	best    graph.Claim
	guessed bool   // the figure or its keys are inferred
	number  bool   // the preferred claim gives one
	dropped string // why it is not added; "" when it is

	possible bool       // dropped though it may well add to the total
	dueTo    []quad.IRI // dropped because these are added
	instead  string     // why it is not added where they are not all added in the end
	looks    int        // how often it was looked at again because they were not
}

// looksAtMost ends the looking again where figures go on yielding to each other.
const looksAtMost = 4

// yield drops a figure because others are added.
func (f *summand) yield(to []quad.IRI, reason, instead string) {
	f.dropped, f.instead, f.dueTo = reason, instead, to
}

func (s *summing) add(a Amount) {
	p, ok := s.w.schema.Predicate(a.Measure)
	if !ok || p.Unit == "" {
		return // no measure of anything
	}
	var b strings.Builder
	b.WriteString(string(a.Measure))
	for _, k := range a.Keys {
		b.WriteString("\x00" + k.key())
	}
	t := s.totals[b.String()]
	if t == nil {
		t = &pile{keys: a.Keys, measure: p, figures: map[quad.IRI]*summand{}}
		s.totals[b.String()] = t
		s.piles = append(s.piles, t)
	}
	f := t.figures[a.Figure]
	if f == nil {
		f = &summand{figure: a.Figure}
		t.figures[a.Figure] = f
		t.order = append(t.order, a.Figure)
	}
	f.guessed = f.guessed || a.Inferred
	for _, c := range a.Claims {
		if !slices.ContainsFunc(f.claims, func(have graph.Claim) bool { return have.ID == c.ID }) {
			f.claims = append(f.claims, c)
		}
	}
}

// list notes what a summand leaves out: itself, or those of its claims that were not preferred.
func (s *summing) list(t *pile, f *summand) {
	for _, c := range f.claims {
		reason := f.dropped
		switch {
		case c.Rank == graph.Deprecated:
			continue // supports nothing
		case c.ConvertedFrom != "":
			reason = "a conversion printed in the document"
			if original, ok := s.counted[c.ConvertedFrom]; ok {
				reason += "; " + original + " is counted"
			}
		case f.dropped == "" && c.ID == f.best.ID:
			continue
		case f.dropped == "" && t.measure.Conflict(f.best, c):
			reason = "disputed; " + s.amount(t, f.best).Plain() + " is preferred"
		case f.dropped == "":
			reason = "the same figure; " + s.amount(t, f.best).Plain() + " is counted"
		}
		s.leave(t, f, c, reason)
	}
}

func (s *summing) leave(t *pile, f *summand, c graph.Claim, reason string) {
	if f.dropped != "" && c.ConvertedFrom == "" && s.countedElsewhere(t, f) {
		for _, k := range t.keys {
			reason += ", under " + k.Plain()
		}
	}
	l := LeftOut{What: s.w.entity(f.figure), Amount: s.amount(t, c), Claim: Value{Term: c.ID, Label: shortID(c.ID)}, Reason: reason}
	if k := string(c.ID) + "\x00" + reason; !s.listed[k] { // the same amount stands in several piles
		s.listed[k] = true
		s.leftOut = append(s.leftOut, l)
	}
}

// countedElsewhere says whether the figure is added under other keys.
func (s *summing) countedElsewhere(t *pile, f *summand) bool {
	for _, other := range s.piles {
		if g := other.figures[f.figure]; other != t && g != nil && g.dropped == "" && other.measure == t.measure {
			return true
		}
	}
	return false
}

func (s *summing) amount(t *pile, c graph.Claim) Value {
	return ClaimedQuantity(s.w.schema, t.measure.Unit, c)
}

// total adds up what is left.
func (s *summing) total() ([]Total, error) {
	var totals []Total
	for _, t := range s.piles {
		sum := Total{Keys: t.keys, Measure: t.measure.IRI}
		low, high, ranged := int64(0), int64(0), false
		var hedges []quad.IRI
		inferred := false
		for _, id := range t.order {
			f := t.figures[id]
			if f.dropped != "" {
				continue
			}
			n := int64(f.best.Object.(quad.Int))
			up := n
			if u, ok := f.best.UpTo.(quad.Int); ok {
				up, ranged = int64(u), true
			}
			var ok1, ok2 bool
			low, ok1 = plus(low, n)
			high, ok2 = plus(high, up)
			if !ok1 || !ok2 {
				return nil, &graph.Problem{
					Want:  fmt.Sprintf("a sum of at most %d in the base unit", int64(math.MaxInt64)),
					Found: "more, at " + s.w.name(id), Hint: "ask for fewer figures at once",
				}
			}
			hedges = append(hedges, f.best.Qualifier)
			inferred = inferred || f.guessed || f.best.Basis == graph.Inferred
			sum.Parts = append(sum.Parts, Part{Figure: id, Claim: f.best})
		}
		if len(sum.Parts) == 0 {
			continue
		}
		sum.Amount = Quantity(s.w.schema, t.measure.Unit, low)
		sum.Amount.Qualifier, sum.Amount.Inferred = joinHedges(hedges), inferred
		if ranged && sum.Amount.Qualifier != graph.AtLeast { // a sum that is open upwards has no upper end
			sum.Amount.setUpTo(s.w.schema, high)
		}
		totals = append(totals, sum)
	}
	return totals, nil
}

// plus adds two numbers and says whether the result fits.
func plus(a, b int64) (int64, bool) {
	c := a + b
	return c, (c > a) == (b > 0)
}

// joinHedges is the hedge of a sum: none of none, the one that its parts share, else about. A part
// without a hedge weakens no other.
func joinHedges(hedges []quad.IRI) quad.IRI {
	var joined quad.IRI
	for _, h := range hedges {
		switch {
		case h == "" || h == joined:
		case joined == "":
			joined = h
		default:
			return graph.Approx
		}
	}
	return joined
}
