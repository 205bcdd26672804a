package schedule_test

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The oracle walks minute by minute and looks at each whether the schedule's text names it. It shares nothing
// with the package: it reads the text itself, slowly and without any cleverness.
type oracle struct {
	fields  []string
	zone    *time.Location
	minutes [60]bool
	hours   [24]bool
}

var oracleWords = map[string]string{
	"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
	"@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}

func newOracle(text, zone string) oracle {
	text = strings.ToLower(strings.TrimSpace(text))
	if known, ok := oracleWords[text]; ok {
		text = known
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	f := strings.Fields(text)
	o := oracle{fields: f, zone: location}
	for m := range o.minutes {
		o.minutes[m] = has(f[0], m, 0, 59, nil)
	}
	for h := range o.hours {
		o.hours[h] = has(f[1], h, 0, 23, nil)
	}
	return o
}

var (
	oracleMonths   = strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")
	oracleWeekdays = strings.Fields("sun mon tue wed thu fri sat")
)

func oracleNumber(text string, names []string, first int) int {
	if i := slices.Index(names, text); i >= 0 {
		return i + first
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(text)
	}
	return n
}

// has tells whether a field names a value, going through the values of each item one by one.
func has(field string, value, least, most int, names []string) bool {
	for _, item := range strings.Split(field, ",") {
		spanned, step, stepped := strings.Cut(item, "/")
		n := 1
		if stepped {
			n, _ = strconv.Atoi(step)
		}
		left, right, ranged := strings.Cut(spanned, "-")
		var from, to int
		switch {
		case spanned == "*":
			from, to = least, most
		case ranged:
			from, to = oracleNumber(left, names, least), oracleNumber(right, names, least)
		default:
			from = oracleNumber(left, names, least)
			to = from
			if stepped {
				to = most
			}
		}
		if ranged && to == 0 && from > 0 && most == 7 {
			to = 7
		}
		for v := from; v <= to; v += n {
			if v == value || most == 7 && v == 7 && value == 0 {
				return true
			}
		}
	}
	return false
}

func lastOf(reading time.Time) int {
	return time.Date(reading.Year(), reading.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func workday(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// dayMatches: each item of the field alone, the special ones by looking at the month's days.
func (o oracle) dayMatches(field string, reading time.Time) bool {
	for _, item := range strings.Split(field, ",") {
		switch {
		case item == "l":
			if reading.Day() == lastOf(reading) {
				return true
			}
		case item == "lw":
			d := reading.AddDate(0, 0, lastOf(reading)-reading.Day())
			for !workday(d) {
				d = d.AddDate(0, 0, -1)
			}
			if d.Day() == reading.Day() {
				return true
			}
		case strings.HasPrefix(item, "l-"):
			n, _ := strconv.Atoi(item[2:])
			if reading.Day() == lastOf(reading)-n {
				return true
			}
		case strings.HasSuffix(item, "w"):
			n, _ := strconv.Atoi(strings.TrimSuffix(item, "w"))
			if n <= lastOf(reading) && nearest(reading, n) == reading.Day() {
				return true
			}
		case has(item, reading.Day(), 1, 31, nil):
			return true
		}
	}
	return false
}

// nearest looks around a day, first a day before, then a day after, and so on, within the month.
func nearest(reading time.Time, day int) int {
	for _, away := range []int{0, -1, 1, -2, 2} {
		d := reading.AddDate(0, 0, day+away-reading.Day())
		if d.Month() == reading.Month() && workday(d) {
			return d.Day()
		}
	}
	panic("no workday within two days")
}

func (o oracle) weekdayMatches(field string, reading time.Time) bool {
	for _, item := range strings.Split(field, ",") {
		day, nth, special := strings.Cut(item, "#")
		if !special && len(item) > 1 && strings.HasSuffix(item, "l") {
			day, nth, special = item[:len(item)-1], "l", true
		}
		switch {
		case !special:
			if has(item, int(reading.Weekday()), 0, 7, oracleWeekdays) {
				return true
			}
		case oracleNumber(day, oracleWeekdays, 0)%7 != int(reading.Weekday()):
		case nth == "l":
			if reading.AddDate(0, 0, 7).Month() != reading.Month() {
				return true
			}
		default:
			n, _ := strconv.Atoi(nth)
			if reading.AddDate(0, 0, -7*(n-1)).Month() == reading.Month() && reading.AddDate(0, 0, -7*n).Month() != reading.Month() {
				return true
			}
		}
	}
	return false
}

// names tells whether the schedule names what a clock shows.
func (o oracle) names(reading time.Time) bool {
	if hour, minute, _ := reading.Clock(); !o.minutes[minute] || !o.hours[hour] {
		return false
	}
	f := o.fields
	if !has(f[3], int(reading.Month()), 1, 12, oracleMonths) {
		return false
	}
	day, weekday := o.dayMatches(f[2], reading), o.weekdayMatches(f[4], reading)
	if strings.HasPrefix(f[2], "*") || strings.HasPrefix(f[4], "*") {
		return day && weekday
	}
	return day || weekday
}

func (o oracle) everyHour() bool {
	return strings.HasPrefix(o.fields[1], "*") || !slices.Contains(o.hours[:], false)
}

// reading is what clocks of the zone show at an instant, as if it were a time of UTC.
func (o oracle) reading(at time.Time) time.Time {
	_, ahead := at.In(o.zone).Zone()
	return at.UTC().Add(time.Duration(ahead) * time.Second)
}

// due gives the due times after from and up to to; both are whole minutes. It begins to walk two days
// earlier, so that it knows which readings have been shown before.
func (o oracle) due(from, to time.Time) []time.Time {
	found := map[time.Time]bool{}
	everyHour := o.everyHour()
	at := from.Add(-48 * time.Hour)
	newest := o.reading(at)
	now := newest
	for ; !at.After(to); at = at.Add(time.Minute) {
		before := now
		now = o.reading(at)
		for skipped := before.Add(time.Minute); skipped.Before(now); skipped = skipped.Add(time.Minute) {
			switch {
			case !skipped.After(newest) || !o.names(skipped):
			case everyHour:
				found[at.Add(-time.Minute).Add(skipped.Sub(before))] = true
			default:
				found[at] = true
			}
		}
		if o.names(now) && (everyHour || now.After(newest)) {
			found[at] = true
		}
		if now.After(newest) {
			newest = now
		}
	}
	var all []time.Time
	for at := range found {
		if at.After(from) && !at.After(to) {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}
