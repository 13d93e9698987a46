package cli

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"
)

// helpWidth is how many columns a page of help takes at most: those of a terminal that nobody has widened.
const helpWidth = 80

// foldedHelp has the help of a command, and of all below it, printed within helpWidth.
func foldedHelp(root *cobra.Command) {
	render := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		out := cmd.OutOrStdout()
		var page strings.Builder
		cmd.SetOut(&page)
		render(cmd, args)
		cmd.SetOut(out)
		// What cannot be written the caller's stream reports when it is closed.
		_, _ = out.Write([]byte(fold(page.String(), helpWidth)))
	})
}

// fold fills what is wider than a page anew: paragraphs, and the explanations to the right of a word or a
// flag, which stay in their column. Examples and whatever else is indented as it must be stay as they are.
func fold(page string, width int) string {
	lines := strings.Split(page, "\n")
	var out []string
	verbatim := false
	for i := 0; i < len(lines); {
		if line := lines[i]; line != "" && line[0] != ' ' {
			verbatim = line == "Examples:" || line == "Usage:"
		}
		block := blockOf(lines[i:])
		if verbatim || !tooLong(block, width) {
			out = append(out, lines[i:i+len(block)]...)
		} else {
			out = append(out, refill(block, width)...)
		}
		i += len(block)
	}
	return strings.Join(out, "\n")
}

// blockOf is the first line of a text with those that go on with it: a paragraph, or what is explained
// beside a word.
func blockOf(lines []string) []string {
	column := hanging(lines[0])
	n := 1
	for lines[0] != "" && n < len(lines) && lines[n] != "" && indentOf(lines[n]) == column && hanging(lines[n]) == column {
		n++
	}
	return lines[:n]
}

// refill writes a block anew, its first line as far as to the column where the others begin as it was.
func refill(block []string, width int) []string {
	column := hanging(block[0])
	words := strings.Fields(block[0][column:])
	for _, line := range block[1:] {
		words = append(words, strings.Fields(line)...)
	}
	out := []string{strings.TrimRight(block[0][:column], " ")}
	begun := false
	at := column
	for _, word := range words {
		n := text.StringWidthWithoutEscSequences(word)
		last := len(out) - 1
		switch {
		case !begun:
			out[last] = block[0][:column] + word
			begun = true
			at = column + n
		case at+1+n > width:
			out = append(out, strings.Repeat(" ", column)+word)
			at = column + n
		default:
			out[last] += " " + word
			at += 1 + n
		}
	}
	return out
}

func tooLong(block []string, width int) bool {
	for _, line := range block {
		if text.StringWidthWithoutEscSequences(line) > width {
			return true
		}
	}
	return false
}

// hanging is the column at which the lines after this one go on: behind the first word or flag and the
// spaces that part it from its explanation, else where the line begins.
func hanging(line string) int {
	indent := indentOf(line)
	if indent == 0 {
		return 0
	}
	gap := strings.Index(line[indent:], "  ")
	if gap < 0 {
		return indent
	}
	return indent + gap + indentOf(line[indent+gap:])
}

func indentOf(line string) int {
	return len(line) - len(strings.TrimLeft(line, " "))
}
