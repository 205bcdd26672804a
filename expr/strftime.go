package expr

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// timeCodes are the codes of strftime that stand for one piece of Go's layouts.
var timeCodes = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'B': "January", 'b': "Jan", 'h': "Jan", 'A': "Monday", 'a': "Mon",
	'H': "15", 'I': "03", 'p': "PM", 'M': "04", 'S': "05", 'f': "000000", 'j': "002", 'z': "-0700", 'Z': "MST",
	'F': "2006-01-02", 'T': "15:04:05", 'D': "01/02/06", 'R': "15:04",
}

// formatTime writes t by a format in the manner of strftime.
func formatTime(t time.Time, format string) (any, error) {
	var b strings.Builder
	err := eachCode(format, func(literal byte) { b.WriteByte(literal) }, func(code byte) error {
		switch code {
		case 'f':
			fmt.Fprintf(&b, "%06d", t.Nanosecond()/1000)
		case 'V':
			_, week := t.ISOWeek()
			fmt.Fprintf(&b, "%02d", week)
		case 'G':
			year, _ := t.ISOWeek()
			b.WriteString(strconv.Itoa(year))
		case 'u':
			b.WriteString(strconv.Itoa((int(t.Weekday())+6)%7 + 1))
		case 'w':
			b.WriteString(strconv.Itoa(int(t.Weekday())))
		case 's':
			b.WriteString(strconv.FormatInt(t.Unix(), 10))
		default:
			layout, ok := timeCodes[code]
			if !ok {
				return unknownCode(code)
			}
			b.WriteString(t.Format(layout))
		}
		return nil
	})
	return b.String(), err
}

// layoutOf turns a format into Go's layout, for reading.
func layoutOf(format string) (string, error) {
	var b strings.Builder
	err := eachCode(format, func(literal byte) { b.WriteByte(literal) }, func(code byte) error {
		layout, ok := timeCodes[code]
		if !ok {
			return unknownCode(code)
		}
		if code == 'f' { // Go reads fractions only behind a point, which the format wrote already
			layout = "999999999"
		}
		b.WriteString(layout)
		return nil
	})
	return b.String(), err
}

func unknownCode(code byte) error {
	return dataErrorf("known are %Y %m %d %H %M %S and the others of format_date", "%%%c is no code for dates", code)
}

func eachCode(format string, literal func(byte), code func(byte) error) error {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			literal(format[i])
			continue
		}
		i++
		if i < len(format) && format[i] == '-' { // %-d: without the leading zero, which reading does not need
			i++
		}
		switch {
		case i >= len(format):
			return dataErrorf("write %% for a percent sign", "the format ends with a single %%")
		case format[i] == '%':
			literal('%')
		default:
			if err := code(format[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// readLayouts are what parse_date tries when it is given no format.
var readLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02", "20060102T150405Z", "20060102",
	time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "2 January 2006", "January 2, 2006", "2 Jan 2006",
}

// readTime reads a time that says itself how it is written.
func readTime(s string) (any, error) { return readTimeIn(s, time.UTC) }

func readTimeIn(s string, zone *time.Location) (any, error) {
	s = strings.TrimSpace(s)
	for _, layout := range readLayouts {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return bounded(t)
		}
	}
	return nil, dataErrorf("write it as 2026-03-29T14:00:00Z, or read it with .parse_date('%d/%m/%Y')", "%q is not a time that can be read", truncate(s, 40, "…"))
}

func parseDate(a args) (any, error) {
	zone, err := zoneOf(a.textOr(2, "UTC"))
	if err != nil {
		return nil, err
	}
	if len(a) == 1 {
		return readTimeIn(a.text(0), zone)
	}
	layout, err := layoutOf(a.text(1))
	if err != nil {
		return nil, err
	}
	t, err := time.ParseInLocation(layout, strings.TrimSpace(a.text(0)), zone)
	if err != nil {
		return nil, dataErrorf("", "%q is not written as %q", truncate(a.text(0), 40, "…"), a.text(1))
	}
	return bounded(t)
}
