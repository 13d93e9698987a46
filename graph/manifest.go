package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// StoreVersion is the version of the stores that this program writes and reads. It goes up when the
// shape of a store changes, and when the rules that derive facts do.
const StoreVersion = 1

// QuadGeneration names the quad library whose hashes the stores hold: another generation writes the
// same numbers under other keys, and finds none of these.
const QuadGeneration = "1.2.4"

// A Manifest says what a store is and what it was built from. It is kept with the store.
type Manifest struct {
	Program    string    `json:"program"` // "kg": a store of ours
	Version    int       `json:"version"`
	Generation string    `json:"quadGeneration"`
	Tool       string    `json:"tool,omitempty"` // the version of kg that built it
	Built      time.Time `json:"built"`
	Edited     time.Time `json:"edited,omitzero"` // when the store was last changed itself, if it was
	Digest     string    `json:"digest"`          // over all inputs and, of a store that was edited, its quads
	Inputs     []Input   `json:"inputs"`
	Counts     Counts    `json:"counts"`
	Checksum   uint32    `json:"checksum,omitempty"` // of what follows, in a file that has the manifest as first line
}

// An Input is a file, or a text without a path, that a store was built from.
type Input struct {
	Path    string    `json:"path"`
	Size    int64     `json:"size"`
	ModTime time.Time `json:"mtime,omitzero"` // zero for a text without a path
	SHA256  string    `json:"sha256"`
}

// Counts sums a graph up.
type Counts struct {
	Quads   int `json:"quads"`
	Stated  int `json:"stated"` // quads that were read; the others were derived
	Claims  int `json:"claims"`
	Derived int `json:"derived"` // facts concluded
}

// Inputs names what a store is built from.
type Inputs struct {
	Files []string          // paths; read when their size or time of change differs from the store's record
	Texts map[string]string // name → content: facts embedded in the program, the schema
}

// wantedVersion describes the stores that this program reads.
func wantedVersion() string {
	return fmt.Sprintf("version %d with quads of generation %s", StoreVersion, QuadGeneration)
}

// parseManifest reads a manifest and refuses one of another version.
func parseManifest(a Address, text []byte) (Manifest, error) {
	var m Manifest
	if len(text) == 0 {
		return Manifest{}, otherVersion(a, "an empty file")
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Program != "kg" {
		return Manifest{}, foreignStore(a, "something else")
	}
	if m.Version != StoreVersion || m.Generation != QuadGeneration {
		return Manifest{}, otherVersion(a, fmt.Sprintf("version %d with quads of generation %s", m.Version, m.Generation))
	}
	return m, nil
}

// record looks at every input: its size, time and digest. Records of an earlier build spare it reading
// files that have not changed since.
func (in Inputs) record(known []Input, builtAt time.Time) ([]Input, error) {
	var list []Input
	for _, path := range in.Files {
		input, err := recordFile(path, known, builtAt)
		if err != nil {
			return nil, err
		}
		list = append(list, input)
	}
	for name, text := range in.Texts {
		sum := sha256.Sum256([]byte(text))
		list = append(list, Input{Path: name, Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(list, func(a, b Input) int { return strings.Compare(a.Path, b.Path) })
	return list, nil
}

// settled is how old a file's last change must have been at the build for its time to be trusted:
// a second change within one tick of the clock would not show.
const settled = 2 * time.Second

func recordFile(path string, known []Input, builtAt time.Time) (Input, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Input{}, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		// A pipe would hold up the look at it until someone writes to it.
		return Input{}, &Problem{At: Position{File: path}, Want: "a file", Found: kindOf(info.Mode()), Err: fs.ErrInvalid}
	}
	input := Input{Path: path, Size: info.Size(), ModTime: info.ModTime().UTC()}
	for _, k := range known {
		if k.Path == path && k.Size == input.Size && k.ModTime.Equal(input.ModTime) && input.ModTime.Add(settled).Before(builtAt) {
			input.SHA256 = k.SHA256
			return input, nil
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return Input{}, unreadable(path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return Input{}, unreadable(path, err)
	}
	input.SHA256 = hex.EncodeToString(h.Sum(nil))
	return input, nil
}

// unreadable is the error for an input that cannot be looked at.
func unreadable(path string, err error) error {
	found := err.Error()
	var cause *fs.PathError
	if errors.As(err, &cause) {
		found = cause.Err.Error()
	}
	return &Problem{At: Position{File: path}, Want: "a file that may be read", Found: found, Err: err}
}

// kindOf names what is no file.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	default:
		return "a device"
	}
}

// digest sums up what decides whether a store is up to date: names and contents of the inputs, the
// program that reads them, the shape of the store.
func digest(inputs []Input, tool string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n%s\n%s\n", StoreVersion, QuadGeneration, tool)
	for _, in := range inputs {
		fmt.Fprintf(h, "%q %s\n", in.Path, in.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Digest sums up the inputs as read by this tool: the name to keep a store of embedded facts under.
func (in Inputs) Digest(tool string) (string, error) {
	list, err := in.record(nil, time.Time{})
	if err != nil {
		return "", err
	}
	return digest(list, tool), nil
}
