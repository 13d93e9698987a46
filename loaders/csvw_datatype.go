package loaders

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"
)

// valueKind is how the texts of a datatype are read.
type valueKind int

const (
	kindText valueKind = iota
	kindInteger
	kindDecimal
	kindDouble
	kindBoolean
	kindMoment
	kindPattern // anything that a regular expression describes
	kindBase64
	kindHex
	kindURI
	kindJSON
)

// A baseType is a built-in datatype of the recommendation.
type baseType struct {
	name     string // as metadata write it
	iri      quad.IRI
	kind     valueKind
	min, max string         // of integers
	lexical  *regexp.Regexp // of kindPattern
	date     bool           // of kindMoment: has a day
	clock    bool           // of kindMoment: has a time of day
	zoned    bool           // of kindMoment: must have a zone
	blanks   bool           // blanks at its ends belong to the value
	oneLine  bool           // line ends are blanks, others stay
	want     string
}

// baseTypes lists the built-in datatypes.
func baseTypes() []baseType {
	pattern := func(name, expression, want string) baseType {
		return baseType{name: name, kind: kindPattern, lexical: regexp.MustCompile("^(" + expression + ")$"), want: want}
	}
	integer := func(name, low, high string) baseType {
		want := "a whole number"
		if low != "" {
			want += " from " + low
		}
		if high != "" {
			want += " to " + high
		}
		return baseType{name: name, kind: kindInteger, min: low, max: high, want: want}
	}
	const zone = `(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?`
	list := []baseType{
		{name: "anyAtomicType", blanks: true},
		{name: "any", iri: "xsd:anyAtomicType", blanks: true},
		{name: "string", blanks: true},
		{name: "normalizedString", oneLine: true},
		{name: "token"},
		pattern("language", `[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*`, "a language like en-GB"),
		pattern("Name", `[\p{L}_:][\p{L}\p{N}\p{M}_:.\-]*`, "a name of XML"),
		pattern("NMTOKEN", `[\p{L}\p{N}\p{M}_:.\-]+`, "a name token of XML"),
		pattern("QName", `([\p{L}_][\p{L}\p{N}\p{M}_.\-]*:)?[\p{L}_][\p{L}\p{N}\p{M}_.\-]*`, "a qualified name of XML"),
		pattern("gDay", `---(0[1-9]|[12][0-9]|3[01])`+zone, "a day of a month like ---31"),
		pattern("gMonth", `--(0[1-9]|1[0-2])`+zone, "a month like --07"),
		pattern("gMonthDay", `--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`+zone, "a day of a year like --07-31"),
		pattern("gYear", `-?([1-9][0-9]{3,}|0[0-9]{3})`+zone, "a year like 2020"),
		pattern("gYearMonth", `-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])`+zone, "a month like 2020-07"),
		pattern("duration", `-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?`, "a duration like P1Y2M or PT36H"),
		pattern("dayTimeDuration", `-?P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?`, "a duration of days, hours, minutes and seconds like P1DT2H"),
		pattern("yearMonthDuration", `-?P([0-9]+Y)?([0-9]+M)?`, "a duration of years and months like P1Y2M"),
		{name: "anyURI", kind: kindURI, want: "an address without blanks, like https://example.org/page"},
		{name: "base64Binary", kind: kindBase64, want: "bytes in base64"},
		{name: "binary", iri: "xsd:base64Binary", kind: kindBase64, want: "bytes in base64"},
		{name: "hexBinary", kind: kindHex, want: "bytes in hexadecimal digits, like 0FA0"},
		{name: "boolean", kind: kindBoolean, want: "true, false, 1 or 0"},
		{name: "date", kind: kindMoment, date: true, want: "a date like 2020-07-02"},
		{name: "dateTime", kind: kindMoment, date: true, clock: true, want: "a date and time like 2020-07-02T12:00:00"},
		{name: "datetime", iri: "xsd:dateTime", kind: kindMoment, date: true, clock: true, want: "a date and time like 2020-07-02T12:00:00"},
		{name: "dateTimeStamp", kind: kindMoment, date: true, clock: true, zoned: true, want: "a date and time with a zone like 2020-07-02T12:00:00Z"},
		{name: "time", kind: kindMoment, clock: true, want: "a time like 12:00:00"},
		{name: "decimal", kind: kindDecimal, want: "a decimal number like 1.5"},
		{name: "double", kind: kindDouble, want: "a number like 1.5 or 1.5E3"},
		{name: "float", kind: kindDouble, want: "a number like 1.5 or 1.5E3"},
		{name: "number", iri: "xsd:double", kind: kindDouble, want: "a number like 1.5 or 1.5E3"},
		integer("integer", "", ""),
		integer("long", "-9223372036854775808", "9223372036854775807"),
		integer("int", "-2147483648", "2147483647"),
		integer("short", "-32768", "32767"),
		integer("byte", "-128", "127"),
		integer("nonNegativeInteger", "0", ""),
		integer("positiveInteger", "1", ""),
		integer("nonPositiveInteger", "", "0"),
		integer("negativeInteger", "", "-1"),
		integer("unsignedLong", "0", "18446744073709551615"),
		integer("unsignedInt", "0", "4294967295"),
		integer("unsignedShort", "0", "65535"),
		integer("unsignedByte", "0", "255"),
		{name: "xml", iri: "rdf:XMLLiteral", blanks: true},
		{name: "html", iri: "rdf:HTML", blanks: true},
		{name: "json", iri: "http://www.w3.org/ns/csvw#JSON", kind: kindJSON, blanks: true, want: "JSON"},
	}
	for i := range list {
		if list[i].iri == "" {
			list[i].iri = quad.IRI("xsd:" + list[i].name)
		}
	}
	return list
}

