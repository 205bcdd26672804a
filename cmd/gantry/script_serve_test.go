package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// served is the server that a script has started last.
type served struct {
	process *exec.Cmd
	said    bytes.Buffer
}

type servedKey struct{}

// passedOn are the variables of a script's environment that its server gets.
var passedOn = []string{"HOME", "TMPDIR", "NO_COLOR", "GANTRY_MASTER_KEY", "GANTRY_ALLOW_NETWORKS"}

// serveGantry is the scripts' word `serve FLAGS…`: it starts `gantry serve --sandbox --listen 127.0.0.1:0` as a process
// of its own in the script's folder, which ends gently with the script, and goes on when it serves. The environment says
// then where: GANTRY_URL and, as long as nobody administers it, SET_UP_LINK. Flags that are given come last and count,
// such as --sandbox=false.
func serveGantry(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: serve FLAGS…")
	}
	s := ts.Value(servedKey{}).(*served)
	s.end(ts, syscall.SIGTERM)
	cmd := exec.Command("gantry", append([]string{"serve", "--sandbox", "--listen", "127.0.0.1:0", "--format", "json", "--grace", "1s", "--log-level", "warn"}, args...)...)
	cmd.Dir, cmd.Stderr, cmd.Env = ts.MkAbs("."), &s.said, os.Environ()
	for _, name := range passedOn {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	s.process = cmd
	ts.Defer(func() { s.end(ts, syscall.SIGTERM) })
	var serving shownServing
	if err := json.NewDecoder(out).Decode(&serving); err != nil {
		s.end(ts, syscall.SIGTERM)
		ts.Fatalf("gantry serve did not begin to serve: %s", err)
	}
	ts.Setenv("GANTRY_URL", serving.URL)
	ts.Setenv("SET_UP_LINK", serving.SetUpLink)
}

// killGantry is the scripts' word `killserve`: it kills the server that `serve` has started, as kill -9 does.
func killGantry(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(servedKey{}).(*served)
	if neg || len(args) > 0 || s.process == nil {
		ts.Fatalf("usage: killserve, after serve")
	}
	s.end(ts, syscall.SIGKILL)
}

// end stops the server, if there is one, and puts what it said into the file serve.log, and where a script that fails
// shows it.
func (s *served) end(ts *testscript.TestScript, how syscall.Signal) {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(how) // it may have ended
	err := s.process.Wait()
	if how != syscall.SIGKILL && err != nil {
		ts.Logf("gantry serve: %s", err)
	}
	ts.Logf("[serve]\n%s", s.said.String())
	ts.Check(os.WriteFile(ts.MkAbs("serve.log"), s.said.Bytes(), 0o600))
	s.process = nil
	s.said.Reset()
}
