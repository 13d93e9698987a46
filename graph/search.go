package graph

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/cayleygraph/quad"
)

// A Hit is an entity that a search found.
type Hit struct {
	Candidate
	Class   *Class    // nil where it has none
	How     MatchKind // how the text fits
	Matched string    // the name, alias, slug or text that it fits
	Field   quad.IRI  // the predicate of Matched; "" for the slug
}

// MatchKind is how a text fits; a lower one is a better fit.
type MatchKind int

// The ways to fit.
const (
	MatchExact  MatchKind = iota // the whole name, alias or slug
	MatchPrefix                  // the start of it
	MatchWords                   // the starts of its words, in any order
	MatchPart                    // any part of it
	MatchTypo                    // the name, or one of its words, but for a few letters
	MatchText                    // part of a text about the entity
)

var matchKinds = [...]string{"exact", "prefix", "words", "part", "typo", "text"} //nolint:gochecknoglobals // names of constants

// String returns the word for the kind.
func (k MatchKind) String() string { return matchKinds[k] }

// Search lists entities whose name, alias, slug, or a text about them fits, the best first: by kind of
// fit, names before aliases, then by name and id. Misspelt words fit as well. A limit of 0 is none.
func (s *Store) Search(ctx context.Context, text string, limit int) ([]Hit, error) {
	hits, _, err := s.SearchFirst(ctx, text, limit)
	return hits, err
}

