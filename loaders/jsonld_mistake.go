package loaders

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"

	"kg/graph"
)

// explain makes a problem of an error of json-gold, whose codes are those of the specification.
func (d *jsonldDocument) explain(err error) error {
	var own *graph.Problem
	if errors.As(err, &own) { // of a context
		if d.missing != nil {
			return d.missing
		}
		return d.unknownContext(own, d.wordAt(own.Found))
	}
	p := &graph.Problem{At: d.text.position(d.file, d.root.at), Want: "a JSON-LD document without mistakes", Found: err.Error(), Err: err}
	var known *ld.JsonLdError
	if !errors.As(err, &known) {
		return p
	}
	if isAboutContexts(known.Code) {
		return d.badContext(p)
	}
	p.Found = mistake(known)
	if known.Details != nil {
		p.At = d.text.position(d.file, d.wordAt(fmt.Sprint(known.Details)))
	}
	if known.Code == ld.InvalidTypedValue {
		p.Hint = "does the @context define the prefix of the datatype?"
	}
	return p
}

// mistake describes an error. Some of json-gold's descriptions are not finished.
func mistake(e *ld.JsonLdError) string {
	details := strings.Join(strings.Fields(fmt.Sprint(e.Details)), " ")
	if e.Code == ld.InvalidContainerMapping {
		details = "not @list, @set, @language, @index, @id, @type, @graph" // theirs change their order
	}
	if e.Details == nil || details == "" || strings.Contains(details, "%!") || strings.Contains(details, "map[") {
		return string(e.Code)
	}
	return fmt.Sprintf("%s (%s)", e.Code, shown(details))
}

// wordAt finds a string that an error is about: the longest of the document's that it quotes. Where
// there is none it is the document's beginning.
func (d *jsonldDocument) wordAt(text string) int {
	best, at := 0, d.root.at
	d.root.walk(func(s string, offset int) {
		if len(s) > best && len(s) > 3 && s[0] != '@' && strings.Contains(text, s) {
			best, at = len(s), offset
		}
	})
	return at
}

func isAboutContexts(code ld.ErrorCode) bool {
	switch code {
	case ld.InvalidLocalContext, ld.InvalidBaseIRI, ld.InvalidVocabMapping, ld.InvalidDefaultLanguage, ld.KeywordRedefinition,
		ld.InvalidTermDefinition, ld.InvalidReverseProperty, ld.InvalidIRIMapping, ld.CyclicIRIMapping, ld.InvalidKeywordAlias,
		ld.InvalidTypeMapping, ld.InvalidLanguageMapping, ld.InvalidContainerMapping, ld.InvalidVersionValue,
		ld.ProcessingModeConflict, ld.InvalidPrefixValue, ld.InvalidNestValue, ld.InvalidContextEntry, ld.InvalidPropagateValue,
		ld.InvalidBaseDirection, ld.InvalidImportValue, ld.IRIConfusedWithPrefix:
		return true
	default:
		return false
	}
}

// badContext finds the first term with a mistake. json-gold takes the terms of a context in an order
// that changes, so they are tried one by one.
func (d *jsonldDocument) badContext(p *graph.Problem) error {
	p.Want, p.Found = "contexts without mistakes", "a mistake in how they go together"
	found := d.badTerm(&d.root, func(e string, at int) {
		p.At, p.Found = d.text.position(d.file, at), e
	})
	for _, address := range slices.Sorted(maps.Keys(d.contexts.read)) {
		if found {
			break
		}
		c := d.contexts.read[address]
		found = d.badTerm(&c.root, func(e string, at int) { p.At, p.Found = c.text.position(c.file, at), e })
	}
	return p
}

// badTerm tries the contexts of a text.
func (d *jsonldDocument) badTerm(root *jsonNode, tell func(mistake string, at int)) (found bool) {
	root.inContexts(false, func(n *jsonNode) {
		switch {
		case found || n.kind == '"' || n.kind == 'n':
			return
		case n.kind != '{':
			found = true
			tell("invalid local context", n.at)
			return
		}
		var keywords, terms []*jsonMember
		byName := map[string]*jsonMember{}
		for i := range n.members {
			m := &n.members[i]
			byName[m.name] = m
			if isKeyword(m.name) && m.name != "@import" {
				keywords = append(keywords, m)
			} else if m.name != "@import" {
				terms = append(terms, m)
			}
		}
		for _, m := range keywords {
			if e := d.try(m); e != nil && !found {
				found = true
				tell(mistake(e), m.at)
			}
		}
		for _, m := range terms {
			chain := spelling(m, byName)
			for i := len(chain) - 1; i >= 0 && !found; i-- {
				if e := d.try(append(slices.Clone(keywords), chain[i:]...)...); e != nil {
					found = true
					at := chain[i]
					if e.Code == ld.CyclicIRIMapping {
						at = m
						e = ld.NewJsonLdError(e.Code, m.name)
					}
					tell(mistake(e), at.at)
				}
			}
		}
	})
	return found
}

func isKeyword(name string) bool {
	switch name {
	case "@base", "@vocab", "@language", "@version", "@propagate", "@protected", "@direction":
		return true
	default:
		return false
	}
}

// spelling lists a term and the terms that it is spelt with.
func spelling(m *jsonMember, byName map[string]*jsonMember) []*jsonMember {
	chain := []*jsonMember{m}
	for len(chain) <= longestTermChain {
		word := target(&chain[len(chain)-1].value).text
		if prefix, _, cut := strings.Cut(word, ":"); cut {
			word = prefix
		}
		next := byName[word]
		if next == nil || slices.Contains(chain, next) {
			break
		}
		chain = append(chain, next)
	}
	return chain
}

// try reads a context of just these members.
func (d *jsonldDocument) try(members ...*jsonMember) (mistake *ld.JsonLdError) {
	defer func() {
		if r := recover(); r != nil {
			mistake = ld.NewJsonLdError(ld.InvalidLocalContext, fmt.Sprint(r))
		}
	}()
	context := map[string]any{}
	for _, m := range members {
		context[m.name] = d.member(m)
	}
	options := ld.NewJsonLdOptions(d.options.Base)
	options.DocumentLoader = d.contexts
	_, err := ld.NewContext(nil, options).Parse(context)
	_ = errors.As(err, &mistake) // what is none of json-gold's is told by other means
	return mistake
}
