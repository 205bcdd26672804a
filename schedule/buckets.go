package schedule

import "time"

// Bucket is a length of time as clocks of a place show it.
type Bucket string

// The lengths of buckets. Weeks begin on Monday.
const (
	Hours Bucket = "hour"
	Days  Bucket = "day"
	Weeks Bucket = "week"
)

// Zone finds a time zone by its name in the tz database, such as Europe/London.
func Zone(name string) (*time.Location, *Problem) { return locate(name) }

// Start gives when the bucket began that a time lies in, on the clocks of a zone.
func (b Bucket) Start(at time.Time, zone *time.Location) time.Time {
	at = at.In(zone)
	year, month, day := at.Date()
	switch b {
	case Hours:
		_, offset := at.Zone()
		local := at.Unix() + int64(offset)
		return time.Unix(local-(local%3600+3600)%3600-int64(offset), 0).In(zone)
	case Weeks:
		return startOfDay(year, month, day-(int(at.Weekday())+6)%7, zone)
	}
	return startOfDay(year, month, day, zone)
}

// Next gives when the bucket begins that follows one, by when that began. Clocks that change make it longer or shorter.
func (b Bucket) Next(start time.Time, zone *time.Location) time.Time {
	start = start.In(zone)
	year, month, day := start.Date()
	switch b {
	case Hours:
		next := b.Start(start.Add(time.Hour), zone)
		if !next.After(start) { // clocks were put back by less than an hour
			next = start.Add(time.Hour)
		}
		return next
	case Weeks:
		return startOfDay(year, month, day+7, zone)
	}
	return startOfDay(year, month, day+1, zone)
}

// startOfDay gives the first moment of a date: not always midnight, where clocks go forward then.
func startOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	noon := time.Date(year, month, day, 12, 0, 0, 0, zone)
	year, month, day = noon.Date() // of day 0, and 32
	begun := func(at time.Time) bool {
		y, m, d := at.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Compare(time.Date(year, month, day, 0, 0, 0, 0, time.UTC)) >= 0
	}
	after, before := noon.Unix(), noon.Add(-26*time.Hour).Unix()
	for after-before > 1 {
		if middle := before + (after-before)/2; begun(time.Unix(middle, 0)) {
			after = middle
		} else {
			before = middle
		}
	}
	return time.Unix(after, 0).In(zone)
}
