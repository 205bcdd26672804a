package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gantry/api"
)

// TestWhatMovesIsNotStuck: however long it takes on a busy machine, up to a bound; what does not move is given up.
func TestWhatMovesIsNotStuck(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		seen  func(second int) string
		given int // seconds
	}{
		{"still", func(int) string { return "a run" }, 20},
		{"moves once", func(s int) string { return fmt.Sprint(s >= 15) }, 35},
		{"moves now and then", func(s int) string { return fmt.Sprint(s / 19) }, 300},
	} {
		w := watch{quiet: 20 * time.Second, whole: 300 * time.Second}
		second := 0
		for !w.over(at.Add(time.Duration(second)*time.Second), c.seen(second)) {
			second++
		}
		if second != c.given {
			t.Errorf("%s: given up after %d s, want %d", c.name, second, c.given)
		}
	}
}

// TestClocksAreNotWaitedFor: runs that a clock goes on making count neither as what has not ended nor as what moves.
func TestClocksAreNotWaitedFor(t *testing.T) {
	run := func(workflow, id string, seq int) openEnd { return openEnd{"run", workflow, id, "running", seq} }
	first := waitedFor(nil, []openEnd{run("main0", "a", 3), run("tick", "b", 1)})
	for _, c := range []struct{ left, want []openEnd }{
		{[]openEnd{run("main0", "a", 4), run("tick", "b", 2)}, []openEnd{run("main0", "a", 4), run("tick", "b", 2)}},
		{[]openEnd{run("tick", "c", 1), run("sub0", "d", 1)}, []openEnd{run("sub0", "d", 1)}},
		{[]openEnd{run("tick", "c", 1), run("polled", "e", 1)}, nil},
	} {
		if got := tellAll(waitedFor(first, c.left)); got != tellAll(c.want) {
			t.Errorf("of %s is waited for %s, want %s", tellAll(c.left), got, tellAll(c.want))
		}
	}
}

// TestStuckRunIsTold: a run that waits for somebody who never comes is named, while clocks go on.
func TestStuckRunIsTold(t *testing.T) {
	target := newTarget()
	defer target.Close()
	h, err := newHouse(t.TempDir(), needBinary(t), 11, target)
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.spawn("")
	if err != nil {
		t.Fatal(err)
	}
	defer p.kill()
	if <-p.serves; p.url == "" {
		t.Fatalf("it does not serve: %s", p.said.bytes())
	}
	client := api.OverSocket(h.data)
	defer client.Close()
	if err := setUp(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	asks, narrow := h.next("asks", false), h.next("narrow", false)
	h.submit(t.Context(), p, client, asks)
	h.submit(t.Context(), p, client, narrow)
	h.quiet = 2 * time.Second
	stuck, err := h.rest(t.Context())
	if err != nil || !strings.HasPrefix(stuck, "run of asks "+asks.run+" waiting after ") || strings.Contains(stuck, ";") {
		t.Errorf("told as stuck: %q %v, want the run of asks %s alone", stuck, err, asks.run)
	}
}
