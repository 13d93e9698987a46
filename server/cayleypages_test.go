package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// openCayley opens one of Cayley's own pages as we serve it, with the facts of the program.
func openCayley(t *testing.T, address string, height int64) *tab {
	t.Helper()
	s := serve(t)
	b := openTabAt(t, s.address, strings.TrimPrefix(address, "/"), 1280, height)
	b.until("the editor", `window.editor && document.querySelector(".CodeMirror")`)
	return b
}

// settle is how long drawings move before they are looked at.
const settle = 2500 * time.Millisecond

// run presses the button of Cayley's pages.
func (b *tab) run() {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS("#run_button")))
}

// results waits until the result of a text holds words, and returns it.
func (b *tab) results(words string) string {
	b.t.Helper()
	b.until(words+" in the result", `window.output_editor && output_editor.getValue().includes(`+quoted(words)+`)`)
	return evaluate[string](b, `output_editor.getValue()`)
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

func TestCayleysQueryPageShowsRows(t *testing.T) {
	b := openCayley(t, "/ui/query", 800)
	// Typed as a person does it, with short IRIs.
	evaluate[any](b, `editor.setValue("")`)
	const text = `g.V("<kg:platform/encrochat>").in("<kg:cracked>").out("<schema:name>").all()`
	b.do(chromedp.Click(chromedp.CSS(".CodeMirror-lines")))
	b.until("the cursor in the editor", `document.activeElement === document.querySelector(".CodeMirror textarea")`)
	b.keys(text)
	b.until("what was typed", `editor.getValue() === `+"`"+text+"`")
	b.run()
	b.results("Gendarmerie")
	// Full ones are the same.
	evaluate[any](b, `editor.setValue('g.V("<https://example.org/kg/platform/encrochat>").tag("who").out("<https://schema.org/name>").all()')`)
	b.run()
	if got := b.results(`"EncroChat"`); !strings.Contains(got, "<kg:platform/encrochat>") {
		t.Errorf("want the tag with its short IRI, found %s", got)
	}
}

func TestCayleysQueryPageLoadsSavedQuestions(t *testing.T) {
	b := openCayley(t, "/ui/query?question=agencies-by-platform&platform=Sky+ECC", 1250)
	b.until("the question's text", `editor.getValue().includes("kg tells") && editor.getValue().includes("kg:platform/sky-ecc")`)
	b.run()
	b.results("kg:agency/")
	b.picture("cayley-query.png")
	// With a click.
	b.until("the list of questions", `[...document.querySelectorAll("#sidebar a")].some((a) => a.textContent === "arrests-by-operation")`)
	evaluate[any](b, `[...document.querySelectorAll("#sidebar a")].find((a) => a.textContent === "arrests-by-operation").click()`)
	b.until("another question", `location.search.includes("arrests-by-operation") && window.editor && editor.getValue().includes("kg tells")`)
	b.run()
	b.results("kg:operation/")
}

func TestCayleysQueryPageTellsWhatIsWrong(t *testing.T) {
	b := openCayley(t, "/ui/query?text=g.V(%22%3Ckg:platform/encrochat%3E%22).outt().all()", 800)
	b.expect = append(b.expect, "400")
	b.until("the text of the address", `editor.getValue().includes("outt()")`)
	b.run()
	if got := b.results("error"); !strings.Contains(got, "outt") {
		t.Errorf("want the mistake named, found %s", got)
	}
}

func TestCayleysShapePageDraws(t *testing.T) {
	b := openCayley(t, "/ui/query_shape?text=g.V(%22%3Ckg:platform/encrochat%3E%22).in(%22%3Ckg:cracked%3E%22).tag(%22who%22).all()", 1250)
	b.until("the text of the address", `editor.getValue().includes("encrochat")`)
	b.run()
	b.until("a drawing", `document.querySelectorAll("#viz svg circle").length >= 3 && document.querySelectorAll("#viz svg line").length >= 1`)
	b.do(chromedp.Sleep(settle))
	b.picture("cayley-shape.png")
	box := evaluate[[]float64](b, `(() => {const r = document.querySelector("#viz svg").getBoundingClientRect(); return [r.width, r.height]})()`)
	if box[0] < 300 || box[1] < 200 {
		t.Errorf("want a drawing that can be seen, found one of %v", box)
	}
	// A text that is wrong says so, where Cayley's page says nothing.
	b.expect = append(b.expect, "400")
	evaluate[any](b, `editor.setValue("g.V(.all()")`)
	b.run()
	b.says("#viz", "text:1")
}

func TestCayleysVisualizePageDrawsAGraph(t *testing.T) {
	b := openCayley(t, "/ui/visualize?picture=who-cracked-what", 1150)
	b.expect = append(b.expect, "GL Driver Message") // of a machine that draws without a graphics card
	b.until("the picture's text", `editor.getValue().includes("kg:cracked")`)
	b.run()
	b.until("a graph", `window.sigmaGraph && sigmaGraph.graph.nodes().length > 20 && sigmaGraph.graph.edges().length > 20`)
	b.until("labels", `sigmaGraph.graph.nodes().some((n) => n.label === "EncroChat")`)
	b.until("something drawn", `document.querySelectorAll("#visualize canvas").length > 0`)
	b.do(chromedp.Sleep(settle))
	b.picture("cayley-visualize.png")
	// Another, with a click.
	evaluate[any](b, `[...document.querySelectorAll("#sidebar a")].find((a) => a.textContent === "operations and platforms").click()`)
	b.until("the other's text", `location.search.includes("operations") && window.editor && editor.getValue().includes("kg:targeted")`)
	b.run()
	b.until("the other graph", `window.sigmaGraph && sigmaGraph.graph.edges().length > 3`)
}
