package main

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the files that the scripts compare with anew")

// TestMain makes this test binary the gantry that the scripts call.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gantry": main})
}

// TestScripts runs the command line as a user types it. `go test ./cmd/gantry -run TestScripts -update`
// writes what the scripts compare with anew.
func TestScripts(t *testing.T) {
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			env.Setenv("REPO", repository)
			return nil
		},
	})
}
