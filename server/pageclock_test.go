package server_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// sets gives the clock a date, as people do.
func (b *tab) sets(date string) {
	b.t.Helper()
	evaluate[any](b, `document.querySelector("#known").select()`)
	b.do(chromedp.Focus(chromedp.CSS("#known")))
	evaluate[any](b, `document.querySelector("#known").value = ""`)
	b.keys(date)
	b.keys(kb.Enter)
}

func TestPageShowsWhatWasKnownThen(t *testing.T) {
	w := newPageWorld()
	b := openTab(t, w, "#view=graph&card=kg:agency/europol&n=kg:agency/europol@0,0", 1280, 800)
	b.press("expand kg:agency/europol")
	b.says("#links", "Operation Trojan Shield")
	b.says("#links caption", "2 links")
	b.sets("2020-07-03")
	b.says("#clock-bar", "As known on 2020-07-03: 300 of 325 claims. Left out: 20 published later, 5 in 2 documents without a date.")
	b.says("#links caption", "1 link")
	b.says("#card", "of 1")
	b.until("the date in the address", `location.hash.includes("known=2020-07-03")`)
	b.until("the picture to say so", `document.querySelector("#canvas").getAttribute("aria-label").includes("as known on 2020-07-03")`)
	b.accessible("as known then")
	b.press("clock undated")
	b.says("#clock-bar", "305 of 325 claims. Left out: 20 published later.")
	b.until("the choice in the address", `location.hash.includes("undated=1")`)

	other := openTab(t, w, evaluate[string](b, "location.hash"), 1280, 800)
	other.says("#clock-bar", "As known on 2020-07-03: 305 of 325 claims.")
	other.says("#links caption", "1 link")
	if shown := evaluate[string](other, `document.querySelector("#known").value`); shown != "2020-07-03" {
		t.Errorf("want the date restored by the link, found %q", shown)
	}

	b.press("save SVG")
	if words := texts(t, b.file("graph-known-2020-07-03-or-undated.svg")); !slices.ContainsFunc(words, func(s string) bool {
		return strings.Contains(s, "A small world as known on 2020-07-03 or undated, dataset")
	}) {
		t.Errorf("want the date in the picture, found %q", words)
	}
	b.press("view timeline")
	b.says("#timeline .range", "2 of 2 rows")
	b.press("timeline csv")
	if rows := records(t, b.file("timeline-known-2020-07-03-or-undated.csv")); len(rows) != 3 {
		t.Errorf("want two rows in the file, found %q", rows)
	}
	b.press("view charts")
	b.says("#charts caption", "as known on 2020-07-03 or undated")
	b.press("clock today")
	b.until("no bar", `document.querySelector("#clock-bar").hidden && document.querySelector("#known").value === "" && !location.hash.includes("known")`)
	b.says("#charts caption", "by substance")
	evaluate[any](b, `history.back()`)
	b.says("#clock-bar", "As known on 2020-07-03")
	b.sets("2021")
	b.says("#clock-bar", "As known on 2021: ")
	b.press("view graph")
	b.says("#links caption", "2 links")
	b.press("clock today")
	b.says("#links caption", "2 links")
}

func TestPageWantsADateThatThereIs(t *testing.T) {
	b := openTab(t, newPageWorld(), "", 320, 640)
	b.says("#start", "Who cracked")
	for _, wrong := range []string{"yesterday", "2020-13", "2021-02-30", "20200703"} {
		b.sets(wrong)
		b.says("#clock-fault", "Want a date like 2020-07-02, 2020-07 or 2020, found “"+wrong+"”.")
		b.until("the field to be marked", `document.querySelector("#known").getAttribute("aria-invalid") === "true"`)
	}
	b.accessible("a date that is none")
	b.sets("2020")
	b.says("#clock-bar", "As known on 2020: ")
	b.until("no complaint", `document.querySelector("#clock-fault").textContent === ""`)
	if wide := evaluate[int](b, `document.documentElement.scrollWidth`); wide > 320 {
		t.Errorf("the page is %d pixels wide, want 320 at most", wide)
	}
	evaluate[any](b, `location.hash = "#known=soon"`)
	b.until("today for a date that is none", `document.querySelector("#clock-bar").hidden`)
}

// A picture that begins is that of kg export svg; what comes later moves nothing.
func TestPageBeginsAPictureAsTheExportDrawsIt(t *testing.T) {
	w := newPageWorld()
	b := openTab(t, w, encro, 1280, 800)
	b.press("expand kg:platform/encrochat")
	b.says("#things caption", "3 things")
	where := `JSON.stringify(Object.fromEntries([...location.hash.matchAll(/kg:([a-z-]+\/[a-z-]+)@(-?\d+),(-?\d+)/g)].map((m) => [m[1], [Number(m[2]), Number(m[3])]])))`
	first := evaluate[string](b, where)
	ids := []string{"kg:event/infiltration", "kg:operation/venetic", "kg:platform/encrochat"}
	at := map[string]object{}
	for _, n := range laidOut(w.nodes(ids), w.edges(ids)) {
		at[n["id"].(string)] = n
	}
	home := at["kg:platform/encrochat"]
	for _, id := range ids {
		x, y := at[id]["x"].(float64)-home["x"].(float64), at[id]["y"].(float64)-home["y"].(float64)
		found := evaluate[[]float64](b, `JSON.parse(`+where+`)["`+strings.TrimPrefix(id, "kg:")+`"]`)
		if len(found) != 2 || found[0]-x > 1 || x-found[0] > 1 || found[1]-y > 1 || y-found[1] > 1 {
			t.Errorf("%s: want it at %.0f, %.0f from EncroChat, found %v", id, x, y, found)
		}
	}
	b.press("expand kg:operation/venetic")
	b.says("#things caption", "6 things")
	for _, id := range ids {
		key := `["` + strings.TrimPrefix(id, "kg:") + `"]`
		if evaluate[string](b, `String(JSON.parse(`+where+`)`+key+`)`) != evaluate[string](b, `String(JSON.parse('`+first+`')`+key+`)`) {
			t.Errorf("%s moved when its neighbours came in", id)
		}
	}
}
