package server_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kg/exporters"
	"kg/server"
	"kg/server/web"
)

// factsPage is the page of the real server with the facts of the program.
func factsPage(t *testing.T, address string, width, height int64) *tab {
	t.Helper()
	s := serve(t, func(o *server.Options) {
		o.About = exporters.About{Title: "How police gained access to encrypted phone networks", Licence: "CC BY 4.0", Program: "kg"}
	})
	if policy := s.get("/").header.Get("Content-Security-Policy"); policy != web.Policy {
		t.Errorf("want the policy that the page is written for, found %q", policy)
	}
	return openTabAt(t, s.address, address, width, height)
}

func TestPageAnswersAQuestionFromTheFacts(t *testing.T) {
	b := factsPage(t, "", 1280, 800)
	b.says("#start", "Who cracked EncroChat?")
	b.picture("explorer-start.png")
	b.press("ask agencies-by-platform")
	b.says("#question tbody", "Gendarmerie")
	b.picture("explorer-answer.png")
	b.accessible("an answer from the facts")
	b.press("answer graph")
	b.until("a graph", `document.querySelectorAll("#things tbody tr").length > 3 && document.querySelectorAll("#links tbody tr").length > 3`)
}

func TestPageWalksTheFacts(t *testing.T) {
	b := factsPage(t, "", 1440, 1000)
	b.says("#start", "Who cracked EncroChat?")
	b.do(chromedp.Click(chromedp.CSS("#q")), chromedp.SendKeys(chromedp.CSS("#q"), "encro"))
	b.suggests("encro")
	b.says("#found", "EncroChat")
	b.keys(kb.Enter)
	b.says("#card h2", "EncroChat")
	b.press("more Agency")
	b.press("more Operation")
	b.until("operations", `[...document.querySelectorAll("#things td")].some((n) => n.textContent === "operation")`)
	b.until("agencies", `[...document.querySelectorAll("#things td")].some((n) => n.textContent === "agency")`)
	b.press("fit")
	evaluate[any](b, `document.querySelector("#canvas").focus()`)
	b.picture("explorer-graph.png")
	b.accessible("a graph of the facts")
	b.press("card pick")
	b.press("pick kg:agency/nca")
	b.press("path")
	b.says("#status", "path")
	b.press("clear")
	b.says("#graph-tables", "Nothing is in the picture")
}

func TestPageFindsAPathInTheFacts(t *testing.T) {
	b := factsPage(t, "#view=graph&n=kg:agency/nca@0,0;kg:location/port-of-antwerp@400,100&pick=kg:agency/nca;kg:location/port-of-antwerp", 1280, 900)
	b.press("path")
	b.says("#status", "paths of")
	b.press("arrange")
	b.picture("explorer-path.png")
}

func TestPageShowsTimePlacesAndSeizuresOfTheFacts(t *testing.T) {
	b := factsPage(t, "#view=timeline&of=kg:platform/encrochat&from=2020-03&until=2021-12", 1280, 900)
	b.says("#timeline .range", "2020-03 to 2021-12")
	b.until("the thing's name", `document.querySelector("#timeline [name=of]").value === "EncroChat"`)
	b.picture("explorer-timeline.png")
	b.accessible("the timeline of the facts")
	b.press("of all")
	b.press("view map")
	b.until("circles", `document.querySelectorAll("#map circle").length > 20`)
	b.press("map most")
	b.picture("explorer-map.png")
	b.accessible("the map of the facts")
	b.press("view charts")
	b.says("#charts tbody", "drugs")
	b.says("#charts", "Left out: ")
	b.picture("explorer-seizures.png")
	b.accessible("the seizures of the facts")
	b.press("bars place")
	b.says("#charts caption", "by place")
	b.says("#charts tbody", "Netherlands")
	b.press("bars year")
	b.says("#charts tbody", "2021")
}

func TestPageShowsTheFactsAsKnownThen(t *testing.T) {
	b := factsPage(t, "#view=graph&card=kg:platform/encrochat&n=kg:platform/encrochat@0,0&known=2020-07-03", 1280, 900)
	b.says("#clock-bar", "As known on 2020-07-03: ")
	b.says("#clock-bar", "published later")
	b.says("#clock-bar", "documents without a date")
	before := evaluate[string](b, `document.querySelector(".around h3").textContent`)
	b.press("more ")
	b.until("neighbours", `document.querySelectorAll("#things tbody tr").length > 5`)
	b.press("fit")
	b.picture("explorer-then.png")
	b.accessible("the facts as known then")
	b.press("clock today")
	b.until("more of it today", `document.querySelector(".around h3").textContent !== "`+before+`"`)
}

func TestPageShowsTheFactsOnAPhoneInTheDark(t *testing.T) {
	b := factsPage(t, "", 320, 640)
	b.prefers("prefers-color-scheme", "dark")
	evaluate[any](b, `location.hash = "#view=graph&card=kg:agency/europol&n=kg:agency/europol@0,0"`)
	b.says("#card h2", "Europol")
	if wide := evaluate[int](b, `document.documentElement.scrollWidth`); wide > 320 {
		t.Errorf("the page is %d pixels wide, want 320 at most", wide)
	}
	b.press("more Operation")
	b.until("more things", `document.querySelectorAll("#things tbody tr").length > 3`)
	b.press("fit")
	evaluate[any](b, `document.querySelector("#graph-tools fieldset").scrollIntoView()`)
	b.picture("explorer-phone.png")
	b.accessible("a phone in the dark")
}
