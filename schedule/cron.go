package schedule

import (
	"strings"
	"time"

	"github.com/netresearch/go-cron"
)

// searchYears is how far a due time may lie ahead. Of all days the calendar makes rarest those such as a
// 29 February on a Monday: they come every 28 years, after 2096 once in 40.
const searchYears = 41

// Cron is a cron schedule in a time zone.
type Cron struct {
	spec      *cron.SpecSchedule // of readings: its location is UTC
	zone      *time.Location
	everyHour bool
}

// parser knows what the normalised fields are made of; everything else about a schedule is ours.
var parser = cron.MustNewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Extended).WithMaxSearchYears(searchYears)

// Parse reads a schedule: five fields (minute, hour, day of the month, month, day of the week) or a word such
// as @daily, and the name of a time zone. What is wrong is told as a *Problem.
//
// A field is a list of items with commas: a number, a name (jan to dec, sun to sat), a range (1-5, mon-fri),
// * for every value, and a step behind * or a range (*/15, 8-18/2) or behind a number, from which it then goes
// on to the field's end (5/15). Sunday is 0 and 7. The day of the month may be L (the last), L-3 (three days
// before it), 15W (the weekday nearest to the 15th, in the same month) and LW (the last weekday); the day of
// the week tue#2 (the second Tuesday) and friL (the last Friday). Where both days are restricted, that is
// neither begins with *, one of them is enough, as cron has it; otherwise both must hold.
//
// Seconds, years and the TZ= of some crons are no part of it. A schedule that never comes is refused.
func Parse(text, zone string) (*Cron, error) {
	location, problem := locate(zone)
	if problem != nil {
		return nil, problem
	}
	fields, problem := split(text)
	if problem != nil {
		return nil, problem
	}
	normal := make([]string, len(fields))
	for i, f := range fields {
		if normal[i], problem = f.normalise(); problem != nil {
			return nil, problem
		}
	}
	parsed, err := parser.Parse(strings.Join(normal, " "))
	spec, ok := parsed.(*cron.SpecSchedule)
	if err != nil || !ok {
		return nil, &Problem{Text: "it cannot be read as five fields", Hint: example}
	}
	spec.Location = time.UTC
	spec.DowOrDom = !strings.HasPrefix(normal[2], "*") && !strings.HasPrefix(normal[4], "*")
	if spec.Next(time.Unix(0, 0).UTC()).IsZero() {
		return nil, never(fields)
	}
	const allHours = 1<<24 - 1
	return &Cron{spec, location, strings.HasPrefix(normal[1], "*") || spec.Hour&allHours == allHours}, nil
}

// Next gives the first due time after the given one.
//
// Where clocks are put forward, a time that they jump over comes at the moment of the jump: what is due daily at
// 2:30 comes at 3:00 on that day. Where they are put back, a time that they show twice comes the first time only.
// Schedules whose hour is * or */n go on by elapsed time instead: what falls into the gap comes as long after the
// time before as on other days, and in the hour that comes twice they are due both times.
func (c *Cron) Next(after time.Time) time.Time {
	next := c.nextFixed
	if c.everyHour {
		next = c.nextElapsed
	}
	if at, ok := next(after.Unix()); ok {
		return time.Unix(at, 0).UTC()
	}
	return time.Time{}
}

// nextReading gives the first reading that the fields name after a reading.
func (c *Cron) nextReading(after int64) (int64, bool) {
	at := c.spec.Next(time.Unix(after, 0).UTC())
	return at.Unix(), !at.IsZero()
}

// nextFixed: all readings up to what clocks show at an instant have come by then, so the search begins there.
// Those beyond it may have come too, when clocks are about to show them for the second time.
func (c *Cron) nextFixed(after int64) (int64, bool) {
	reading := after + spanAt(after, c.zone).offset
	for {
		next, ok := c.nextReading(reading)
		if !ok {
			return 0, false
		}
		if at := first(next, c.zone); at > after {
			return at, true
		}
		reading = next
	}
}

// nextElapsed walks from one change of the clocks to the next: within a span readings and elapsed time are the
// same. It leaps over years without a reading, but not over the spans around its start, where clocks that are
// put back show readings again.
func (c *Cron) nextElapsed(after int64) (int64, bool) {
	for begin := after + 1; ; {
		s := spanAt(begin, c.zone)
		next, ok := c.nextReading(begin - 1 + s.offset)
		if late, fell := c.fromGap(begin, s); fell && (!ok || late <= next-s.offset) {
			return late, true
		}
		switch {
		case ok && next-s.offset < s.end:
			return next - s.offset, true
		case !ok && s.end > begin+farthest*2:
			return 0, false
		}
		begin = s.end
		if ok && s.end > after+2*farthest {
			begin = max(begin, next-2*farthest)
		}
	}
}

// fromGap gives the first due time from an instant on of those that fell into the gap at the span's start: they
// are due when they would have been had clocks not been put forward.
func (c *Cron) fromGap(begin int64, s span) (int64, bool) {
	if begin >= s.start+2*farthest {
		return 0, false
	}
	length, before := s.gap(c.zone)
	if begin >= s.start+length {
		return 0, false
	}
	next, ok := c.nextReading(begin - 1 + before)
	return next - before, ok && next < s.start+s.offset
}
