package loaders_test

import (
	"strings"
	"testing"

	"kg/loaders"
)

// oneCell loads a table of one row with the columns id and v, whose description is given, and returns the
// object of v or the problem.
func oneCell(t *testing.T, column, cell string) string {
	t.Helper()
	writeFiles(t, map[string]string{
		"t.csv": "id,v\n1," + quoted(cell) + "\n",
		"t.csv-metadata.json": `{"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": {
			"aboutUrl": "https://example.org/1", "columns": [{"name": "id", "suppressOutput": true}, {"name": "v", "propertyUrl": "https://example.org/v", ` + column + `}]}}`,
	})
	var got list
	if err := loaders.LoadTable(t.Context(), "t.csv", loaders.Options{}, &got); err != nil {
		return strings.TrimPrefix(err.Error(), "t.csv:2:3: ")
	}
	var objects []string
	for line := range strings.Lines(printQuads(got)) {
		object := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "<https://example.org/1> <https://example.org/v> "), " .")
		object = strings.ReplaceAll(object, "http://www.w3.org/2001/XMLSchema#", "")
		objects = append(objects, object)
	}
	return strings.Join(objects, " ")
}

func quoted(cell string) string { return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"` }

// TestCells reads one cell a row: what it becomes, or what is wrong with it.
func TestCells(t *testing.T) {
	t.Chdir(t.TempDir())
	tests := []struct{ name, column, cell, want string }{
		{"text is kept with its blanks", `"datatype": "string"`, "  a  b ", `"  a  b "`},
		{"tokens lose blanks", `"datatype": "token"`, "  a \n b ", `"a b"^^<token>`},
		{"normalized strings keep blanks, not line ends", `"datatype": "normalizedString"`, " a\nb ", `" a b "^^<normalizedString>`},
		{"a language makes a text of that language", `"lang": "nl"`, "hallo", `"hallo"@nl`},
		{"a language says nothing of numbers", `"lang": "nl", "datatype": "integer"`, "7", `"7"^^<integer>`},
		{"leading zeros stay", `"datatype": "integer"`, "007", `"007"^^<integer>`},
		{"a sign stays", `"datatype": "integer"`, "+7", `"+7"^^<integer>`},
		{"a fraction is no whole number", `"datatype": "integer"`, "7.0", `want a whole number, found "7.0"`},
		{"a byte has bounds", `"datatype": "byte"`, "128", `want a whole number from -128 to 127, found "128"`},
		{"the largest unsigned long", `"datatype": "unsignedLong"`, "18446744073709551615", `"18446744073709551615"^^<unsignedLong>`},
		{"one more", `"datatype": "unsignedLong"`, "18446744073709551616", `want a whole number from 0 to 18446744073709551615, found "18446744073709551616"`},
		{"a decimal has no exponent", `"datatype": "decimal"`, "1e3", `want a decimal number like 1.5, found "1e3"`},
		{"a double may have one", `"datatype": "double"`, "1e3", `"1e3"^^<double>`},
		{"infinity", `"datatype": "double"`, "-INF", `"-INF"^^<double>`},
		{"a comma is no point", `"datatype": "decimal"`, "1,5", `want a decimal number like 1.5, found "1,5"`},
		{"grouped digits", `"datatype": {"base": "decimal", "format": "#,##0.00"}`, "-1,234,567.80", `"-1234567.80"^^<decimal>`},
		{"groups of another size", `"datatype": {"base": "decimal", "format": "#,##0.00"}`, "12,34.00", `want a value of the format "#,##0.00" (decimal), found "12,34.00"`},
		{"Indian groups", `"datatype": {"base": "integer", "format": "#,##,##0"}`, "12,34,567", `"1234567"^^<integer>`},
		{"too few digits after the point", `"datatype": {"base": "decimal", "format": "0.00"}`, "1.5", `want a value of the format "0.00" (decimal), found "1.5"`},
		{"at least so many digits", `"datatype": {"base": "integer", "format": "000"}`, "42", `want a value of the format "000" (integer), found "42"`},
		{"an exponent in the pattern", `"datatype": {"base": "double", "format": "0.0E0"}`, "1.5E3", `"1.5E3"^^<double>`},
		{"per cent", `"datatype": {"base": "decimal", "format": "0%"}`, "7%", `"0.07"^^<decimal>`},
		{"per mille", `"datatype": {"base": "decimal", "format": "0.#‰"}`, "12.5‰", `"0.0125"^^<decimal>`},
		{"a group character of its own", `"datatype": {"base": "integer", "format": {"groupChar": " "}}`, "1 234", `"1234"^^<integer>`},
		{"blanks in a row count as one", `"datatype": {"base": "integer", "format": {"groupChar": " "}}`, "1  234", `"1234"^^<integer>`},
		{"not two group characters in a row", `"datatype": {"base": "integer", "format": {"groupChar": "'"}}`, "1''234", `want a whole number, found "1''234"`},
		{"a whole number written with zeros after the comma", `"datatype": {"base": "integer", "format": {"decimalChar": ","}}`, "25,00", `"25"^^<integer>`},
		{"bounds leave out", `"datatype": {"base": "decimal", "minExclusive": 0}`, "0", `want more than 0, found "0"`},
		{"bounds take in", `"datatype": {"base": "decimal", "maxInclusive": "1.5"}`, "1.50", `"1.50"^^<decimal>`},
		{"bounds of a double", `"datatype": {"base": "double", "maximum": "1e3"}`, "1.1E3", `want at most 1e3, found "1.1E3"`},
		{"words for true and false", `"datatype": {"base": "boolean", "format": "ja|nein"}`, "nein", `"false"^^<boolean>`},
		{"another word", `"datatype": {"base": "boolean", "format": "ja|nein"}`, "true", `want a value of the format "ja|nein" (boolean), found "true"`},
		{"1 is true", `"datatype": "boolean"`, "1", `"true"^^<boolean>`},
		{"a date", `"datatype": "date"`, "2020-02-29", `"2020-02-29"^^<date>`},
		{"a date with a zone", `"datatype": "date"`, "2020-02-29+01:00", `"2020-02-29+01:00"^^<date>`},
		{"a day that never was", `"datatype": "date"`, "2021-02-29", `want a date like 2020-07-02, found "2021-02-29"`},
		{"a date in American order", `"datatype": {"base": "date", "format": "M/d/yyyy"}`, "3/22/2015", `"2015-03-22"^^<date>`},
		{"the other order", `"datatype": {"base": "date", "format": "d/M/yyyy"}`, "3/22/2015", `want a value of the format "d/M/yyyy" (date), found "3/22/2015"`},
		{"two digits where they must be", `"datatype": {"base": "date", "format": "dd.MM.yyyy"}`, "3.2.2015", `want a value of the format "dd.MM.yyyy" (date), found "3.2.2015"`},
		{"digits side by side", `"datatype": {"base": "date", "format": "yyyyMMdd"}`, "20150322", `"2015-03-22"^^<date>`},
		{"a time of day", `"datatype": {"base": "time", "format": "HHmm"}`, "1530", `"15:30:00"^^<time>`},
		{"parts of a second", `"datatype": {"base": "time", "format": "HH:mm:ss.SSS"}`, "15:30:00.25", `"15:30:00.25"^^<time>`},
		{"no parts of a second", `"datatype": {"base": "time", "format": "HH:mm:ss.SSS"}`, "15:30:00", `"15:30:00"^^<time>`},
		{"too many parts", `"datatype": {"base": "time", "format": "HH:mm:ss.S"}`, "15:30:00.25", `want a value of the format "HH:mm:ss.S" (time), found "15:30:00.25"`},
		{"no hour 25", `"datatype": "time"`, "25:00:00", `want a time like 12:00:00, found "25:00:00"`},
		{"a date and time with a zone", `"datatype": {"base": "datetime", "format": "yyyy-MM-dd HH:mm XXX"}`, "2015-03-22 15:30 +01:00", `"2015-03-22T15:30:00+01:00"^^<dateTime>`},
		{"a stamp needs a zone", `"datatype": "dateTimeStamp"`, "2015-03-22T15:30:00", `want a date and time with a zone like 2020-07-02T12:00:00Z, found "2015-03-22T15:30:00"`},
		{"dates have bounds", `"datatype": {"base": "date", "format": "d.M.yyyy", "maximum": "2020-12-31"}`, "1.1.2021", `want at most 2020-12-31, found "1.1.2021"`},
		{"a year", `"datatype": "gYear"`, "2020", `"2020"^^<gYear>`},
		{"a duration of nothing", `"datatype": "duration"`, "P", `want a duration like P1Y2M or PT36H, found "P"`},
		{"a duration whose time is missing", `"datatype": "duration"`, "P1DT", `want a duration like P1Y2M or PT36H, found "P1DT"`},
		{"bytes", `"datatype": {"base": "binary", "length": 3}`, "AQID", `"AQID"^^<base64Binary>`},
		{"bytes that are none", `"datatype": "hexBinary"`, "0g", `want bytes in hexadecimal digits, like 0FA0, found "0g"`},
		{"JSON", `"datatype": "json"`, `{"a": 1}`, `"{\U00000022a\U00000022: 1}"^^<http://www.w3.org/ns/csvw#JSON>`},
		{"JSON that is none", `"datatype": "json"`, `{a}`, `want JSON, found "{a}"`},
		{"a pattern for text", `"datatype": {"base": "string", "format": "[A-Z]{2}-[0-9]+"}`, "AB-12", `"AB-12"`},
		{"text that a pattern matches in part", `"datatype": {"base": "string", "format": "[A-Z]{2}"}`, "ABC", `want a value of the format "[A-Z]{2}" (string), found "ABC"`},
		{"a datatype of one's own", `"datatype": {"@id": "https://example.org/Code", "base": "string"}`, "x", `"x"^^<https://example.org/Code>`},
		{"letters are counted, not bytes", `"datatype": {"base": "string", "maxLength": 3}`, "äöü", `"\U000000E4\U000000F6\U000000FC"`},
		{"a name of XML", `"datatype": "QName"`, "a:bT", `"a:bT"^^<QName>`},
		{"null is nothing", `"null": ["", "x"]`, "x", ""},
		{"default for nothing", `"default": "d"`, "", `"d"`},
		{"several values", `"separator": "|", "datatype": "integer"`, "1| 2|", `"1"^^<integer> "2"^^<integer>`},
		{"several values of which one is wrong", `"separator": "|", "datatype": "integer"`, "1|b", `want a whole number, found "b"`},
		{"a template takes a value in its plain form", `"datatype": {"base": "date", "format": "d.M.yyyy"}, "valueUrl": "https://example.org/{v}"`, "1.2.2020", "<https://example.org/2020-02-01>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := oneCell(t, tt.column, tt.cell); got != tt.want {
				t.Errorf("found %s\nwant  %s", got, tt.want)
			}
		})
	}
}

