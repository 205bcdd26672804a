package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
)

// frameTime is how often the live tree is drawn.
const frameTime = 100 * time.Millisecond

// watching is a run that somebody waits for.
type watching struct {
	app     *App
	engine  *engine.Engine
	id      string
	feed    *feed
	view    view
	signals chan os.Signal
	asked   int // how often the person wanted it to end
}

// watchRun starts listening to the signals that end a run, before the run begins.
func (a *App) watchRun(e *engine.Engine, note string) *watching {
	w := &watching{app: a, engine: e, feed: newFeed(), view: a.newView(note), signals: make(chan os.Signal, 2)}
	signal.Notify(w.signals, os.Interrupt, syscall.SIGTERM)
	signal.Ignore(syscall.SIGPIPE) // a reader that has gone, as in `gantry run … | head`, does not end the run
	return w
}

// ending is how the wait for a run ended.
type ending struct {
	status flow.Status
	err    error // the run could not go on, or was left when the process was told to stop at once
}

// wait shows the run until it, and the handler of its failure, have ended.
func (w *watching) wait(ctx context.Context) ending {
	defer signal.Stop(w.signals)
	ended := make(chan ending, 1)
	go func() {
		status, err := w.engine.Wait(ctx, w.id)
		if err == nil {
			err = w.engine.Drain(ctx)
		}
		ended <- ending{status, err}
	}()
	frames := time.NewTicker(frameTime)
	defer frames.Stop()
	for {
		select {
		case <-w.feed.ring:
			w.view.take(w.feed.take())
		case <-frames.C:
			w.view.tick()
		case <-w.signals:
			w.stop()
		case end := <-ended:
			w.view.take(w.feed.take())
			w.view.close()
			return end
		}
	}
}

// stop cancels at the first request. At the second it stops at once and leaves the run to be taken up; a
// third one would kill the process.
func (w *watching) stop() {
	w.asked++
	if w.asked > 1 {
		signal.Stop(w.signals)
		w.view.say("Stopping at once.")
		w.engine.Close()
		return
	}
	w.view.say("Cancelling: what is under way is cut off, a write may finish. Ctrl-C once more stops at once.")
	w.view.take(w.feed.take())
	for _, id := range w.view.tree().unended() {
		_ = w.engine.Cancel(id, "stopped by hand") // it may have ended this moment
	}
}

// closedByHand tells that the person did not want to wait for the run's end.
func (w *watching) closedByHand() bool { return w.asked > 1 }