// A datatype is a built-in one with what a metadata file adds to it.
type datatype struct {
	baseType
	id               quad.IRI // in short form; "" for the base's
	pattern          *datePattern
	number           *numberFormat
	expression       *regexp.Regexp
	format           string // as given
	yes, no          string // of booleans
	length           int    // -1: none, as in the two after it
	minLength        int
	maxLength        int
	low, high        string // "": none
	lowOut, highOut  bool   // the bound itself is out
	lowRat, highRat  *big.Rat
	lowDate, highDay moment
}

func newDatatype(base baseType) *datatype {
	return &datatype{baseType: base, length: -1, minLength: -1, maxLength: -1, yes: "true", no: "false"}
}

func (d *datatype) numeric() bool {
	return d.kind == kindInteger || d.kind == kindDecimal || d.kind == kindDouble
}

// trim prepares the text of a cell as the datatype wants it.
func (d *datatype) trim(text string) string {
	if d.blanks {
		return text
	}
	if strings.ContainsAny(text, "\r\n\t") {
		text = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(text)
	}
	if d.oneLine {
		return text
	}
	text = strings.Trim(text, " ")
	for strings.Contains(text, "  ") {
		text = strings.ReplaceAll(text, "  ", " ")
	}
	return text
}

// literal reads a text. The result is the text of the literal or, where that is "" and the text is not
// of the datatype, what was wanted.
func (d *datatype) literal(text string) (lexical, want string) {
	lexical, ok := d.lexicalForm(text)
	if !ok {
		return "", d.wanted()
	}
	if want := d.lengths(text); want != "" {
		return "", want
	}
	if want := d.bounds(lexical); want != "" {
		return "", want
	}
	return lexical, ""
}

func (d *datatype) wanted() string {
	if d.format != "" {
		return "a value of the format " + quote([]byte(d.format), "") + " (" + d.name + ")"
	}
	if d.want == "" {
		return "a value of the datatype " + d.name
	}
	return d.want
}

// lexicalForm is the text of the literal, and whether the text is of the datatype.
func (d *datatype) lexicalForm(text string) (string, bool) {
	if d.expression != nil && !d.expression.MatchString(text) {
		return "", false
	}
	switch d.kind {
	case kindInteger, kindDecimal, kindDouble:
		return d.numberText(text)
	case kindBoolean:
		switch {
		case text == d.yes, d.format == "" && text == "1":
			return "true", true
		case text == d.no, d.format == "" && text == "0":
			return "false", true
		}
		return "", false
	case kindMoment:
		m, ok := d.moment(text)
		if !ok {
			return "", false
		}
		if d.pattern == nil {
			return text, true // as it was written
		}
		return d.momentText(m), true
	case kindPattern:
		empty := strings.HasSuffix(strings.ToLower(d.name), "duration") && (strings.HasSuffix(text, "P") || strings.HasSuffix(text, "T"))
		return text, d.lexical.MatchString(text) && !empty
	case kindBase64:
		_, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, " ", ""))
		return text, err == nil
	case kindHex:
		_, err := hex.DecodeString(text)
		return text, err == nil
	case kindURI:
		return text, !strings.ContainsAny(text, " <>\"{}|\\^`")
	case kindJSON:
		return text, json.Valid([]byte(text))
	default:
		return text, true
	}
}

