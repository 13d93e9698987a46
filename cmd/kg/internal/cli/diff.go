package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kg/graph"
	"kg/loaders"
)

type diffOptions struct {
	from string
}

func newDiff(a *app) *cobra.Command {
	var o diffOptions
	c := &cobra.Command{
		Use:   "diff A [B]",
		Short: "Compare two versions of the facts, claim by claim",
		Long: `diff tells what changed from A to B: claims added, withdrawn and corrected, entities
added, removed and renamed. Without B, A is compared with the project as it is now.

A and B are files of any format that is read, - for standard input, folders of curated
tables or of a project, addresses of stores (snapshot:FILE, leveldb:DIR), or else
revisions of the project in git (HEAD~3, v1.0), whose data/facts.nq is read or, where
there was none, the curated tables. A name that is a file is never taken for a
revision.

A claim is corrected when it says something else under the same id or, where ids were
not kept, on the same subject and predicate from the same document. A rename is told
by the old name or slug among the names of an entity that is there now; what was said
of the entity is compared under its new name. What the program concludes is not
compared: it follows from the claims.

--format text lists the changes, md writes a corrections notice for readers, json is
for programs. The exit code is 1 when anything differs.`,
		Example: `  kg diff HEAD~3 HEAD
  kg diff v1.0 --format md
  kg diff old.nq.gz data/facts.nq
  kg diff snapshot:old.kg data/curated --json`,
		Args: wantArgs(1, 2, "A [B]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.from != "" {
				if _, err := loaders.ByName(o.from); err != nil {
					return usagef(cmd.CommandPath(), "", "--from: %v", err)
				}
			}
			if len(args) == 2 && args[0] == loaders.StandardInput && args[0] == args[1] {
				return usagef(cmd.CommandPath(), "", "- is given twice, and there is one standard input")
			}
			format, err := a.ownFormat(cmd, "text", "json", "md")
			if err != nil {
				return err
			}
			return a.diff(cmd.Context(), o, args, format)
		},
	}
	ownFormatFlag(a, c, "text", "json", "md")
	c.Flags().StringVar(&o.from, "from", "", "format of the files, where name and content do not tell")
	complete(c, "from", fixed(loaderNames()...))
	return c
}

// ownFormatFlag gives a command that does not print one table its own values of --format, the first of
// them the default.
func ownFormatFlag(a *app, c *cobra.Command, words ...string) {
	c.Flags().StringVarP(&a.format, "format", "f", "", "how to print: "+strings.Join(words, ", ")+" (default "+words[0]+")")
	complete(c, "format", fixed(words...))
}

// ownFormat is the format asked for, of those that the command knows.
func (a *app) ownFormat(cmd *cobra.Command, words ...string) (string, error) {
	switch {
	case a.json && a.format != "" && a.format != "json":
		return "", usagef(cmd.CommandPath(), "give one of them", "--json and --format %s contradict each other", a.format)
	case a.json:
		return "json", nil
	case a.format == "":
		return words[0], nil
	}
	return a.format, checkWord(cmd, "--format", a.format, words)
}

func (a *app) diff(ctx context.Context, o diffOptions, args []string, format string) error {
	schema, err := a.schema()
	if err != nil {
		return err
	}
	d := differ{schema: schema}
	if d.before, err = a.diffSide(ctx, o, args[0]); err != nil {
		return err
	}
	if len(args) == 2 {
		d.after, err = a.diffSide(ctx, o, args[1])
	} else {
		d.after, err = a.diffProject(ctx)
	}
	if err != nil {
		return err
	}
	d.Difference = graph.Compare(d.before.version, d.after.version)
	err = a.writeOut(func(w io.Writer) error {
		out := bufio.NewWriter(w)
		switch format {
		case "json":
			d.writeJSON(out)
		case "md":
			d.writeNotice(out)
		default:
			d.paint = colourOn(a.color, a.std, a.std.OutTerminal)
			d.writeText(out)
		}
		return out.Flush()
	})
	if err != nil {
		return err
	}
	if d.Empty() {
		a.note("no difference")
		return nil
	}
	a.note("%s", d.summary())
	return errCheck
}

// summary counts the changes: "2 claims corrected, 1 withdrawn; 1 entity renamed".
func (d *differ) summary() string {
	var parts []string
	say := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, countOf(n, one, many))
		}
	}
	say(len(d.Corrected), "claim corrected", "claims corrected")
	say(len(d.Withdrawn), "claim withdrawn", "claims withdrawn")
	say(len(d.Added), "claim added", "claims added")
	say(len(d.Renumbered), "claim with a new id", "claims with new ids")
	say(len(d.Renamed), "entity renamed", "entities renamed")
	say(len(d.EntitiesAdded), "entity added", "entities added")
	say(len(d.EntitiesRemoved), "entity removed", "entities removed")
	say(len(d.Redescribed), "entity described anew", "entities described anew")
	say(len(d.FactsAdded)+len(d.FactsRemoved), "other fact", "other facts")
	return strings.Join(parts, ", ")
}

// title is what a claim is about, for people: "Users of EncroChat worldwide, count".
func (d *differ) title(c graph.Claim) string {
	label := string(c.Predicate)
	if p, ok := d.schema.Predicate(c.Predicate); ok {
		label = p.Label
	}
	return fmt.Sprintf("%s, %s", d.name(c.Subject), label)
}
