package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// What the dev server polls its queues with at most, 20 a second for each shard, is what its latency comes from.
var tuned = []string{"history.transferProcessorMaxPollRPS=100000", "history.timerProcessorMaxPollRPS=100000", "history.visibilityProcessorMaxPollRPS=100000",
	"frontend.rps=100000", "history.rps=100000", "matching.rps=100000", "frontend.namespaceRPS=100000", "frontend.persistenceMaxQPS=100000",
	"history.persistenceMaxQPS=100000", "matching.persistenceMaxQPS=100000"}

// openTemporal starts the dev server of Temporal's command line, with its database in a file, and a worker in Go, which
// starts the runs as well.
func openTemporal(tune bool) func(*world) (*session, error) {
	return func(w *world) (*session, error) {
		program, worker, err := installTemporal(w)
		if err != nil {
			return nil, err
		}
		data, err := w.scratch("temporal")
		if err != nil {
			return nil, err
		}
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		args := []string{"server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port, "--db-filename", filepath.Join(data, "temporal.db"),
			"--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=2", "--log-level", "error"}
		if tune {
			for _, value := range tuned {
				args = append(args, "--dynamic-config-value", value)
			}
		}
		s, err := serve(data, nil, listens(port), program, args...)
		if err != nil {
			return nil, err
		}
		return &session{close: s.close, measure: func(load workload, seconds float64) (figures, error) {
			text, err := output(data, nil, worker, "127.0.0.1:"+port, w.target, strconv.Itoa(load.tasks), strconv.FormatBool(load.http),
				strconv.Itoa(load.concurrency), fmt.Sprint(seconds))
			if err != nil {
				return figures{}, err
			}
			var f figures
			return f, json.Unmarshal([]byte(text), &f)
		}}, nil
	}
}

func installTemporal(w *world) (program, worker string, err error) {
	folder := filepath.Join(w.installed, "temporal")
	program, worker = filepath.Join(folder, "temporal"), filepath.Join(folder, "worker")
	if _, err := os.Stat(program); err != nil {
		fmt.Fprintln(os.Stderr, "  installing Temporal's command line")
		if err := command("", []string{"GOBIN=" + folder}, "go", "install", "github.com/temporalio/cli/cmd/temporal@v1.5.1"); err != nil {
			return "", "", err
		}
	}
	return program, worker, command("bench/peers/temporal", []string{"GOWORK=off"}, "go", "build", "-o", worker, ".")
}
