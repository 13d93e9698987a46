package graph

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph/snapshot"
)

// An entityTexts is what is to be found of one entity.
type entityTexts struct {
	id    quad.IRI
	names []nameEntry
	texts []textEntry
}

// A nameEntry is one name, alias or slug of an entity.
type nameEntry struct {
	kind      byte
	text, key string // key: folded
	words     []string
}

// A textEntry is a text about an entity.
type textEntry struct {
	predicate quad.IRI
	text, key string
}

func (e *entityTexts) name(kind byte, text string) {
	e.names = append(e.names, nameEntry{kind: kind, text: text})
}

func (e *entityTexts) said(predicate quad.IRI, text string) {
	e.texts = append(e.texts, textEntry{predicate: predicate, text: text})
}

// finish adds the slug of what has a name, sorts, and makes the keys. It says whether there is anything.
func (e *entityTexts) finish() bool {
	if len(e.names) > 0 {
		kind := rowOtherSlug
		if slices.ContainsFunc(e.names, func(n nameEntry) bool { return n.kind == rowName }) {
			kind = rowSlug
		}
		if slug := SlugOf(e.id); slug != "" {
			e.name(kind, slug)
		}
	}
	slices.SortFunc(e.names, func(a, b nameEntry) int { return cmp.Or(cmp.Compare(a.kind, b.kind), strings.Compare(a.text, b.text)) })
	e.names = slices.CompactFunc(e.names, func(a, b nameEntry) bool { return a.kind == b.kind && a.text == b.text })
	slices.SortFunc(e.texts, func(a, b textEntry) int {
		return cmp.Or(strings.Compare(string(a.predicate), string(b.predicate)), strings.Compare(a.text, b.text))
	})
	e.texts = slices.CompactFunc(e.texts, func(a, b textEntry) bool { return a.predicate == b.predicate && a.text == b.text })
	for i := range e.names {
		n := &e.names[i]
		n.key, n.words = Fold(n.text), foldWords(n.text)
	}
	for i := range e.texts {
		e.texts[i].key = Fold(e.texts[i].text)
	}
	return len(e.names)+len(e.texts) > 0
}

// A textIndexer writes an index of entities that come in order. It holds the keys of the rows and the
// different words in memory, some fifty bytes a name; everything else goes to the spool.
type textIndexer struct {
	ids, names, saidKeys, saidTexts textPile
	entity, spellings               pile
	said, kinds                     pile
	keys                            texts
	words                           wordList
	wordsOf                         []uint32 // row after row, in the numbers of the list
	wordsFrom                       []uint32 // where those of a row begin, and the end
	predicates                      []string
	predicateOf                     map[quad.IRI]uint32
	saidBy                          []uint32
	rows, entities                  int
}

// A textPile is a list of texts.
type textPile struct{ from, all pile }

func (t *textPile) add(text string) {
	if t.from.size == 0 {
		t.from.number(0)
	}
	t.all.add([]byte(text)...)
	t.from.number(int(t.all.size))
}

// newTextIndexer makes an indexer; without a spool all is kept in memory.
func newTextIndexer(s *spool) *textIndexer {
	ix := &textIndexer{predicateOf: map[quad.IRI]uint32{}, words: wordList{seed: maphash.MakeSeed()}, wordsFrom: []uint32{0}}
	for _, t := range []*textPile{&ix.ids, &ix.names, &ix.saidKeys, &ix.saidTexts} {
		t.from.spool, t.all.spool = s, s
	}
	for _, p := range []*pile{&ix.entity, &ix.spellings, &ix.said, &ix.kinds} {
		p.spool = s
	}
	return ix
}

// add takes the next entity.
func (ix *textIndexer) add(e *entityTexts) {
	ix.ids.add(string(e.id))
	for _, n := range e.names {
		ix.entity.number(ix.entities)
		ix.kinds.add(n.kind)
		ix.spellings.add(spellingOf(n.key).bytes()...)
		ix.keys.add(n.key)
		ix.names.add(n.text)
		for _, word := range n.words {
			ix.wordsOf = append(ix.wordsOf, ix.words.number(word))
		}
		ix.wordsFrom = append(ix.wordsFrom, uint32(len(ix.wordsOf)))
		ix.rows++
	}
	for _, t := range e.texts {
		p, ok := ix.predicateOf[t.predicate]
		if !ok {
			p = uint32(len(ix.predicates))
			ix.predicateOf[t.predicate] = p
			ix.predicates = append(ix.predicates, string(t.predicate))
		}
		ix.said.number(ix.entities)
		ix.saidBy = append(ix.saidBy, p)
		ix.saidKeys.add(t.key)
		ix.saidTexts.add(t.text)
	}
	ix.entities++
}

