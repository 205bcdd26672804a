package server

import "time"

// debounce gathers a stream of changes into few: it fires when nothing came for Quiet, and at the latest Most
// after the first. It is a value: whoever has it tells it the time.
type debounce struct {
	Quiet, Most time.Duration
	first, last time.Time // of the changes that wait; zero: none do
}

// change notes a change.
func (d *debounce) change(now time.Time) {
	if d.first.IsZero() {
		d.first = now
	}
	d.last = now
}

// waits tells whether a change has not fired yet.
func (d *debounce) waits() bool { return !d.first.IsZero() }

// due gives when to fire; false while nothing waits.
func (d *debounce) due() (time.Time, bool) {
	if !d.waits() {
		return time.Time{}, false
	}
	quiet, most := d.last.Add(d.Quiet), d.first.Add(d.Most)
	if most.Before(quiet) {
		return most, true
	}
	return quiet, true
}

// fired forgets what waited.
func (d *debounce) fired() { d.first, d.last = time.Time{}, time.Time{} }
