package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"gantry/failpoint"
	"gantry/fault"
)

// Bounds of one transaction. They keep one caller's wait short when thousands are queued, and the undo
// pages small; none of them delays a commit.
const (
	maxBatch      = 512
	maxBatchBytes = 4 << 20
	maxBatchTime  = 20 * time.Millisecond
	maxSpare      = 8 * maxBatch
)

const (
	begin      = "BEGIN IMMEDIATE"
	commit     = "COMMIT"
	rollback   = "ROLLBACK"
	savepoint  = "SAVEPOINT one"
	release    = "RELEASE one"
	rollbackTo = "ROLLBACK TO one"
)

// writer owns the writing connection. After Open only its goroutine touches anything but queue and stats.
type writer struct {
	conn       *sqlite3.SQLiteConn
	facade     *sqlx.DB // the same connection, for sqlx
	statements map[string]*statement
	values     []driver.NamedValue

	queue *queue
	ended chan struct{} // closed when the goroutine has ended for good
	rest  []*job        // taken from the queue, not yet run
	ran   []*job        // run in the present transaction
	kept  int           // how many of ran have succeeded so far
	bytes int           // bound to statements in the present transaction
	left  []leaving     // for the end of the present transaction
	tend  logTender
	stats counters

	touched touched

	commit func() error // runs COMMIT; tests put a failing disk here
}

func newWriter(conn *sqlite3.SQLiteConn) *writer {
	w := &writer{
		conn:       conn,
		facade:     facade(conn),
		statements: make(map[string]*statement),
		queue:      newQueue(),
		ended:      make(chan struct{}),
	}
	w.commit = func() error { return w.exec(commit) }
	return w
}

// release closes the connection; the goroutine must have ended or never begun.
func (w *writer) release() error {
	return errors.Join(w.forget(), w.facade.Close(), w.conn.Close())
}

// loop runs until the queue is closed and empty. A write function that ends its goroutine
// (runtime.Goexit, as testing's FailNow does) fails like one that panics, and a new goroutine goes on.
func (w *writer) loop() {
	finished := false
	defer func() {
		if finished {
			close(w.ended)
			return
		}
		w.abandon(fault.New(fault.Internal, "A write function ended its goroutine."))
		go w.loop()
	}()
	var spare []*job
	for {
		for len(w.rest) > 0 {
			w.batch()
		}
		clear(spare)
		if cap(spare) > maxSpare { // after a rush, give the room back
			spare = nil
		}
		runtime.Gosched() // lets the callers just answered come back with their next write
		taken := w.queue.take(spare)
		if len(taken) == 0 {
			finished = true
			return
		}
		w.rest, spare = taken, taken
	}
}

// batch runs what waits, within the bounds, as one transaction, and answers the callers in order.
func (w *writer) batch() {
	w.ran, w.kept, w.bytes = w.ran[:0], 0, 0
	clear(w.left)
	w.left = w.left[:0]
	w.touched.begin()
	failpoint.Hit("store.before-begin")
	err := w.exec(begin)
	for started := time.Now(); err == nil && len(w.rest) > 0 && w.within(started); {
		j := w.rest[0]
		w.rest = w.rest[1:]
		if j.claim() {
			if len(w.ran) > 0 {
				failpoint.Hit("store.between-functions")
			}
			w.ran = append(w.ran, j)
			err = w.runOne(j)
		}
	}
	if err == nil {
		err = w.end()
	}
	if err != nil {
		w.abandon(err)
		return
	}
	failpoint.Hit("store.after-commit")
	w.touched.tell()
	w.answer()
	w.tendLog()
}

func (w *writer) within(started time.Time) bool {
	return len(w.ran) == 0 ||
		len(w.ran) < maxBatch && w.bytes < maxBatchBytes && time.Since(started) < maxBatchTime
}

// runOne runs one function so that its failure undoes only itself. While nothing else has succeeded in
// this transaction that needs no savepoint: the whole transaction may go. An error means that the
// transaction itself is lost.
func (w *writer) runOne(j *job) error {
	guarded := w.kept > 0
	if guarded {
		if err := w.exec(savepoint); err != nil {
			return err
		}
	}
	left := len(w.left)
	w.touched.first = len(w.touched.now)
	if j.err = w.call(j.fn); j.err != nil {
		clear(w.left[left:])
		w.left, w.touched.now = w.left[:left], w.touched.now[:w.touched.first]
	}
	if w.conn.AutoCommit() { // SQLite gave the transaction up (disk full, I/O), or the function ended it
		return w.lost(j)
	}
	switch {
	case j.err == nil && guarded:
		w.kept++
		return w.exec(release)
	case j.err == nil:
		w.kept++
		return nil
	case guarded:
		j.after = true
		return errors.Join(w.exec(rollbackTo), w.exec(release))
	default:
		return errors.Join(w.exec(rollback), w.exec(begin))
	}
}

func (w *writer) lost(j *job) error {
	if _, ok := errors.AsType[sqlite3.Error](j.err); ok {
		return j.err
	}
	return fault.New(fault.Internal, "A write function ended the transaction that it shares with others.")
}

// call runs the function and turns a panic into its error.
func (w *writer) call(fn func(*Tx) error) (err error) {
	tx := &Tx{w: w}
	defer func() {
		tx.over = true
		if r := recover(); r != nil {
			err = fault.Wrap(&panicked{value: r, stack: debug.Stack()}, fault.Internal, "A write function panicked: %v.", r)
		}
	}()
	return fn(tx)
}

// end commits what succeeded. When nothing did there is nothing to wait for.
func (w *writer) end() error {
	if w.kept == 0 {
		return w.exec(rollback)
	}
	w.touched.first = len(w.touched.now)
	if err := w.writeLeft(); err != nil {
		return err
	}
	failpoint.Hit("store.before-commit")
	return w.commit()
}

// abandon undoes the transaction, and answers everybody in it with why. If it never began, that is
// everybody who waits: each new try may itself wait long for another program's lock.
func (w *writer) abandon(cause error) {
	if !w.conn.AutoCommit() {
		// A failure to roll back shows itself at the next BEGIN.
		_ = w.exec(rollback)
	}
	if len(w.ran) == 0 {
		for _, j := range w.rest {
			if j.claim() {
				w.ran = append(w.ran, j)
			}
		}
		w.rest = nil
	}
	for _, j := range w.ran {
		if j.err == nil || j.after { // what it failed of may be what is undone now
			j.err = lostFault(cause)
		}
	}
	w.stats.failed.Add(1)
	w.answer()
}

// answer completes the callers of this transaction, in the order in which they came.
func (w *writer) answer() {
	w.stats.commits.Add(1)
	w.stats.writes.Add(int64(len(w.ran)))
	for i, j := range w.ran {
		if i > 0 {
			failpoint.Hit("store.between-answers")
		}
		w.ran[i] = nil
		j.done(j.err)
	}
	w.ran = w.ran[:0]
}

// exec runs one of the writer's own statements.
func (w *writer) exec(query string) error {
	s, err := w.statement(query)
	if err == nil {
		_, err = s.prepared.ExecContext(context.Background(), nil)
	}
	return Fault(err)
}

// panicked keeps where a write function panicked, for those who unwrap the error.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return string(p.stack) }
