package gizmo

import (
	"fmt"
	"regexp/syntax"
)

// machineMax bounds the machine of an expression in regex() and like(): one of a million instructions
// takes seconds to make, which cannot be interrupted, and gigabytes to run.
const machineMax = 50_000

// patternSize refuses an expression whose machine would be too large. What is no expression passes:
// the compiler says what is wrong with it.
func patternSize(text string) error {
	n := len(text)
	if n <= machineMax {
		re, err := syntax.Parse(text, syntax.Perl)
		if err != nil {
			return nil //nolint:nilerr // told by the compiler
		}
		n = unrolled(re)
	}
	if n > machineMax {
		return fmt.Errorf("%w: a regular expression of size %d, %d is allowed", ErrSize, n, machineMax)
	}
	return nil
}

// unrolled is about how many instructions an expression makes once its counted repeats are written out.
func unrolled(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)/2
	for _, sub := range re.Sub {
		n = min(n+unrolled(sub), 1<<30)
	}
	if re.Op == syntax.OpRepeat {
		n = min(n*max(1, re.Min, re.Max), 1<<30)
	}
	return n
}
