package loaders

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

func dialectNames() []string {
	return []string{
		"commentPrefix", "delimiter", "doubleQuote", "encoding", "header", "headerRowCount", "lineTerminators",
		"quoteChar", "skipBlankRows", "skipColumns", "skipInitialSpace", "skipRows", "trim",
	}
}

// A dialect is how a table is written as text.
type dialect struct {
	comment, delimiter string
	commentUnsaid      bool // tools disagree on what a # then means
	quote              rune // 0: cells have no quotes
	backslash          bool // a quote in quotes is written \" and not ""
	headerRows         int
	skipRows, skipCols int
	skipBlank          bool
	trimStart, trimEnd bool
}

// dialect reads how a table is written; without a description it is RFC 4180, with tabs in .tsv files.
func (r *metadataReader) dialect(n *node, tabs bool) dialect {
	d := defaultDialect(tabs)
	if n = r.object(n, "dialect"); n == nil {
		return d
	}
	r.known(n, "dialect", "Dialect", dialectNames())
	if c := n.get("commentPrefix"); c != nil {
		if d.comment, d.commentUnsaid = "", false; c.kind != 'n' {
			d.comment = r.text(n, "commentPrefix", "")
		}
	}
	if d.delimiter = r.text(n, "delimiter", d.delimiter); d.delimiter == "" || strings.ContainsAny(d.delimiter, "\r\n\"") {
		r.fail(n.get("delimiter"), "a delimiter that is no quote and no end of a line", "")
		d.delimiter = ","
	}
	d.backslash = !r.truth(n, "doubleQuote", true)
	if e := r.text(n, "encoding", "utf-8"); !strings.EqualFold(e, "utf-8") && !strings.EqualFold(e, "utf8") {
		r.fail(n.get("encoding"), "the encoding utf-8", "convert the table: iconv -f "+shown(e)+" -t utf-8")
	}
	if !r.truth(n, "header", true) {
		d.headerRows = 0
	}
	if c := r.count(n, "headerRowCount"); c >= 0 {
		d.headerRows = c
	}
	for _, end := range r.titles(n.get("lineTerminators")) {
		if end != "\r\n" && end != "\n" && end != "\r" {
			r.fail(n.get("lineTerminators"), "lines that end in CRLF, LF or CR", "")
		}
	}
	if q := n.get("quoteChar"); q != nil {
		c, size := utf8.DecodeRuneInString(q.text)
		switch {
		case q.kind == 'n':
			d.quote = 0
		case q.kind != '"' || size != len(q.text) || size == 0 || strings.ContainsRune(d.delimiter+"\r\n", c):
			r.fail(q, "one character or null as quoteChar", "")
		default:
			d.quote = c
		}
	}
	space := r.truth(n, "skipInitialSpace", false)
	d.skipBlank = r.truth(n, "skipBlankRows", false)
	d.skipRows, d.skipCols = max(r.count(n, "skipRows"), 0), max(r.count(n, "skipColumns"), 0)
	d.trimStart, d.trimEnd = space, false
	if t := n.get("trim"); t != nil {
		switch word := fmt.Sprint(t.truth, t.text); {
		case t.kind == 't' && t.truth, word == "falsetrue":
			d.trimStart, d.trimEnd = true, true
		case t.kind == 't', word == "falsefalse":
		case word == "falsestart":
			d.trimStart = true
		case word == "falseend":
			d.trimEnd = true
		default:
			r.fail(t, `true, false, "start" or "end" as trim`, "")
		}
	}
	return d
}

func defaultDialect(tabs bool) dialect {
	d := dialect{comment: "#", commentUnsaid: true, delimiter: ",", quote: '"', headerRows: 1}
	if tabs {
		d.delimiter = "\t"
	}
	return d
}
