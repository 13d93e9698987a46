package cli

import (
	"bufio"
	"io"

	"github.com/spf13/cobra"

	"kg/graph"
)

// A shell is one for which a completion script can be printed.
type shell struct {
	name     string
	generate func(root *cobra.Command, w io.Writer) error
}

func shells() []shell {
	return []shell{
		{"bash", bashCompletion},
		{"zsh", func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) }},
		{"fish", func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) }},
		{"powershell", func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) }},
	}
}

func newCompletion(a *app) *cobra.Command {
	names := make([]string, 0, 4)
	for _, s := range shells() {
		names = append(names, s.name)
	}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a completion script for " + oneOf(names),
		Long: `completion prints a script that completes commands, flags, questions, their
parameters and the names of the graph's entities. Load it in the shell's start-up
file:

  bash        source <(kg completion bash)
  zsh         source <(kg completion zsh)
  fish        kg completion fish | source
  powershell  kg completion powershell | Out-String | Invoke-Expression`,
		Example: `  kg completion bash > ~/.local/share/bash-completion/completions/kg
  kg completion zsh`,
		ValidArgs: names,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef(cmd.CommandPath(), "", "want a shell: %s, found %s", oneOf(names), quoted(args))
			}
			for _, name := range names {
				if name == args[0] {
					return nil
				}
			}
			return usagef(cmd.CommandPath(), graph.DidYouMean(args[0], names), "want a shell: %s, found %q", oneOf(names), args[0])
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			out := bufio.NewWriter(a.std.Out)
			for _, s := range shells() {
				if s.name == args[0] {
					if err := s.generate(cmd.Root(), out); err != nil {
						return &writeError{err}
					}
				}
			}
			if err := out.Flush(); err != nil {
				return &writeError{err}
			}
			return nil
		},
	}
}
