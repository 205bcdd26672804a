package simulation_test

import (
	"slices"
	"time"
)

// waits checks those who waited to begin: nobody longer than the organisation's own runs went, whatever the others do,
// and those that wait for the same in the order in which they came.
func (l *laws) waits() {
	w := l.world
	if !w.disk.untouched() {
		return
	}
	var waited []string
	for _, one := range w.asked.all {
		if k := l.known[one.run]; one.accepted && k.begun() > 0 && !k.disturbed {
			waited = append(waited, one.run)
		}
	}
	for i, run := range waited {
		k := l.known[run]
		if idle := l.idle(k); idle > l.tolerance() {
			w.wrong("run %s waited %s while %s had nothing under way", run, idle, k.org)
		}
		for _, later := range waited[i+1:] {
			if x := l.known[later]; l.waitForTheSame(k, x) && x.begun()+l.tolerance() < k.begun() {
				w.wrong("run %s came after %s, and began %s before it", later, run, k.begun()-x.begun())
			}
		}
	}
}

// waitForTheSame tells whether two runs wait for the same limit, in one line.
func (l *laws) waitForTheSame(a, b *known) bool {
	wf, err := l.world.library.Workflow(a.workflow)
	return err == nil && a.workflow == b.workflow && a.org == b.org && (wf.Concurrency == nil || wf.Concurrency.WhenFull == "queue")
}

// idle is how long a run waited to begin while nothing of its organisation was under way.
func (l *laws) idle(k *known) time.Duration {
	var busy []span
	for _, other := range l.known {
		for _, went := range other.spans {
			if other != k && other.org == k.org && went.to > k.comes && went.from < k.begun() {
				busy = append(busy, went)
			}
		}
	}
	slices.SortFunc(busy, func(a, b span) int { return int(a.from - b.from) })
	idle, at := time.Duration(0), k.comes
	for _, b := range busy {
		idle += max(0, b.from-at)
		at = max(at, b.to)
	}
	return idle + max(0, k.begun()-at)
}
