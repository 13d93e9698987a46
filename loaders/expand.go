package loaders

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kg/graph"
)

// maxInputs is how many files a folder, a pattern or an archive may stand for.
const maxInputs = 100_000

// ErrNoInput is the cause of the problem of a folder, pattern or archive that holds nothing to load.
var ErrNoInput = errors.New("nothing to load")

// Expand turns what a user names into inputs for [Load] or, with tables, for [LoadTable]:
//
//   - a folder stands for the files in it and below it whose names tell a format (with tables: are those
//     of tables), sorted; hidden ones (.name) are passed over, links to files are followed and links to
//     folders are not;
//   - a .zip archive stands for its members of that kind, in the order of the archive;
//   - a pattern (*.nq, 202?/*.ttl) that is the name of no file stands for the files that it matches;
//   - everything else stands for itself, "-" and ARCHIVE.zip#MEMBER included.
//
// The notes are sentences about what was found and what was left out. The error is a [*graph.Problem],
// or that of the context.
func Expand(ctx context.Context, names []string, tables bool) (inputs, notes []string, err error) {
	e := &expander{ctx: ctx, tables: tables}
	for _, name := range names {
		if err := e.add(name); err != nil {
			return nil, nil, err
		}
	}
	return e.inputs, e.notes, nil
}

type expander struct {
	ctx           context.Context
	tables        bool
	inputs, notes []string
}

// wanted says whether the name of a file that nobody named himself tells that it can be read.
func (e *expander) wanted(name string) bool {
	if e.tables {
		return IsTable(name)
	}
	_, ok := byExtension(name)
	return ok
}

func (e *expander) kind() string {
	if e.tables {
		return "file whose name is that of a table: *" + strings.Join(tableExtensions(), ", *")
	}
	return "file whose name tells a format"
}

func (e *expander) add(name string) error {
	if name == StandardInput {
		e.inputs = append(e.inputs, name)
		return nil
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return e.folder(name)
	case err == nil && isZip(name) && info.Mode().IsRegular():
		return e.archive(name, true)
	case err != nil && strings.ContainsAny(name, "*?[") && notThere(name):
		if file, member := splitMember(name); member != "" {
			return e.membersLike(file, member)
		}
		return e.pattern(name)
	default:
		e.inputs = append(e.inputs, name)
		return nil
	}
}

