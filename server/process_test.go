package server

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gantry/api"
	"gantry/engine/flow"
	"gantry/fault/faulttest"
)

// spawn starts a server as a process of its own, and gives where it listens.
func spawn(t *testing.T, dir string) (*exec.Cmd, Serving) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+dir)
	cmd.Stderr = &logLines{}
	out, err := cmd.StdoutPipe()
	faulttest.Must(t, err)
	faulttest.Must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var info Serving
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &info)
	}
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("%v: %s", err, cmd.Stderr)
	}
	return cmd, info
}

// TestProcess: SIGTERM parks what waits and ends with 0; kill -9 loses nothing either; each time the next process
// goes on.
func TestProcess(t *testing.T) {
	dir := t.TempDir()
	faulttest.Must(t, os.MkdirAll(filepath.Join(dir, "workflows"), 0o755))
	faulttest.Must(t, os.WriteFile(filepath.Join(dir, "workflows/slow.yaml"), []byte(slow), 0o644))
	data := filepath.Join(dir, ".gantry")

	first, _ := spawn(t, dir)
	client := api.OverSocket(data)
	started, err := api.StartRun.Call(t.Context(), client, startSlow())
	faulttest.Must(t, err)
	client.Close()
	id := started.Body.ID
	faulttest.Must(t, first.Process.Signal(syscall.SIGTERM))
	if err := first.Wait(); err != nil {
		t.Fatalf("SIGTERM: %v: %s", err, first.Stderr)
	}
	if said := fmt.Sprint(first.Stderr); !strings.Contains(said, "runs_left_for_next_start=1") && !strings.Contains(said, `"runs_left_for_next_start":1`) {
		t.Errorf("one run waits, and the log says: %s", said)
	}

	second, info := spawn(t, dir)
	if info.Resumed != 1 {
		t.Errorf("%d runs taken up after SIGTERM", info.Resumed)
	}
	faulttest.Must(t, second.Process.Kill())
	_ = second.Wait() // it says that it was killed

	third, info := spawn(t, dir)
	if info.Resumed != 1 {
		t.Errorf("%d runs taken up after kill -9", info.Resumed)
	}
	client = api.OverSocket(data)
	defer client.Close()
	run, err := api.ShowRun.Call(t.Context(), client, &api.ShowRunIn{OfRunIn: api.OfRunIn{Run: id}})
	faulttest.Must(t, err)
	if run.Body.Status != string(flow.Waiting) {
		t.Errorf("the run is %s", run.Body.Status)
	}
	faulttest.Must(t, third.Process.Signal(syscall.SIGTERM))
	if err := third.Wait(); err != nil {
		t.Errorf("%v: %s", err, third.Stderr)
	}
}

func startSlow() *api.StartRunIn {
	in := &api.StartRunIn{}
	in.Body.Workflow = "slow"
	return in
}
