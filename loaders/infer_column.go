package loaders

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"kg/graph"
)

// A guessedType is a datatype that a column may have.
type guessedType struct {
	written any // as metadata say it
	*datatype
	dead  bool
	sum   uint64 // of what it made of all cells: two that differ read some cell differently
	count int    // cells that fit before the first that did not
}

// A formatted datatype, in the order in which metadata say it.
type formatted struct {
	Base   string `json:"base"`
	Format any    `json:"format"`
}

type numberForm struct {
	Decimal string `json:"decimalChar,omitempty"`
	Group   string `json:"groupChar,omitempty"`
}

// guesses lists the datatypes in the order of preference.
func guesses() []*guessedType {
	types := map[string]baseType{}
	for _, b := range baseTypes() {
		types[b.name] = b
	}
	var list []*guessedType
	add := func(base string, format any) {
		d := newDatatype(types[base])
		g := &guessedType{written: base, datatype: d}
		switch f := format.(type) {
		case string:
			g.written = formatted{base, f}
			d.format = f
			if d.kind == kindBoolean {
				d.yes, d.no, _ = strings.Cut(f, "|")
			} else {
				d.pattern, _ = parseDatePattern(f)
			}
		case numberForm:
			g.written = formatted{base, f}
			pattern := ""
			if f.Group != "" {
				pattern = "#,##0.####################"
			}
			d.number, _ = parseNumberFormat(pattern, f.Decimal, f.Group)
		}
		list = append(list, g)
	}
	add("boolean", nil)
	for _, words := range []string{"TRUE|FALSE", "True|False", "yes|no", "Yes|No", "YES|NO", "Y|N", "y|n", "ja|nein", "oui|non"} {
		add("boolean", words)
	}
	add("integer", nil)
	add("decimal", nil)
	for _, group := range []string{",", ".", " ", "'", "\u00a0", "\u202f"} {
		add("integer", numberForm{Group: group})
	}
	for _, form := range []numberForm{{Group: ","}, {Decimal: ","}, {Decimal: ",", Group: "."}, {Decimal: ",", Group: " "}, {Decimal: ",", Group: "\u00a0"}, {Group: "'"}} {
		add("decimal", form)
	}
	add("double", nil)
	add("date", nil)
	for _, form := range []string{"d.M.yyyy", "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "M-d-yyyy"} {
		add("date", form)
	}
	add("datetime", nil)
	for _, form := range []string{"yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "d.M.yyyy HH:mm", "d/M/yyyy HH:mm", "M/d/yyyy HH:mm"} {
		add("datetime", form)
	}
	add("time", nil)
	add("time", "HH:mm")
	add("gYearMonth", nil)
	add("anyURI", nil)
	return list
}

// fits says whether a text is of the datatype, and not only by chance.
func (g *guessedType) fits(text string, seed maphash.Seed) bool {
	switch g.kind {
	case kindBoolean:
		return text == g.yes || text == g.no // 1 and 0 are numbers
	case kindURI:
		if !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") {
			return false
		}
	case kindInteger, kindDecimal:
		if strings.HasPrefix(text, "+") || leadingZero(text) {
			return false // a telephone number, a code
		}
	case kindDouble:
		if leadingZero(text) || text == "NaN" || strings.HasSuffix(text, "INF") {
			return false
		}
	default:
	}
	lexical, ok := g.lexicalForm(text)
	g.sum = g.sum*0x100000001B3 ^ maphash.String(seed, lexical)
	return ok
}

func leadingZero(text string) bool {
	text = strings.TrimPrefix(text, "-")
	return len(text) > 1 && text[0] == '0' && classes[text[1]]&digit != 0
}

// nothings are words that stand for nothing where all other cells are numbers, dates and the like.
func nothings() []string {
	return []string{"NA", "N/A", "n/a", "na", "-", "–", "—", "null", "NULL", "None", "none", "?", "unknown", ".", "..", "#N/A"}
}