// SearchFirst is [Store.Search] that says how many hits there are in all, beyond the limit too.
func (s *Store) SearchFirst(ctx context.Context, text string, limit int) (hits []Hit, total int, err error) {
	key := Fold(text)
	if key == "" {
		return nil, 0, nil
	}
	best := map[quad.IRI]ranked{}
	consider := func(id quad.IRI, r ranked) {
		if old, ok := best[id]; !ok || r.compare(old) < 0 {
			best[id] = r
		}
	}
	words := foldWords(text)
	err = s.lookUp(ctx, withTexts, func(ix *textIndex) error {
		for n, row := range ix.candidates(key, words, rowAlias) {
			if n%checkRows == 0 && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			id, kind, rowKey, rowText := ix.row(row)
			switch {
			case kind == rowSlug && rowKey == key:
				consider(id, ranked{how: MatchExact, alias: true, matched: rowText})
			case kind == rowSlug, kind == rowOtherSlug: // a part of one is no name
			default:
				if how, distance, ok := fit(key, words, rowKey, func() []string { return ix.wordsIn(row) }); ok {
					field := Name
					if kind == rowAlias {
						field = AltLabel
					}
					consider(id, ranked{how: how, distance: distance, alias: kind == rowAlias, matched: rowText, field: field})
				}
			}
		}
		ix.saying(key, func(id, predicate quad.IRI, text string) {
			consider(id, ranked{how: MatchText, matched: text, field: predicate})
		})
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	hits, err = s.hits(ctx, best, limit)
	return hits, len(best), err
}

// checkRows is how many rows pass between two looks at the context.
const checkRows = 1 << 12

// ranked is how an entity fits.
type ranked struct {
	how      MatchKind
	distance int
	alias    bool
	matched  string
	field    quad.IRI
}

func (r ranked) compare(o ranked) int {
	return cmp.Or(cmp.Compare(r.how, o.how), cmp.Compare(r.distance, o.distance), boolOrder(!r.alias, !o.alias),
		strings.Compare(r.matched, o.matched), strings.Compare(string(r.field), string(o.field)))
}

// hits puts what was found in order. Names are read only of what may stand within the limit.
func (s *Store) hits(ctx context.Context, best map[quad.IRI]ranked, limit int) ([]Hit, error) {
	type found struct {
		ranked
		Candidate
	}
	list := make([]found, 0, len(best))
	for id, r := range best {
		list = append(list, found{r, Candidate{ID: id}})
	}
	byFit := func(a, b found) int {
		return cmp.Or(cmp.Compare(a.how, b.how), cmp.Compare(a.distance, b.distance), boolOrder(!a.alias, !b.alias))
	}
	if limit > 0 && len(list) > limit {
		slices.SortFunc(list, byFit)
		end := limit
		for end < len(list) && byFit(list[limit-1], list[end]) == 0 {
			end++
		}
		list = list[:end]
	}
	for i := range list {
		var err error
		if list[i].Name, err = s.NameOf(ctx, list[i].ID); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(byFit(a, b), strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
	})
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	hits := make([]Hit, len(list))
	for i, f := range list {
		classes, err := s.ClassesOf(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		hits[i] = Hit{Candidate: f.Candidate, How: f.how, Matched: f.matched, Field: f.field}
		if len(classes) > 0 {
			hits[i].Class = classes[0]
		}
	}
	return hits, nil
}

// fit says how the wanted text fits a name, of which the folded words are asked for only where they
// matter; distance counts the letters that differ in a typo.
func fit(key string, words []string, nameKey string, wordsOf func() []string) (how MatchKind, distance int, ok bool) {
	switch {
	case nameKey == key:
		return MatchExact, 0, true
	case strings.HasPrefix(nameKey, key):
		return MatchPrefix, 0, true
	}
	nameWords := wordsOf()
	if allOf(words, nameWords, strings.HasPrefix) {
		return MatchWords, 0, true
	}
	if strings.Contains(nameKey, key) {
		return MatchPart, 0, true
	}
	if d := typo(key, nameKey); d > 0 {
		return MatchTypo, d, true
	}
	sum := 0
	near := allOf(words, nameWords, func(nameWord, word string) bool {
		if strings.HasPrefix(nameWord, word) {
			return true
		}
		d := typo(word, nameWord)
		sum += d
		return d > 0
	})
	return MatchTypo, sum + 1, near && sum > 0
}

// allOf says whether each word fits one of the name's.
func allOf(words, nameWords []string, fits func(nameWord, word string) bool) bool {
	if len(words) == 0 {
		return false
	}
	for _, w := range words {
		if !slices.ContainsFunc(nameWords, func(n string) bool { return fits(n, w) }) {
			return false
		}
	}
	return true
}

// typo counts the letters in which two folded words differ; 0 means too many to be a slip. One slip is
// forgiven in words of four letters, and one more for every four letters more.
func typo(a, b string) int {
	shorter := min(len(a), len(b))
	allowed := shorter / 4
	if allowed == 0 || max(len(a), len(b))-shorter > allowed {
		return 0
	}
	if d := levenshtein.ComputeDistance(a, b); d <= allowed {
		return d
	}
	return 0
}

// partsWords says whether a character stands between words.
func partsWords(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '-', '/', ',', '.', '(', ')', '\'', '’', '&':
		return true
	default:
		return false
	}
}

// foldWords folds each word of a text.
func foldWords(text string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(text, partsWords) {
		if key := Fold(w); key != "" {
			words = append(words, key)
		}
	}
	return words
}

// like lists the entities of the classes that are most like a text, for "did you mean".
func (s *Store) like(ctx context.Context, text string, wanted []*Class) ([]Candidate, error) {
	key, words := Fold(text), foldWords(text)
	if key == "" {
		return nil, nil
	}
	best := map[quad.IRI]ranked{}
	err := s.lookUp(ctx, namesAlone, func(ix *textIndex) error {
		for _, row := range ix.candidates(key, words, rowOtherSlug) {
			id, kind, rowKey, rowText := ix.row(row)
			how, distance, ok := fit(key, words, rowKey, func() []string { return ix.wordsIn(row) })
			if !ok || !telling(key, how) {
				continue
			}
			r := ranked{how: how, distance: distance, alias: kind != rowName, matched: rowText}
			if old, known := best[id]; !known || r.compare(old) < 0 {
				best[id] = r
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for id := range best {
		ids, err := s.ofClass(ctx, []quad.IRI{id}, wanted)
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			delete(best, id)
		}
	}
	hits, err := s.hits(ctx, best, suggested)
	if err != nil {
		return nil, err
	}
	var list []Candidate
	for _, h := range hits {
		first, r := best[hits[0].ID], best[h.ID]
		if r.how == first.how && r.distance == first.distance {
			list = append(list, h.Candidate)
		}
	}
	return list, nil
}

// telling says whether a fit is worth proposing: a letter or two stand in too many names.
func telling(key string, how MatchKind) bool {
	switch utf8.RuneCountInString(key) {
	case 0, 1:
		return false
	case 2:
		return how == MatchPrefix
	default:
		return true
	}
}
