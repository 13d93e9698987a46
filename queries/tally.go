package queries

import (
	"strings"

	"github.com/cayleygraph/quad"
)

// tally counts the different things of a column. An unnamed group of agencies is not counted where a
// named agency of its place stands in a row that is otherwise the same: it may be that one.
func (q *Question) tally(w *world, t *Table) {
	at := q.column(q.Tally)
	if q.Tally == "" || at < 0 {
		return
	}
	var others []int // what makes rows alike: the keys but for the thing itself
	for i, c := range q.Columns {
		for _, name := range q.Group {
			if c.Name == name && i != at {
				others = append(others, i)
			}
		}
	}
	named := map[string]quad.IRI{} // place and other keys → a named agency
	for _, row := range t.Rows {
		for _, v := range row[at] {
			id, ok := v.Term.(quad.IRI)
			if !ok || v.Unnamed {
				continue
			}
			for _, country := range w.objects(id, "kg:country") {
				k := string(country) + "\x00" + key(row, others)
				if have, ok := named[k]; !ok || w.name(id) < w.name(have) {
					named[k] = id
				}
			}
		}
	}
	counted := map[string]bool{}
	for _, row := range t.Rows {
		for _, v := range row[at] {
			if beside, country := w.named(v, named, key(row, others)); beside != "" {
				t.LeftOut = append(t.LeftOut, LeftOut{
					What: v, Reason: "an unnamed group of " + w.name(country) + "; " + w.name(beside) + " is counted in the same role" + otherKeys(row, others),
				})
				continue
			}
			counted[v.key()] = true
		}
	}
	t.Tally = &Tally{Column: q.Tally, N: len(counted)}
}

// named returns the named agency beside which an unnamed group is not counted, and their place.
func (w *world) named(v Value, named map[string]quad.IRI, keys string) (beside, country quad.IRI) {
	id, ok := v.Term.(quad.IRI)
	if !ok || !v.Unnamed {
		return "", ""
	}
	for _, country := range w.objects(id, "kg:country") {
		if beside, ok := named[string(country)+"\x00"+keys]; ok {
			return beside, country
		}
	}
	return "", ""
}

// otherKeys tells in brackets in which row: " (EncroChat, cracked)".
func otherKeys(row []Cell, others []int) string {
	var words []string
	for _, i := range others {
		if text := row[i].Text(); text != "" {
			words = append(words, text)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}
