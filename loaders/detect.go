package loaders

import (
	"bytes"
	"fmt"
	"strings"

	"kg/graph"
)

var byteOrderMark = []byte("\uFEFF") //nolint:gochecknoglobals // three bytes that nothing writes to

// detect tells the format of an unpacked input by its name or, failing that, by how it begins.
func detect(name string, head []byte) (Format, error) {
	if f, ok := byExtension(name); ok {
		return f, nil
	}
	text := bytes.TrimPrefix(head, byteOrderMark)
	if err := refuseXML(name, head); err != nil {
		return Format{}, err
	}
	for _, f := range Formats() {
		if f.claims(text) {
			return f, nil
		}
	}
	p := &graph.Problem{
		At:   graph.Position{File: name},
		Want: "an input in one of the formats " + strings.Join(formatNames(), ", "),
		Hint: "name its format, as in --from " + Formats()[0].Name,
		Err:  ErrFormat,
	}
	if IsTable(name) {
		p.Hint = "tables are read with --csvw"
	}
	if start := bytes.TrimLeft(text, " \t\r\n"); len(start) > 0 {
		p.Found = "one that begins with " + excerpt(start, 0)
	} else {
		p.Found = "nothing but blanks"
	}
	return Format{}, p
}

// longestMagic is how many bytes [refuseBinary] may need to see.
const longestMagic = 16

// refuseBinary tells files that are no text from the first bytes on, whatever they are called.
func refuseBinary(name string, head []byte) error {
	found, hint := "", ""
	for _, k := range []struct{ magic, found, hint string }{
		{"PK\x03\x04", "a zip archive (or a spreadsheet)", "rename it to end in .zip (or .xlsx)"},
		{"BZh", "a bzip2 archive", "unpack it first: bunzip2"},
		{"\xFD7zXZ\x00", "an xz archive", "unpack it first: unxz"},
		{"7z\xBC\xAF\x27\x1C", "a 7z archive", "unpack it first"},
		{gzipMagic, "an archive packed twice", "unpack it once: gunzip"},
		{zstdMagic, "an archive packed twice", "unpack it once: unzstd"},
		{"\xFF\xFE", "UTF-16", "convert it: iconv -f utf-16 -t utf-8"},
		{"\xFE\xFF", "UTF-16", "convert it: iconv -f utf-16 -t utf-8"},
		{"%PDF-", "a PDF document", ""},
		{"SQLite format 3\x00", "an SQLite database", ""},
		{"<!DOCTYPE html", "a web page", "was a log-in or an error page saved instead of the data?"},
		{"<!doctype html", "a web page", "was a log-in or an error page saved instead of the data?"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			found, hint = k.found, k.hint
			break
		}
	}
	if found == "" {
		return nil
	}
	return &graph.Problem{
		At:    graph.Position{File: name},
		Want:  fmt.Sprintf("UTF-8 text (plain, %s or %s)", gzipped.extension(), zstandard.extension()),
		Found: found,
		Hint:  hint,
		Err:   ErrFormat,
	}
}
