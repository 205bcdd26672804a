package store

import (
	"context"
	"testing"
)

// TestRoomIsGivenBack: after much was removed the file shrinks, in steps, and keeps what it was told to.
func TestRoomIsGivenBack(t *testing.T) {
	s := openInside(t)
	body := make([]byte, 20_000)
	for i := range 200 {
		if err := s.Write(t.Context(), blob(i, body)); err != nil {
			t.Fatal(err)
		}
	}
	full, err := s.Sizes(t.Context())
	if err != nil || full.Database < 4_000_000 || full.Free != 0 || full.Log == 0 {
		t.Fatalf("%+v %v", full, err)
	}
	err = s.Write(t.Context(), func(tx *Tx) error { _, err := tx.Exec("DELETE FROM blobs WHERE id >= 20"); return err })
	if err != nil {
		t.Fatal(err)
	}
	before := s.Stats().Transactions
	freed, err := s.GiveBack(t.Context(), 400_000)
	if err != nil {
		t.Fatal(err)
	}
	left, err := s.Sizes(t.Context())
	if err != nil || freed < 2_500_000 || left.Database > full.Database-freed || left.Free < 400_000-vacuumPages*pageSize || left.Free > 400_000 {
		t.Errorf("%d given back, %+v left of %+v, %v", freed, left, full, err)
	}
	if steps := s.Stats().Transactions - before; steps < freed/pageSize/vacuumPages {
		t.Errorf("in %d steps", steps)
	}
	if err := s.Optimise(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestTheLogIsBoundedWhileThereIsAlwaysAReader: readers take turns so that there is never a moment without one.
func TestTheLogIsBoundedWhileThereIsAlwaysAReader(t *testing.T) {
	s := openInside(t)
	if err := s.Write(t.Context(), blob(-1, nil)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended, turns := make(chan error, 1), 0
	go func() {
		ended <- func() error {
			now, err := s.Read().Beginx()
			for err == nil && ctx.Err() == nil {
				next, beginErr := s.Read().Beginx()
				if beginErr != nil {
					return beginErr
				}
				var n int
				if err := next.Get(&n, "SELECT count(*) FROM blobs WHERE id < 0"); err != nil { // it reads before the one before it ends
					return err
				}
				err = now.Rollback()
				now = next
				turns++
			}
			if err == nil {
				err = now.Rollback()
			}
			return err
		}()
	}()
	body := make([]byte, 100_000)
	for i := range 1200 { // 120 MB
		if err := s.Write(t.Context(), blob(i, body)); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-ended; err != nil || turns < 100 {
		t.Fatalf("%d turns: %v", turns, err)
	}
	if size := logSize(t, s); size > logSizeLimit*5/4 {
		t.Errorf("the log has %d MB", size>>20)
	}
}
