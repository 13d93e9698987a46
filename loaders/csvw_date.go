package loaders

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A datePattern reads dates and times written by a pattern like d.M.yyyy HH:mm. The letters are those
// of Unicode's date patterns that stand for numbers; all else stands for itself.
type datePattern struct {
	text  string
	parts []datePart
}

type datePart struct {
	letter  byte // 0: literal text
	count   int
	literal string
}

// parseDatePattern takes a pattern apart. The result says what is wrong with it, "" if nothing.
func parseDatePattern(text string) (*datePattern, string) {
	p := &datePattern{text: text}
	for i := 0; i < len(text); {
		c := text[i]
		if classes[c]&alpha == 0 || c == 'T' {
			p.parts = append(p.parts, datePart{literal: text[i : i+1]})
			i++
			continue
		}
		n := 1
		for i+n < len(text) && text[i+n] == c {
			n++
		}
		ok := false
		switch c {
		case 'y':
			ok = n == 4 || n == 1
		case 'M', 'd', 'H', 'm', 's':
			ok = n <= 2
		case 'S':
			ok = n <= 9
		case 'X', 'x':
			ok = n <= 3
		}
		if !ok {
			return nil, fmt.Sprintf("%q in it", text[i:i+n])
		}
		if slices.ContainsFunc(p.parts, func(d datePart) bool { return d.letter == c }) {
			return nil, fmt.Sprintf("%q in it twice", c)
		}
		p.parts = append(p.parts, datePart{letter: c, count: n})
		i += n
	}
	return p, ""
}

// has says whether all of the letters are in the pattern.
func (p *datePattern) has(letters string) bool {
	for i := range len(letters) {
		if !slices.ContainsFunc(p.parts, func(d datePart) bool { return d.letter == letters[i] }) {
			return false
		}
	}
	return true
}

// A moment is what a text says of a day, a time of day and its zone. Texts keep what was written.
type moment struct {
	year              int
	month, day        int
	hour, minute      int
	second            int
	fraction          string // ".25"
	zone              string // "Z", "+01:00", ""
	hasDate, hasClock bool
	negative          bool
}

// parse reads a text. It says whether the text is of the pattern and means a day and time that exist.
func (p *datePattern) parse(text string) (moment, bool) {
	m := moment{month: 1, day: 1}
	for i := 0; i < len(p.parts); i++ {
		part := p.parts[i]
		if part.literal == "." && i+1 < len(p.parts) && p.parts[i+1].letter == 'S' && !strings.HasPrefix(text, ".") {
			i++ // a fraction of no digits has no point either
			continue
		}
		if part.letter == 0 {
			rest, ok := strings.CutPrefix(text, part.literal)
			if !ok {
				return m, false
			}
			text = rest
			continue
		}
		var ok bool
		if text, ok = m.read(part, text, i+1 < len(p.parts) && p.parts[i+1].letter != 0); !ok {
			return m, false
		}
	}
	return m, text == "" && m.exists()
}

// read takes the value of one part from the front of a text. Where another number follows at once, it
// takes no more digits than the pattern has letters.
func (m *moment) read(part datePart, text string, packed bool) (string, bool) {
	switch part.letter {
	case 'X', 'x':
		return m.readZone(part, text)
	case 'S':
		n := digits(text, part.count)
		if n == 0 {
			return text, false
		}
		m.fraction = "." + text[:n]
		return text[n:], true
	}
	most := max(2, part.count)
	if part.letter == 'y' && part.count == 1 {
		most = 9
	}
	if packed {
		most = part.count
	}
	n := digits(text, most)
	least := part.count
	if n < least {
		return text, false
	}
	value, err := strconv.Atoi(text[:n])
	if err != nil {
		return text, false
	}
	switch part.letter {
	case 'y':
		m.year, m.hasDate = value, true
	case 'M':
		m.month, m.hasDate = value, true
	case 'd':
		m.day, m.hasDate = value, true
	case 'H':
		m.hour, m.hasClock = value, true
	case 'm':
		m.minute, m.hasClock = value, true
	case 's':
		m.second, m.hasClock = value, true
	}
	return text[n:], true
}

