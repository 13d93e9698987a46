package exporters

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func story() Format {
	return Format{
		Name: "story", Extensions: []string{".html", ".htm"}, MediaType: "text/html",
		About:  "one page with graph, map, timeline, tables and numbered sources; needs no network",
		Graphs: true, View: true,
		Write: writeStory,
	}
}

// The page, its style and its script are files of their own; all three go into the one page.
var (
	//go:embed story.html
	storyPage string
	//go:embed story.css
	storyStyle string
	//go:embed story.js
	storyScript string
)

// A storyData is what the page shows.
type storyData struct {
	Title         string
	About         About
	Things        int
	Claims        int
	Policy        string // Content-Security-Policy: nothing but the script and the style of the page
	Style         template.CSS
	Script        template.JS
	Graph         template.HTML
	Map, Timeline template.HTML
	Mapped, Dated int
	Sections      []storySection
	Sources       []storySource
}

type storySection struct {
	Class, Plural string
	Cards         []storyCard
}

// A storyCard is a thing with all that the subgraph says of it.
type storyCard struct {
	ID, Name, IRI string
	Kinds         []string
	Aliases       []string
	Facts         []storyFact
}

// A storyFact is a fact with its citation.
type storyFact struct {
	Label, Value string
	Link         string // to the card of the other thing
	SpokenBy     string
	Claim        string
	Sources      []int // numbers of the documents
	Note         string
	Mark         string // "preferred", "inferred by the editors", "concluded: …", ""
	Words        string // the figure as the document has it
}

type storySource struct {
	Number                               int
	Title, Publisher, Published, Address string
	Kind                                 string
	Claims                               int
}

func writeStory(w io.Writer, d Document) error {
	page, err := template.New("story").Parse(storyPage)
	if err != nil {
		return err
	}
	d.Lost = nil // all values stand on the page
	n, err := newNetwork(d)
	if err != nil {
		return err
	}
	t := storyTeller{view: n.View, numbers: map[quad.IRI]int{}, counts: map[quad.IRI]int{}}
	data := t.tell(n)
	out := bufio.NewWriter(w)
	if err := page.Execute(out, data); err != nil {
		return err
	}
	return out.Flush()
}

// A storyTeller numbers documents in the order in which the page cites them.
type storyTeller struct {
	view    *View
	order   []quad.IRI
	numbers map[quad.IRI]int
	counts  map[quad.IRI]int
	support map[string]quad.IRI // claim → document, for what is derived
}

func (t *storyTeller) tell(n *Network) storyData {
	v := t.view
	sum := sha256.Sum256([]byte(storyScript))
	data := storyData{
		Title: cmp.Or(v.About.Title, "A knowledge graph"), About: v.About, Things: len(n.Nodes),
		Policy: "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		Style:  template.CSS(storyStyle), Script: template.JS(storyScript), //nolint:gosec // our own files
	}
	t.support = map[string]quad.IRI{}
	by := map[quad.IRI][]Fact{}
	for _, f := range v.Facts {
		by[f.Subject] = append(by[f.Subject], f)
		if f.Source != "" {
			t.support[string(f.ID)] = f.Source
			data.Claims++
		}
	}
	sections := map[string][]storyCard{}
	for _, node := range n.Nodes {
		id := quad.IRI(node.ID)
		card := storyCard{ID: anchor(node.ID), Name: node.Label, IRI: v.Full(id), Kinds: v.Kinds(id), Aliases: v.Aliases(id)}
		card.Facts = t.facts(by[id])
		sections[node.Class] = append(sections[node.Class], card)
	}
	for _, class := range v.Schema.Classes() {
		if cards := sections[class.Name]; len(cards) > 0 {
			slices.SortStableFunc(cards, func(a, b storyCard) int { return cmp.Compare(graph.Fold(a.Name), graph.Fold(b.Name)) })
			data.Sections = append(data.Sections, storySection{Class: class.Name, Plural: class.Plural, Cards: cards})
		}
	}
	data.Graph = drawn(func(out *bufio.Writer) { newScene(n).writeSVG(out, "#") })
	data.Map, data.Mapped = drawMap(n)
	data.Timeline, data.Dated = drawTimeline(n)
	for i, id := range t.order {
		r := v.Record(id)
		s := storySource{
			Number: i + 1, Title: cmp.Or(r.Title, string(id)), Publisher: r.Publisher, Claims: t.counts[id],
			Kind: strings.ReplaceAll(conceptWord(v, r.Kind), "-", " "), Address: webAddress(r.Address),
		}
		if !r.Issued.IsZero() {
			s.Published = r.Issued.String()
		}
		data.Sources = append(data.Sources, s)
	}
	return data
}