// found notes inputs that stand for a name, and what was left out.
func (e *expander) found(name string, inputs, leftOut []string) error {
	if len(inputs) == 0 {
		p := &graph.Problem{At: graph.Position{File: name}, Want: "a " + e.kind(), Found: "none", Err: ErrNoInput}
		if len(leftOut) > 0 {
			p.Found = "only " + firstOf(leftOut)
			p.Hint = "name a file itself, with --from"
			switch {
			case e.tables && isZip(name):
				p.Hint = "name one and its metadata: " + name + memberMark + leftOut[0] + " --metadata FILE"
			case !e.tables && slices.ContainsFunc(leftOut, IsTable):
				p.Hint = "tables are read with --csvw"
			}
		}
		return p
	}
	if len(e.inputs)+len(inputs) > maxInputs {
		return &graph.Problem{At: graph.Position{File: name}, Want: fmt.Sprintf("at most %d files", maxInputs), Found: "more"}
	}
	e.inputs = append(e.inputs, inputs...)
	note := fmt.Sprintf("%s: %s", name, counted(len(inputs), "file"))
	if len(leftOut) > 0 {
		note += fmt.Sprintf("; left out: %s", firstOf(leftOut))
	}
	e.notes = append(e.notes, note)
	return nil
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (e *expander) folder(dir string) error {
	var inputs, leftOut []string
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if stop := context.Cause(e.ctx); stop != nil {
			return stop
		}
		if err != nil {
			return unopened(path, err)
		}
		if seen++; seen > 10*maxInputs {
			return &graph.Problem{At: graph.Position{File: dir}, Want: fmt.Sprintf("a folder of at most %d files", 10*maxInputs), Found: "more", Hint: "name a smaller one"}
		}
		switch {
		case path != dir && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		rel, errRel := filepath.Rel(dir, path)
		if errRel != nil {
			rel = path
		}
		if !isRegular(path) { // a broken link, a link to a folder, a pipe
			leftOut = append(leftOut, rel)
			return nil
		}
		switch {
		case e.wanted(path):
			inputs = append(inputs, path)
		case isZip(path) && !e.tables:
			members, err := e.list(path)
			if err != nil {
				return err
			}
			inputs = append(inputs, members...)
		case !strings.HasSuffix(path, MetadataSuffix) && filepath.Base(path) != FolderMetadata:
			leftOut = append(leftOut, rel)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return e.found(dir, inputs, leftOut)
}

// archive takes the members of a zip archive. One that has a single member needs no name that tells.
func (e *expander) archive(name string, alone bool) error {
	z, err := openZip(name)
	if err != nil {
		return err
	}
	all := z.members()
	if err := z.Close(); err != nil {
		return fmt.Errorf("closing %s: %w", name, err)
	}
	if len(all) == 1 && alone && !e.tables {
		e.inputs = append(e.inputs, all[0])
		return nil
	}
	var inputs, leftOut []string
	for _, member := range all {
		if e.wanted(member) {
			inputs = append(inputs, member)
		} else {
			leftOut = append(leftOut, strings.TrimPrefix(member, name+memberMark))
		}
	}
	return e.found(name, inputs, leftOut)
}

// list is the members of an archive within a folder that can be read.
func (e *expander) list(name string) ([]string, error) {
	z, err := openZip(name)
	if err != nil {
		return nil, err
	}
	members := slices.DeleteFunc(z.members(), func(member string) bool { return !e.wanted(member) })
	return members, z.Close()
}

// membersLike takes the members whose names match a pattern.
func (e *expander) membersLike(file, pattern string) error {
	z, err := openZip(file)
	if err != nil {
		return err
	}
	var inputs []string
	for _, member := range z.members() {
		ok, bad := filepath.Match(pattern, strings.TrimPrefix(member, file+memberMark))
		if bad != nil {
			err = badPattern(pattern, bad)
			break
		}
		if ok {
			inputs = append(inputs, member)
		}
	}
	if closing := z.Close(); err == nil {
		err = closing
	}
	if err == nil && len(inputs) == 0 {
		err = &graph.Problem{At: graph.Position{File: file}, Want: "a member like " + quote([]byte(shown(pattern)), ""), Found: "none", Err: ErrNoInput}
	}
	if err != nil {
		return err
	}
	return e.found(file+memberMark+pattern, inputs, nil)
}

// pattern takes the files whose names match. What was asked for by name is read whatever its name tells.
func (e *expander) pattern(pattern string) error {
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return badPattern(pattern, err)
	}
	var inputs []string
	for _, match := range matches {
		info, err := os.Stat(match)
		hidden := strings.HasPrefix(filepath.Base(match), ".") && !strings.HasPrefix(filepath.Base(pattern), ".")
		if err == nil && !info.IsDir() && !hidden && !strings.HasSuffix(match, MetadataSuffix) {
			inputs = append(inputs, match)
		}
	}
	if len(inputs) == 0 {
		return &graph.Problem{At: graph.Position{File: pattern}, Want: "a file that the pattern matches", Found: "none", Hint: "* stands for letters of one name, not for folders", Err: ErrNoInput}
	}
	slices.Sort(inputs)
	n := len(e.inputs)
	if err := e.found(pattern, inputs, nil); err != nil {
		return err
	}
	e.inputs = e.inputs[:n]
	for _, input := range inputs { // archives among them stand for their members
		if err := e.add(input); err != nil {
			return err
		}
	}
	return nil
}

func badPattern(pattern string, err error) error {
	return &graph.Problem{At: graph.Position{File: pattern}, Want: "a pattern of * ? and [letters]", Found: quote([]byte(shown(pattern)), ""), Err: err}
}

// IsCurated says whether a folder holds curated tables: one at least that [Curated] knows by its name.
func IsCurated(fsys fs.FS, dir string) bool {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if e.Name() == claimFolder && e.IsDir() || slices.ContainsFunc(entityTables(), func(t entityTable) bool { return t.file == e.Name() }) {
			return true
		}
	}
	return false
}
