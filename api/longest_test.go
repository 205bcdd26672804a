package api

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gantry/fault"
)

// TestReadsEnd: who reads for too long is told so; whose time is not up, or who goes away, is not.
func TestReadsEnd(t *testing.T) {
	w := newWorld(t)
	slow := func(ctx context.Context, _ any) (any, error) { // as a query that goes through very much
		var n int
		return n, w.store.Read().GetContext(ctx, &n, `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`)
	}
	began := time.Now()
	_, err := bounded(50*time.Millisecond, slow)(t.Context(), nil)
	refused(t, err, fault.Timeout, "took longer than 50ms")
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("the query ended after %s", took)
	}
	if w.store.Read().Stats().InUse > 0 {
		t.Error("the reader is still in use")
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, gone := context.WithTimeout(t.Context(), time.Second)
		defer gone()
		_, err := bounded(longestRead, func(ctx context.Context, _ any) (any, error) { <-ctx.Done(); return nil, ctx.Err() })(ctx, nil)
		if fault.From(err).Code == fault.Timeout {
			t.Error(err)
		}
		out, err := bounded(longestRead, func(context.Context, any) (any, error) { return "fine", nil })(t.Context(), nil)
		if out != "fine" || err != nil {
			t.Error(out, err)
		}
	})
}

// TestLongReadsAreTold: who has read what, and for how long; not the others.
func TestLongReadsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		a := &API{house: House{Log: slog.New(slog.NewTextHandler(&log, nil))}}
		reads := func(operation string, took time.Duration) {
			_, err := a.timed(operation, func(context.Context, any) (any, error) { time.Sleep(took); return nil, nil })(t.Context(), nil) // the bubble's clock
			if err != nil {
				t.Error(err)
			}
		}
		reads("show-run", longRead-time.Second)
		if log.Len() > 0 {
			t.Errorf("of a short one: %s", log.String())
		}
		reads("list-runs", longRead+time.Second)
		if told := log.String(); !strings.Contains(told, "operation=list-runs") || !strings.Contains(told, "took=11s") || !strings.Contains(told, "answered=true") {
			t.Errorf("%s", told)
		}
	})
}
