package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"gantry/failpoint"
)

// kill is one death of a server: at a fail-point, or at a moment.
type kill struct {
	point  string        // "" for a moment
	nth    int           // of the point
	tried  int           // how often it was not reached before
	after  time.Duration // of a moment
	begun  bool          // the moment counts from when it serves; else from its start
	died   string        // the point at which it killed itself; "" if it was killed from outside
	runs   int           // that were asked for
	served bool
	start  time.Duration // until it served
}

// at is the kill as the program takes it.
func (k kill) at() string {
	if k.point == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", k.point, k.nth)
}

// served lists the fail-points that a server comes by: not those of commands.
func served() []string {
	return slices.DeleteFunc(failpoint.Names(), func(name string) bool {
		return strings.HasPrefix(name, "backup.") || strings.HasPrefix(name, "restore.")
	})
}

// random is the share of kills at random moments.
const random = 0.15

// deck deals fail-points, each as often as the others.
type deck struct {
	rng   *rand.Rand
	only  string // the one that is dealt alone; "" all
	first bool   // at their first time alone, and no moments
	left  []string
}

func (d *deck) deal() kill {
	if d.only == "" && !d.first && d.rng.Float64() < random {
		return d.moment()
	}
	if len(d.left) == 0 {
		d.left = served()
		d.rng.Shuffle(len(d.left), func(i, j int) { d.left[i], d.left[j] = d.left[j], d.left[i] })
	}
	k := kill{point: d.left[0], nth: 1}
	d.left = d.left[1:]
	if d.only != "" {
		k.point = d.only
	}
	switch most := often(k.point); {
	case d.first:
	case most > 4 && d.rng.IntN(2) == 0:
		k.nth = 1 + d.rng.IntN(4)
	default:
		k.nth = 1 + d.rng.IntN(most)
	}
	return k
}

// moment is a kill that no fail-point chooses.
func (d *deck) moment() kill {
	return kill{after: time.Duration(d.rng.Int64N(int64(250 * time.Millisecond))), begun: d.rng.IntN(4) > 0}
}

// often is how many times a server comes by a point in the moment that it lives here, about.
func often(point string) int {
	room, _, _ := strings.Cut(point, ".")
	switch {
	case strings.HasSuffix(point, "-checkpoint") || point == "engine.recovered":
		return 1
	case kill{point: point}.needsPeople() || room == "timers" || room == "poll" || point == "engine.handler" || point == "history.left-queue":
		return 2
	case point == "history.between-rows" || strings.HasSuffix(point, "-append") || point == "engine.committed":
		return 80
	case room == "store" || room == "wire" || strings.HasPrefix(point, "engine.before-") || point == "engine.answered":
		return 25
	}
	return 4
}

// needsPeople tells whether a server comes by the kill's point only by what people do.
func (k kill) needsPeople() bool {
	switch k.point {
	case "engine.answer-kept", "engine.delivery-kept", "engine.resolving", "engine.resolved", "engine.reopening", "engine.reopened", "engine.before-look", "engine.looked",
		"history.came-early", "history.end-undone", "history.row-removed", "history.partly-removed", "history.leftovers":
		return true
	}
	return false
}

// more gives workflows whose runs come by a point that others seldom reach.
func (k kill) more() []string {
	switch {
	case strings.HasSuffix(k.point, "-checkpoint"):
		return []string{"big"}
	case strings.Contains(k.point, "queue"):
		return []string{"narrow", "narrow", "narrow", "narrow"}
	case strings.HasPrefix(k.point, "engine.child-"):
		return []string{"calls", "calls"}
	case k.point == "engine.handler":
		return []string{"breaks", "breaks"}
	case k.point == "engine.before-look", k.point == "engine.looked":
		return []string{"looks"}
	case k.point == "engine.answer-kept":
		return []string{"asks"}
	case k.point == "engine.delivery-kept", k.point == "history.came-early":
		return []string{"waits", "waits", "waits"}
	case strings.HasPrefix(k.point, "engine.resolv"), strings.HasPrefix(k.point, "engine.reopen"), k.point == "history.end-undone":
		return []string{"loses", "mends"}
	case k.needsPeople(), k.point == "history.large-written":
		return []string{"goes"}
	}
	return nil
}
