package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strings"
)

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// profiles records a scenario's first round, where that is asked for. stop writes the profiles.
func (o *options) profiles(s scenario, round int) (stop func() error, err error) {
	if o.profile == "" || round > 0 {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(o.profile, 0o755); err != nil {
		return nil, err
	}
	path := func(kind string) string {
		name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(s.name), "-"), "-")
		return filepath.Join(o.profile, name+"."+kind+".pprof")
	}
	cpu, err := os.Create(path("cpu"))
	if err != nil {
		return nil, err
	}
	runtime.SetBlockProfileRate(10_000) // one sample for each 10 µs that something blocks
	runtime.SetMutexProfileFraction(10)
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		errs := []error{cpu.Close()}
		for _, kind := range []string{"allocs", "block", "mutex"} {
			errs = append(errs, writeProfile(kind, path(kind)))
		}
		runtime.SetBlockProfileRate(0)
		runtime.SetMutexProfileFraction(0)
		return errors.Join(errs...)
	}, nil
}

func writeProfile(kind, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup(kind).WriteTo(f, 0), f.Close())
}
