package graph

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"
)

// A Document is what the choice between claims needs to know of a source.
type Document struct {
	Kind   quad.IRI // kg:kind/primary
	Issued Date
}

// Prefer chooses the one claim on a figure that stands for the others where a single number is
// needed, and names the rule that decided between it and the runner-up. Nothing is dropped: the
// others are still there. It returns the zero Claim for none.
func Prefer(claims []Claim, document func(quad.IRI) Document) (best Claim, rule string) {
	if len(claims) == 0 {
		return Claim{}, ""
	}
	sorted := slices.Clone(claims)
	slices.SortStableFunc(sorted, func(a, b Claim) int {
		order, _ := comparePreferred(a, b, document)
		return order
	})
	if len(sorted) == 1 {
		return sorted[0], "the only claim"
	}
	_, rule = comparePreferred(sorted[0], sorted[1], document)
	return sorted[0], rule
}

// comparePreferred orders two claims, the better first, and says by which rule.
func comparePreferred(a, b Claim, document func(quad.IRI) Document) (order int, rule string) {
	da, db := document(a.Source), document(b.Source)
	for _, r := range []struct {
		name  string
		order int
	}{
		{"not deprecated", boolOrder(a.Rank != Deprecated, b.Rank != Deprecated)},
		{"preferred by the editors", boolOrder(a.Rank == Preferred, b.Rank == Preferred)},
		{"gives a number", boolOrder(!missing(a), !missing(b))},
		{"stated, not inferred", boolOrder(a.Basis != Inferred, b.Basis != Inferred)},
		{"printed, not converted", boolOrder(a.ConvertedFrom == "", b.ConvertedFrom == "")},
		{"kind of document", cmp.Compare(documentRank(da.Kind), documentRank(db.Kind))},
		{"unhedged", boolOrder(a.Qualifier == "", b.Qualifier == "")},
		{"more significant digits", cmp.Compare(significantDigits(b), significantDigits(a))},
		{"published later", laterFirst(da.Issued, db.Issued)},
	} {
		if r.order != 0 {
			return r.order, r.name
		}
	}
	return strings.Compare(string(a.ID), string(b.ID)), "claim id"
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// documentRank ranks the kinds of document, the most trusted first; other kinds stand last.
func documentRank(kind quad.IRI) int {
	order := [...]quad.IRI{
		KindPrimary, "kg:kind/republished", "kg:kind/court-or-parliament", "kg:kind/press", "kg:kind/aggregator", "kg:kind/weak-host",
	}
	if i := slices.Index(order[:], kind); i >= 0 {
		return i
	}
	return len(order)
}

func laterFirst(a, b Date) int {
	if a.IsZero() || b.IsZero() {
		return a.Compare(b) // undated last
	}
	return b.Compare(a)
}

// significantDigits counts the digits of a claim's number that carry information.
func significantDigits(c Claim) int {
	n, ok := c.Object.(quad.Int)
	if !ok {
		return 0
	}
	digit := c.LastDigit
	if digit == 0 {
		digit = shownDigit(n)
	}
	return len(strings.TrimPrefix(strconv.FormatInt(int64(n)/digit, 10), "-"))
}
