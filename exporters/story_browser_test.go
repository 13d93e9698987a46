package exporters_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"kg/exporters"
)

// A visit is what a browser did and said while it showed a page.
type visit struct {
	mu       sync.Mutex
	requests []string
	says     []string
}

func (v *visit) add(to *[]string, text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	*to = append(*to, text)
}

// browse opens a file in Chromium, before which prepare may set things up, and returns a context for
// what is done there.
func browse(t *testing.T, file string, prepare ...chromedp.Action[chromedp.Void]) (context.Context, *visit) {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "chromium", "Debian's package is chromium")
	}
	for again := 2; ; again-- {
		ctx, v, err := begin(t, program, file, prepare)
		if err == nil {
			return ctx, v
		}
		if again == 0 {
			t.Fatal(err)
		}
		t.Logf("the browser does not start, once more: %v", err) // now and then one hangs on a busy machine
	}
}

func begin(t *testing.T, program, file string, prepare []chromedp.Action[chromedp.Void]) (context.Context, *visit, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	defer time.AfterFunc(2*time.Minute, cancel).Stop()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Env("LC_ALL=C.UTF-8")) // which has the letters of all folders
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	v := &visit{}
	if err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			v.add(&v.requests, e.Request.URL)
		case *log.EventEntryAdded:
			v.add(&v.says, e.Entry.Text)
		case *runtime.EventExceptionThrown:
			v.add(&v.says, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			v.add(&v.says, string(e.Type))
		}
	}); err != nil {
		return nil, nil, err
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		return nil, nil, err
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		return nil, nil, err
	}
	return ctx, v, chromedp.Do(ctx, append(slices.Clip(prepare), chromedp.Navigate("file://"+file))...)
}

// in evaluates a script in the page.
func in[T any](ctx context.Context, t *testing.T, script string) T {
	t.Helper()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func storyFile(t *testing.T, d exporters.Document) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "story.html")
	if err := os.WriteFile(file, exported(t, "story", d), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBrowserShowsTheStoryWithoutNetwork(t *testing.T) {
	ctx, v := browse(t, storyFile(t, strange(t)))
	if err := chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS("#filter"), "police")); err != nil {
		t.Fatal(err)
	}
	if shown := in[string](ctx, t, `document.getElementById("shown").textContent`); !strings.Contains(shown, " of ") {
		t.Errorf("the filter says %q", shown)
	}
	if hidden := in[int](ctx, t, `document.querySelectorAll(".card[hidden]").length`); hidden == 0 {
		t.Error("the filter hides nothing")
	}
	if pictures := in[int](ctx, t, `document.querySelectorAll("svg").length`); pictures != 3 {
		t.Errorf("%d pictures, want graph, map and timeline", pictures)
	}
	in[string](ctx, t, `location.hash = "#e-location-fiji"`)
	target := ""
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if target = in[string](ctx, t, `(document.querySelector(".card:target:not([hidden]) h4") || {textContent: ""}).textContent`); target != "" {
			break
		}
	}
	if target != "فيجي" {
		t.Errorf("a link to a card that the filter hid leads to %q", target)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, url := range v.requests {
		if !strings.HasPrefix(url, "file://") {
			t.Errorf("the page asked for %s", url)
		}
	}
	for _, text := range v.says {
		t.Errorf("the browser says %s", text)
	}
	if len(v.requests) == 0 {
		t.Error("no request was seen, so none that leaves would have been")
	}
}

func TestBrowserShowsTheStoryWithoutScripts(t *testing.T) {
	off := func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	}
	ctx, _ := browse(t, storyFile(t, strange(t)), off)
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("body")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`ANOM <b>"bold"</b>`, "27.64 t", "28 t", "[1]", "A paper", "CC BY 4.0", "kg export --depth 2"} {
		if !strings.Contains(text, want) {
			t.Errorf("without scripts the page does not say %q", want)
		}
	}
	if strings.Contains(text, "Show what contains") {
		t.Error("a filter that cannot work is shown")
	}
}
