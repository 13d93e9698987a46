package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
	"kg/queries"
	"kg/queries/answers"
)

// What is used where a request says nothing, and what it may ask for at most.
const (
	defaultRows = 1000
	maxRows     = 10_000
)

// An asking reads the parameters of a request. The first that cannot be understood is its error; one
// that nobody reads is an error too, because a misspelt filter must not pass for none.
type asking struct {
	values url.Values
	read   map[string]bool
	err    error
}

func asked(r *http.Request) *asking {
	values, err := url.ParseQuery(r.URL.RawQuery)
	a := &asking{values: values, read: map[string]bool{}}
	if err != nil {
		a.err = bad("the parameters cannot be read: " + err.Error())
	}
	if hasClocks(r) {
		a.read[knownAt], a.read[validAt], a.read[undated] = true, true, true
	}
	return a
}

func (a *asking) fault(name, want, found string) {
	if a.err == nil {
		a.err = bad(fmt.Sprintf("%s: want %s, found %q", name, want, found))
	}
}

// text is a parameter that is given once.
func (a *asking) text(name string) string {
	a.read[name] = true
	all := a.values[name]
	if len(all) > 1 {
		a.fault(name, "one value", strings.Join(all, ", "))
	}
	return a.values.Get(name)
}

// required is a text that has to be given.
func (a *asking) required(name string) string {
	s := strings.TrimSpace(a.text(name))
	if s == "" && a.err == nil {
		a.err = bad(name + ": want a value, found none")
	}
	return s
}

// list is a parameter that may be given several times.
func (a *asking) list(name string, most int) []string {
	a.read[name] = true
	all := a.values[name]
	if len(all) > most {
		a.fault(name, fmt.Sprintf("at most %d values", most), strconv.Itoa(len(all)))
		return nil
	}
	return all
}

// number is a whole number from least to most.
func (a *asking) number(name string, otherwise, least, most int) int {
	s := a.text(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		a.fault(name, fmt.Sprintf("a whole number from %d to %d", least, most), s)
		return otherwise
	}
	return n
}

// flag is true or false.
func (a *asking) flag(name string) bool {
	switch s := a.text(name); s {
	case "", "false", "0", "no":
		_, given := a.values[name]
		return given && s == "" // ?claims alone
	case "true", "1", "yes":
		return true
	default:
		a.fault(name, "true or false", s)
		return false
	}
}

// word is one of a few.
func (a *asking) word(name string, words ...string) string {
	s := a.text(name)
	if s == "" {
		return words[0]
	}
	if !slices.Contains(words, s) {
		a.fault(name, "one of "+strings.Join(words, ", "), s)
	}
	return s
}

// done is the first fault, or that of a parameter that nothing has read.
func (a *asking) done() error {
	if a.err != nil {
		return a.err
	}
	var unknown, known []string
	for name := range a.values {
		if !a.read[name] {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	for name := range a.read {
		known = append(known, name)
	}
	slices.Sort(known)
	slices.Sort(unknown)
	message := fmt.Sprintf("unknown parameter %q", unknown[0])
	if hint := graph.DidYouMean(unknown[0], known); hint != "" {
		message += "; " + hint
	} else if len(known) > 0 {
		message += "; there are " + strings.Join(known, ", ")
	}
	return bad(message)
}

// bare answers at an address that takes no parameters.
func bare(h handler) handler {
	return func(r *http.Request, store *held) (*reply, error) {
		if err := asked(r).done(); err != nil {
			return nil, err
		}
		return h(r, store)
	}
}

// A page is the part of a table that is asked for.
type page struct{ offset, limit int }

func (a *asking) page(otherwise int) page {
	return page{offset: a.number("offset", 0, 0, 1<<31-1), limit: a.number("limit", otherwise, 1, maxRows)}
}

// pageJSON is the member page.
type pageJSON struct {
	Offset int     `json:"offset"`
	Limit  int     `json:"limit"`
	Next   *string `json:"next"`
}

// cut leaves the rows of a page in a table. The member page is there when these are not all rows.
func (p page) cut(t *queries.Table, r *http.Request) []queries.Member {
	t.Count = max(t.Count, len(t.Rows))
	from, to := min(p.offset, len(t.Rows)), min(p.offset+p.limit, len(t.Rows))
	whole := from == 0 && to == t.Count
	t.Rows = t.Rows[from:to]
	if whole {
		return nil
	}
	t.Truncated = true
	j := pageJSON{Offset: p.offset, Limit: p.limit}
	if to < t.Count {
		next := address(r, "offset", strconv.Itoa(to))
		j.Next = &next
	}
	return []queries.Member{{Name: "page", Value: j}}
}

// address is that of the request with one parameter changed.
func address(r *http.Request, name, value string) string {
	q := r.URL.Query()
	q.Set(name, value)
	return r.URL.Path + "?" + q.Encode()
}

// reader makes tables from a store.
func (s *Server) reader(h *held) *answers.Reader {
	return &answers.Reader{Store: h.Store, Schema: h.Schema(), Places: s.o.Places}
}

// walk reads which facts are walked.
func (a *asking) walk(reader *answers.Reader) graph.Walk {
	w := graph.Walk{StatedOnly: a.flag("stated_only")}
	directions := []string{"either", "forward", "backward"}
	w.Direction = graph.Direction(max(0, slices.Index(directions, a.word("direction", directions...))))
	for _, list := range []struct {
		name string
		to   *[]quad.IRI
	}{{"predicate", &w.Only}, {"except", &w.Except}} {
		for _, word := range a.list(list.name, 50) {
			p, err := reader.WalkedPredicate(word)
			if err != nil {
				if a.err == nil {
					a.err = err
				}
				return w
			}
			*list.to = append(*list.to, p)
		}
	}
	return w
}
