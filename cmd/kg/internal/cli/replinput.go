package cli

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ergochat/readline"

	"kg/queries/gizmo"
)

// lines reads from a terminal with history and completion, from anything else as it comes.
func (a *app) lines(p *prompt) (lineReader, error) {
	if !a.std.InTerminal || !a.std.OutTerminal {
		return &plainLines{scanner: bufio.NewReader(a.std.In)}, nil
	}
	instance, err := readline.NewFromConfig(&readline.Config{
		HistoryFile:            a.historyFile(),
		HistorySearchFold:      true,
		AutoComplete:           &replCompleter{prompt: p},
		Undo:                   true,
		DisableAutoSaveHistory: false,
	})
	if err != nil {
		return nil, err
	}
	a.note("Gizmo on %s; :help lists the commands, Ctrl-D ends", p.session.project.facts())
	return &terminalLines{instance}, nil
}

// historyFile is where the lines are kept between calls; "" where there is no place.
func (a *app) historyFile() string {
	dir := a.std.env(envState)
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	dir = filepath.Join(dir, "kg")
	if os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	return filepath.Join(dir, "history")
}

// plainLines reads a script.
type plainLines struct{ scanner *bufio.Reader }

func (l *plainLines) read(string) (string, error) {
	line, err := l.scanner.ReadString('\n')
	if line != "" && errors.Is(err, io.EOF) {
		err = nil // the last line needs no end
	}
	return strings.TrimRight(line, "\r\n"), err
}

// Close does nothing: standard input is not ours.
func (l *plainLines) Close() error { return nil }

// terminalLines reads from a person.
type terminalLines struct{ *readline.Instance }

func (l *terminalLines) read(sign string) (string, error) {
	l.SetPrompt(sign)
	line, err := l.ReadLine()
	if errors.Is(err, readline.ErrInterrupt) {
		return "", errDropped
	}
	return line, err
}

// replCompleter proposes how the word before the cursor may go on.
type replCompleter struct {
	prompt *prompt
	names  []string // of predicates and entities, read when first needed
}

// Do implements the completion of the line editor.
func (c *replCompleter) Do(line []rune, pos int) (proposals [][]rune, length int) {
	typed := string(line[:pos])
	word, words := c.words(typed)
	for _, w := range words {
		if rest, ok := strings.CutPrefix(w, word); ok {
			proposals = append(proposals, []rune(rest))
		}
	}
	return proposals, len([]rune(word))
}

// words finds the word that is being typed and what it may be: a command, an IRI within < >, a method
// after a point, a name of Gizmo.
func (c *replCompleter) words(typed string) (word string, words []string) {
	if strings.HasPrefix(typed, ":") {
		for _, command := range replCommands() {
			words = append(words, command.name)
		}
		return typed, words
	}
	if at := strings.LastIndexAny(typed, "<>"); at >= 0 && typed[at] == '<' && !strings.ContainsAny(typed[at:], `"'`) {
		return typed[at+1:], c.iris()
	}
	at := strings.LastIndexFunc(typed, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) + 1
	word = typed[at:]
	switch {
	case at == 0 || typed[at-1] != '.':
		return word, gizmo.Globals()
	case at >= 2 && typed[at-2] == 'g' && (at == 2 || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz", rune(typed[at-3]))):
		return word, gizmo.GraphMethods()
	default:
		return word, gizmo.Methods()
	}
}

func (c *replCompleter) iris() []string {
	if c.names == nil {
		s := c.prompt.session
		for _, p := range s.schema.Predicates() {
			c.names = append(c.names, string(p.IRI)+">")
		}
		if entities, err := s.entities(c.prompt.cmd.Context()); err == nil {
			for _, e := range entities {
				c.names = append(c.names, string(e.iri)+">")
			}
		}
		slices.Sort(c.names)
	}
	return c.names
}
