package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"go.yaml.in/yaml/v3"

	"kg/graph"
)

// A Band says what a gram of something may fetch, in minor units of a currency, and until when.
type Band struct {
	Item        quad.IRI
	Currency    string
	From, Until graph.Date // zero: open
	Low, High   *big.Rat   // minor units a gram
	Reason      string     // where the numbers come from
}

type bandsYAML struct {
	Bands []struct {
		Item, Currency, Low, High, From, Until, Reason string
	}
}

// ParseBands reads what goods fetch. Every band has a reason; a number without one is no argument.
func ParseBands(file string, text []byte, schema *graph.Schema) ([]Band, error) {
	var y bandsYAML
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&y); err != nil && !errors.Is(err, io.EOF) {
		return nil, &graph.Problem{At: graph.Position{File: file}, Want: "a list of bands in YAML", Found: strings.ReplaceAll(err.Error(), "\n", " "), Err: err}
	}
	var problems graph.Problems
	var bands []Band
	for i, b := range y.Bands {
		fail := func(want, found string) {
			problems = append(problems, &graph.Problem{At: graph.Position{File: file}, Want: want, Found: fmt.Sprintf("%q in band %d, of %s", found, i+1, b.Item)})
		}
		band := Band{Item: quad.IRI("kg:" + b.Item), Currency: b.Currency, Reason: b.Reason}
		if c, ok := schema.ClassOf(band.Item); !ok || c.Name != "Item" {
			fail("an item like item/cocaine", b.Item)
		}
		unit, ok := schema.Unit(b.Currency)
		if !ok || unit.Measures != "money" {
			fail("a currency of the schema", b.Currency)
			continue
		}
		if band.Low, ok = perGram(b.Low, unit); !ok {
			fail("low: a price a gram like 12.5", b.Low)
		}
		if band.High, ok = perGram(b.High, unit); !ok {
			fail("high: a price a gram like 120", b.High)
		}
		if b.Reason == "" {
			fail("a reason", "")
		}
		for _, d := range []struct {
			text string
			to   *graph.Date
		}{{b.From, &band.From}, {b.Until, &band.Until}} {
			if d.text == "" {
				continue
			}
			date, err := graph.ParseDate(d.text)
			if err != nil {
				fail("a date like 2020", d.text)
			}
			*d.to = date
		}
		bands = append(bands, band)
	}
	return bands, problems.Join()
}

func perGram(text string, unit graph.Unit) (*big.Rat, bool) {
	r, ok := new(big.Rat).SetString(text)
	if !ok || r.Sign() <= 0 {
		return nil, false
	}
	return r.Mul(r, unit.Factor), true
}

// pricePerGram compares street value by mass with what such goods fetch. A figure of several kinds of
// goods passes if the price of one of them fits.
func pricePerGram(in *inspection) {
	for _, id := range in.subjects {
		if !in.isFigure(id) {
			continue
		}
		_, mass, ok := in.number(id, "kg:massGrams")
		if !ok || mass.Low == nil || mass.High == nil || mass.Low.Sign() <= 0 {
			continue
		}
		for _, p := range in.measures(id) {
			if p.Money != "streetValue" {
				continue
			}
			c, value, ok := in.number(id, p.IRI)
			if !ok || value.Low == nil || value.High == nil {
				continue
			}
			price := graph.Interval{Low: new(big.Rat).Quo(value.Low, mass.High), High: new(big.Rat).Quo(value.High, mass.Low)}
			in.judgePrice(id, c, p.Unit, price)
		}
	}
}

func (in *inspection) judgePrice(id quad.IRI, c graph.Claim, currency string, price graph.Interval) {
	var low, high *big.Rat
	for _, b := range in.bandsFor(id, c, currency) {
		if price.High.Cmp(b.Low) >= 0 && price.Low.Cmp(b.High) <= 0 {
			return
		}
		if low == nil || b.Low.Cmp(low) < 0 {
			low = b.Low
		}
		if high == nil || b.High.Cmp(high) > 0 {
			high = b.High
		}
	}
	if low == nil {
		return // nobody has said what it fetches
	}
	middle := new(big.Rat).Add(price.Low, price.High)
	middle.Quo(middle, big.NewRat(2, 1))
	massClaim, _ := in.best(id, "kg:massGrams")
	in.report(c.ID, fmt.Sprintf("%s to %s a gram", in.inUnits(low, currency), in.inUnits(high, currency)),
		fmt.Sprintf("about %s: %s for %s%s of %s", in.inUnits(middle, currency), in.amount(c), in.amount(massClaim), in.where(massClaim.ID), short(id)))
}

// bandsFor lists the bands for a figure's goods at its time: of the goods themselves, else of the
// nearest wider goods that have one.
func (in *inspection) bandsFor(id quad.IRI, c graph.Claim, currency string) []Band {
	at := in.span(id)
	if at == (graph.Span{}) {
		at = graph.Span{From: in.document(c.Source).Issued, Until: in.document(c.Source).Issued}
	}
	var list []Band
	for _, item := range in.links(id, "kg:item") {
		for level := []quad.IRI{item}; len(level) > 0; {
			var next []quad.IRI
			found := false
			for _, it := range level {
				for _, b := range in.reviewed.Bands {
					if b.Item == it && b.Currency == currency && (graph.Span{From: b.From, Until: b.Until}).Overlaps(at) {
						list, found = append(list, b), true
					}
				}
				for _, wider := range in.links(it, graph.Broader) {
					if !slices.Contains(next, wider) {
						next = append(next, wider)
					}
				}
			}
			if found {
				break
			}
			level = next
		}
	}
	return list
}
