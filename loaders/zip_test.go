package loaders_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kg/loaders"
)

// zipOf packs files, in alphabetical order.
func zipOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func writeFiles(t testing.TB, files map[string]string) {
	t.Helper()
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestZip(t *testing.T) {
	t.Chdir(t.TempDir())
	thousand := distinct(1000)
	two := map[string]string{
		"a.nq": one, "sub/b.nt.gz": zipped(t, thousand), "read me.txt": "words", "../evil.ttl": "<x:s> <x:p> 1 .", "t.csv": "id\n1\n",
		"__MACOSX/._a.nq": "x", ".hidden.nq": "x", "odd": one, "html.nq": "<!DOCTYPE html><html>",
	}
	packed := zipOf(t, two)
	encrypted := []byte(zipOf(t, map[string]string{"a.nq": one}))
	central := bytes.Index(encrypted, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint16(encrypted[central+8:], 1)
	method := []byte(zipOf(t, map[string]string{"a.nq": one}))
	central = bytes.Index(method, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint16(method[central+10:], 12)
	damaged := []byte(zipOf(t, map[string]string{"a.nq": thousand}))
	damaged[bytes.Index(damaged, []byte("PK\x01\x02"))+16] ^= 0xFF // the checksum
	writeFiles(t, map[string]string{
		"two.zip": packed, "one.zip": zipOf(t, map[string]string{"a.nq": one, "read me.txt": "words"}),
		"none.zip": zipOf(t, map[string]string{"read me.txt": "words", "x.md": ""}), "torn.zip": packed[:len(packed)-30],
		"secret.zip": string(encrypted), "method.zip": string(method), "damaged.zip": string(damaged),
		"bomb.zip": zipOf(t, map[string]string{"a.nq": strings.Repeat("\n", 200<<20)}), "x.zip#y.nq": one,
	})
	tests := []struct {
		name, input string
		options     loaders.Options
		want        int
		wantErr     string
		is          error
	}{
		{name: "a member", input: "two.zip#a.nq", want: 1},
		{name: "a packed member in a folder", input: "two.zip#sub/b.nt.gz", want: 1000},
		{name: "a member whose name climbs is read like any other", input: "two.zip#../evil.ttl", want: 1},
		{name: "a member whose name tells nothing", input: "two.zip#odd", want: 1},
		{name: "the only member that can be read", input: "one.zip", want: 1},
		{name: "a file that is called like a member", input: "x.zip#y.nq", want: 1},
		{name: "several members", input: "two.zip", wantErr: "two.zip: want one member, found 5 that can be loaded; name one, as in two.zip#../evil.ttl"},
		{name: "no member that tells", input: "none.zip", wantErr: "none.zip: want a zip archive with a member whose name tells a format, found 2 members, none like that; name one, as in none.zip#MEMBER, with --from"},
		{name: "a misspelt member", input: "two.zip#b.nq", wantErr: `two.zip: want a member "b.nq", found none of that name; did you mean a.nq?`},
		{name: "an archive that is not there", input: "gone.zip#a.nq", wantErr: "gone.zip: want a file to load, found nothing of that name"},
		{name: "half an archive", input: "torn.zip#a.nq", is: loaders.ErrTorn, wantErr: "torn.zip: want a whole zip archive, found a damaged one (not a valid zip file); copy or fetch it again"},
		{name: "a damaged member", input: "damaged.zip", is: loaders.ErrTorn, want: -1, wantErr: "damaged.zip#a.nq: want a whole zip archive, found a damaged one"},
		{name: "a member with a password", input: "secret.zip", wantErr: "secret.zip#a.nq: want a member without a password, found an encrypted one; unpack it first"},
		{name: "a method that is not known", input: "method.zip", wantErr: "method.zip#a.nq: want a member packed with deflate, or not at all, found method 12; unpack it first"},
		{name: "a bomb", input: "bomb.zip", is: loaders.ErrBomb, wantErr: "bomb.zip: want an archive that unpacks to at most 300 times its size, found 209715200 bytes out of "},
		{name: "a larger member than allowed", input: "two.zip#sub/b.nt.gz", options: loaders.Options{MaxUnpacked: 1000}, want: -1, is: loaders.ErrBomb, wantErr: "two.zip#sub/b.nt.gz: want an archive that unpacks to at most 1000 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got list
			err := loaders.Load(context.Background(), tt.input, tt.options, &got)
			switch {
			case tt.wantErr == "" && err != nil:
				t.Fatal(err)
			case tt.wantErr != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.wantErr)):
				t.Errorf("found %v\nwant  %s", err, tt.wantErr)
			case tt.is != nil && !errors.Is(err, tt.is):
				t.Errorf("%v is no %v", err, tt.is)
			}
			if tt.want >= 0 && len(got) != tt.want {
				t.Errorf("%d quads, want %d", len(got), tt.want)
			}
		})
	}
}

