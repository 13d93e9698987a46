package loaders

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// jsonldNative makes JSON into what json-gold wants, and hides from it what it would change.
type jsonldNative struct {
	terms     *jsonldTerms
	languages []string // as they are spelt; json-gold, which writes them in lower case, gets their numbers
}

// hiddenLanguage is what stands in front of the number of a language.
const hiddenLanguage = "language"

func (j *jsonldNative) hide(language string) string {
	n := slices.Index(j.languages, language)
	if n < 0 {
		n = len(j.languages)
		j.languages = append(j.languages, language)
	}
	return hiddenLanguage + strconv.Itoa(n)
}

// spelt is the language that was hidden.
func (j *jsonldNative) spelt(hidden string) string {
	n, err := strconv.Atoi(strings.TrimPrefix(hidden, hiddenLanguage))
	if err != nil || n < 0 || n >= len(j.languages) {
		return hidden // it stood where no language was looked for
	}
	return j.languages[n]
}

// native is the value as json-gold wants it. Numbers keep their digits, but for the version of a
// context, which has to be a number of Go's. {"@set": x} means x; as json-gold forgets mistakes
// inside of it, x it becomes.
func (j *jsonldNative) native(n *jsonNode) any {
	switch n.kind {
	case '{':
		if len(n.members) == 1 && n.members[0].name == "@set" {
			return j.native(&n.members[0].value)
		}
		m := make(map[string]any, len(n.members))
		for i := range n.members {
			m[n.members[i].name] = j.member(&n.members[i])
		}
		return m
	case '[':
		list := make([]any, len(n.items))
		for i := range n.items {
			list[i] = j.native(&n.items[i])
		}
		return list
	case '"':
		return n.text
	case '0':
		return json.Number(n.text)
	case 't', 'f':
		return n.kind == 't'
	default:
		return nil
	}
}

func (j *jsonldNative) member(m *jsonMember) any {
	v := &m.value
	switch {
	case m.name == "@version" && v.kind == '0':
		version, _ := json.Number(v.text).Float64() // one that is too large is not 1.1 either
		return version
	case v.kind == '"' && j.terms.keyword(m.name) == "@language":
		return j.hide(v.text)
	case v.kind == '{' && j.terms.languages[m.name]:
		byLanguage := make(map[string]any, len(v.members))
		for i := range v.members {
			language := v.members[i].name
			if !strings.HasPrefix(j.terms.keyword(language), "@") { // @none
				language = j.hide(language)
			}
			byLanguage[language] = j.native(&v.members[i].value)
		}
		return byLanguage
	default:
		return j.native(v)
	}
}
