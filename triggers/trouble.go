package triggers

import (
	"slices"
	"time"
)

// Pauses after an event could not be decided: they double from the first to the longest.
const (
	firstPause   = 250 * time.Millisecond
	longestPause = 10 * time.Second
)

// manyAside is how many events of an organisation that could not be decided are held beside the others. Where
// there are more, no others are tried until one of them is decided.
const manyAside = 256

// trouble is what could not be decided of a lane: each such event rests by itself, so that one which never can be
// decided holds up no others. An event that is tried for the first time in vain makes the lane pause as well: the
// disk may be full, or the organisation's data damaged.
type trouble struct {
	aside []resting // the first to be tried again first
	pause time.Duration
	until time.Time // new ones are not tried before then
}

// resting is an event that could not be decided.
type resting struct {
	eventRow
	until time.Time
}

func doubled(pause time.Duration) time.Duration {
	return min(max(2*pause, firstPause), longestPause)
}

// lay puts an event aside.
func (t *trouble) lay(row eventRow) {
	if row.paused == 0 {
		t.rest()
	}
	row.paused = doubled(row.paused)
	r := resting{row, time.Now().Add(row.paused)}
	at, _ := slices.BinarySearchFunc(t.aside, r, func(a, b resting) int { return a.until.Compare(b.until) })
	t.aside = slices.Insert(t.aside, at, r)
}

// rest makes the lane pause, longer each time. Troubles that come together count once.
func (t *trouble) rest() {
	if now := time.Now(); !t.until.After(now) {
		t.pause = doubled(t.pause)
		t.until = now.Add(t.pause)
	}
}

// end is called when something could be decided; true: there was a pause, and it is over.
func (t *trouble) end() bool {
	if t.pause == 0 {
		return false
	}
	t.pause, t.until = 0, time.Time{}
	for i := range t.aside {
		t.aside[i].until = time.Time{}
	}
	return true
}

// over tells whether an event that was put aside is to be tried again; again takes it.
func (t *trouble) over() bool { return len(t.aside) > 0 && !t.aside[0].until.After(time.Now()) }

func (t *trouble) again() eventRow {
	row := t.aside[0].eventRow
	t.aside = slices.Delete(t.aside, 0, 1)
	return row
}

// fresh tells whether events that have not been tried yet may be.
func (t *trouble) fresh() bool { return len(t.aside) < manyAside && !t.until.After(time.Now()) }

// ready gives from when on there is something to try, where there are new ones, or something was put aside.
func (t *trouble) ready(anyNew bool) (at time.Time, any bool) {
	if anyNew && len(t.aside) < manyAside {
		at, any = t.until, true
	}
	if len(t.aside) > 0 && (!any || t.aside[0].until.Before(at)) {
		at, any = t.aside[0].until, true
	}
	return at, any
}