// facts are the lines of a card. Of several claims on one value the preferred one is marked.
func (t *storyTeller) facts(facts []Fact) []storyFact {
	v := t.view
	by := map[quad.IRI][]Fact{}
	for _, f := range facts {
		if f.Predicate != graph.Kind { // stands under the name
			by[f.Predicate] = append(by[f.Predicate], f)
		}
	}
	var list []storyFact
	for _, predicate := range slices.Sorted(maps.Keys(by)) {
		of := by[predicate]
		p, known := v.Schema.Predicate(predicate)
		single := known && !p.Many && len(of) > 1
		var best Fact
		if single {
			best = v.Preferred(of)
		}
		for _, f := range of {
			line := storyFact{Label: v.Label(predicate), Value: v.Text(f), Words: f.ReportedAs, Note: strings.Join(f.Notes, " ")}
			if v.IsThing(f.Object) {
				line.Link = "#" + anchor(string(f.Object.(quad.IRI)))
			}
			if f.Speaker != "" {
				line.SpokenBy = v.Name(f.Speaker)
			}
			if f.ID != "" {
				line.Claim = ShortID(f.ID)
			}
			line.Sources, line.Mark = t.cite(f)
			if single && f.ID == best.ID && f.Object == best.Object {
				line.Mark = strings.TrimPrefix(line.Mark+", preferred", ", ")
			}
			list = append(list, line)
		}
	}
	return list
}

// cite numbers the documents behind a fact, and says what a reader must know of how it came about.
func (t *storyTeller) cite(f Fact) (numbers []int, mark string) {
	switch {
	case f.Derived != nil:
		for _, from := range f.Derived.From {
			if document, ok := t.support[string(from)]; ok {
				numbers = append(numbers, t.number(document))
			}
		}
		slices.Sort(numbers)
		return slices.Compact(numbers), "concluded: " + strings.Join(f.Derived.Rules, "; ")
	case f.Source != "":
		t.counts[f.Source]++
		if f.Basis == graph.Inferred {
			mark = "inferred by the editors"
		}
		if f.Rank == graph.Deprecated {
			mark = "known to be wrong"
		}
		return []int{t.number(f.Source)}, mark
	default:
		return nil, "gazetteer"
	}
}

func (t *storyTeller) number(document quad.IRI) int {
	if t.numbers[document] == 0 {
		t.order = append(t.order, document)
		t.numbers[document] = len(t.order)
	}
	return t.numbers[document]
}

// anchor is an entity's place on the page: e-agency-nca. An IRI of another's making is named by a
// hash, since its signs may have a meaning in addresses.
func anchor(id string) string {
	rest, ours := strings.CutPrefix(id, "kg:")
	if ours && strings.IndexFunc(rest, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '/'
	}) < 0 {
		return "e-" + strings.ReplaceAll(rest, "/", "-")
	}
	sum := sha256.Sum256([]byte(id))
	return "e-" + hex.EncodeToString(sum[:8])
}

// webAddress is an address that a link may lead to; others are left out.
func webAddress(address string) string {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return address
}

// drawn is a picture as part of a page.
func drawn(draw func(*bufio.Writer)) template.HTML {
	var b strings.Builder
	out := bufio.NewWriter(&b)
	draw(out)
	_ = out.Flush()                  // a strings.Builder takes everything
	return template.HTML(b.String()) //nolint:gosec // every text in it is escaped where it is written
}
