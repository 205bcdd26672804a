package store

import (
	"context"
	"fmt"
	"os"
)

// vacuumPages is how many free pages are given back in one transaction: their places are filled from the end of the
// file, some of whose pages have to be read for that.
const vacuumPages = 64

// GiveBack gives room that is free in the file back to the disk, in steps of some milliseconds between which others
// write, and tells how many bytes it was. It leaves keep bytes free for what is written next. A data directory whose
// database was made without room for that gives nothing back.
func (s *Store) GiveBack(ctx context.Context, keep int64) (freed int64, err error) {
	for {
		var before, after int64
		err := s.Write(ctx, func(tx *Tx) error {
			if err := tx.Get(&before, "PRAGMA freelist_count"); err != nil || before*pageSize <= keep {
				after = before
				return err
			}
			if err := tx.drain(fmt.Sprintf("PRAGMA incremental_vacuum(%d)", vacuumPages)); err != nil {
				return err
			}
			return tx.Get(&after, "PRAGMA freelist_count")
		})
		if err != nil {
			return freed, err
		}
		if after >= before {
			return freed, nil
		}
		freed += (before - after) * pageSize
	}
}

const pageSize = 4096

// Optimise lets SQLite look at those tables that have changed much since it last did, so that its plans fit. It reads some
// hundred rows of each index at most.
func (s *Store) Optimise(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error {
		if err := tx.drain("PRAGMA analysis_limit = 400"); err != nil {
			return err
		}
		return tx.drain("PRAGMA optimize")
	})
}

// drain runs a pragma to its end: some do a part of their work for each row that is asked of them.
func (t *Tx) drain(pragma string) error {
	rows, err := t.w.facade.Query(pragma)
	if err != nil {
		return Fault(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() { // there is nothing in them
	}
	return Fault(rows.Err())
}

// Sizes tell how large the database is, in bytes.
type Sizes struct {
	Database int64 // the file
	Free     int64 // room in it that is free
	Log      int64 // the write-ahead log's file
}

// Sizes looks how large the database is now.
func (s *Store) Sizes(ctx context.Context) (Sizes, error) {
	var pages, free int64
	if err := s.readers.GetContext(ctx, &pages, "PRAGMA page_count"); err != nil {
		return Sizes{}, Fault(err)
	}
	if err := s.readers.GetContext(ctx, &free, "PRAGMA freelist_count"); err != nil {
		return Sizes{}, Fault(err)
	}
	sizes := Sizes{Database: pages * pageSize, Free: free * pageSize}
	if log, err := os.Stat(s.databaseFile() + "-wal"); err == nil { // else there is none
		sizes.Log = log.Size()
	}
	return sizes, nil
}
