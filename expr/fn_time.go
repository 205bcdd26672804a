package expr

import (
	"strings"
	"time"
	_ "time/tzdata" // time zones must not depend on the machine

	"gantry/schema"
)

var timeFunctions = []function{
	{signs: []string{"text.parse_date(format?: text, zone?: text) -> time"},
		doc: "Reads a time. Without a format: RFC 3339, or a date with or without a time as most systems write them. A format is written with %Y %m %d %H %M %S and so on. What names no zone is in the given one, or in UTC.",
		examples: []string{`'2026-03-29T10:00:00+02:00'.parse_date() => "2026-03-29T08:00:00Z"`, `'29/03/2026 14:05'.parse_date('%d/%m/%Y %H:%M') => "2026-03-29T14:05:00Z"`,
			`'2026-07-01 09:00'.parse_date('%Y-%m-%d %H:%M', 'Europe/London') => "2026-07-01T08:00:00Z"`},
		run: parseDate},
	{signs: []string{"moment.format_date(format: text, zone?: text) -> text"},
		doc: "Writes a time by a format: %Y 2026, %y 26, %m 03, %d 29, %e 29, %B March, %b Mar, %A Sunday, %a Sun, %H 14, %I 02, %p PM, %M 30, %S 00, %f 000000, %j 088, %z +0000, %Z UTC, %V week, %u weekday from Monday 1, %s Unix seconds, %F for %Y-%m-%d, %T for %H:%M:%S, %% %.",
		examples: []string{`now.format_date('%A, %d %B %Y at %H:%M') => "Sunday, 29 March 2026 at 14:30"`, `now.format_date('%H:%M %Z', 'Europe/Berlin') => "16:30 CEST"`,
			`'2026-01-05T08:00:00Z'.format_date('%d.%m.%Y') => "05.01.2026"`},
		run: func(a args) (any, error) {
			t, err := inZone(a.time(0), a.textOr(2, "UTC"))
			if err != nil {
				return nil, err
			}
			return formatTime(t, a.text(1))
		}},
	{signs: []string{"moment.in_zone(zone: text) -> text"}, doc: "Writes a time in RFC 3339 with the offset of a time zone.",
		examples: []string{`now.in_zone('America/New_York') => "2026-03-29T10:30:00-04:00"`},
		run: func(a args) (any, error) {
			t, err := inZone(a.time(0), a.text(1))
			return t.Format(time.RFC3339), err
		}},
	{signs: []string{"moment.add_minutes(count: integer) -> time"}, doc: "Adds minutes; negative counts go back.", examples: []string{`now.add_minutes(-30) => "2026-03-29T14:00:00Z"`},
		run: func(a args) (any, error) {
			return bounded(a.time(0).Add(time.Duration(clampCount(a.integer(1))) * time.Minute))
		}},
	{signs: []string{"moment.add_hours(count: integer) -> time"}, doc: "Adds hours.", examples: []string{`now.add_hours(2) => "2026-03-29T16:30:00Z"`},
		run: func(a args) (any, error) {
			return bounded(a.time(0).Add(time.Duration(max(min(a.integer(1), 1e6), -1e6)) * time.Hour))
		}},
	{signs: []string{"moment.add_days(count: integer, zone?: text) -> time"}, doc: "Adds days. With a zone the clock there shows the same time, also across daylight saving.",
		examples: []string{`now.add_days(3) => "2026-04-01T14:30:00Z"`, `'2026-03-28T09:00:00Z'.add_days(1, 'Europe/London') => "2026-03-29T08:00:00Z"`},
		run: func(a args) (any, error) {
			return addDate(a, func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) })
		}},
	{signs: []string{"moment.add_weeks(count: integer, zone?: text) -> time"}, doc: "Adds weeks.", examples: []string{`now.add_weeks(1) => "2026-04-05T14:30:00Z"`},
		run: func(a args) (any, error) {
			return addDate(a, func(t time.Time, n int) time.Time { return t.AddDate(0, 0, 7*n) })
		}},
	{signs: []string{"moment.add_months(count: integer, zone?: text) -> time"}, doc: "Adds months; where the month is too short it is its last day.",
		examples: []string{`'2026-01-31T00:00:00Z'.add_months(1) => "2026-02-28T00:00:00Z"`},
		run:      func(a args) (any, error) { return addDate(a, addMonths) }},
	{signs: []string{"moment.add_years(count: integer, zone?: text) -> time"}, doc: "Adds years.", examples: []string{`'2024-02-29T00:00:00Z'.add_years(1) => "2025-02-28T00:00:00Z"`},
		run: func(a args) (any, error) {
			return addDate(a, func(t time.Time, n int) time.Time { return addMonths(t, 12*n) })
		}},
	{signs: []string{"moment.add_business_days(count: integer, holidays?: list of text) -> time"},
		doc:      "Adds days that are neither Saturday nor Sunday nor one of the holidays (dates such as 2026-12-25), in UTC.",
		examples: []string{`'2026-03-27T10:00:00Z'.add_business_days(1) => "2026-03-30T10:00:00Z"`, `'2026-04-02T10:00:00Z'.add_business_days(1, ['2026-04-03', '2026-04-06']) => "2026-04-07T10:00:00Z"`},
		run:      addBusinessDays},
	{signs: []string{"moment.business_days_until(later: moment, holidays?: list of text) -> integer"},
		doc:      "Counts the business days from one day (not counted) to another (counted), in UTC; negative when the other is earlier.",
		examples: []string{`'2026-03-27T10:00:00Z'.business_days_until('2026-03-31T09:00:00Z') => 2`},
		run:      businessDaysUntil},
	{signs: []string{"moment.days_until(later: moment, zone?: text) -> integer"}, doc: "Counts the days on the calendar from one time to another; negative when the other is earlier.",
		examples: []string{`now.days_until('2026-04-01T00:00:00Z') => 3`, `now.days_until('2026-03-28T23:59:00Z') => -1`},
		run: func(a args) (any, error) {
			from, err := inZone(a.time(0), a.textOr(2, "UTC"))
			if err != nil {
				return nil, err
			}
			to := a.time(1).In(from.Location())
			return int64(dayNumber(to) - dayNumber(from)), nil
		}},
	{signs: []string{"moment.start_of_day(zone?: text) -> time"}, doc: "Gives midnight at the day's beginning, in the zone or in UTC.",
		examples: []string{`now.start_of_day() => "2026-03-29T00:00:00Z"`, `now.start_of_day('America/New_York') => "2026-03-29T04:00:00Z"`},
		run: func(a args) (any, error) {
			return startOf(a, 1, func(t time.Time) time.Time { return day(t, t.Year(), t.Month(), t.Day()) })
		}},
	{signs: []string{"moment.start_of_week(zone?: text) -> time"}, doc: "Gives midnight at the beginning of the week's Monday.", examples: []string{`now.start_of_week() => "2026-03-23T00:00:00Z"`},
		run: func(a args) (any, error) {
			return startOf(a, 1, func(t time.Time) time.Time {
				return day(t, t.Year(), t.Month(), t.Day()-(int(t.Weekday())+6)%7)
			})
		}},
	{signs: []string{"moment.start_of_month(zone?: text) -> time"}, doc: "Gives midnight at the month's beginning.", examples: []string{`now.start_of_month() => "2026-03-01T00:00:00Z"`},
		run: func(a args) (any, error) {
			return startOf(a, 1, func(t time.Time) time.Time { return day(t, t.Year(), t.Month(), 1) })
		}},
	{signs: []string{"moment.end_of_month(zone?: text) -> time"}, doc: "Gives the last second of the month.", examples: []string{`now.end_of_month() => "2026-03-31T23:59:59Z"`},
		run: func(a args) (any, error) {
			return startOf(a, 1, func(t time.Time) time.Time { return day(t, t.Year(), t.Month()+1, 1).Add(-time.Second) })
		}},
	{signs: []string{"moment.weekday(zone?: text) -> text"}, doc: "Names the day of the week in English.", examples: []string{`now.weekday() => "Sunday"`, `now.weekday('Pacific/Auckland') => "Monday"`},
		run: func(a args) (any, error) {
			t, err := inZone(a.time(0), a.textOr(1, "UTC"))
			return t.Weekday().String(), err
		}},
	{signs: []string{"moment.is_weekend(zone?: text) -> boolean"}, doc: "Tells whether it is Saturday or Sunday.", examples: []string{`now.is_weekend() => true`},
		run: func(a args) (any, error) {
			t, err := inZone(a.time(0), a.textOr(1, "UTC"))
			return isWeekend(t), err
		}},
	{signs: []string{"moment.is_between_hours(from: text, to: text, zone?: text) -> boolean"}, doc: "Tells whether the clock shows a time from one hour (included) to another (not included), across midnight if need be.",
		examples: []string{`now.is_between_hours('09:00', '17:30') => true`, `now.is_between_hours('22:00', '06:00') => false`},
		run:      isBetweenHours},
	{signs: []string{"moment.unix() -> integer"}, doc: "Gives the seconds since 1970.", examples: []string{`now.unix() => 1774794600`},
		run: func(a args) (any, error) { return a.time(0).Unix(), nil }},
	{signs: []string{"number.from_unix() -> time"}, doc: "Reads seconds since 1970; numbers above 100,000,000,000 are milliseconds.",
		examples: []string{`1774794600.from_unix() => "2026-03-29T14:30:00Z"`, `1774794600500.from_unix() => "2026-03-29T14:30:00.5Z"`},
		run: func(a args) (any, error) {
			n := a.number(0)
			if n > 1e11 || n < -1e11 {
				n /= 1000
			}
			if n > 1e11 || n < -6e10 {
				return nil, dataErrorf("", "the number is no time")
			}
			return bounded(time.UnixMilli(int64(n * 1000)).UTC())
		}},
	{signs: []string{"text.parse_duration() -> duration"}, doc: "Reads a duration as Gantry writes them: 300ms, 30s, 5m, 8h, 30d, 1h30m.", examples: []string{`'1d2h'.parse_duration() => "1d2h"`, `now + '90m'.parse_duration() => "2026-03-29T16:00:00Z"`},
		run: func(a args) (any, error) {
			d, err := schema.ParseDuration(a.text(0))
			if err != nil {
				return nil, dataErrorf("write it as 300ms, 30s, 5m, 8h or 30d", "%q is not a duration", a.text(0))
			}
			return d, nil
		}},
}