// A columnGuess is what is found out about a column.
type columnGuess struct {
	title, name  string
	guesses      []*guessedType
	filled       int
	nothing      []string // words for nothing that were met, in order
	nothings     int
	zeros        bool // numbers with leading zeros
	longest      int
	lists        map[byte]int // cells with a character that may separate values
	seed         maphash.Seed
	values       map[uint64]bool // nil: a value came twice, or
	full         bool            // there were too many to remember
	sample       []string        // the first different values
	sampled      map[string]bool
	more         bool         // there are others
	link, linked string       // a template, and what to say
	almost       *guessedType // fits all cells but one or few
	oddLine      int          // a cell that does not fit the guess that most cells fit
	odd          string
}

func newColumnGuess(title string, i int, used map[string]bool) *columnGuess {
	name := strings.ReplaceAll(graph.Slug(title), "-", "_")
	if name == "" {
		name = fmt.Sprintf("column_%d", i+1)
	}
	for n := 2; used[name]; n++ {
		name = fmt.Sprintf("%s_%d", strings.ReplaceAll(graph.Slug(title), "-", "_"), n)
	}
	used[name] = true
	return &columnGuess{
		title: title, name: name, guesses: guesses(), lists: map[byte]int{}, seed: maphash.MakeSeed(),
		values: map[uint64]bool{}, sampled: map[string]bool{},
	}
}

// see looks at a cell.
func (c *columnGuess) see(text string, line int, distinct *int) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	c.remember(text, distinct)
	if slices.Contains(nothings(), text) {
		c.nothings++
		if !slices.Contains(c.nothing, text) {
			c.nothing = append(c.nothing, text)
		}
		return
	}
	c.filled++
	c.longest = max(c.longest, len(text))
	c.zeros = c.zeros || leadingZero(text) && strings.Trim(text, "0123456789") == ""
	for _, separator := range []byte{'|', ';'} {
		if i := strings.IndexByte(text, separator); i > 0 && !strings.Contains(text, "; ") { // that is prose
			c.lists[separator]++
		}
	}
	alive := 0
	var last *guessedType
	for _, g := range c.guesses {
		if g.dead {
			continue
		}
		if g.fits(text, c.seed) {
			g.count++
			alive++
			continue
		}
		g.dead, last = true, g
	}
	if alive == 0 && last != nil && c.almost == nil {
		c.almost, c.odd, c.oddLine = last, text, line
	}
}

// remember notes a value, as far as that is bounded.
func (c *columnGuess) remember(text string, distinct *int) {
	if !c.sampled[text] {
		if len(c.sample) == maxSample || len(text) > 200 {
			c.more = true
		} else {
			c.sampled[text] = true
			c.sample = append(c.sample, text)
		}
	}
	if c.values == nil || c.full {
		return
	}
	h := maphash.String(c.seed, text)
	switch {
	case c.values[h]:
		*distinct -= len(c.values)
		c.values = nil
	case *distinct >= maxDistinct:
		c.full = true
	default:
		c.values[h] = true
		*distinct++
	}
}

// unique says whether every row has a value of its own in the column, as far as was remembered.
func (c *columnGuess) unique(rows int) bool {
	return rows > 0 && c.values != nil && c.filled+c.nothings == rows && c.longest <= 200
}

// best is the guess that all cells fit, nil for text.
func (c *columnGuess) best() *guessedType {
	if c.filled == 0 {
		return nil
	}
	i := slices.IndexFunc(c.guesses, func(g *guessedType) bool { return !g.dead })
	if i < 0 {
		return nil
	}
	return c.guesses[i]
}

func (c *columnGuess) datatype() string {
	if g := c.best(); g != nil {
		return g.name
	}
	return "string"
}

// lookUp asks which entities the values mean.
func (c *columnGuess) lookUp(ctx context.Context, lookup func(context.Context, string) (string, error)) error {
	if c.more || c.best() != nil {
		return nil
	}
	var found []string
	path, bySlug, byPath, byIRI := "", true, true, true
	for _, text := range c.sample {
		iri, err := lookup(ctx, text)
		if err != nil {
			return err
		}
		if iri == "" {
			bySlug, byPath, byIRI = false, false, false
			continue
		}
		found = append(found, text+" = "+iri)
		prefix, ok := strings.CutSuffix(iri, "/"+text)
		if path == "" {
			path = prefix
		}
		bySlug = bySlug && ok && prefix == path
		byPath = byPath && iri == graph.DefaultBase+text
		byIRI = byIRI && iri == text
	}
	switch {
	case len(found) == 0:
	case byIRI:
		c.link = "{+" + c.name + "}"
	case byPath:
		c.link = graph.DefaultBase + "{+" + c.name + "}"
	case bySlug:
		c.link = path + "/{" + c.name + "}"
	default:
		const few = 10
		c.linked = fmt.Sprintf("%d of %d different values are names of known entities, but a URI template cannot make IRIs out of names; a column with slugs can be linked. %s", len(found),
			len(c.sample), strings.Join(found[:min(few, len(found))], "; "))
		if len(found) > few {
			c.linked += "; …"
		}
		c.linked += "."
	}
	return nil
}

