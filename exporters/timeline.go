package exporters

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

func timeline() Format {
	return Format{
		Name: "timeline", Extensions: []string{".timeline.json"}, MediaType: "application/json",
		About:  "dated things in order, as JSON: start and end as precise as claimed, and as days",
		Graphs: true, View: true,
		Write: writeTimeline,
	}
}

type timelineFile struct {
	About map[string]string `json:"about"`
	Count int               `json:"count"`
	Items []timelineItem    `json:"items"`
}

// timelineItem is a thing that has a date. Each value names the claim that it stands on.
type timelineItem struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Class   string            `json:"class"`
	Kinds   []string          `json:"kinds,omitempty"`
	Start   string            `json:"start,omitempty"` // 2020, 2020-07 or 2020-07-02
	End     string            `json:"end,omitempty"`
	AsOf    string            `json:"asOf,omitempty"`
	First   string            `json:"firstDay"` // what an axis needs
	Last    string            `json:"lastDay"`
	Claims  map[string]string `json:"claims,omitempty"` // of start, end and asOf
	Figures []timelineFigure  `json:"figures,omitempty"`
}

type timelineFigure struct {
	Predicate string `json:"predicate"`
	Value     string `json:"value"`
	Claim     string `json:"claim,omitempty"`
}

func writeTimeline(w io.Writer, d Document) error {
	v, err := newView(d)
	if err != nil {
		return err
	}
	by := map[quad.IRI]map[quad.IRI][]Fact{}
	for _, f := range v.Facts {
		if by[f.Subject] == nil {
			by[f.Subject] = map[quad.IRI][]Fact{}
		}
		by[f.Subject][f.Predicate] = append(by[f.Subject][f.Predicate], f)
	}
	file := timelineFile{About: d.About.fields(), Items: []timelineItem{}}
	undated := 0
	for _, id := range v.Things() {
		if class := v.Class(id); class == "Source" || class == "Agent" {
			continue
		}
		item, ok := v.timelineItem(id, by[id])
		if !ok {
			undated++
			continue
		}
		file.Items = append(file.Items, item)
	}
	slices.SortFunc(file.Items, func(a, b timelineItem) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), cmp.Compare(a.ID, b.ID))
	})
	file.Count = len(file.Items)
	d.lose(undated, "entity without a date is left out", "entities without a date are left out")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(file)
}

// timelineItem is a thing with its preferred dates and figures, if it has a date.
func (v *View) timelineItem(id quad.IRI, facts map[quad.IRI][]Fact) (timelineItem, bool) {
	item := timelineItem{ID: string(id), Name: v.Name(id), Class: v.Class(id), Kinds: v.Kinds(id), Claims: map[string]string{}}
	var span graph.Span
	for _, date := range []struct {
		predicate quad.IRI
		name      string
		to        *string
	}{
		{graph.StartDate, "start", &item.Start},
		{graph.EndDate, "end", &item.End},
		{"kg:asOf", "asOf", &item.AsOf},
		{"schema:foundingDate", "start", &item.Start},
		{"schema:dissolutionDate", "end", &item.End},
	} {
		of := facts[date.predicate]
		if len(of) == 0 || *date.to != "" {
			continue
		}
		best := v.Preferred(of)
		day, ok := graph.DateOf(best.Object)
		if !ok {
			continue
		}
		*date.to = day.String()
		if best.ID != "" {
			item.Claims[date.name] = ShortID(best.ID)
		}
		if span.From.IsZero() || day.First().Before(span.From.First()) {
			span.From = day
		}
		if span.Until.IsZero() || day.Last().After(span.Until.Last()) {
			span.Until = day
		}
	}
	if span.From.IsZero() {
		return item, false
	}
	const day = "2006-01-02"
	item.First, item.Last = span.From.First().Format(day), span.Until.Last().Format(day)
	for _, p := range v.Schema.Predicates() {
		if of := facts[p.IRI]; p.Unit != "" && len(of) > 0 {
			best := v.Preferred(of)
			figure := timelineFigure{Predicate: v.Key(p.IRI), Value: v.Text(best)}
			if best.ID != "" {
				figure.Claim = ShortID(best.ID)
			}
			item.Figures = append(item.Figures, figure)
		}
	}
	return item, true
}