func (d *datatype) numberText(text string) (string, bool) {
	if d.number != nil && text != "NaN" && text != "INF" && text != "-INF" {
		var ok bool
		if text, ok = d.number.plain(text); !ok {
			return "", false
		}
	}
	switch d.kind {
	case kindInteger:
		if d.number != nil { // 25,00 in a column of whole numbers
			if whole, fraction, ok := strings.Cut(text, "."); ok && strings.Trim(fraction, "0") == "" {
				text = whole
			}
		}
		return text, xsdIntegerText.MatchString(text) && within(text, d.min, d.max)
	case kindDecimal:
		return text, xsdDecimalText.MatchString(text)
	default:
		return text, xsdDoubleText.MatchString(text)
	}
}

func within(text, low, high string) bool {
	if low == "" && high == "" {
		return true
	}
	n := exact(text)
	return n != nil && (low == "" || n.Cmp(exact(low)) >= 0) && (high == "" || n.Cmp(exact(high)) <= 0)
}

// moment reads a date or time in the datatype's pattern, or in XML Schema's own form.
func (d *datatype) moment(text string) (moment, bool) {
	var m moment
	var ok bool
	if d.pattern != nil {
		m, ok = d.pattern.parse(text)
	} else {
		m, ok = parseXSDMoment(text)
	}
	return m, ok && m.hasDate == d.date && m.hasClock == d.clock && (!d.zoned || m.zone != "")
}

func (d *datatype) momentText(m moment) string {
	var parts []string
	if d.date {
		parts = append(parts, m.date())
	}
	if d.clock {
		parts = append(parts, m.clock())
	}
	return strings.Join(parts, "T") + m.zone
}

// lengths checks how many characters (of binary values: bytes) there are.
func (d *datatype) lengths(text string) string {
	if d.length < 0 && d.minLength < 0 && d.maxLength < 0 {
		return ""
	}
	n, unit := utf8.RuneCountInString(text), " characters"
	switch d.kind {
	case kindBase64:
		b, _ := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, " ", "")) // checked before
		n, unit = len(b), " bytes"
	case kindHex:
		n, unit = len(text)/2, " bytes"
	default: // characters
	}
	switch {
	case d.length >= 0 && n != d.length:
		return strconv.Itoa(d.length) + unit
	case d.minLength >= 0 && n < d.minLength:
		return "at least " + strconv.Itoa(d.minLength) + unit
	case d.maxLength >= 0 && n > d.maxLength:
		return "at most " + strconv.Itoa(d.maxLength) + unit
	}
	return ""
}

// bounds checks that a value lies between the bounds of the metadata.
func (d *datatype) bounds(text string) string {
	if d.low == "" && d.high == "" {
		return ""
	}
	above, below := 1, -1 // how the value compares with the lower and with the upper bound
	switch {
	case d.kind == kindMoment:
		m, ok := parseXSDMoment(text)
		if !ok {
			return d.wanted()
		}
		if d.low != "" {
			above = m.compare(d.lowDate)
		}
		if d.high != "" {
			below = m.compare(d.highDay)
		}
	default:
		n := exact(text)
		if n == nil {
			f, err := strconv.ParseFloat(strings.ReplaceAll(text, "INF", "Inf"), 64)
			if n = new(big.Rat).SetFloat64(f); err != nil || n == nil { // infinite, or none
				return "a number between bounds"
			}
		}
		if d.low != "" {
			above = n.Cmp(d.lowRat)
		}
		if d.high != "" {
			below = n.Cmp(d.highRat)
		}
	}
	switch {
	case above < 0 || above == 0 && d.lowOut:
		return boundWord(d.lowOut, "more than ", "at least ") + d.low
	case below > 0 || below == 0 && d.highOut:
		return boundWord(d.highOut, "less than ", "at most ") + d.high
	}
	return ""
}

func boundWord(out bool, strict, loose string) string {
	if out {
		return strict
	}
	return loose
}
