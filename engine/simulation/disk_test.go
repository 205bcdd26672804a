package simulation_test

import (
	"sync/atomic"
	"time"

	"gantry/fault"
)

// disk is how fast a world's disk is, and whether it takes anything.
type disk struct {
	world   *world
	slowest time.Duration
	full    atomic.Bool
	broken  atomic.Int64 // how long it has been full, all times together, as a time.Duration
	since   time.Duration
}

func (d *disk) draw(w *world) {
	d.world = w
	d.slowest = []time.Duration{50 * time.Microsecond, 5 * time.Millisecond, 500 * time.Millisecond}[w.chance.of("disk").IntN(3)]
}

// untouched tells that it was never full.
func (d *disk) untouched() bool { return d.broken.Load() == 0 && !d.full.Load() }

func (d *disk) fill() {
	if !d.full.Swap(true) {
		d.since = d.world.elapsed()
		d.world.say("the disk is full")
	}
}

func (d *disk) mend() {
	if d.full.Swap(false) {
		d.broken.Add(int64(d.world.elapsed() - d.since))
		d.world.say("the disk has space again")
	}
}

// commit takes its time before and after the bytes are on disk: a crash may come in either.
func (d *disk) commit(l *life, do func() error) error {
	w := d.world
	r := w.chance.of("commit " + w.elapsed().String())
	w.wait(between(r, time.Microsecond, d.slowest))
	switch {
	case l.dead.Load():
		return fault.New(fault.Storage, "the process is gone")
	case d.full.Load() && !oneIn(r, 4):
		return fault.New(fault.Storage, "The database could not be written: the disk is full.")
	}
	err := do()
	w.wait(between(r, time.Microsecond, d.slowest))
	return err
}