func clampCount(n int) int { return max(min(n, 1e8), -1e8) }

// bounded refuses times that RFC 3339 cannot write.
func bounded(t time.Time) (any, error) {
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return nil, dataErrorf("", "the time is outside the years 1 to 9999")
	}
	return t.UTC(), nil
}

func inZone(t time.Time, zone string) (time.Time, error) {
	location, err := zoneOf(zone)
	if err != nil {
		return t, err
	}
	return t.In(location), nil
}

// zoneOf finds a time zone. "Local" is refused: it would depend on the machine.
func zoneOf(name string) (*time.Location, error) {
	if name == "" || strings.EqualFold(name, "local") {
		return nil, dataErrorf("write a name such as Europe/London or America/New_York", "%q is not a time zone", name)
	}
	if offset, err := time.Parse("-07:00", name); err == nil {
		_, seconds := offset.Zone()
		return time.FixedZone(name, seconds), nil
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, dataErrorf("write a name such as Europe/London or America/New_York, or an offset such as +02:00", "%q is not a time zone", name)
	}
	return location, nil
}

func addDate(a args, add func(time.Time, int) time.Time) (any, error) {
	t, err := inZone(a.time(0), a.textOr(2, "UTC"))
	if err != nil {
		return nil, err
	}
	return bounded(add(t, max(min(a.integer(1), 1e6), -1e6)))
}

