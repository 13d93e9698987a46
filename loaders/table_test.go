package loaders_test

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kg/graph"
	"kg/loaders"
)

// readTable reads a table of the columns a, b, c to its end and prints its rows: cells in brackets.
func readTable(input string) (rows []string, err error) {
	var problems graph.Problems
	t, err := loaders.NewTable(strings.NewReader(input), "t.csv", "a", "b", "c")
	if err != nil {
		return nil, err
	}
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return rows, problems.Join()
		}
		if err != nil {
			if other := problems.Collect(err); other != nil {
				return rows, other
			}
			continue
		}
		rows = append(rows, "["+strings.Join(row.Record(), "][")+"]")
	}
}

// unmark takes the ‸ out of an input and tells where the first of them stood.
func unmark(input string) (text string, line, column int) {
	before, _, found := strings.Cut(input, "‸")
	if !found {
		return input, 0, 0
	}
	line = strings.Count(before, "\n") + 1
	column = utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
	return strings.ReplaceAll(input, "‸", ""), line, column
}

func TestTable(t *testing.T) {
	for _, c := range []struct {
		name, input string
		want        []string
		wantErr     string
	}{
		{name: "plain rows", input: "a,b,c\n1,2,3\n4,5,6\n", want: []string{"[1][2][3]", "[4][5][6]"}},
		{name: "no line end after the last row", input: "a,b,c\n1,2,3", want: []string{"[1][2][3]"}},
		{name: "a byte order mark and the line ends of Windows", input: "\uFEFFa,b,c\r\n1,2,3\r\n", want: []string{"[1][2][3]"}},
		{name: "columns in another order", input: "c,a,b\n1,2,3\n", want: []string{"[1][2][3]"}},
		{name: "quotes, commas and line breaks in cells", input: "a,b,c\n\"1,\",\"say \"\"hi\"\"\",\"two\nlines\"\n", want: []string{"[1,][say \"hi\"][two\nlines]"}},
		{name: "empty cells and blank rows", input: "a,b,c\n\n,,\n1,,\n\"\",\"\",3\n", want: []string{"[1][][]", "[][][3]"}},
		{name: "a cell after one of two lines", input: "a,b,c\n\"1\n2\",é,‸ x\n", wantErr: `want a cell without blanks before or after its text, found " x"`},
		{name: "an empty file", input: "‸", wantErr: "want a first line that names the columns: a,b,c, found an empty file"},
		{name: "a misspelt column", input: "‸aa,b,c\n", wantErr: `want a column of this table, found "aa"; did you mean a?`},
		{name: "a column of another table", input: "a,b,c,‸longitude\n", wantErr: `want a column of this table, found "longitude"; its columns are a, b, c`},
		{name: "a column twice", input: "a,b,c,‸b\n", wantErr: `want each column once, found "b" again; it is column 2 already`},
		{name: "tabs for commas", input: "‸a\tb\tc\n", wantErr: `want columns separated by commas, found "a\tb\tc"; save it again as CSV with commas`},
		{name: "a cell too many", input: "a,b,c\n1,2,3,‸4\n5,6,7\n", want: []string{"[5][6][7]"}, wantErr: "want 3 cells, found 4; a cell that holds a comma stands in quotes"},
		{name: "a quote in the middle", input: "a,b,c\n1,é ‸\"x\" y,3\n5,6,7\n", want: []string{"[5][6][7]"}, wantErr: "want no quote inside a cell without quotes, found `\"x\"`; put the whole cell in quotes and write each quote in it twice: \"a \"\"b\"\" c\""},
		{name: "text after a quoted cell", input: "a,b,c\n1,\"é\"‸ x,3\n", wantErr: "want a comma or the end of the line after the closing quote, found \" x,3\"; a quote inside a cell in quotes is written twice: \"\""},
		{name: "a quote never closed", input: "a,b,c\n1,2,‸\"3\n4,5,6\n", wantErr: "want a quote that closes this cell, found the end of the file"},
		{name: "a quote closed by the next one", input: "a,b,c\n1,2,‸\"3\n4,5,\"6\"\n7,8,9\n", want: []string{"[7][8][9]"}, wantErr: "want a quote that closes this cell, found one on line 3 with `6\"` after it"},
		{name: "a quote that reaches too far", input: "a,b,c\n1,2,‸\"3\n" + strings.Repeat("4,5,6\n", loaders.MaxCell/6+1), wantErr: "want a quote that closes this cell, found none in 65536 bytes"},
		{name: "Latin-1", input: "a,b,c\n1,‸\xE9,3\n", wantErr: "want UTF-8 text, found the byte 0xE9; is it Latin-1? convert it: iconv -f latin1 -t utf-8"},
		{name: "UTF-16", input: "‸\xFF\xFEa\x00", wantErr: "want UTF-8 text, found UTF-16; save it again as CSV in UTF-8"},
		{name: "a control character", input: "a,b,c\n1,‸x\x00,3\n", wantErr: "want text, found the control character U+0000 in the cell"},
		{name: "a cell too long", input: "a,b,c\n1,‸" + strings.Repeat("x", loaders.MaxCell+1) + ",3\n5,6,7\n", want: []string{"[5][6][7]"}, wantErr: "want a cell of at most 65536 bytes, found a longer one"},
		{name: "a quoted cell too long", input: "a,b,c\n1,‸\"" + strings.Repeat("x", loaders.MaxCell+1) + "\",3\n", wantErr: "want a cell of at most 65536 bytes, found a longer one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			input, line, column := unmark(c.input)
			rows, err := readTable(input)
			if diff := cmp.Diff(c.want, rows); diff != "" {
				t.Error(diff)
			}
			want, got := "", ""
			if c.wantErr != "" {
				want = graph.Position{File: "t.csv", Line: line, Column: column}.String() + ": " + c.wantErr
			}
			var problems graph.Problems
			if err != nil {
				if other := problems.Collect(err); other != nil {
					t.Fatal(other)
				}
				got = problems[0].Error()
			}
			// a misspelt column is missing as well; the first problem is the one that tells
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTableLines(t *testing.T) {
	t.Run("every missing column is named, unless a misspelt one was taken for it", func(t *testing.T) {
		_, err := readTable("aliasses,aa\n")
		want := "t.csv:1:1: want a column of this table, found \"aliasses\"; its columns are a, b, c\n" +
			"t.csv:1:10: want a column of this table, found \"aa\"; did you mean a?\n" +
			"t.csv:1: want a column b, found none\nt.csv:1: want a column c, found none"
		if err == nil || err.Error() != want {
			t.Errorf("got %v", err)
		}
	})
	t.Run("cells too few", func(t *testing.T) {
		_, err := readTable("a,b,c\n1,2\n")
		if err == nil || err.Error() != "t.csv:2: want 3 cells, found 2; an empty cell needs its comma too" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a line too long is skipped", func(t *testing.T) {
		rows, err := readTable("a,b,c\n" + strings.Repeat("x", loaders.MaxLine+1) + "\n1,2,3\n")
		if err == nil || err.Error() != "t.csv:2: want a line of at most 1048576 bytes, found a longer one" || len(rows) != 1 {
			t.Errorf("got %v, %v", rows, err)
		}
	})
	t.Run("an input that breaks off says so", func(t *testing.T) {
		broken := errors.New("broken pipe")
		for _, text := range []string{"a,b,c\n", "", "a,b,c\n1,2,\"3"} {
			r := io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))
			table, err := loaders.NewTable(r, "t.csv", "a", "b", "c")
			if err == nil {
				_, err = table.Next()
			}
			if !errors.Is(err, broken) {
				t.Errorf("%q: got %v", text, err)
			}
		}
	})
	t.Run("a row knows its columns and where each cell stands", func(t *testing.T) {
		table, err := loaders.NewTable(strings.NewReader("b,a\n\"x\ny\",é\n"), "t.csv", "a", "b")
		if err != nil {
			t.Fatal(err)
		}
		row, err := table.Next()
		if err != nil {
			t.Fatal(err)
		}
		got := []string{strings.Join(row.Columns(), ","), row.At("b").String(), row.At("a").String(), row.At("z").String(), row.Text("a"), row.Text("z")}
		if diff := cmp.Diff([]string{"b,a", "t.csv:2:1", "t.csv:3:4", "t.csv:2", "é", ""}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzTable checks that no input panics, that problems and cells stand where they are said to stand,
// and that what is read is what Go's own reader reads.
func FuzzTable(f *testing.F) {
	for _, seed := range []string{
		"a,b,c\n1,2,3\n", "\uFEFFa,b,c\r\n1,\"x \"\"y\"\"\",3", "a,b,c\n\"1\n2\",é,3\n\n,,\n", "a,b,c\n1,\"2\n", "a;b;c\n", "a,b,c\n1,x\"y,3\n4,5\n", "c,b,a\n\xFF,1,2\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(input, "\uFEFF"))
		lines := strings.Split(text, "\n")
		inside := func(at graph.Position) []rune {
			if at.File != "t.csv" || at.Line < 1 || at.Line > len(lines) || at.Column < 0 {
				t.Fatalf("no such place: %v", at)
			}
			line := []rune(lines[at.Line-1])
			if at.Column > len(line)+1 {
				t.Fatalf("no such column: %v", at)
			}
			return line
		}
		places := func(err error) {
			var problems graph.Problems
			if other := problems.Collect(err); other != nil {
				t.Fatal(other)
			}
			for _, p := range problems {
				inside(p.At)
			}
		}
		table, err := loaders.NewTable(strings.NewReader(input), "t.csv", "a", "b", "c")
		if err != nil {
			places(err)
			return
		}
		var rows [][]string
		clean := true
		for {
			row, err := table.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				places(err)
				clean = false
				continue
			}
			for _, column := range row.Columns() {
				at := row.At(column)
				line := inside(at)[at.Column-1:]
				text := []rune(row.Text(column))
				if len(text) > 0 && (len(line) == 0 || line[0] != '"' && line[0] != text[0]) {
					t.Fatalf("%q does not stand at %v", row.Text(column), at)
				}
			}
			rows = append(rows, row.Record())
		}
		if !clean || strings.Contains(input, "\r") {
			return // the standard reader keeps a lone CR
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(input, "\uFEFF")))
		r.FieldsPerRecord = -1 // rows of commas only may have as many as they like
		all, err := r.ReadAll()
		if err != nil {
			t.Fatalf("read what is no CSV: %v", err)
		}
		var want [][]string
		for _, row := range all[1:] {
			if strings.Join(row, "") != "" {
				want = append(want, row)
			}
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Fatal(diff)
		}
	})
}
