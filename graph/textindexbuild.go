package graph

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// A nameEntry is one name, alias or slug of an entity.
type nameEntry struct {
	id   quad.IRI
	kind byte
	text string
	key  string // folded
}

// A textEntry is a text about an entity.
type textEntry struct {
	id, predicate quad.IRI
	text, key     string
}

// gatherTexts finds the names of entities, and the texts about them: literals that are no names, in facts
// and in what claims say about them. Both lists are sorted.
func gatherTexts(quads iter.Seq2[quad.Quad, error]) (names []nameEntry, texts []textEntry, err error) {
	about := map[quad.IRI]quad.IRI{} // claim → subject
	var onClaims []textEntry
	named := map[quad.IRI]bool{} // whether by more than aliases
	for q, err := range quads {
		if err != nil {
			return nil, nil, err
		}
		subject, ok := q.Subject.(quad.IRI)
		if !ok {
			continue
		}
		text := textOf(q.Object)
		if q.Predicate == Name || q.Predicate == AltLabel {
			if text == "" {
				continue
			}
			kind := rowName
			if q.Predicate == AltLabel {
				kind = rowAlias
			}
			names = append(names, nameEntry{id: subject, kind: kind, text: text, key: Fold(text)})
			named[subject] = named[subject] || kind == rowName
			continue
		}
		if q.Label == SchemaIn {
			continue
		}
		if label, _ := q.Label.(quad.IRI); IsClaim(label) {
			about[label] = subject
		}
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
	for id, byName := range named {
		kind := rowSlug
		if !byName {
			kind = rowOtherSlug
		}
		if slug := SlugOf(id); slug != "" {
			names = append(names, nameEntry{id: id, kind: kind, text: slug, key: Fold(slug)})
		}
	}
	slices.SortFunc(names, func(a, b nameEntry) int {
		return cmp.Or(strings.Compare(string(a.id), string(b.id)), cmp.Compare(a.kind, b.kind), strings.Compare(a.text, b.text))
	})
	slices.SortFunc(texts, func(a, b textEntry) int {
		return cmp.Or(strings.Compare(string(a.id), string(b.id)), strings.Compare(string(a.predicate), string(b.predicate)), strings.Compare(a.text, b.text))
	})
	return slices.Compact(names), slices.Compact(texts), nil
}

func (c *column) add(n int) { *c = binary.LittleEndian.AppendUint32(*c, uint32(n)) }

func (c *column) addSpelling(s spelling) {
	*c = binary.LittleEndian.AppendUint64(*c, s.letters)
	*c = binary.LittleEndian.AppendUint64(*c, s.pairs)
}

func (t *texts) add(text string) {
	if len(t.from) == 0 {
		t.from.add(0)
	}
	t.all = append(t.all, text...)
	t.from.add(len(t.all))
}

// newTextIndex makes an index of sorted lists.
func newTextIndex(names []nameEntry, said []textEntry) *textIndex {
	ix := &textIndex{}
	var ids []string
	for _, e := range names {
		ids = append(ids, string(e.id))
	}
	for _, t := range said {
		ids = append(ids, string(t.id))
	}
	idOf := ix.ids.addAll(ids)
	wordsOf := make([][]string, len(names))
	var all []string
	for i, e := range names {
		wordsOf[i] = foldWords(e.text)
		all = append(all, wordsOf[i]...)
	}
	wordOf := ix.words.addAll(all)
	for w := range ix.words.len() {
		ix.wordSpellings.addSpelling(spellingOf(string(ix.words.at(w))))
	}
	ix.addRows(names, wordsOf, idOf, wordOf)
	var predicates []string
	for _, t := range said {
		predicates = append(predicates, string(t.predicate))
	}
	predicateOf := ix.predicates.addAll(predicates)
	for _, t := range said {
		ix.said.add(idOf[string(t.id)])
		ix.saidBy.add(predicateOf[string(t.predicate)])
		ix.saidKeys.add(t.key)
		ix.saidTexts.add(t.text)
	}
	ix.rows, ix.spoken = len(names), len(said)
	return ix
}

// addAll adds each of the texts once, sorted, and returns their places.
func (t *texts) addAll(list []string) map[string]int {
	slices.Sort(list)
	list = slices.Compact(list)
	places := make(map[string]int, len(list))
	for i, text := range list {
		places[text] = i
		t.add(text)
	}
	return places
}

func (ix *textIndex) addRows(names []nameEntry, wordsOf [][]string, idOf, wordOf map[string]int) {
	with := make([][]int, ix.words.len()) // rows that have a word
	ix.wordsFrom.add(0)
	for row, e := range names {
		ix.entity.add(idOf[string(e.id)])
		ix.kinds = append(ix.kinds, e.kind)
		ix.spellings.addSpelling(spellingOf(e.key))
		ix.keys.add(e.key)
		ix.names.add(e.text)
		for _, word := range wordsOf[row] {
			w := wordOf[word]
			ix.wordsOf.add(w)
			if list := with[w]; len(list) == 0 || list[len(list)-1] != row {
				with[w] = append(list, row)
			}
		}
		ix.wordsFrom.add(ix.wordsOf.len())
	}
	ix.rowsFrom.add(0)
	for _, rows := range with {
		for _, row := range rows {
			ix.rowsOf.add(row)
		}
		ix.rowsFrom.add(ix.rowsOf.len())
	}
	sorted := make([]int, len(names))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortStableFunc(sorted, func(a, b int) int { return strings.Compare(names[a].key, names[b].key) })
	for _, row := range sorted {
		ix.byKey.add(row)
	}
}