func TestExpand(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFiles(t, map[string]string{
		"in/b.nq": one, "in/a.ttl.gz": "", "in/deep/c.nt": "", "in/.git/x.nq": "", "in/.x.nq": "", "in/notes.txt": "", "in/t.csv": "", "in/t.csv-metadata.json": "{}",
		"in/z.zip": zipOf(t, map[string]string{"m.nq": "", "m.md": "", "t.tsv": ""}), "in/a-metadata.json": "{}",
		"empty/.keep": "", "only/a.txt": "", "only/b.csv": "", "x[1].nq": one, "one.zip": zipOf(t, map[string]string{"odd": one}),
		"two.zip": zipOf(t, map[string]string{"1.nq": "", "2.nq": "", "3.ttl": "", "a.txt": ""}),
	})
	if err := os.Symlink("b.nq", "in/link.nq"); err != nil {
		t.Skip("no links here")
	}
	for link, to := range map[string]string{"in/round": ".", "in/broken.nq": "nowhere"} {
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name       string
		names      []string
		tables     bool
		want       []string
		note, fail string
	}{
		{name: "files stand for themselves", names: []string{"a.nq", "-", "two.zip#1.nq"}, want: []string{"a.nq", "-", "two.zip#1.nq"}},
		{
			name: "a folder", names: []string{"in"}, want: []string{"in/a.ttl.gz", "in/b.nq", "in/deep/c.nt", "in/link.nq", "in/z.zip#m.nq"},
			note: "in: 5 files; left out: broken.nq, notes.txt, round, t.csv",
		},
		{name: "the tables of a folder", names: []string{"in"}, tables: true, want: []string{"in/t.csv"}, note: "in: 1 file; left out: a.ttl.gz, b.nq, broken.nq, deep/c.nt, link.nq and 3 more"},
		{name: "an archive of tables", names: []string{"in/z.zip"}, tables: true, fail: "in/z.zip: want a file whose name is that of a table: *.csv, *.tsv, *.tab, *.xlsx, *.xlsm, found only m.md, m.nq, t.tsv; name one and its metadata: in/z.zip#m.md --metadata FILE"},
		{name: "a pattern", names: []string{"in/*.n?"}, want: []string{"in/b.nq", "in/link.nq"}, note: "in/*.n?: 2 files"},
		{name: "a pattern over folders", names: []string{"i*/deep/*"}, want: []string{"in/deep/c.nt"}, note: "i*/deep/*: 1 file"},
		{name: "a file that is called like a pattern", names: []string{"x[1].nq"}, want: []string{"x[1].nq"}},
		{name: "an archive", names: []string{"two.zip"}, want: []string{"two.zip#1.nq", "two.zip#2.nq", "two.zip#3.ttl"}, note: "two.zip: 3 files; left out: a.txt"},
		{name: "an archive with one member, whatever its name", names: []string{"one.zip"}, want: []string{"one.zip#odd"}},
		{name: "members like a pattern", names: []string{"two.zip#*.nq"}, want: []string{"two.zip#1.nq", "two.zip#2.nq"}, note: "two.zip#*.nq: 2 files"},
		{name: "archives like a pattern", names: []string{"t*.zip"}, want: []string{"two.zip#1.nq", "two.zip#2.nq", "two.zip#3.ttl"}, note: "t*.zip: 1 file; two.zip: 3 files; left out: a.txt"},
		{name: "an empty folder", names: []string{"empty"}, fail: "empty: want a file whose name tells a format, found none"},
		{name: "a folder without one", names: []string{"only"}, fail: "only: want a file whose name tells a format, found only a.txt, b.csv; tables are read with --csvw"},
		{name: "a pattern that matches nothing", names: []string{"*.rdf"}, fail: "*.rdf: want a file that the pattern matches, found none; * stands for letters of one name, not for folders"},
		{name: "members that are not there", names: []string{"two.zip#*.rdf"}, fail: `two.zip: want a member like "*.rdf", found none`},
		{name: "no pattern", names: []string{"[.nq"}, fail: `[.nq: want a pattern of * ? and [letters], found "[.nq"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, notes, err := loaders.Expand(context.Background(), tt.names, tt.tables)
			if tt.fail != "" {
				if err == nil || err.Error() != tt.fail {
					t.Errorf("found %v\nwant  %s", err, tt.fail)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i] = filepath.ToSlash(got[i])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.note, filepath.ToSlash(strings.Join(notes, "; "))); diff != "" {
				t.Errorf("notes, -want +got:\n%s", diff)
			}
		})
	}
}
