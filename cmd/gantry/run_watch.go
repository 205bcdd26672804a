package main

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"gantry/api"
	"gantry/fault"
)

// frameTime is how often the live tree is drawn.
const frameTime = 100 * time.Millisecond

// watching is a run that somebody waits for.
type watching struct {
	app     *App
	id      string
	feed    *feed
	view    view
	signals chan os.Signal
	asked   int                // how often the person wanted it to end
	leave   context.CancelFunc // stops watching
	trouble chan error         // of a cancel
	looks   bool               // it is somebody else's: Ctrl-C only stops watching
	server  chan error         // that it was lost; nil: it is there again
	lost    error              // why the server does not answer at present
	told    map[string]bool    // runs that were asked to end

	asksSaid  map[string]bool // tasks of which it was said what they ask
	notes     chan string     // to be said
	answering *http.Server    // lets other commands answer; nil: nothing was asked, or a server does
}

// watchRun starts listening to the signals that end a run, before the run begins.
func (a *App) watchRun() *watching {
	w := &watching{app: a, feed: newFeed(), signals: make(chan os.Signal, 2), trouble: make(chan error, 1), server: make(chan error),
		told: map[string]bool{}, asksSaid: map[string]bool{}, notes: make(chan string)}
	signal.Notify(w.signals, os.Interrupt, syscall.SIGTERM)
	signal.Ignore(syscall.SIGPIPE) // a reader that has gone, as in `gantry run … | head`, does not end the run
	return w
}

// of says which run it is, and what stands behind its workflow's name.
func (w *watching) of(id, note string) *watching {
	w.id, w.view = id, w.app.newView(note)
	return w
}

// wait shows the run until it, and the handler of its failure, have ended. The error tells why the wait ended
// otherwise.
func (w *watching) wait(ctx context.Context) error {
	defer signal.Stop(w.signals)
	ctx, w.leave = context.WithCancel(ctx)
	defer w.leave()
	defer w.stopAnswering()
	ended := make(chan error, 1)
	go func() { ended <- w.follow(ctx) }()
	frames := time.NewTicker(frameTime)
	defer frames.Stop()
	for {
		select {
		case <-w.feed.ring:
			w.take(ctx)
		case <-frames.C:
			w.view.tick()
		case <-w.signals:
			w.stop(ctx)
		case text := <-w.notes:
			w.view.say(text)
		case err := <-w.trouble:
			w.view.say("It could not be cancelled: " + fault.From(err).Message)
		case w.lost = <-w.server:
			w.view.say(serverNews(w.lost))
			if w.lost != nil && w.asked > 0 {
				w.leave()
			}
		case err := <-ended:
			w.view.take(w.feed.take())
			w.view.close()
			return err
		}
	}
}

func (w *watching) follow(ctx context.Context) error {
	in := &api.FollowRunIn{OfRunIn: api.OfRunIn{Run: w.id}, Whole: true}
	w.app.client.Lost = func(err error) {
		select {
		case w.server <- err:
		case <-ctx.Done():
		}
	}
	for u, err := range api.FollowRun.Follow(ctx, w.app.client, in, 0) {
		if err != nil {
			return err
		}
		w.feed.watch(u.Data)
	}
	return nil
}

// take shows what has happened. A handler that comes up after the person wanted the run to end is to end, too.
func (w *watching) take(ctx context.Context) {
	updates := w.feed.take()
	w.view.take(updates)
	w.lookForAsks(ctx, updates)
	if w.asked == 1 {
		w.cancel(ctx, w.view.tree().unended())
	}
}

// serverNews says that the server was lost, or that it is there again.
func serverNews(lost error) string {
	if lost == nil {
		return "The server is there again."
	}
	return fault.From(lost).Message + ". Trying again for a minute; Ctrl-C stops watching."
}

// stop cancels at the first request. At the second it stops at once: where the run goes on in this process, it is left
// to be taken up, and where a server runs it, it is only watched no longer. A third one would kill the process.
func (w *watching) stop(ctx context.Context) {
	w.asked++
	if w.looks || w.lost != nil {
		w.asked = 2
		w.leave()
		return
	}
	if w.asked > 1 {
		signal.Stop(w.signals)
		w.view.say("Stopping at once.")
		w.app.stopEngine()
		w.leave()
		return
	}
	more := "Ctrl-C once more stops at once."
	if w.app.served() {
		more = "Ctrl-C once more stops watching."
	}
	w.view.say("Cancelling: what is under way is cut off, a write may finish. " + more)
	if w.view.tree().root == nil {
		w.cancel(ctx, []string{w.id})
	}
	w.take(ctx)
}

// cancel asks each of the runs to end, once.
func (w *watching) cancel(ctx context.Context, runs []string) {
	runs = slices.DeleteFunc(runs, func(id string) bool { return w.told[id] })
	for _, id := range runs {
		w.told[id] = true
	}
	if len(runs) > 0 {
		go w.callCancel(ctx, runs)
	}
}

// callCancel cancels runs, of which some may have ended this moment.
func (w *watching) callCancel(ctx context.Context, runs []string) {
	for _, id := range runs {
		in := &api.CancelRunIn{OfRunIn: api.OfRunIn{Run: id}}
		in.Body = &struct {
			Reason string `json:"reason,omitempty"`
		}{"stopped by hand"}
		_, err := api.CancelRun.Call(ctx, w.app.client, in)
		if err != nil && ctx.Err() == nil && fault.From(err).Code != fault.Conflict && fault.From(err).Code != fault.Missing {
			select {
			case w.trouble <- err:
			default: // one is enough
			}
		}
	}
}

// closedByHand tells that the person did not want to wait for the run's end.
func (w *watching) closedByHand() bool { return w.asked > 1 }

// finish waits for the run and shows how it ended.
func (w *watching) finish(ctx context.Context) error {
	err := w.wait(ctx)
	if w.lost != nil {
		return workError{fault.Wrap(w.lost, fault.Network, "run %s is watched no longer: %s", shortID(w.id), fault.From(w.lost).Message).
			WithHint("a server goes on with it when it starts again; `gantry runs follow %s` watches it then", shortID(w.id))}
	}
	detail, readErr := w.app.readRun(ctx, w.id, false)
	if readErr != nil {
		return readErr
	}
	return w.result(ctx, detail, err)
}

// stopEngine ends what runs in this process, if anything does.
func (a *App) stopEngine() {
	if a.engine != nil {
		a.engine.Close()
	}
}
