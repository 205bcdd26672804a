package main

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"gantry/sandbox/halo"
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
	built := builtPlainly(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"sandbox": serveSandbox, "serve": serveGantry, "killserve": killGantry, "post": postFile},
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			env.Setenv("REPO", repository)
			env.Values[servedKey{}] = &served{}
			if built != "" && !slices.Contains(raced, strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")) {
				env.Setenv("PATH", built+string(filepath.ListSeparator)+env.Getenv("PATH"))
			}
			return nil
		},
	})
}

// raced are the scripts whose commands have the race detector when the tests have it: those in which most
// goes on at the same time. With it each command takes many times as long, and what the others call is
// tested with it in its own package.
var raced = []string{"run", "accept_flow"}

// builtPlainly gives the folder of a gantry that has no race detector: the one that GANTRY_TEST_BINARY names, else one that
// is built; or "" where the tests have none either.
func builtPlainly(t *testing.T) string {
	if !raceDetector {
		return ""
	}
	if path := os.Getenv("GANTRY_TEST_BINARY"); path != "" {
		return filepath.Dir(path)
	}
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(dir, "gantry"), ".").CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, out)
	}
	return dir
}

// serveSandbox is the scripts' word `sandbox halo FLAGS…`: it starts `gantry sandbox halo` as a process of its
// own that ends with the script, and says in the environment where it is: HALO_URL, HALO_TENANT,
// HALO_CLIENT_ID, HALO_SECRET, and all but the first as one line, HALO_KEY.
func serveSandbox(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || args[0] != "halo" {
		ts.Fatalf("usage: sandbox halo FLAGS…")
	}
	cmd := exec.Command("gantry", append([]string{"sandbox"}, append(args, "--addr", "127.0.0.1:0", "--format", "json", "--quiet")...)...)
	cmd.Dir = ts.MkAbs(".")
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	var c halo.Credentials
	ts.Check(json.NewDecoder(out).Decode(&c))
	for name, value := range map[string]string{"HALO_URL": c.BaseURL, "HALO_TENANT": c.Tenant, "HALO_CLIENT_ID": c.ClientID, "HALO_SECRET": c.ClientSecret,
		"HALO_KEY": c.Tenant + "+" + c.ClientID + ":" + c.ClientSecret} {
		ts.Setenv(name, value)
	}
}
