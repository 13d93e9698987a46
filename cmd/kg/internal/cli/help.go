package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kg/graph"
)

// A topic is a page of help that belongs to no command: "kg help formatting".
type topic struct {
	name, short, text string
}

func topics() []topic {
	return []topic{
		{"formatting", "How tables are printed, and the JSON envelope", formattingTopic},
		{"exit-codes", "What the exit code says", exitCodesTopic},
		{"environment", "Environment variables that are read", environmentTopic()},
		{"stores", "Where the facts come from and where the graph is kept", storesTopic()},
		{"clocks", "Answer from what was known, or what held, at a date", clocksTopic},
		{"model", "What a claim, a figure and a derived fact are", modelTopic},
	}
}

// command is the topic as cobra lists it: a command that does nothing but explain.
func (t topic) command() *cobra.Command {
	c := &cobra.Command{Use: t.name, Short: t.short, Long: t.text}
	c.SetHelpTemplate("{{.Long}}\n")
	return c
}

func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND|TOPIC]",
		Short: "Explain a command or a topic",
		Long:  "help explains a command or a topic: " + strings.Join(topicNames(), ", ") + ".",
		Example: `  kg help query
  kg help formatting`,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, c := range cmd.Root().Commands() {
				if !c.Hidden {
					names = append(names, c.Name()+"\t"+c.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			found, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				names := topicNames()
				for _, c := range found.Commands() {
					names = append(names, c.Name())
				}
				word := args[len(args)-max(1, len(rest))]
				return usagef(root.CommandPath(), graph.DidYouMean(word, names), "no help on %q", word)
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	}
}

func topicNames() []string {
	var names []string
	for _, t := range topics() {
		names = append(names, t.name)
	}
	return names
}

func environmentTopic() string {
	var b strings.Builder
	b.WriteString("kg reads these environment variables. A flag wins over its variable, and the\nvariable over the default.\n")
	for _, v := range variables() {
		fmt.Fprintf(&b, "\n  %-15s %s", v.name, v.about)
		if v.flag != "" {
			fmt.Fprintf(&b, "\n  %-15s As a flag: %s.", "", v.flag)
		}
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}

const exitCodesTopic = `The exit code says how a command ended:

    0  done; an empty answer too, unless --exit-status asks otherwise
    1  a check failed (kg check, kg query test, kg fmt --check, kg verify), kg diff
       found a difference, or no rows under --exit-status
    2  the command line cannot be understood: an unknown command or flag
    3  bad input: data or a question with a fault, an unknown entity, question,
       parameter, predicate or unit, a file or store that cannot be opened
    4  the answer is incomplete: a time limit was reached, or rows were cut by
       --limit under --require-complete
  130  interrupted (Ctrl-C); a store that was being rebuilt is as it was before

A reader that closes the pipe early, as head does, is no failure.`

func storesTopic() string {
	var kinds strings.Builder
	for _, k := range graph.StoreKinds() {
		fmt.Fprintf(&kinds, "  %-13s %s\n", k.Form, k.Summary)
	}
	return storesText + strings.TrimRight(kinds.String(), "\n") + `

"kg build --store ADDRESS" fills one.`
}

const storesText = `Facts come from, in this order:

  --data DIR, or KG_DATA    a folder with curated/ or facts.nq, or one that holds
                            such a folder called data
  the project               the nearest folder upward with data/curated or
                            data/facts.nq
  the program itself        the facts that were embedded when it was built

With curated/ present it is the only input; facts.nq is then what "kg build
--facts" writes.

The graph is kept in .kg/ beside the project's data folder, or in the user's cache
folder for the embedded facts. Path, size, time and digest of every input are
recorded: when an input has changed, the next command rebuilds the graph first, in
a new file that replaces the old one when it is complete. Where nothing can be
written the graph is built in memory, and a line on standard error says so.

--store ADDRESS, or KG_STORE, opens a store as it is, whatever the facts are now:

`

const modelTopic = `Every fact is a claim: it was read in one document, and the document may say who
said it. Two documents that disagree are two claims; both are kept and shown.

  claim        a fact with its document, speaker, hedge ("nearly") and the figure
               in the document's words
  figure       what is counted, apart from how many: the arrests of an operation
               by a day, the users of a platform. A seizure is a figure
  conflict     two claims on one figure whose ranges do not overlap. 28 tonnes and
               27.64 tonnes overlap: one is a rounding of the other
  derived      a fact that the program concluded by a rule from claims, such as
               who cracked a platform; shown with its rule and its claims
  inferred     what the editors concluded, and what a rule concluded from that: no
               document states it. Marked wherever it is shown, left out with
               --stated-only

Things are named as class/slug: platform/sky-ecc, agency/nca, seizure/…. Commands
take that, a name, another spelling, or the full IRI. "kg schema" lists classes and
predicates.`