// readZone reads Z (for X only), or an offset: ±hh with minutes if need be (one letter), ±hhmm (two),
// ±hh:mm (three).
func (m *moment) readZone(part datePart, text string) (string, bool) {
	if part.letter == 'X' && strings.HasPrefix(text, "Z") {
		m.zone = "Z"
		return text[1:], true
	}
	if text == "" || text[0] != '+' && text[0] != '-' || digits(text[1:], 2) != 2 {
		return text, false
	}
	hours, rest, minutes := text[:3], text[3:], "00"
	switch {
	case part.count == 3:
		if !strings.HasPrefix(rest, ":") || digits(rest[1:], 2) != 2 {
			return text, false
		}
		minutes, rest = rest[1:3], rest[3:]
	case digits(rest, 2) == 2:
		minutes, rest = rest[:2], rest[2:]
	case part.count == 2:
		return text, false
	}
	m.zone = hours + ":" + minutes
	h, _ := strconv.Atoi(hours[1:]) // two digits
	n, _ := strconv.Atoi(minutes)   // two digits
	return rest, h < 14 && n < 60 || h == 14 && n == 0
}

func digits(s string, most int) int {
	n := 0
	for n < len(s) && n < most && classes[s[n]]&digit != 0 {
		n++
	}
	return n
}

func (m moment) exists() bool {
	if m.hour > 24 || m.minute > 59 || m.second > 59 || m.hour == 24 && (m.minute > 0 || m.second > 0 || strings.Trim(m.fraction, ".0") != "") {
		return false
	}
	if !m.hasDate {
		return true
	}
	if m.month < 1 || m.month > 12 || m.day < 1 {
		return false
	}
	leap := m.year
	if leap == 0 || leap > 9999 {
		leap = leap%400 + 400
	}
	return m.day <= time.Date(leap, time.Month(m.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func (m moment) date() string { return fmt.Sprintf("%04d-%02d-%02d", m.year, m.month, m.day) }

func (m moment) clock() string {
	return fmt.Sprintf("%02d:%02d:%02d", m.hour, m.minute, m.second) + m.fraction
}

// xsdMoment reads a date or time as XML Schema writes it. Groups: the date, the clock, its fraction, the
// zone.
var xsdMoment = regexp.MustCompile(`^(?:(-?)(\d{4,9})-(\d\d)-(\d\d))?(T)?(?:(\d\d):(\d\d):(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$`)

// parseXSDMoment reads a date, time or dateTime in XML Schema's own form.
func parseXSDMoment(text string) (moment, bool) {
	g := xsdMoment.FindStringSubmatch(text)
	if g == nil {
		return moment{}, false
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // digits, as the pattern saw to
	m := moment{month: 1, day: 1, hasDate: g[2] != "", hasClock: g[6] != "", negative: g[1] != "", fraction: g[9]}
	if m.hasDate {
		m.year, m.month, m.day = number(g[2]), number(g[3]), number(g[4])
	}
	if m.hasClock {
		m.hour, m.minute, m.second = number(g[6]), number(g[7]), number(g[8])
	}
	if (g[5] != "") != (m.hasDate && m.hasClock) || !m.hasDate && !m.hasClock {
		return m, false
	}
	if g[10] != "" {
		if _, ok := m.readZone(datePart{letter: 'X', count: 3}, g[10]); !ok {
			return m, false
		}
	}
	return m, m.exists()
}

// compare orders two moments of one kind.
func (m moment) compare(n moment) int {
	a, fractionA := m.order()
	b, fractionB := n.order()
	if a != b {
		return cmp.Compare(a, b)
	}
	return strings.Compare(fractionA, fractionB)
}

// order is the seconds of a moment and what is left of one, by which moments compare.
func (m moment) order() (int64, string) {
	year := m.year
	if m.negative {
		year = -year
	}
	t := time.Date(year, time.Month(m.month), m.day, m.hour, m.minute, m.second, 0, time.UTC)
	if len(m.zone) == 6 {
		h, _ := strconv.Atoi(m.zone[:3]) // checked when it was read
		n, _ := strconv.Atoi(m.zone[4:]) // checked when it was read
		if m.zone[0] == '-' {
			n = -n
		}
		t = t.Add(-time.Duration(h)*time.Hour - time.Duration(n)*time.Minute)
	}
	return t.Unix(), strings.TrimRight(m.fraction, "0")
}