func (s spelling) bytes() []byte {
	b := make([]byte, 0, 16)
	b = binary.LittleEndian.AppendUint64(b, s.letters)
	return binary.LittleEndian.AppendUint64(b, s.pairs)
}

func (c *column) add(n int) { *c = binary.LittleEndian.AppendUint32(*c, uint32(n)) }

func (t *texts) add(text string) {
	if len(t.from) == 0 {
		t.from.add(0)
	}
	t.all = append(t.all, text...)
	t.from.add(len(t.all))
}

// writeTo writes the index: nothing where a column is longer than its numbers reach.
func (ix *textIndexer) writeTo(w io.Writer) error {
	words, wordAt := ix.words.sorted()
	var predicates texts
	order := slices.Sorted(slices.Values(ix.predicates))
	predicateAt := make([]uint32, len(order))
	for i, p := range order {
		predicates.add(p)
		predicateAt[ix.predicateOf[quad.IRI(p)]] = uint32(i)
	}
	for i, p := range ix.saidBy {
		ix.saidBy[i] = predicateAt[p]
	}
	for i, n := range ix.wordsOf {
		ix.wordsOf[i] = wordAt[n]
	}
	rowsOf, rowsFrom := ix.rowsOfWords(words.len())
	var spellings column
	for i := range words.len() {
		spellings = append(spellings, spellingOf(string(words.at(i))).bytes()...)
	}
	parts := []part{
		&ix.ids.from, &ix.ids.all, held(ix.keys.from), held(ix.keys.all), &ix.names.from, &ix.names.all,
		held(words.from), held(words.all), &ix.saidKeys.from, &ix.saidKeys.all, &ix.saidTexts.from, &ix.saidTexts.all,
		held(predicates.from), held(predicates.all),
		&ix.entity, &ix.spellings, numbers(snapshot.SortTexts(ix.rows, ix.keys.at)), held(spellings),
		numbers(rowsOf), numbers(rowsFrom), numbers(ix.wordsOf), numbers(ix.wordsFrom), &ix.said, numbers(ix.saidBy), &ix.kinds,
	}
	for _, p := range parts {
		if p.length() > 1<<31 {
			return nil
		}
	}
	if _, err := io.WriteString(w, textIndexMagic); err != nil {
		return err //nolint:wrapcheck // says what it was doing
	}
	for _, p := range parts {
		if _, err := w.Write(binary.LittleEndian.AppendUint64(nil, uint64(p.length()))); err != nil {
			return err //nolint:wrapcheck // says what it was doing
		}
		if err := p.copyTo(w); err != nil {
			return err
		}
	}
	return nil
}

// rowsOfWords lists the rows of each word, each once, word after word.
func (ix *textIndexer) rowsOfWords(words int) (rows, from []uint32) {
	from = make([]uint32, words+1)
	last := make([]uint32, words) // the row, counted from 1, in which a word was last
	each := func(do func(row, word uint32)) {
		clear(last)
		for row := range uint32(ix.rows) {
			for _, w := range ix.wordsOf[ix.wordsFrom[row]:ix.wordsFrom[row+1]] {
				if last[w] != row+1 {
					last[w] = row + 1
					do(row, w)
				}
			}
		}
	}
	each(func(_, w uint32) { from[w+1]++ })
	for w := range words {
		from[w+1] += from[w]
	}
	rows = make([]uint32, from[words])
	next := slices.Clone(from)
	each(func(row, w uint32) {
		rows[next[w]] = row
		next[w]++
	})
	return rows, from
}

// newTextIndex makes an index of entities that are at hand, in order.
func newTextIndex(entities []entityTexts) *textIndex {
	build := newTextIndexer(nil)
	for i := range entities {
		build.add(&entities[i])
	}
	var b bytes.Buffer
	_ = build.writeTo(&b) // nothing but memory is written to
	ix, ok := readTextIndex(b.Bytes())
	if !ok {
		return &textIndex{} // more than its numbers reach
	}
	return &ix
}
