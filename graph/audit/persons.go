package audit

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// personNames finds what looks like the name of a private person: two or more capitalised words in a
// row that are neither the name of anything here, nor ordinary words that happen to stand with a
// capital, or one behind "Mr". It cannot know a name; it can make sure that a person looks.
func personNames(in *inspection) {
	known := in.knownNames()
	common := in.commonWords()
	type once struct {
		about quad.IRI
		name  string
	}
	told := map[once]bool{}
	for _, t := range in.reviewed.Texts {
		for _, name := range known.strangers(t.Text, common) {
			in.reportAt(t.At, t.About, "no person named", "\""+name+"\" in its text")
		}
	}
	in.eachText(func(about, predicate quad.IRI, text string) {
		for _, name := range known.strangers(text, common) {
			if k := (once{about, name}); !told[k] {
				told[k] = true
				in.report(about, "no person named", "\""+name+"\" in "+in.columnOf(predicate))
			}
		}
	})
}

// eachText hands over every text of the facts, but those of the schema, with the claim or the entity that
// it is about.
func (in *inspection) eachText(look func(about, predicate quad.IRI, text string)) {
	for _, q := range in.quads {
		label, _ := q.Label.(quad.IRI)
		about, _ := q.Subject.(quad.IRI)
		text, ok := textOf(q.Object)
		if !ok || label == graph.SchemaIn {
			continue
		}
		if graph.IsClaim(label) {
			about = label
		}
		predicate, _ := q.Predicate.(quad.IRI)
		look(about, predicate, text)
	}
}

func textOf(v quad.Value) (string, bool) {
	switch t := v.(type) {
	case quad.String:
		return string(t), true
	case quad.LangString:
		return string(t.Value), true
	default:
		return "", false
	}
}

func (in *inspection) columnOf(predicate quad.IRI) string {
	if p, ok := in.schema.Predicate(predicate); ok {
		return "its " + p.Label
	}
	return string(predicate)
}

// A lexicon is the names that are no persons'.
type lexicon struct {
	phrases map[string]bool // words joined by a blank
	longest int             // words
}

// knownNames are the names and other names of everything but documents, the publishers, and what was
// reviewed.
func (in *inspection) knownNames() lexicon {
	l := lexicon{phrases: map[string]bool{}}
	for _, q := range in.quads {
		subject, _ := q.Subject.(quad.IRI)
		switch q.Predicate {
		case graph.Name, graph.AltLabel:
			if in.class(subject) == "Source" {
				continue
			}
		case quad.IRI("dcterms:publisher"), quad.IRI("kg:seat"):
		default:
			continue
		}
		if text, ok := textOf(q.Object); ok {
			l.add(text)
		}
	}
	for _, phrase := range in.reviewed.NotPersons {
		l.add(phrase)
	}
	return l
}

// add takes a name, and each run of capitalised words in it.
func (l *lexicon) add(name string) {
	for _, run := range runs(name) {
		words := make([]string, len(run))
		for i, w := range run {
			words[i] = w.text
		}
		l.phrases[strings.Join(words, " ")] = true
		l.longest = max(l.longest, len(words))
	}
}

// A word is a capitalised word of a text.
type word struct {
	text  string
	known bool
}

var wordText = regexp.MustCompile(`[\p{L}\p{M}\p{Nd}]+(?:['’-][\p{L}\p{M}\p{Nd}]+)*\.?`)

// isTitle says whether a person's name follows the word.
func isTitle(w string) bool {
	return slices.Contains([]string{"Mr", "Mrs", "Ms", "Herr", "Frau", "Monsieur", "Madame", "Mevrouw", "Meneer", "Señor"}, w)
}

// isParticle says whether the word joins two parts of a name.
func isParticle(w string) bool {
	return slices.Contains([]string{"van", "de", "den", "der", "von", "el", "al", "bin", "di", "da", "le", "la"}, w)
}

// runs lists the capitalised words of a text that stand side by side, with nothing but a blank between
// them. A particle (van, de, von) between two of them is left out.
func runs(text string) [][]word {
	var list [][]word
	var run []word
	end, particle := -1, false
	flush := func() {
		if len(run) > 0 {
			list = append(list, run)
		}
		run = nil
	}
	for _, at := range wordText.FindAllStringIndex(text, -1) {
		w := text[at[0]:at[1]]
		initial := len([]rune(w)) == 2 && strings.HasSuffix(w, ".")
		stop := strings.HasSuffix(w, ".") && !initial && !isTitle(strings.TrimSuffix(w, "."))
		w = strings.TrimSuffix(w, ".")
		if end < 0 || strings.Trim(text[end:at[0]], " \u00a0") != "" {
			flush()
		}
		switch {
		case isName(w) || initial && unicode.IsUpper([]rune(w)[0]):
			run = append(run, word{text: w})
			particle = false
		case len(run) > 0 && !particle && isParticle(w):
			particle = true
		default:
			flush()
		}
		end = at[1]
		if stop {
			flush()
		}
	}
	flush()
	return list
}

// isName says whether a word is written as names are: a capital, then small letters.
func isName(w string) bool {
	first, small := true, 0
	for _, part := range strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '\'' || r == '’' }) {
		for i, r := range []rune(part) {
			switch {
			case unicode.IsDigit(r):
				return false
			case i == 0 && first && !unicode.IsUpper(r):
				return false
			case unicode.IsLower(r):
				small++
			}
			first = false
		}
	}
	return small > 0
}

// strangers lists the names in a text that nothing here has.
func (l lexicon) strangers(text string, common map[string]bool) []string {
	var found []string
	for _, run := range runs(text) {
		l.mark(run)
		for i := 0; i < len(run); {
			j := i
			var words []string
			proper := 0
			for ; j < len(run) && !run[j].known; j++ {
				if isTitle(run[j].text) && j > i {
					break
				}
				w := run[j].text
				behind := j > i && isGivenName(run[j-1].text)
				if common[strings.ToLower(w)] && !isTitle(w) && !isGivenName(w) && !behind {
					break
				}
				words = append(words, w)
				if len([]rune(w)) > 1 {
					proper++
				}
			}
			if len(words) > 1 && proper > 0 {
				found = append(found, strings.Join(words, " "))
			}
			i = max(j, i+1)
		}
	}
	return found
}

// mark marks the words of a run that belong to a known name, the longest names first.
func (l lexicon) mark(run []word) {
	for n := min(l.longest, len(run)); n > 0; n-- {
		for i := 0; i+n <= len(run); i++ {
			words := make([]string, n)
			for j := range words {
				words[j] = run[i+j].text
			}
			if l.phrases[strings.Join(words, " ")] {
				for j := range words {
					run[i+j].known = true
				}
			}
		}
	}
}

// commonWords are the words that stand somewhere in the texts, or in the schema, without a capital.
func (in *inspection) commonWords() map[string]bool {
	common := map[string]bool{}
	add := func(text string) {
		for _, w := range wordText.FindAllString(text, -1) {
			w = strings.TrimSuffix(w, ".")
			if r := []rune(w); len(r) > 0 && unicode.IsLower(r[0]) {
				common[strings.ToLower(w)] = true
			}
		}
	}
	for _, q := range in.quads {
		if text, ok := textOf(q.Object); ok {
			add(text)
		}
	}
	for _, p := range in.schema.Predicates() {
		add(p.Label + " " + p.Definition)
	}
	for _, c := range in.schema.Classes() {
		add(c.Label + " " + c.Plural + " " + c.Definition)
	}
	return common
}
