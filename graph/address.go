package graph

import (
	"errors"
	"fmt"
	"strings"
)

// ErrAddress is the cause of every error about the text of a store's address, so that a command can
// tell a slip of the user from a store that will not open.
var ErrAddress = errors.New("store address")

// An Address says where a store is and which kind it is: "memory:", "leveldb:.kg/graph".
type Address struct {
	Scheme string // "snapshot", "memory", "leveldb", "bolt"
	Path   string // file or folder; empty for a graph that is kept nowhere
}

// ParseAddress reads the address of a store. The error wraps [ErrAddress] and names the valid forms.
func ParseAddress(text string) (Address, error) {
	scheme, path, ok := strings.Cut(text, ":")
	fail := func(found, hint string) (Address, error) {
		return Address{}, &Problem{Want: "a store address: " + forms(), Found: found, Hint: hint, Err: ErrAddress}
	}
	switch {
	case !ok:
		hint := ""
		if text != "" {
			hint = "did you mean memory:" + text + "?"
		}
		return fail(fmt.Sprintf("%q", text), hint)
	case scheme == "postgres", scheme == "postgresql", scheme == "cockroach":
		return Address{}, &Problem{Want: "one of the stores in this program: " + forms(), Found: scheme + ":, which is not built in", Err: ErrAddress}
	}
	for _, b := range backends() {
		if b.scheme != scheme {
			continue
		}
		if path == "" && !b.pathless {
			return fail(fmt.Sprintf("%q without a path", text), "")
		}
		if strings.HasPrefix(path, "//") {
			return fail(fmt.Sprintf("%q", text), "write the path right after the colon")
		}
		return Address{Scheme: scheme, Path: path}, nil
	}
	return fail(fmt.Sprintf("%q", scheme+":"), "")
}

// String prints the address as the user writes it.
func (a Address) String() string { return a.Scheme + ":" + a.Path }

// InMemory says whether nothing of the store outlives the process.
func (a Address) InMemory() bool { return a.Path == "" }

// A StoreKind describes one kind of store for help texts and completion.
type StoreKind struct {
	Form    string // "bolt:FILE"
	Summary string
}

// StoreKinds lists the kinds of store, the one for most people first.
func StoreKinds() []StoreKind {
	var kinds []StoreKind
	for _, b := range backends() {
		kinds = append(kinds, b.kinds...)
	}
	return kinds
}

// forms lists the valid forms of an address in a sentence.
func forms() string {
	var names []string
	for _, k := range StoreKinds() {
		names = append(names, k.Form)
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
