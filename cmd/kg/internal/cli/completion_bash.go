package cli

import (
	"io"

	"github.com/spf13/cobra"
)

// bashWords stands in for the one function of the package bash-completion that cobra's script needs.
// Bash splits words at = and : too; it puts them together again, as cobra expects them.
const bashWords = `
if ! declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
    _get_comp_words_by_ref()
    {
        local i last word
        words=() cword=0
        for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
            word=${COMP_WORDS[i]} last=$((${#words[@]} - 1))
            if ((i > 1)) && [[ $word == [=:]* || ${words[last]} == *[=:] ]]; then
                words[last]+=$word
            else
                words+=("$word")
            fi
            if ((i == COMP_CWORD)); then
                cword=$((${#words[@]} - 1))
            fi
        done
        cur=${words[cword]} prev=
        if ((cword > 0)); then
            prev=${words[cword - 1]}
        fi
    }
fi
`

// bashCompletion prints the script for bash, which works without the package bash-completion.
func bashCompletion(root *cobra.Command, w io.Writer) error {
	if err := root.GenBashCompletionV2(w, true); err != nil {
		return err
	}
	_, err := io.WriteString(w, bashWords)
	return err
}
