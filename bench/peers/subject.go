package main

import "errors"

// errNothing tells that there is nothing to measure.
var errNothing = errors.New("nothing to measure")

// subject is an engine with its settings.
type subject struct {
	name   string
	keeps  string // what of a run is on disk, and when
	most   int    // runs side by side that it is asked for at most; 0: as the workload says
	always bool
	open   func(*world) (*session, error)
}

// session is a subject that is running.
type session struct {
	measure func(w workload, seconds float64) (figures, error)
	close   func()
}

// called is a session whose runs are started by one call each, made here.
func called(close func(), one func(w workload) error) *session {
	return &session{close: close, measure: func(w workload, seconds float64) (figures, error) {
		return loop(w.concurrency, seconds, func() error { return one(w) })
	}}
}

var subjects = []subject{
	{name: "bare Go client", keeps: "nothing", always: true, open: openBare},
	{name: "Gantry, in its process", keeps: "each step, fsynced", always: true, open: openGantryInside},
	{name: "Gantry, by webhook", keeps: "the event and each step, fsynced", always: true, open: openGantryServed},
	{name: "Temporal dev server, tuned", keeps: "each step; WAL, synchronous=FULL", open: openTemporal(true)},
	{name: "Temporal dev server, defaults", keeps: "each step; WAL, synchronous=FULL", open: openTemporal(false)},
	{name: "n8n, saved at the end", keeps: "the run when it has ended", open: openN8N(false)},
	{name: "n8n, saved after each node", keeps: "after each node", open: openN8N(true)},
	{name: "Node-RED", keeps: "nothing", open: openNodeRED},
	{name: "Dagu, a process for each run", keeps: "files, as steps end", most: mostOfDagu, open: openDagu},
}

// openBare makes the same requests and nothing else; of no-ops there is nothing to measure.
func openBare(w *world) (*session, error) {
	s := called(func() {}, func(load workload) error {
		for range load.tasks {
			if err := get(w.target); err != nil {
				return err
			}
		}
		return nil
	})
	measure := s.measure
	s.measure = func(load workload, seconds float64) (figures, error) {
		if !load.http {
			return figures{}, errNothing
		}
		return measure(load, seconds)
	}
	return s, nil
}
