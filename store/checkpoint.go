package store

import (
	"sync/atomic"

	"gantry/failpoint"
)

// The write-ahead log is emptied into the database by the writer itself, after it has answered its
// callers. An ordinary checkpoint waits for nobody but cannot start the log anew while a reader still
// reads from it; so when the log has grown far beyond that, the writer makes one that waits for the
// readers of the moment, for a moment: nobody can write meanwhile, so the log cannot outgrow it, and a
// reader that stays longer only puts the next try off until the log has grown by a quarter, or that reader has gone:
// then all of the log is in the database.
const (
	lookEvery       = 64        // transactions
	lookBytes       = 1 << 20   // or bytes bound to statements
	checkpointPages = 1000      // pages not yet in the database that are worth a checkpoint (4 MB)
	truncatePages   = 16 * 1024 // pages in the log that call for starting it anew (64 MB)
	truncateWait    = "PRAGMA busy_timeout = 100"
	normalWait      = "PRAGMA busy_timeout = 5000"
)

type logTender struct {
	transactions, bytes int   // since the last look
	retryAt             int64 // pages at which a truncation that readers prevented is tried again
}

// logState is what PRAGMA wal_checkpoint tells: whether readers prevented it, pages in the log, and how
// many of them are in the database.
type logState struct {
	Busy int64 `db:"busy"`
	Log  int64 `db:"log"`
	Done int64 `db:"checkpointed"`
}

// tendLog is called after each transaction. A checkpoint that fails loses nothing; the log just stays
// longer, which Stats shows, and the next look tries again.
func (w *writer) tendLog() {
	w.tend.transactions++
	w.tend.bytes += w.bytes
	if w.tend.transactions < lookEvery && w.tend.bytes < lookBytes {
		return
	}
	w.tend.transactions, w.tend.bytes = 0, 0
	state := w.checkpoint("NOOP")
	if state.Log-state.Done >= checkpointPages {
		failpoint.Hit("store.before-checkpoint")
		state = w.checkpoint("PASSIVE")
		failpoint.Hit("store.after-checkpoint")
	}
	if copies.Load() > 0 {
		w.tend.retryAt = 0 // a copy reads from the log until it is over: waiting for it would only hold up the next write
	} else if state.Log >= truncatePages && (state.Log >= w.tend.retryAt || state.Done == state.Log) {
		state = w.truncate()
	}
	w.stats.logPages.Store(state.Log)
}

func (w *writer) truncate() logState {
	if w.exec(truncateWait) != nil {
		return logState{}
	}
	state := w.checkpoint("TRUNCATE")
	w.tend.retryAt = 0
	if state.Busy != 0 {
		w.tend.retryAt = state.Log + state.Log/4
	}
	_ = w.exec(normalWait) // fails only without memory, and then the next statement says so
	return state
}

func (w *writer) checkpoint(mode string) logState {
	var state logState
	if err := w.facade.Get(&state, "PRAGMA wal_checkpoint("+mode+")"); err != nil {
		w.stats.checkpointErrors.Add(1)
	}
	return state
}

type counters struct {
	writes, commits, failed, logPages, checkpointErrors atomic.Int64
}

// Stats are counts since Open, for metrics and for `gantry doctor`.
type Stats struct {
	Writes           int64 // write functions answered
	Transactions     int64 // transactions they shared
	Failed           int64 // transactions that could not be committed
	LogBytes         int64 // size of the write-ahead log when last looked at
	CheckpointErrors int64
}

// Stats gives the counts of now; all zero for a read-only store.
func (s *Store) Stats() Stats {
	if s.writer == nil {
		return Stats{}
	}
	c := &s.writer.stats
	return Stats{
		Writes:           c.writes.Load(),
		Transactions:     c.commits.Load(),
		Failed:           c.failed.Load(),
		LogBytes:         c.logPages.Load() * 4096,
		CheckpointErrors: c.checkpointErrors.Load(),
	}
}
