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

// A textEntry is a text about an entity.
type textEntry struct {
	id, predicate quad.IRI
	text, key     string
}

// Search lists entities whose name, alias, slug, or a text about them fits, the best first: by kind of
// fit, names before aliases, then by name and id. Misspelt words fit as well. A limit of 0 is none.
func (s *Store) Search(ctx context.Context, text string, limit int) ([]Hit, error) {
	key := Fold(text)
	if key == "" {
		return nil, nil
	}
	ix, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	words := foldWords(text)
	best := map[quad.IRI]ranked{}
	consider := func(id quad.IRI, r ranked) {
		if old, ok := best[id]; !ok || r.compare(old) < 0 {
			best[id] = r
		}
	}
	for _, e := range ix.entries {
		field := Name
		if e.alias {
			field = AltLabel
		}
		if how, distance, ok := fit(key, words, e.key, e.text); ok {
			consider(e.id, ranked{how: how, distance: distance, alias: e.alias, matched: e.text, field: field})
		}
		if slug := SlugOf(e.id); !e.alias && Fold(slug) == key {
			consider(e.id, ranked{how: MatchExact, alias: true, matched: slug})
		}
	}
	texts, err := s.texts(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		if strings.Contains(t.key, key) {
			consider(t.id, ranked{how: MatchText, matched: t.text, field: t.predicate})
		}
	}
	return s.hits(ctx, best, limit)
}

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

func (s *Store) hits(ctx context.Context, best map[quad.IRI]ranked, limit int) ([]Hit, error) {
	type found struct {
		ranked
		Candidate
	}
	list := make([]found, 0, len(best))
	for id, r := range best {
		name, err := s.NameOf(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, found{r, Candidate{ID: id, Name: name}})
	}
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.how, b.how), cmp.Compare(a.distance, b.distance), boolOrder(!a.alias, !b.alias),
			strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
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

// fit says how the wanted text fits a name; distance counts the letters that differ in a typo.
func fit(key string, words []string, nameKey, name string) (how MatchKind, distance int, ok bool) {
	switch {
	case nameKey == key:
		return MatchExact, 0, true
	case strings.HasPrefix(nameKey, key):
		return MatchPrefix, 0, true
	}
	nameWords := foldWords(name)
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

// foldWords folds each word of a text.
func foldWords(text string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n-/,.()'’&", r) }) {
		if key := Fold(w); key != "" {
			words = append(words, key)
		}
	}
	return words
}

// texts returns the texts about entities, and gathers them at the first call: literals that are no
// names, in facts and in what claims say about them.
func (s *Store) texts(ctx context.Context) ([]textEntry, error) {
	s.lookup.Lock()
	defer s.lookup.Unlock()
	if s.lookup.texts != nil {
		return s.lookup.texts, nil
	}
	texts := []textEntry{}
	about := map[quad.IRI]quad.IRI{} // claim → subject
	var onClaims []textEntry
	for q, err := range s.Match(ctx, Pattern{}) {
		if err != nil {
			return nil, err
		}
		subject, ok := q.Subject.(quad.IRI)
		if !ok || q.Label == SchemaIn || q.Predicate == Name || q.Predicate == AltLabel {
			continue
		}
		if label, _ := q.Label.(quad.IRI); IsClaim(label) {
			about[label] = subject
		}
		text := textOf(q.Object)
		if text == "" || IsDerivation(subject) {
			continue
		}
		predicate, _ := q.Predicate.(quad.IRI)
		t := textEntry{id: subject, predicate: predicate, text: text, key: Fold(text)}
		if IsClaim(subject) {
			onClaims = append(onClaims, t)
		} else {
			texts = append(texts, t)
		}
	}
	for _, t := range onClaims {
		if subject, ok := about[t.id]; ok {
			t.id = subject
			texts = append(texts, t)
		}
	}
	slices.SortFunc(texts, func(a, b textEntry) int {
		return cmp.Or(strings.Compare(string(a.id), string(b.id)), strings.Compare(string(a.predicate), string(b.predicate)), strings.Compare(a.text, b.text))
	})
	s.lookup.texts = texts
	return texts, nil
}

// like lists the entities of the classes that are most like a text, for "did you mean".
func (s *Store) like(ctx context.Context, text string, wanted []*Class) ([]Candidate, error) {
	ix, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	key, words := Fold(text), foldWords(text)
	best := map[quad.IRI]ranked{}
	for _, e := range ix.entries {
		for i, candidate := range []string{e.text, SlugOf(e.id)} {
			how, distance, ok := fit(key, words, Fold(candidate), candidate)
			if !ok || !telling(key, how) {
				continue
			}
			r := ranked{how: how, distance: distance, alias: e.alias || i > 0, matched: candidate}
			if old, known := best[e.id]; !known || r.compare(old) < 0 {
				best[e.id] = r
			}
		}
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

func compareEntries(a, b nameEntry) int {
	return cmp.Or(strings.Compare(string(a.id), string(b.id)), boolOrder(!a.alias, !b.alias), strings.Compare(a.text, b.text))
}
