package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"gantry/store"
)

// conditions are what the figures depend on beside the code.
type conditions struct {
	Cores       int     `json:"cores"`
	Load        string  `json:"load_average"` // of 1, 5 and 15 minutes, before the first scenario
	Go          string  `json:"go"`
	SQLite      string  `json:"sqlite"`
	Synchronous string  `json:"synchronous"`
	Syncs       float64 `json:"syncs_a_second"`    // 4 KB appended, then fdatasync
	Requests    float64 `json:"requests_a_second"` // of a bare Go client, one at a time, the server in a process of its own
	Collector   string  `json:"garbage_collector"` // GOGC
}

func look() (conditions, error) {
	c := conditions{Cores: runtime.NumCPU(), Go: runtime.Version(), Load: "unknown", Collector: os.Getenv("GOGC")}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		c.Load = strings.Join(strings.Fields(string(text))[:3], " ")
	}
	var err error
	if c.SQLite, c.Synchronous, err = askStore(); err != nil {
		return c, err
	}
	if c.Syncs, err = probeDisk(); err != nil {
		return c, err
	}
	c.Requests, err = probeLoopback()
	return c, err
}

func (c conditions) String() string {
	return fmt.Sprintf("%d cores, shared with the target server (a process of its own); load average before: %s; %s; SQLite %s, WAL, synchronous=%s;\n"+
		"the disk does %s appends with fdatasync a second; a bare Go client does %s requests a second, one at a time.",
		c.Cores, c.Load, c.Go, c.SQLite, c.Synchronous, number(c.Syncs), number(c.Requests))
}

// askStore gives SQLite's version, and how the store's writing connection syncs.
func askStore() (version, synchronous string, err error) {
	dir, err := os.MkdirTemp("", "gantry-bench-")
	if err != nil {
		return "", "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	db, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return "", "", err
	}
	defer func() { _ = db.Close() }()
	var level int
	err = db.Write(ctx, func(tx *store.Tx) error {
		return errors.Join(tx.Get(&version, "SELECT sqlite_version()"), tx.Get(&level, "PRAGMA synchronous"))
	})
	if err != nil {
		return "", "", err
	}
	names := []string{"OFF", "NORMAL", "FULL", "EXTRA"}
	return version, names[min(level, len(names)-1)], nil
}

// probeDisk tells how often a second the disk of the temporary folder can append a page and sync it.
func probeDisk() (float64, error) {
	f, err := os.CreateTemp("", "gantry-bench-")
	if err != nil {
		return 0, err
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	page := make([]byte, 4096)
	const n = 500
	began := time.Now()
	for range n {
		if _, err := f.Write(page); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
	}
	return n / time.Since(began).Seconds(), nil
}

func probeLoopback() (float64, error) {
	t, err := openTarget()
	if err != nil {
		return 0, err
	}
	defer t.close()
	f, err := bareClient(t.url, 1, 1, 2000)
	return f[rate], err
}