func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return time.Date(first.Year(), first.Month(), min(t.Day(), last), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
}

func day(t time.Time, year int, month time.Month, dayOfMonth int) time.Time {
	return time.Date(year, month, dayOfMonth, 0, 0, 0, 0, t.Location())
}

func startOf(a args, zone int, start func(time.Time) time.Time) (any, error) {
	t, err := inZone(a.time(0), a.textOr(zone, "UTC"))
	if err != nil {
		return nil, err
	}
	return bounded(start(t))
}

// dayNumber counts days on the calendar of t's zone.
func dayNumber(t time.Time) int {
	return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func isWeekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// maxBusinessDays bounds counting day by day.
const maxBusinessDays = 10_000

func holidaysOf(a args) (map[string]bool, error) {
	out := map[string]bool{}
	if len(a) < 3 {
		return out, nil
	}
	dates, err := texts(a.list(2))
	for _, d := range dates {
		out[strings.TrimSpace(d[:min(len(d), 10)])] = true
	}
	return out, err
}

func isBusinessDay(t time.Time, holidays map[string]bool) bool {
	return !isWeekend(t) && !holidays[t.Format(time.DateOnly)]
}

func addBusinessDays(a args) (any, error) {
	holidays, err := holidaysOf(a)
	if err != nil {
		return nil, err
	}
	t, left, step := a.time(0).UTC(), a.integer(1), 1
	if left < 0 {
		left, step = -left, -1
	}
	if left > maxBusinessDays {
		return nil, dataErrorf("", "at most %d business days can be added", maxBusinessDays)
	}
	for tries := 0; left > 0; tries++ {
		if tries > 4*maxBusinessDays {
			return nil, dataErrorf("", "there are too many holidays")
		}
		if t = t.AddDate(0, 0, step); isBusinessDay(t, holidays) {
			left--
		}
	}
	return bounded(t)
}

func businessDaysUntil(a args) (any, error) {
	holidays, err := holidaysOf(a)
	if err != nil {
		return nil, err
	}
	from, to, sign := a.time(0).UTC(), a.time(1).UTC(), int64(1)
	if dayNumber(to) < dayNumber(from) {
		from, to, sign = to, from, -1
	}
	if dayNumber(to)-dayNumber(from) > 2*maxBusinessDays {
		return nil, dataErrorf("", "the two times are more than %d days apart", 2*maxBusinessDays)
	}
	n := int64(0)
	for t := from; dayNumber(t) < dayNumber(to); {
		if t = t.AddDate(0, 0, 1); isBusinessDay(t, holidays) {
			n++
		}
	}
	return sign * n, nil
}

func isBetweenHours(a args) (any, error) {
	t, err := inZone(a.time(0), a.textOr(3, "UTC"))
	if err != nil {
		return nil, err
	}
	from, errFrom := time.Parse("15:04", a.text(1))
	to, errTo := time.Parse("15:04", a.text(2))
	if errFrom != nil || errTo != nil {
		return nil, dataErrorf("", "hours are written as 09:00")
	}
	minute := func(t time.Time) int { return t.Hour()*60 + t.Minute() }
	if minute(from) <= minute(to) {
		return minute(t) >= minute(from) && minute(t) < minute(to), nil
	}
	return minute(t) >= minute(from) || minute(t) < minute(to), nil
}
