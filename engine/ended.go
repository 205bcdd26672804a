package engine

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gantry/engine/history"
	"gantry/failpoint"
	"gantry/store"
)

// Ended is a run that ends, with what completion triggers ask of it.
type Ended struct {
	Run    history.Run // with outputs, error and times
	Causes []string    // workflows from whose ends the run descends by completion triggers, oldest first
}

// untoldPause is how long the engine waits before it tells of an end again that could not be told.
const untoldPause = time.Minute

// tellEnd calls Options.Ended within the transaction that keeps a run's end. If that fails, what it wrote is
// undone and the end is kept nevertheless, with a note: the end is told again after a minute, and by Recover,
// until it has been heard. Only when the disk fails as a whole is the run's end lost with it; then the run
// breaks off and is taken up again like after a crash.
func (e *Engine) tellEnd(tx *store.Tx, end Ended) error {
	if e.Ended == nil {
		return nil
	}
	if _, err := tx.Exec("SAVEPOINT telling"); err != nil {
		return err
	}
	failpoint.Hit("engine.telling-end")
	err := e.callEnded(tx, end)
	failpoint.Hit("engine.end-told")
	if err == nil {
		_, err = tx.Exec("RELEASE telling")
		return err
	}
	e.Log.Error("the end of a run could not be told on; it will be again", "run", end.Run.ID, "workflow", end.Run.Workflow, "error", err)
	if _, undone := tx.Exec("ROLLBACK TO telling"); undone != nil {
		return errors.Join(undone, err)
	}
	if _, released := tx.Exec("RELEASE telling"); released != nil {
		return released
	}
	if err := history.NoteUntold(tx, end.Run.ID); err != nil {
		return err
	}
	e.tellLater()
	return nil
}

func (e *Engine) tellLater() {
	if !e.telling.Swap(true) {
		e.later(untoldPause, func() {
			e.telling.Store(false)
			e.tellUntold()
		})
	}
}

func (e *Engine) callEnded(tx *store.Tx, end Ended) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = e.panicked(p, "telling of the end of run %s", end.Run.ID)
		}
	}()
	return e.Ended(tx, end)
}

// tellUntold tells of the ends that could not be told before.
func (e *Engine) tellUntold() {
	if e.Ended == nil {
		return
	}
	ctx := context.Background() // short reads and writes
	ids, err := e.History.Untold(ctx)
	if err != nil {
		e.Log.Error("the ends of runs that are to be told again cannot be read", "error", err)
	}
	failed := err != nil
	for _, id := range ids {
		if err := e.tellAgain(ctx, id); err != nil {
			e.Log.Error("the end of a run could not be told on again", "run", id, "error", err)
			failed = true
		}
	}
	if failed {
		e.tellLater()
	}
}

func (e *Engine) tellAgain(ctx context.Context, id string) error {
	return e.History.Tell(ctx, id, func(tx *store.Tx, run history.Run, raw json.RawMessage) error {
		set, err := readSettings(raw)
		if err != nil {
			return err
		}
		if !run.Status.Ended() { // it was resumed meanwhile: its next end is told of
			return nil
		}
		return e.callEnded(tx, Ended{Run: run, Causes: set.Causes})
	})
}
