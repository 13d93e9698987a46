package exporters

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"strings"
)

// A file is one of several that a format consists of.
type file struct {
	name    string
	content []byte
}

// archived writes the files of a format as a .zip archive. Times are left out, so that the same graph
// gives the same bytes.
func archived(files func(Document) ([]file, error)) func(io.Writer, Document) error {
	return func(w io.Writer, d Document) error {
		list, err := files(d)
		if err != nil {
			return err
		}
		z := zip.NewWriter(w)
		for _, f := range list {
			part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate})
			if err != nil {
				return err
			}
			if _, err := part.Write(f.content); err != nil {
				return err
			}
		}
		return z.Close()
	}
}

// csvFile makes a file of a table.
func csvFile(name string, header []string, rows [][]string) (file, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(header); err != nil {
		return file{}, err
	}
	if err := w.WriteAll(rows); err != nil {
		return file{}, err
	}
	return file{name, b.Bytes()}, nil
}

// readme says in an archive what its files are.
func readme(a About, what ...string) file {
	return file{"README.txt", []byte(strings.Join(append(a.Lines(), what...), "\n") + "\n")}
}