// TestTemplates fills templates in, one a row, with all that a variable can be.
func TestTemplates(t *testing.T) {
	t.Chdir(t.TempDir())
	const x = "https://example.org/"
	tests := []struct{ template, want string }{
		{"{v}", "a%2Fb%20c"},
		{"{+v}", "a/b%20c"},
		{"{#v}", "#a/b%20c"},
		{"x{.v,w}", "x.a%2Fb%20c.w"},
		{"{/v,w}", "/a%2Fb%20c/w"},
		{"{;v,w,e}", ";v=a%2Fb%20c;w=w"},
		{"{?v,w}", "?v=a%2Fb%20c&w=w"},
		{"?x=1{&w}", "?x=1&w=w"},
		{"{v:3}", "a%2Fb"},
		{"{l}", "1,%C3%A9"},
		{"{l*}", "1,%C3%A9"},
		{"{/l*}", "/1/%C3%A9"},
		{"{?l*}", "?l=1&l=%C3%A9"},
		{"{?l}", "?l=1,%C3%A9"},
		{"{e,w}", "w"},
		{"{w}{e}", "w"},
		{"{w}-{_row}-{_sourceRow}-{_column}-{_sourceColumn}-{_name}", "w-1-2-5-5-made"},
		{"é {w}", "%C3%A9%20w"},
		{"%20{w}", "%20w"},
		{"../{w}", "../w"},
		{"constant", "constant"},
		{"{e}", "nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.template, func(t *testing.T) {
			writeFiles(t, map[string]string{
				"t.csv": "v,w,l,e\na/b c,w,1|é,\n",
				"t.csv-metadata.json": `{"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": {"aboutUrl": "https://example.org/s", "columns": [
					{"name": "v", "suppressOutput": true}, {"name": "w", "suppressOutput": true}, {"name": "l", "separator": "|", "suppressOutput": true}, {"name": "e", "suppressOutput": true},
					{"name": "made", "virtual": true, "propertyUrl": "https://example.org/p", "valueUrl": "` + x + tt.template + `"}]}}`,
			})
			var got list
			if err := loaders.LoadTable(t.Context(), "t.csv", loaders.Options{}, &got); err != nil {
				t.Fatal(err)
			}
			object := "nothing"
			if len(got) == 1 {
				object = strings.TrimSuffix(strings.TrimPrefix(strings.Fields(printQuads(got))[2], "<"+x), ">")
			}
			if object != tt.want {
				t.Errorf("found %s\nwant  %s", object, tt.want)
			}
		})
	}
}
