package exporters_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Graphviz draws every node and every edge, and has nothing to complain about.
func TestGraphvizDrawsOurGraphs(t *testing.T) {
	program, err := exec.LookPath("dot")
	if err != nil {
		missing(t, "dot", "Debian's package is graphviz")
	}
	_, version := run(t, program, "-V")
	t.Logf("%s", version)
	for _, w := range []world{{"the small graph", trickyWorld()}} {
		want := w.wantGraph(t)
		picture, says := run(t, program, "-Tsvg", w.file(t, "dot"))
		if len(says) > 0 {
			t.Errorf("says %s", says)
		}
		nodes, edges := strings.Count(string(picture), `class="node`), strings.Count(string(picture), `class="edge`)
		if nodes != len(want.Nodes) || edges != len(want.Edges) {
			t.Errorf("%d nodes and %d edges, want %d and %d", nodes, edges, len(want.Nodes), len(want.Edges))
		}
		for _, text := range []string{"ANOM &lt;b&gt;", "Raid \\ %s {0} | `x`", "شرطة"} {
			if !strings.Contains(html.UnescapeString(string(picture)), html.UnescapeString(text)) {
				t.Errorf("no %q in the picture", text)
			}
		}
	}
}

// inBrowser opens a page whose scripts put JSON into the element "out", and reads that.
func inBrowser(t *testing.T, page string, answer any) {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "chromium", "Debian's package is chromium")
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	version, _ := run(t, program, "--version")
	t.Logf("%s", version)
	var out []byte
	var found [][]byte
	for again := 2; len(found) == 0 && again >= 0; again-- { // now and then a browser hangs, or ends early, on a busy machine
		profile, failed := os.MkdirTemp("", "kg-browser") //nolint:usetesting // a process that outlives the browser may still write to it
		if failed != nil {
			t.Fatal(failed)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		c := exec.CommandContext(ctx, program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--allow-file-access-from-files",
			"--user-data-dir="+profile, "--virtual-time-budget=20000", "--dump-dom", "file://"+file)
		c.Env = append(os.Environ(), "LC_ALL=C.UTF-8") // which has the letters of all folders
		c.WaitDelay = time.Second                      // its children may hold the pipe
		out, err = c.Output()
		cancel()
		_ = os.RemoveAll(profile)
		found = regexp.MustCompile(`(?s)<pre id="out">(.+?)</pre>`).FindSubmatch(out)
	}
	if found == nil {
		t.Fatalf("the page says nothing: %v: %s", err, out[:min(len(out), 3000)])
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), answer); err != nil {
		t.Fatalf("%v: %s", err, found[1])
	}
}

// jsText is a text as a script reads it, inside of HTML.
func jsText(t *testing.T, text []byte) string {
	t.Helper()
	b, err := json.Marshal(string(text)) // which escapes < and &
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// packageVersion reads which version of a package lies in .cache.
func packageVersion(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(cached(t, "tools", "node", "node_modules", name, "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var p struct{ Version string }
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return name + " " + p.Version
}

func TestMermaidDrawsOurGraphs(t *testing.T) {
	t.Log(packageVersion(t, "mermaid"))
	script := cached(t, "tools", "node", "node_modules", "mermaid", "dist", "mermaid.min.js")
	w := world{"the small graph", trickyWorld()}
	var got struct {
		Error        string
		Nodes, Edges int
		Labels       []string
	}
	inBrowser(t, fmt.Sprintf(`<!doctype html><meta charset="utf-8"><div id="drawn"></div><pre id="out"></pre><script src="file://%s"></script><script>
(async () => {
  const answer = {};
  try {
    mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
    const {svg} = await mermaid.render("picture", %s);
    const at = document.getElementById("drawn");
    at.innerHTML = svg;
    answer.nodes = at.querySelectorAll("g.node").length;
    answer.edges = at.querySelectorAll("path.flowchart-link").length;
    answer.labels = [...at.querySelectorAll(".nodeLabel, .edgeLabel")].map(e => e.textContent.trim());
    at.remove();
  } catch (e) { answer.error = String(e); }
  document.getElementById("out").textContent = JSON.stringify(answer);
})();
</script>`, script, jsText(t, tricky(t, "mermaid"))), &got)
	want := w.wantGraph(t)
	if got.Error != "" || got.Nodes != len(want.Nodes) || got.Edges != len(want.Edges) {
		t.Fatalf("%+v, want %d nodes and %d edges", got, len(want.Nodes), len(want.Edges))
	}
	all := strings.Join(got.Labels, "\n")
	for _, label := range []string{"ANOM <b>", "end", "Raid \\ %s {0} | `x`", "Venetic; DROP TABLE", "شرطة 'العاصمة'", "targeted [C-12]"} {
		if !strings.Contains(all, label) {
			t.Errorf("no label %q in:\n%s", label, all)
		}
	}
}

func TestCytoscapeDrawsOurGraphs(t *testing.T) {
	t.Log(packageVersion(t, "cytoscape"))
	script := cached(t, "tools", "node", "node_modules", "cytoscape", "dist", "cytoscape.min.js")
	w := world{"the small graph", trickyWorld()}
	var got struct {
		Error        string
		Nodes, Edges int
		Claims       int
		Anom, Type   string
		Drawn        bool
	}
	inBrowser(t, fmt.Sprintf(`<!doctype html><meta charset="utf-8"><div id="drawn" style="width:800px;height:600px"></div><pre id="out"></pre><script src="file://%s"></script><script>
const answer = {};
try {
  const file = JSON.parse(%s);
  const cy = cytoscape({container: document.getElementById("drawn"), elements: file.elements, layout: {name: "grid"}, style: [{selector: "node", style: {label: "data(label)"}}]});
  answer.nodes = cy.nodes().length;
  answer.edges = cy.edges().length;
  answer.claims = cy.edges("[claim]").length;
  answer.anom = cy.getElementById("kg:platform/anom").data("label");
  answer.type = typeof cy.getElementById("kg:seizure/cocaine").data("massGrams");
  answer.drawn = cy.elements().boundingBox().w > 0;
} catch (e) { answer.error = String(e); }
document.getElementById("drawn").remove();
document.getElementById("out").textContent = JSON.stringify(answer);
</script>`, script, jsText(t, tricky(t, "cytoscape"))), &got)
	want := w.wantGraph(t)
	if got.Error != "" || got.Nodes != len(want.Nodes) || got.Edges != len(want.Edges) || got.Claims != 9 || got.Anom != "ANOM <b>" || got.Type != "number" || !got.Drawn {
		t.Fatalf("%+v, want %d nodes and %d edges", got, len(want.Nodes), len(want.Edges))
	}
}
