package graph

import (
	"fmt"
	"strings"
)

// Words says how many claims a view has and why the rest is not in it. undated is how the reader keeps
// what stands in documents without a date: "--undated".
func (n ViewCounts) Words(undated string) string {
	all := numbered(n.Claims, "claim", "claims")
	if n.Kept == n.Claims && n.Loose == 0 {
		return "all of " + all
	}
	var why []string
	say := func(n int, one, many string) {
		if n > 0 {
			why = append(why, numbered(n, one, many))
		}
	}
	keeps := func(n int) string {
		if n == 1 {
			return " (" + undated + " keeps it)"
		}
		return " (" + undated + " keeps them)"
	}
	say(n.Later, "stands in a document published later", "stand in documents published later")
	say(n.Undated, "stands in ", "stand in ")
	if n.Undated > 0 {
		why[len(why)-1] += numbered(n.UndatedDocuments, "document", "documents") + " without a date" + keeps(n.Undated)
	}
	say(n.NotThen, "did not hold then", "did not hold then")
	say(n.NotYet, "is about what had not begun", "are about what had not begun")
	say(n.Premises, "was concluded from what is left out", "were concluded from what is left out")
	say(n.Loose, "fact has no document", "facts have no document")
	if n.Loose > 0 {
		why[len(why)-1] += keeps(n.Loose)
	}
	return fmt.Sprintf("%d of %s; left out: %s", n.Kept, all, strings.Join(why, ", "))
}

func numbered(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
