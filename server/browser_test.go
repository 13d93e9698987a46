package server_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var updatePictures = flag.Bool("update", false, "write the pictures of the page into docs")

// browserProgram finds Chromium. Without one a test is skipped aloud; with CI=true it fails.
func browserProgram(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("KG_CHROME"), "chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); name != "" && err == nil {
			return program
		}
	}
	missing(t, "no browser: install chromium (make tools), or name one in KG_CHROME")
	return ""
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// patience is how long a page may take for what it does at once on a machine that has nothing else to do.
const patience = time.Minute

// A tab shows the page in a browser, and keeps what went wrong in it.
type tab struct {
	t      *testing.T
	ctx    context.Context
	saved  string // the folder of what the page saved
	mu     sync.Mutex
	faults []string
	asked  int      // requests
	expect []string // parts of faults that a test wants
}

// watch is run before any script of the page.
const watch = `window.violations = []; document.addEventListener("securitypolicyviolation", (e) => window.violations.push(e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile + ":" + e.lineNumber));`

// openTab starts a browser with the page that a handler serves, at an address like "#view=map".
func openTab(t *testing.T, handler http.Handler, address string, width, height int64) *tab {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return openTabAt(t, server.URL, address, width, height)
}

// openTabAt starts a browser with the page of a server. At the end of the test nothing may have been
// written to its console, and the policy may not have been broken.
func openTabAt(t *testing.T, server, address string, width, height int64) *tab {
	t.Helper()
	program := browserProgram(t)
	for again := 2; ; again-- {
		b := &tab{t: t, saved: t.TempDir()}
		err := b.open(program, server, address, width, height)
		if err == nil {
			t.Cleanup(b.blameless)
			return b
		}
		if again == 0 {
			t.Fatal(err)
		}
		t.Logf("the browser does not start, once more: %v", err) // now and then one hangs on a busy machine
	}
}

// open starts the browser.
func (b *tab) open(program, server, address string, width, height int64) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*patience) // the test's own ends before its clean-up
	b.t.Cleanup(cancel)
	defer time.AfterFunc(2*patience, cancel).Stop()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Env("LC_ALL=C.UTF-8")) // else it cannot write to folders with letters that the locale has not
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	b.t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	b.t.Cleanup(cancel)
	b.ctx = ctx
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			b.mu.Lock()
			b.faults = append(b.faults, fmt.Sprint(m))
			b.mu.Unlock()
		}
	}()
	// Whatever a page asks, it asks here.
	asked := func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && e.Request != nil {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.asked++
			if u := e.Request.URL; !strings.HasPrefix(u, server+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:"+server) {
				b.faults = append(b.faults, "a request to elsewhere: "+u)
			}
		}
	}
	if err := chromedp.Listen(ctx, asked); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}); err != nil {
		return err
	}
	if _, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: b.saved}); err != nil {
		return err
	}
	return chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(server+"/"+address))
}

// blameless holds the page to what it must never do.
func (b *tab) blameless() {
	b.t.Helper()
	if list := evaluate[[]string](b, `window.violations`); len(list) > 0 {
		b.t.Errorf("the policy was broken: %q", list)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.asked == 0 {
		b.t.Error("want the requests of the page seen, found none")
	}
next:
	for _, fault := range b.faults {
		for _, part := range b.expect {
			if strings.Contains(fault, part) {
				continue next
			}
		}
		b.t.Errorf("the console says: %s", fault)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func evaluate[T any](b *tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// until waits for a script to be true.
func (b *tab) until(what, script string) {
	b.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if evaluate[bool](b, "Boolean("+script+")") {
			return
		}
	}
	b.t.Fatalf("waited %s for %s (%s); the page says:\n%s", patience, what, script, evaluate[string](b, `document.body.innerText.slice(0, 3000)`))
}

// says waits for words on the page, in an element.
func (b *tab) says(selector, words string) {
	b.t.Helper()
	quoted, _ := json.Marshal(words)
	b.until(fmt.Sprintf("%q in %s", words, selector), fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%s)`, selector, quoted))
}

// press presses the button with a key.
func (b *tab) press(key string) {
	b.t.Helper()
	button := fmt.Sprintf(`[...document.querySelectorAll("[data-key]")].find((n) => n.dataset.key === %q && n.getClientRects().length > 0 && !n.disabled)`, key)
	b.until("the button "+key, button)
	evaluate[any](b, button+".click()")
}

// suggests waits for the suggestions to a text: those to what was typed before may come first.
func (b *tab) suggests(text string) {
	b.t.Helper()
	b.until("suggestions to "+text, fmt.Sprintf(`!document.querySelector("#found").hidden && document.querySelector("#found").dataset.text === %q`, text))
}

// chooses takes an option of the list with a key.
func (b *tab) chooses(key, value string) {
	b.t.Helper()
	list := fmt.Sprintf(`[...document.querySelectorAll("select")].find((n) => n.dataset.key === %q)`, key)
	b.until("the choice "+key, fmt.Sprintf(`[...(%s?.options ?? [])].some((o) => o.value === %q)`, list, value))
	evaluate[any](b, fmt.Sprintf(`(() => { const n = %s; n.value = %q; n.dispatchEvent(new Event("change")); })()`, list, value))
}

func (b *tab) keys(text string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(text))
}

// file waits for a file that the page saves. Chromium gives it its name when it is whole.
func (b *tab) file(name string) []byte {
	b.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if data, err := os.ReadFile(filepath.Join(b.saved, name)); err == nil && len(data) > 0 {
			return data
		}
	}
	b.t.Fatalf("waited %s for the page to save %s", patience, name)
	return nil
}

// prefers sets what the reader prefers, such as dark colours.
func (b *tab) prefers(feature, value string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// accessible runs axe-core over the page as it is. It is no part of the program: make tools brings it.
func (b *tab) accessible(what string) {
	b.t.Helper()
	path := os.Getenv("KG_AXE")
	if path == "" {
		path = filepath.Join("..", ".cache", "node", "node_modules", "axe-core", "axe.min.js")
	}
	script, err := os.ReadFile(path)
	if err != nil {
		if os.Getenv("CI") == "true" {
			b.t.Fatalf("axe-core is missing: make tools brings it: %v", err)
		}
		b.t.Logf("%s: accessibility is not checked: axe-core is missing, make tools brings it", what)
		return
	}
	evaluate[any](b, string(script)+"\n;null")
	found := evaluate[[]string](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then((r) => r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html + " " + n.failureSummary).join(" | ")))`)
	for _, f := range found {
		b.t.Errorf("%s: %s", what, f)
	}
}

// picture writes what the tab shows into docs, when the test is told to.
func (b *tab) picture(name string) {
	b.t.Helper()
	if !*updatePictures {
		return
	}
	b.do(chromedp.Sleep(300 * time.Millisecond))
	data, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	folder := filepath.Join("..", "docs", "images")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
