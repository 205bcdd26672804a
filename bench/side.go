package main

import (
	"encoding/json"
	"errors"
	"os"
	"strconv"
)

// sideRole measures runs of a workflow for about as many seconds as it is given, and prints {"Rate", "P50", "P99"}: for
// the comparison with other engines.
func sideRole(args []string) error {
	if len(args) != 3 {
		return errors.New("want: WORKFLOW CONCURRENCY SECONDS")
	}
	concurrency, err1 := strconv.Atoi(args[1])
	seconds, err2 := strconv.ParseFloat(args[2], 64)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	b, err := setup()
	if err != nil {
		return err
	}
	defer b.close()
	one := func() error { return b.one(args[0], b.msp) }
	warm, err := sideBySide(concurrency, 20*concurrency, one)
	if err != nil {
		return err
	}
	f, err := sideBySide(concurrency, max(3, int(warm[rate]*seconds)), one)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"Rate": f[rate], "P50": f[p50], "P99": f[p99]})
}
