package cli

import (
	"fmt"
	"time"

	"kg/graph"
)

// quietStart is how long a command may take before it says what it is doing.
const quietStart = time.Second

// redraw is the least time between two states of the progress line.
const redraw = 100 * time.Millisecond

// A progressLine is one line of a terminal that is written again and again. Off a terminal it shows
// nothing.
type progressLine struct {
	std     Streams
	on      bool
	now     func() time.Time
	started time.Time
	drawn   time.Time
	shown   bool

	stage        string
	stageStarted time.Time // when it was first shown
	stageFrom    int       // how many there were then
}

func (a *app) newProgress(now func() time.Time) *progressLine {
	return &progressLine{
		std: a.std, now: now, started: now(),
		on: a.std.ErrTerminal && !a.quiet && !dumb(a.std),
	}
}

// show draws how far a build is.
func (p *progressLine) show(state graph.Progress) {
	if !p.on {
		return
	}
	now := p.now()
	if now.Sub(p.started) < quietStart || now.Sub(p.drawn) < redraw {
		return
	}
	p.drawn, p.shown = now, true
	if p.stage != state.Stage {
		p.stage, p.stageStarted, p.stageFrom = state.Stage, now, state.Done
	}
	of := ""
	if state.Total > 0 {
		of = fmt.Sprintf(" of %d", state.Total)
	}
	what := "quads"
	if state.Stage == "sorting" {
		what = "values"
	}
	p.std.say("\r\x1b[K%s: %d%s %s%s", state.Stage, state.Done, of, what, p.rate(now, state))
}

// rate is how many a second there were in this stage, and how long the rest of it will take, once that
// can be told.
func (p *progressLine) rate(now time.Time, state graph.Progress) string {
	took := now.Sub(p.stageStarted)
	if took < quietStart || state.Done <= p.stageFrom {
		return ""
	}
	rate := float64(state.Done-p.stageFrom) / took.Seconds()
	text := fmt.Sprintf(", %.0f a second", rate)
	if left := state.Total - state.Done; left > 0 {
		text += fmt.Sprintf(", about %s left", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
	}
	return text
}

// clear takes the line away, before anything else is written to the terminal.
func (p *progressLine) clear() {
	if p.shown {
		p.std.say("\r\x1b[K")
		p.shown = false
	}
}
