package cli

import "strings"

// A style is an escape sequence of the terminal. Colour repeats what the words say and never says
// anything alone.
type style string

const (
	styleTitle style = "\x1b[1m"    // column titles, the name of what is shown
	styleQuiet style = "\x1b[2m"    // identifiers, sources
	styleWarn  style = "\x1b[33m"   // a conflict, a cut
	styleGood  style = "\x1b[32m"   // agreement, a check passed
	styleBad   style = "\x1b[31;1m" // a check failed
	styleReset       = "\x1b[0m"
)

// A painter colours text, or leaves it as it is.
type painter bool

func (p painter) paint(s style, text string) string {
	if !p || text == "" {
		return text
	}
	return string(s) + text + styleReset
}

// colours are the values of --color.
func colours() []string { return []string{"auto", "always", "never"} }

// colourOn decides whether a stream is coloured: the flag first, then the environment, then whether
// a terminal shows it.
func colourOn(flag string, std Streams, terminal bool) painter {
	switch flag {
	case "always":
		return true
	case "never":
		return false
	}
	if std.env(envNoColor) != "" {
		return false
	}
	if force := std.env(envForceColor); force != "" && force != "0" {
		return true
	}
	return painter(terminal && std.env(envColor) != "0" && !dumb(std))
}

// dumb says whether the terminal cannot move its cursor.
func dumb(std Streams) bool { return strings.EqualFold(std.env(envTerm), "dumb") }
