package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"kg/graph"
	"kg/queries/answers"
)

func newWhy(a *app) *cobra.Command {
	var f tableFlags
	var tree bool
	c := &cobra.Command{
		Use:   "why SUBJECT [PREDICATE [OBJECT]]",
		Short: "Show what a fact rests on, down to claims, documents and rows",
		Long: `why shows what stands behind a fact: the claims that state it, who said so in which
document, the row of the curated table, and how many documents were the first to say
it (copies of one release count once). A fact that a rule concluded is shown as a
tree: the rule, and below it the claims it was concluded from; below a claim that
repeats or follows from others, those.

Subject and object may be swapped, OBJECT may be a number or a date, and SUBJECT alone
may be the id of a claim or a derivation. On a terminal the answer is a tree, which
--tree asks for in a pipe too; with --format it is the table of "kg claims".`,
		Example: `  kg why be-federal-police cracked sky-ecc
  kg why seizure/antwerp-cocaine-2021 massGrams "27.64 t" --tree
  kg why A-SEED-007 --format json`,
		Args:              wantArgs(1, 3, "SUBJECT [PREDICATE [OBJECT]]"),
		ValidArgsFunction: completeEntity(a),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := a.encoding(cmd)
			if err != nil {
				return err
			}
			if tree && (a.format != "" || a.json) {
				return usagef(cmd.CommandPath(), "give one of them", "--tree is a form of its own, --format another")
			}
			s, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			if tree || a.format == "" && !a.json && a.std.OutTerminal {
				return a.printTree(cmd.Context(), s, args, f)
			}
			t, err := s.reader().Claims(cmd.Context(), args, false)
			if err != nil {
				return err
			}
			return a.answer(e, f, t)
		},
	}
	f.add(c)
	c.Flags().BoolVar(&tree, "tree", false, "print the tree in a pipe too")
	return c
}

// printTree prints what a fact rests on.
func (a *app) printTree(ctx context.Context, s *session, args []string, f tableFlags) error {
	branches, sum, err := s.reader().Why(ctx, args)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.std.Out)
	paint := colourOn(a.color, a.std, a.std.OutTerminal)
	tree := treePrinter{w: out, paint: paint}
	if a.std.OutTerminal {
		tree.width = a.std.width()
	}
	for i, b := range branches {
		if i > 0 {
			fmt.Fprintln(out)
		}
		tree.print(b, "", "")
	}
	if len(branches) > 0 {
		fmt.Fprintln(out)
		tree.text(sum, "", "", false)
	}
	if err := out.Flush(); err != nil {
		return &writeError{err}
	}
	if len(branches) == 0 {
		a.note("nothing here says so")
		if f.exitStatus {
			return errEmpty
		}
	}
	return nil
}

// A treePrinter prints branches, with long lines broken between words on a terminal.
type treePrinter struct {
	w     *bufio.Writer
	paint painter
	width int // 0: lines are not broken
}

// print prints a branch; first stands before its title, rest before its other lines.
func (p treePrinter) print(b answers.Proof, first, rest string) {
	title, bar := b.Fact, "  "
	if graph.IsClaim(b.ID) {
		title = shortID(b.ID) + " · " + title
	}
	if len(b.Below) > 0 {
		bar = "│ "
	}
	p.text(title, first, rest+bar+"    ", true)
	for _, line := range b.Words {
		p.text(line, rest+bar+"  ", rest+bar+"    ", false)
	}
	for i, child := range b.Below {
		if i == len(b.Below)-1 {
			p.print(child, rest+"└─ ", rest+"   ")
		} else {
			p.print(child, rest+"├─ ", rest+"│  ")
		}
	}
}

// text prints a text behind first, and what does not fit on its line behind next.
func (p treePrinter) text(words, first, next string, title bool) {
	words = strings.ReplaceAll(visible(words), "\n", " ")
	if p.width > 0 {
		room := p.width - max(text.StringWidth(first), text.StringWidth(next))
		words = text.WrapSoft(words, max(room, narrowestValue))
	}
	prefix := first
	for line := range strings.Lines(words) {
		if line = strings.TrimRight(line, " \n"); title {
			line = p.paint.paint(styleTitle, line)
		}
		fmt.Fprintf(p.w, "%s%s\n", prefix, line)
		prefix = next
	}
}
