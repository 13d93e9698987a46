package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"kg/graph/atomicfile"
)

// folder lists the names in a folder.
func folder(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// begun is a file with a text, not yet committed.
func begun(t *testing.T, path, text string) *atomicfile.File {
	t.Helper()
	f, err := atomicfile.Begin(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Discard)
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAFileAppearsWhenItIsCommitted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder", "file")
	f := begun(t, path, "old")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is there at once: %v", err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	reader, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	two := []*atomicfile.File{begun(t, path, "first"), begun(t, path, "second")} // at the same time
	two[0].Discard()
	two[0].Discard()
	if got := content(t, path); got != "old" {
		t.Errorf("after one was given up: %q", got)
	}
	if err := two[1].Commit(); err != nil {
		t.Fatal(err)
	}
	if err := two[1].Commit(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("a second commit: %v", err)
	}
	var had [3]byte
	if _, err := reader.Read(had[:]); err != nil || string(had[:]) != "old" {
		t.Errorf("who had it open reads %q, %v", had, err)
	}
	if got, names := content(t, path), folder(t, filepath.Dir(path)); got != "second" || len(names) != 1 {
		t.Errorf("there is %q among %q", got, names)
	}
}

func TestAReleasedFileIsSomebodyElsesToWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	f := begun(t, path, "")
	if err := f.Release(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Temp(), []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, path); got != "theirs" {
		t.Errorf("found %q", got)
	}
}

func TestWhatCannotBeSyncedReplacesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := begun(t, path, "old").Commit(); err != nil {
		t.Fatal(err)
	}
	f := begun(t, path, "new")
	if err := f.File.Close(); err != nil { // so that its sync fails
		t.Fatal(err)
	}
	if err := f.Commit(); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("Commit = %v", err)
	}
	f.Discard()
	if got, names := content(t, path), folder(t, filepath.Dir(path)); got != "old" || len(names) != 1 {
		t.Errorf("there is %q among %q", got, names)
	}
}

func TestALinkStaysALink(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(t.TempDir(), "link")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	if err := begun(t, link, "new").Commit(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 || content(t, target) != "new" {
		t.Errorf("the link is %v, %v; its target has %q", info, err, content(t, target))
	}
}

func TestAFolderIsNoFile(t *testing.T) {
	if _, err := atomicfile.Begin(t.TempDir()); !errors.Is(err, syscall.EISDIR) {
		t.Errorf("Begin = %v", err)
	}
}

func TestWhatNobodyWorksAtIsSwept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	working := begun(t, path, "at work")
	old := time.Now().Add(-2 * time.Hour)
	for name, changed := range map[string]time.Time{
		".file.kg-build-1-0": old, ".file.kg-build-1-1": time.Now(), ".other.kg-build-1-0": old, ".file.mine": old,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(dir, name), changed, changed); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(working.Temp(), old, old); err != nil {
		t.Fatal(err)
	}
	begun(t, path, "another").Discard()
	want := []string{".file.kg-build-1-1", ".file.mine", filepath.Base(working.Temp()), ".other.kg-build-1-0"}
	slices.Sort(want)
	if got := folder(t, dir); !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
}

func TestAHiddenFileAndAScratchAreNotSeen(t *testing.T) {
	dir := t.TempDir()
	f := begun(t, filepath.Join(dir, "file"), "text")
	f.Hide()
	scratch, err := atomicfile.NewScratch(filepath.Join(dir, "deeper", "file"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scratch.WriteString("text"); err != nil {
		t.Fatal(err)
	}
	var b [4]byte
	for _, r := range []interface {
		ReadAt(b []byte, at int64) (int, error)
	}{f, scratch} {
		if _, err := r.ReadAt(b[:], 0); err != nil || string(b[:]) != "text" {
			t.Errorf("read %q, %v", b, err)
		}
	}
	f.Discard()
	scratch.Discard()
	for _, name := range slices.Concat(folder(t, dir), folder(t, filepath.Join(dir, "deeper"))) {
		if strings.Contains(name, atomicfile.Mark) {
			t.Errorf("%s is there", name)
		}
	}
}
