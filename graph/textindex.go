package graph

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"
	"strings"

	"github.com/cayleygraph/quad"
)

// A textIndex finds names and texts by what people type. It is a table of bytes, so that a store can keep
// it and nothing has to be read to open it: columns of numbers and of texts, each behind its length.
//
// Names, aliases and slugs are rows, sorted by entity. A typed text is looked for in all names at once,
// one after the other in memory; misspelt words among the different words, which are few; misspelt names
// among those of about the same length that have nearly the same letters.
type textIndex struct {
	ids           texts  // every entity that has a row, sorted
	entity        column // of a row: place in ids
	kinds         []byte // of a row
	spellings     column // of a row's key: four numbers each
	keys, names   texts  // of a row: the folded name, the name
	byKey         column // rows sorted by key
	words         texts  // every different folded word of the names, sorted
	wordSpellings column // four numbers each
	rowsOf        column // rows that have a word, word after word
	rowsFrom      column // where those of a word begin, and the end
	wordsOf       column // words that a row has, row after row
	wordsFrom     column // where those of a row begin, and the end
	said          column // of a text about an entity: place in ids
	saidBy        column // its predicate
	saidKeys      texts  // folded
	saidTexts     texts
	predicates    texts
	rows, spoken  int
}

// The kinds of row, the better ones first.
const (
	rowName byte = iota
	rowAlias
	rowSlug      // of an entity that has a name
	rowOtherSlug // of one that has only aliases
)

// column is a list of numbers.
type column []byte

func (c column) at(i int) int { return int(binary.LittleEndian.Uint32(c[4*i:])) }
func (c column) len() int     { return len(c) / 4 }

// spelling returns one of a list of spellings.
func (c column) spelling(i int) spelling {
	return spelling{binary.LittleEndian.Uint64(c[16*i:]), binary.LittleEndian.Uint64(c[16*i+8:])}
}

// A spelling is the set of letters of a word, and the set of pairs of letters that stand side by side.
// Two of them may be taken for one.
type spelling struct{ letters, pairs uint64 }

func spellingOf(word string) spelling {
	var s spelling
	before := rune(0)
	for i, r := range word {
		s.letters |= 1 << (uint(r) % 64)
		if i > 0 {
			s.pairs |= 1 << ((uint(before)*31 + uint(r)) % 64)
		}
		before = r
	}
	return s
}

// texts is a list of texts.
type texts struct {
	from column
	all  []byte
}

func (t texts) at(i int) []byte { return t.all[t.from.at(i):t.from.at(i+1)] }
func (t texts) len() int        { return max(0, t.from.len()-1) }

// find returns the place of the first text that is not less than the given one.
func (t texts) find(text string) int {
	return sort.Search(t.len(), func(i int) bool { return string(t.at(i)) >= text })
}

// holding returns the text that the byte at a place belongs to.
func (t texts) holding(at int) int {
	return sort.Search(t.len(), func(i int) bool { return t.from.at(i+1) > at })
}

// textIndexMagic begins an index; another number is another layout.
const textIndexMagic = "kgtext1\n"

// parts lists the columns in the order in which they are stored.
func (ix *textIndex) parts() []*[]byte {
	var list []*[]byte
	for _, t := range []*texts{&ix.ids, &ix.keys, &ix.names, &ix.words, &ix.saidKeys, &ix.saidTexts, &ix.predicates} {
		list = append(list, (*[]byte)(&t.from), &t.all)
	}
	for _, c := range []*column{
		&ix.entity, &ix.spellings, &ix.byKey, &ix.wordSpellings, &ix.rowsOf, &ix.rowsFrom, &ix.wordsOf, &ix.wordsFrom, &ix.said, &ix.saidBy,
	} {
		list = append(list, (*[]byte)(c))
	}
	return append(list, &ix.kinds)
}

// readTextIndex reads an index. It may panic on bytes that are damaged, as the methods may.
func readTextIndex(text []byte) (ix textIndex, ok bool) {
	rest, ok := bytes.CutPrefix(text, []byte(textIndexMagic))
	if !ok {
		return ix, false
	}
	for _, part := range ix.parts() {
		n := binary.LittleEndian.Uint64(rest)
		rest = rest[8:]
		*part, rest = rest[:n:n], rest[n:]
	}
	ix.rows, ix.spoken = len(ix.kinds), ix.said.len()
	return ix, true
}

func (ix *textIndex) id(i int) quad.IRI { return quad.IRI(ix.ids.at(i)) }

