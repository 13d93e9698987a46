package loaders

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"kg/graph"
)

// memberMark stands between the name of an archive and that of a member: dump.zip#facts.nq. It stands
// between a workbook and its sheet as well.
const memberMark = "#"

const (
	// maxMembers is how many members an archive may have: whoever packs more means to exhaust.
	maxMembers = 100_000
	// encrypted is the flag of a member that needs a password.
	encrypted = 1
)

// splitMember takes an input like dump.zip#facts.nq or book.xlsx#Sheet1 apart. A file that has such a
// name itself is that file.
func splitMember(input string) (file, member string) {
	lower := strings.ToLower(input)
	for _, ext := range []string{".zip", ".xlsx", ".xlsm"} {
		if i := strings.Index(lower, ext+memberMark); i >= 0 && notThere(input) {
			return input[:i+len(ext)], input[i+len(ext)+len(memberMark):]
		}
	}
	return input, ""
}

func isZip(name string) bool { return strings.EqualFold(filepath.Ext(name), ".zip") }

// A zipArchive is an opened zip archive.
type zipArchive struct {
	*zip.Reader
	file string
	f    *os.File
}

// openZip opens a zip archive and looks at its table of contents. Nothing is ever unpacked to disk, so
// that names like ../x do no harm.
func openZip(file string) (*zipArchive, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, unopened(file, err)
	}
	z, err := readZip(f, file)
	if err != nil {
		_ = f.Close() // the error at hand is the one to tell
		return nil, err
	}
	return z, nil
}

func readZip(f *os.File, file string) (*zipArchive, error) {
	at := graph.Position{File: file}
	info, err := f.Stat()
	if err != nil {
		return nil, unopened(file, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &graph.Problem{At: at, Want: "a zip archive in a file (its table of contents stands at its end)", Found: "something that can be read only once", Hint: "store it in a file first"}
	}
	r, err := zip.NewReader(f, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &graph.Problem{
			At: at, Want: "a whole zip archive", Found: "a damaged one (" + strings.TrimPrefix(err.Error(), "zip: ") + ")",
			Hint: "copy or fetch it again", Err: fmt.Errorf("%w: %w", ErrTorn, err),
		}
	}
	if n := len(r.File); n > maxMembers {
		return nil, &graph.Problem{At: at, Want: fmt.Sprintf("a zip archive of at most %d members", maxMembers), Found: fmt.Sprint(n), Err: ErrBomb}
	}
	var size uint64 // of all members together: they may overlap in the archive
	for _, m := range r.File {
		size += m.UncompressedSize64
	}
	if size > ratioFrom && size/DefaultMaxRatio > uint64(info.Size()) {
		return nil, &graph.Problem{
			At: at, Want: fmt.Sprintf("an archive that unpacks to at most %d times its size", DefaultMaxRatio),
			Found: fmt.Sprintf("%d bytes out of %d", size, info.Size()), Hint: "if you trust it, unpack it first", Err: ErrBomb,
		}
	}
	return &zipArchive{Reader: r, file: file, f: f}, nil
}

// Close closes the archive's file.
func (z *zipArchive) Close() error { return z.f.Close() }

// members lists the members that are files and not hidden, with the name of the archive before them.
func (z *zipArchive) members() []string {
	var names []string
	for _, m := range z.File {
		if !strings.HasSuffix(m.Name, "/") && !hiddenPath(m.Name) {
			names = append(names, z.file+memberMark+m.Name)
		}
	}
	return names
}

// hiddenPath says whether any part of a path begins with a point, or is what a Mac adds to archives.
func hiddenPath(name string) bool {
	for part := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		if part == "__MACOSX" || strings.HasPrefix(part, ".") && part != "." && part != ".." {
			return true
		}
	}
	return false
}

// openMember opens a member of a zip archive; without a name, the only one that can be read.
func openMember(file, member string, o Options) (io.Reader, func() error, error) {
	z, err := openZip(file)
	if err != nil {
		return nil, nil, err
	}
	fail := func(err error) (io.Reader, func() error, error) {
		_ = z.Close() // the error at hand is the one to tell
		return nil, nil, err
	}
	m, err := z.find(member)
	if err != nil {
		return fail(err)
	}
	name := file + memberMark + m.Name
	at := graph.Position{File: name}
	if m.Flags&encrypted != 0 {
		return fail(&graph.Problem{At: at, Want: "a member without a password", Found: "an encrypted one", Hint: "unpack it first"})
	}
	r, err := m.Open()
	if err != nil {
		p := &graph.Problem{At: at, Want: "a whole zip archive", Found: "a damaged one (" + strings.TrimPrefix(err.Error(), "zip: ") + ")", Err: fmt.Errorf("%w: %w", ErrTorn, err)}
		if errors.Is(err, zip.ErrAlgorithm) {
			p.Want, p.Found, p.Hint = "a member packed with deflate, or not at all", fmt.Sprintf("method %d", m.Method), "unpack it first"
		}
		return fail(p)
	}
	u := &unpacked{
		r: r, name: name, kind: zipped, packed: &counter{n: int64(m.CompressedSize64)}, //nolint:gosec // archive/zip checks sizes against the file's
		ratio: int64(o.MaxRatio), limit: o.MaxUnpacked,
	}
	return u, func() error { return errors.Join(r.Close(), z.Close()) }, nil
}

// find is the member of that name.
func (z *zipArchive) find(name string) (*zip.File, error) {
	var readable []*zip.File
	var names []string
	for _, m := range z.File {
		if name != "" && m.Name == name && !strings.HasSuffix(name, "/") {
			return m, nil
		}
		if _, ok := byExtension(m.Name); (ok || IsTable(m.Name)) && !hiddenPath(m.Name) {
			readable = append(readable, m)
			names = append(names, m.Name)
		}
	}
	p := &graph.Problem{At: graph.Position{File: z.file}, Want: "a member " + quote([]byte(shown(name)), ""), Found: "none of that name", Hint: graph.DidYouMean(name, names)}
	if p.Hint == "" && len(names) > 0 {
		p.Hint = "it holds " + firstOf(names)
	}
	if name != "" {
		return nil, p
	}
	switch len(readable) {
	case 1:
		return readable[0], nil
	case 0:
		p.Want, p.Found, p.Hint = "a zip archive with a member whose name tells a format", fmt.Sprintf("%d members, none like that", len(z.File)), "name one, as in "+path.Base(filepath.ToSlash(z.file))+memberMark+"MEMBER, with --from"
	default:
		p.Want, p.Found, p.Hint = "one member", fmt.Sprintf("%d that can be loaded", len(readable)), "name one, as in "+z.file+memberMark+names[0]
	}
	return nil, p
}

// firstOf lists a few names.
func firstOf(names []string) string {
	const few = 5
	if len(names) > few {
		return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d more", len(names)-few)
	}
	return strings.Join(names, ", ")
}