// column writes the column down.
func (c *columnGuess) column(key bool, rows int) inferredColumn {
	out := inferredColumn{Name: c.name, Titles: c.title, Required: key, ValueURL: c.link}
	if f := graph.Fold(c.title); f == "name" || f == "label" {
		out.PropertyURL = "https://schema.org/name"
	}
	best := c.best()
	if best != nil {
		out.Datatype = best.written
		if c.nothings > 0 {
			out.Null = append([]string{""}, c.nothing...)
		}
		if best.kind == kindURI && c.link == "" {
			out.ValueURL = "{+" + c.name + "}"
		}
	}
	if key && c.link != "" {
		out.ValueURL = "" // the row is the entity
	}
	out.Description = strings.Join(c.doubts(best, key, rows), " ")
	return out
}

// doubts says what a curator should look at.
func (c *columnGuess) doubts(best *guessedType, key bool, rows int) []string {
	var notes []string
	say := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	switch {
	case rows > 0 && c.filled == 0 && c.nothings == 0:
		say("Empty in every row.")
	case best == nil && c.zeros:
		say("Numbers with leading zeros are kept as text.")
	case best == nil && c.almost != nil && c.odd != "" && c.filled > 2 && c.almost.count >= c.filled/2:
		say("Would be %s, but for %q in line %d and perhaps others.", describeGuess(c.almost), shown(c.odd), c.oddLine)
	}
	if best != nil {
		notes = append(notes, c.alternatives(best)...)
		if c.nothings > 0 {
			say("Cells with %s are taken as empty.", quotedList(c.nothing))
		}
	} else if n := max(c.lists['|'], c.lists[';']); n > 0 && 2*n >= c.filled {
		separator := "|"
		if c.lists[';'] > c.lists['|'] {
			separator = ";"
		}
		say(`Several values in a cell? "separator": %q takes them apart.`, separator)
	}
	switch {
	case key && c.full:
		say("The key; unique in the first %s, which is all that was remembered.", counted(len(c.values), "row"))
	case !key && c.unique(rows) && !c.full && rows > 1:
		say("Unique, too.")
	}
	if c.link != "" {
		say("Every value names a known entity.")
	}
	if c.linked != "" {
		notes = append(notes, c.linked)
	}
	return notes
}

// alternatives names other datatypes that all cells fit as well, where they mean something else.
func (c *columnGuess) alternatives(best *guessedType) []string {
	var notes, others []string
	told := []uint64{best.sum}
	for _, g := range c.guesses {
		if !g.dead && (g.kind == kindMoment) == (best.kind == kindMoment) && !slices.Contains(told, g.sum) {
			told = append(told, g.sum)
			others = append(others, describeGuess(g))
		}
	}
	if len(others) > 0 {
		notes = append(notes, "Could be "+strings.Join(others, " or ")+" as well: every cell fits both.")
	}
	if best.kind == kindBoolean && len(c.sample)-len(c.nothing) == 1 && !c.more {
		notes = append(notes, fmt.Sprintf("Only %q was seen.", c.sample[0]))
	}
	return notes
}

func describeGuess(g *guessedType) string {
	f, ok := g.written.(formatted)
	if !ok {
		return g.name
	}
	if n, ok := f.Format.(numberForm); ok {
		var parts []string
		if n.Decimal != "" {
			parts = append(parts, fmt.Sprintf("decimalChar %q", n.Decimal))
		}
		if n.Group != "" {
			parts = append(parts, fmt.Sprintf("groupChar %q", n.Group))
		}
		return g.name + " with " + strings.Join(parts, " and ")
	}
	return fmt.Sprintf("%s as %v", g.name, f.Format)
}

func quotedList(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(quoted, ", ")
}