// row returns what a search needs to know of a row.
func (ix *textIndex) row(i int) (id quad.IRI, kind byte, key, text string) {
	return ix.id(ix.entity.at(i)), ix.kinds[i], string(ix.keys.at(i)), string(ix.names.at(i))
}

// nameOf returns the name of an entity, or "".
func (ix *textIndex) nameOf(id quad.IRI) string {
	n := ix.ids.find(string(id))
	if n == ix.ids.len() || string(ix.ids.at(n)) != string(id) {
		return ""
	}
	i := sort.Search(ix.rows, func(i int) bool { return ix.entity.at(i) >= n })
	if i == ix.rows || ix.entity.at(i) != n || ix.kinds[i] != rowName {
		return ""
	}
	return string(ix.names.at(i))
}

// exactly lists the entities with this key as name, alias or slug, sorted.
func (ix *textIndex) exactly(kind byte, key string) []quad.IRI {
	var ids []quad.IRI
	i := sort.Search(ix.byKey.len(), func(i int) bool { return string(ix.keys.at(ix.byKey.at(i))) >= key })
	for ; i < ix.byKey.len() && string(ix.keys.at(ix.byKey.at(i))) == key; i++ {
		if row := ix.byKey.at(i); ix.kinds[row] == kind {
			ids = append(ids, ix.id(ix.entity.at(row)))
		}
	}
	return slices.Compact(ids)
}

// wordsIn lists the folded words of a row.
func (ix *textIndex) wordsIn(row int) []string {
	var words []string
	for i := ix.wordsFrom.at(row); i < ix.wordsFrom.at(row+1); i++ {
		words = append(words, string(ix.words.at(ix.wordsOf.at(i))))
	}
	return words
}

// candidates lists every row that fits a text in any way, of rows no worse than a kind, and others that
// nearly do, sorted. A worse row that has just the key is among them.
func (ix *textIndex) candidates(key string, words []string, worst byte) []int {
	found := map[int]bool{}
	for at := 0; at < len(ix.keys.all); { // the key as part of a name
		i := bytes.Index(ix.keys.all[at:], []byte(key))
		if i < 0 {
			break
		}
		at += i
		row := ix.keys.holding(at)
		if end := ix.keys.from.at(row + 1); at+len(key) <= end {
			found[row] = true
			at = end
		} else {
			at++
		}
	}
	spelled, slips := spellingOf(key), newSlipCounter(key)
	end := 0
	for row := range ix.rows { // a name that is spelled like the key
		start := end
		end = ix.keys.from.at(row + 1)
		if !nearlyAsLong(len(key), end-start) {
			continue
		}
		if ix.kinds[row] <= worst && nearlySpelled(len(key), spelled, end-start, ix.spellings.spelling(row)) && slips.typo(ix.keys.all[start:end]) > 0 {
			found[row] = true
		}
	}
	ix.withWords(words, found)
	rows := make([]int, 0, len(found))
	for row := range found {
		rows = append(rows, row)
	}
	slices.Sort(rows)
	return rows
}

// nearlySpelled says whether two words can be the same but for a few slips: each slip changes the length
// by one letter at most, takes one letter and two pairs away at most, and brings as many. Lengths are in
// bytes, as in typo.
func nearlySpelled(n int, a spelling, m int, b spelling) bool {
	allowed := min(n, m) / 4
	return nearlyAsLong(n, m) &&
		bits.OnesCount64(a.letters&^b.letters) <= allowed && bits.OnesCount64(b.letters&^a.letters) <= allowed &&
		bits.OnesCount64(a.pairs&^b.pairs) <= 2*allowed && bits.OnesCount64(b.pairs&^a.pairs) <= 2*allowed
}

// saying calls yield with the texts that contain a key.
func (ix *textIndex) saying(key string, yield func(id, predicate quad.IRI, text string)) {
	for at := 0; at < len(ix.saidKeys.all); {
		i := bytes.Index(ix.saidKeys.all[at:], []byte(key))
		if i < 0 {
			return
		}
		at += i
		n := ix.saidKeys.holding(at)
		end := ix.saidKeys.from.at(n + 1)
		if at+len(key) > end {
			at++
			continue
		}
		yield(ix.id(ix.said.at(n)), quad.IRI(ix.predicates.at(ix.saidBy.at(n))), strings.Clone(string(ix.saidTexts.at(n))))
		at = end
	}
}

// nearlyAsLong says whether the lengths of two words leave room for slips alone.
func nearlyAsLong(n, m int) bool {
	shorter := min(n, m)
	allowed := shorter / 4
	return allowed > 0 && max(n, m)-shorter <= allowed
}
