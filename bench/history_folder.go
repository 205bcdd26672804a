package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"gantry/engine/history"
	"gantry/store"
)

// historyFolder, where the environment names one, keeps the history that was made for the next time.
const historyFolder = "GANTRY_BENCH_HISTORY"

// filled is the folder with a history of so many runs, which is made once for all scenarios that look at it.
func filled(ctx context.Context, runs int) (string, error) {
	if dir, ok := filledAt[runs]; ok {
		return dir, nil
	}
	dir := os.Getenv(historyFolder)
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "gantry-bench-"); err != nil {
			return "", err
		}
		atEnd = append(atEnd, func() { _ = os.RemoveAll(dir) })
	}
	db, err := openHistory(ctx, dir)
	if err != nil {
		return "", err
	}
	err = fillOnce(ctx, db, runs)
	if err = errors.Join(err, db.Close()); err == nil {
		filledAt[runs] = dir
	}
	return dir, err
}

// filledAt are the folders that were made, by the number of runs in them.
var filledAt = map[int]string{}

func openHistory(ctx context.Context, dir string) (*store.Store, error) {
	return store.Open(ctx, dir, store.Options{}, history.Migrations())
}

// fillOnce fills a database that has nothing yet. One that has other than so many runs is not what is to be measured.
func fillOnce(ctx context.Context, db *store.Store, runs int) error {
	var there int
	switch err := db.Read().GetContext(ctx, &there, "SELECT count(*) FROM runs"); {
	case err != nil || there == runs:
		return err
	case there > 0:
		return fmt.Errorf("the folder that %s names has %d runs, not %d: name another one, or give the same -scale", historyFolder, there, runs)
	}
	began := time.Now()
	err := fillHistory(ctx, db, runs)
	fmt.Fprintf(os.Stderr, "  %s runs were made in %s\n", grouped(int64(runs)), time.Since(began).Round(time.Second))
	return err
}
