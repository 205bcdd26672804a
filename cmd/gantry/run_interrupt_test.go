package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

const slowRead = `
inputs: {url: {type: string, required: true}, method: {type: string, default: GET}}
tasks:
  first: {action: core.set, with: {values: {done: true}}, next: call}
  call:
    action: core.http_request
    with: {url: "${{ inputs.url }}", method: "${{ inputs.method }}"}
    next: last
  last: {action: core.noop}
`

// slowServer answers once it is let go; arrived tells of each request.
type slowServer struct {
	*httptest.Server
	arrived, letGo chan struct{}
}

func newSlowServer(t *testing.T) *slowServer {
	s := &slowServer{arrived: make(chan struct{}, 10), letGo: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the client is gone
		s.arrived <- struct{}{}
		select {
		case <-s.letGo:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// process is gantry in a process of its own, to send signals to.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	out    bytes.Buffer
	errs   strings.Builder
	pipe   io.ReadCloser
	lines  *bufio.Scanner
	folder *folder
}

func (f *folder) start(args ...string) *process {
	f.t.Helper()
	p := &process{t: f.t, folder: f, cmd: exec.Command("gantry", append(args, "--project", f.dir)...)}
	for name, value := range f.env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Env = append(p.cmd.Env, "PATH="+os.Getenv("PATH"))
	p.cmd.Stdout = &p.out
	pipe, err := p.cmd.StderrPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	p.pipe, p.lines = pipe, bufio.NewScanner(pipe)
	if err := p.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// until reads the progress up to a line with the text.
func (p *process) until(text string) {
	p.t.Helper()
	for p.lines.Scan() {
		p.errs.WriteString(p.lines.Text() + "\n")
		if strings.Contains(p.lines.Text(), text) {
			return
		}
	}
	p.t.Fatalf("no line with %q in:\n%s", text, p.errs.String())
}

// end waits for the process and gives its exit code.
func (p *process) end() int {
	p.t.Helper()
	for p.lines.Scan() {
		p.errs.WriteString(p.lines.Text() + "\n")
	}
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

func (f *folder) shown(id string) shownRun {
	f.t.Helper()
	var run shownRun
	if err := json.Unmarshal([]byte(f.must("", "runs", "show", id, "--format", "json").out), &run); err != nil {
		f.t.Fatal(err)
	}
	return run
}

func (f *folder) newest() string {
	f.t.Helper()
	var runs []listedRun
	if err := json.Unmarshal([]byte(f.must("", "runs", "list", "--format", "json").out), &runs); err != nil || len(runs) == 0 {
		f.t.Fatal(runs, err)
	}
	return runs[0].ID
}

func TestOneInterruptCancels(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			server, f := newSlowServer(t), newFolder(t, map[string]string{"slow.yaml": slowRead})
			p := f.start("run", "slow", "-i", "url="+server.URL)
			<-server.arrived
			p.signal(s)
			if code := p.end(); code != exitFailed {
				t.Errorf("ended with %d", code)
			}
			wants(t, p.errs.String(), "Cancelling", "Ctrl-C once more")
			wants(t, p.out.String(), "Cancelled", "stopped by hand", "gantry runs show")
			run := f.shown(f.newest())
			if run.Status != "cancelled" || len(run.Tasks) != 2 || run.Tasks[0].Status != "succeeded" || run.Tasks[1].Status != "cancelled" {
				t.Errorf("kept: %+v", run)
			}
		})
	}
}

// A write that is under way may finish for a while after a cancel, so the second interrupt finds it there.
func TestSecondInterruptStopsAtOnceAndNothingIsLost(t *testing.T) {
	server, f := newSlowServer(t), newFolder(t, map[string]string{"slow.yaml": slowRead})
	p := f.start("run", "slow", "-i", "url="+server.URL, "-i", "method=POST")
	<-server.arrived
	p.signal(syscall.SIGINT)
	p.until("Cancelling")
	p.signal(syscall.SIGINT)
	if code := p.end(); code != exitFailed {
		t.Errorf("ended with %d", code)
	}
	wants(t, p.errs.String(), "Stopping at once")
	wants(t, p.out.String(), "Unfinished", "gantry runs resume", "gantry runs cancel")
	id := f.newest()
	if run := f.shown(id); run.Status != "running" || run.Tasks[0].Status != "succeeded" {
		t.Errorf("kept: %+v", run)
	}
	c := f.gantry("", "runs", "resume", id)
	if c.code != exitFailed {
		t.Errorf("resume of a cancelled run ended with %d:\n%s", c.code, c.err)
	}
	run := f.shown(id)
	if run.Status != "cancelled" || run.Tasks[1].Status != "unknown" {
		t.Errorf("after resume: %s, %s", run.Status, run.Tasks[1].Status)
	}
	if len(server.arrived) != 0 {
		t.Error("the write was sent a second time")
	}
}

func TestKilledRunIsTakenUp(t *testing.T) {
	server, f := newSlowServer(t), newFolder(t, map[string]string{"slow.yaml": slowRead})
	p := f.start("run", "slow", "-i", "url="+server.URL)
	<-server.arrived
	p.signal(syscall.SIGKILL)
	p.end()
	id := f.newest()
	close(server.letGo)
	c := f.must("", "runs", "resume", shortID(id))
	wants(t, c.err, "resumed", "succeeded  call", "succeeded  last")
	if strings.Contains(c.err, "first") {
		t.Errorf("what was completed was done again:\n%s", c.err)
	}
	wants(t, f.gantry("", "runs", "resume", id).err, "has succeeded: there is nothing to resume")
}

func TestKilledRunIsGivenUp(t *testing.T) {
	server, f := newSlowServer(t), newFolder(t, map[string]string{"slow.yaml": slowRead})
	p := f.start("run", "slow", "-i", "url="+server.URL, "-i", "method=POST")
	<-server.arrived
	p.signal(syscall.SIGKILL)
	p.end()
	id := f.newest()
	wants(t, f.must("", "runs", "cancel", id).out, "is cancelled", "Whether call was done is not known")
	wants(t, f.gantry("", "runs", "cancel", id).err, "has ended already: it was cancelled")
}

// While a workflow runs, other processes can look, and are told who owns the data when they want to change it.
func TestLookingWhileAWorkflowRuns(t *testing.T) {
	server, f := newSlowServer(t), newFolder(t, map[string]string{"slow.yaml": slowRead})
	p := f.start("run", "slow", "-i", "url="+server.URL)
	<-server.arrived
	id := f.newest()
	wants(t, f.must("", "runs", "show", id).out, "Unfinished (running)", "first", "call")
	wants(t, f.must("", "orgs", "list").out, "My MSP")
	f.must("", "vars", "list")
	f.must("", "integrations", "list")
	for _, args := range [][]string{{"runs", "cancel", id}, {"runs", "resume", id}} {
		c := f.gantry("", args...)
		if c.code != exitFailed {
			t.Errorf("%v ended with %d", args, c.code)
		}
		wants(t, c.err, "going on in another process", "press Ctrl-C there")
	}
	wants(t, f.gantry("", "run", "slow", "-i", "url=x").err, "in use by process")
	close(server.letGo)
	if code := p.end(); code != exitDone {
		t.Errorf("ended with %d:\n%s", code, p.errs.String())
	}
}

// Ctrl-C while the handler of a failure works cancels that one.
func TestInterruptCancelsTheHandler(t *testing.T) {
	server := newSlowServer(t)
	f := newFolder(t, map[string]string{
		"failing.yaml": "tasks:\n  begin: {action: core.fail, with: {message: Meant.}}\non_failure: {workflow: slow, with: {url: \"" + server.URL + "\"}}\n",
		"slow.yaml":    slowRead,
	})
	p := f.start("run", "failing")
	<-server.arrived
	p.signal(syscall.SIGINT)
	if code := p.end(); code != exitFailed {
		t.Errorf("ended with %d", code)
	}
	wants(t, p.out.String(), "Failed after", "Meant.", "on_failure: slow cancelled")
}

// `gantry run … | head` does not end the run.
func TestRunOutlivesItsReader(t *testing.T) {
	server, f := newSlowServer(t), newFolder(t, map[string]string{"slow.yaml": slowRead})
	p := f.start("run", "slow", "-i", "url="+server.URL)
	p.until("started")
	_ = p.pipe.Close()
	<-server.arrived
	close(server.letGo)
	_ = p.cmd.Wait()
	if run := f.shown(f.newest()); run.Status != "succeeded" {
		t.Errorf("the run is %s", run.Status)
	}
}
