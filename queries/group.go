package queries

import (
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// A group is the records that become one row of the table.
type group struct {
	cells   []Cell
	records []record
}

// group brings together the records that agree in the columns of the head's group, or in all columns
// that the text fills. The groups stand in the order in which they are met.
func (q *Question) group(records []record) []*group {
	var keys []int
	for i, c := range q.Columns {
		if len(q.Group) == 0 && c.fromText() || slices.Contains(q.Group, c.Name) {
			keys = append(keys, i)
		}
	}
	var groups []*group
	byKey := map[string]*group{}
	for _, r := range records {
		k := key(r.cells, keys)
		g := byKey[k]
		if g == nil {
			g = &group{cells: make([]Cell, len(q.Columns))}
			for _, i := range keys {
				g.cells[i] = slices.Clone(r.cells[i])
			}
			byKey[k] = g
			groups = append(groups, g)
		}
		g.records = append(g.records, r)
	}
	return groups
}

// settle fills the columns that a group collects or prefers. A group whose preferred claims held at
// different times becomes several rows, one for each time.
func (q *Question) settle(w *world, g *group) []*group {
	for i, c := range q.Columns {
		if !slices.Contains(q.Collect, c.Name) {
			continue
		}
		var all Cell
		for _, r := range g.records {
			all = append(all, r.cells[i]...)
		}
		g.cells[i] = Cell{}.add(all...)
		w.sortCell(c, g.cells[i])
	}
	rows := []*group{g}
	for _, name := range q.Prefer {
		i := q.column(name)
		var next []*group
		for _, g := range rows {
			next = append(next, q.prefer(w, g, i)...)
		}
		rows = next
	}
	return rows
}

// prefer chooses, for column i, the value of the preferred claim; what contradicts it goes to the
// column disputed, what is a printed conversion to converted.
func (q *Question) prefer(w *world, g *group, i int) []*group {
	var rows []*group
	for rest := g.records; len(rest) > 0; {
		claims := claimsOf(rest)
		best, rule := graph.Prefer(claims, w.document)
		row := &group{cells: slices.Clone(g.cells)}
		var later []record
		for _, r := range rest {
			if len(r.claims) > 0 && !r.standsOn(best) && !slices.ContainsFunc(r.claims, func(c graph.Claim) bool { return c.Valid.Overlaps(best.Valid) }) {
				later = append(later, r)
				continue
			}
			row.records = append(row.records, r)
		}
		q.place(w, row, i, best, rule, len(claims) > 1)
		rows = append(rows, row)
		rest = later
	}
	return rows
}

// standsOn says whether the claim is one of those of the row's own fact.
func (r record) standsOn(claim graph.Claim) bool {
	return slices.ContainsFunc(r.claims, func(c graph.Claim) bool { return c.ID == claim.ID })
}

// place puts the preferred value and its rivals into the row's cells.
func (q *Question) place(w *world, row *group, i int, best graph.Claim, rule string, chosen bool) {
	// Its claims are listed first.
	slices.SortStableFunc(row.records, func(a, b record) int { return boolOrder(a.standsOn(best), b.standsOn(best)) })
	row.cells[i] = slices.Clone(row.records[0].cells[i])
	if chosen && len(row.cells[i]) > 0 {
		row.cells[i][0].Rule = rule
	}
	p, ok := w.schema.Predicate(best.Predicate)
	if !ok || q.Columns[i].Name != colAmount {
		return
	}
	disputed, converted := q.column(colDisputed), q.column(colConverted)
	agreeing := row.records[:0:0]
	for _, r := range row.records {
		switch {
		case len(r.claims) == 0 || r.standsOn(best):
			agreeing = append(agreeing, r)
		case r.claims[0].ConvertedFrom != "":
			row.put(converted, r.cells[i]...)
		case !p.Conflict(best, r.claims[0]):
			agreeing = append(agreeing, r)
		default:
			row.put(disputed, r.cells[i]...)
		}
	}
	row.records = agreeing
}

// put adds values to a column that the question may not have.
func (g *group) put(column int, values ...Value) {
	if column >= 0 {
		g.cells[column] = g.cells[column].add(values...)
	}
}

func claimsOf(records []record) []graph.Claim {
	var claims []graph.Claim
	seen := map[quad.IRI]bool{}
	for _, r := range records {
		for _, c := range r.claims {
			if !seen[c.ID] {
				seen[c.ID] = true
				claims = append(claims, c)
			}
		}
	}
	return claims
}

// foldConversions moves rows that a document merely converted (dollars beside pounds) into the
// column converted of the row they were converted from.
func (q *Question) foldConversions(rows []*group) []*group {
	converted, amount := q.column(colConverted), q.column(colAmount)
	if converted < 0 || amount < 0 {
		return rows
	}
	byClaim := map[quad.IRI][]*group{}
	for _, g := range rows {
		for _, r := range g.records {
			for _, c := range r.claims {
				byClaim[c.ID] = append(byClaim[c.ID], g)
			}
		}
	}
	return slices.DeleteFunc(rows, func(g *group) bool {
		var originals []*group
		for _, r := range g.records {
			for _, c := range r.claims {
				if c.ConvertedFrom == "" {
					return false
				}
				for _, o := range byClaim[c.ConvertedFrom] {
					if o != g && q.sameButAmount(o, g) && !slices.Contains(originals, o) {
						originals = append(originals, o)
					}
				}
			}
		}
		for _, o := range originals {
			o.put(converted, g.cells[amount]...)
		}
		return len(originals) > 0
	})
}

// sameButAmount says whether two rows have the same keys, but for the measure.
func (q *Question) sameButAmount(a, b *group) bool {
	var keys []int
	for i, c := range q.Columns {
		if slices.Contains(q.Group, c.Name) && c.Name != colMeasure {
			keys = append(keys, i)
		}
	}
	return key(a.cells, keys) == key(b.cells, keys)
}

// backing fills the columns of speakers, documents and claims from the records of the row.
func (q *Question) backing(w *world, g *group) {
	claims := claimsOf(g.records)
	for i, c := range q.Columns {
		switch c.Name {
		case colSaidBy:
			g.cells[i] = w.entities(speaking(claims), func(c graph.Claim) quad.IRI { return c.Speaker })
		case colSources:
			g.cells[i] = w.entities(claims, func(c graph.Claim) quad.IRI { return c.Source })
		case colClaims:
			g.cells[i] = claimCells(g.records)
		case colFacts:
			g.cells[i] = Cell{{Term: quad.Int(len(claims))}}
		case colTimes:
			if len(q.Collect) > 0 {
				g.cells[i] = Cell{{Term: quad.Int(len(g.cells[q.column(q.Collect[0])]))}}
			}
		}
		if c.List {
			w.sortCell(c, g.cells[i])
		}
	}
	g.markInferred(q)
}

// speaking returns the claims whose speakers stand behind a row: the editors do only where no
// document says it.
func speaking(claims []graph.Claim) []graph.Claim {
	var stated []graph.Claim
	for _, c := range claims {
		if c.Basis != graph.Inferred {
			stated = append(stated, c)
		}
	}
	if len(stated) == 0 {
		return claims
	}
	return stated
}

// markInferred marks what is known only by inference: the row's own fact at its amount, else at its
// predicate, else in its last column; a step on the way to it in the first column. A row that is
// stated anywhere is not marked.
func (g *group) markInferred(q *Question) {
	fact, link := false, false
	for _, r := range g.records {
		if !r.inferred && !r.linkInferred {
			return
		}
		fact, link = fact || r.inferred, link || r.linkInferred
	}
	first, last := -1, -1
	for i, c := range q.Columns {
		if !c.fromText() {
			continue
		}
		if first < 0 {
			first = i
		}
		if last < 0 || q.Columns[last].Name != colAmount && q.Columns[last].Type != TypePredicate || c.Name == colAmount {
			last = i
		}
	}
	if fact && last >= 0 {
		markCell(g.cells[last])
	}
	if link && first >= 0 {
		markCell(g.cells[first])
	}
}

func markCell(c Cell) {
	for i := range c {
		c[i].Inferred = true
	}
}

// claimCells lists the claims of the row's own fact first, then those of the steps that led to it.
func claimCells(records []record) Cell {
	var all Cell
	for _, c := range claimsOf(records) {
		all = append(all, Value{Term: c.ID, Label: shortID(c.ID)})
	}
	for _, r := range records {
		for _, id := range r.backs {
			all = append(all, Value{Term: id, Label: shortID(id)})
		}
	}
	return Cell{}.add(all...)
}

// entities lists what the claims name (their speakers, their documents), each once.
func (w *world) entities(claims []graph.Claim, of func(graph.Claim) quad.IRI) Cell {
	var cell Cell
	seen := map[quad.IRI]bool{"": true}
	for _, c := range claims {
		if id := of(c); !seen[id] {
			seen[id] = true
			cell = append(cell, w.entity(id))
		}
	}
	return cell
}
