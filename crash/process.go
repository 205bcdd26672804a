package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"gantry/failpoint"
)

// process is one `gantry serve`, from its start to its end.
type process struct {
	cmd    *exec.Cmd
	said   *lastLines    // what it says, of both outputs: with --format json an error comes on the other one
	serves chan struct{} // closed when it serves, or has ended
	gone   chan struct{} // closed when it has ended
	url    string        // "" if it ended before it served
	began  time.Time
	ready  time.Duration // from the start until it served
}

// spawn starts a server on a house's directory, which kills itself where the words say (see failpoint.Variable).
func (h *house) spawn(failAt string) (*process, error) {
	p := &process{said: &lastLines{}, serves: make(chan struct{}), gone: make(chan struct{}), began: time.Now()}
	p.cmd = exec.Command(h.binary, "serve", "--listen", "127.0.0.1:0", "--format", "json", "--grace", "1s", "--project", h.dir)
	p.cmd.Env = append(os.Environ(), failpoint.Variable+"="+failAt, "GANTRY_ALLOW_NETWORKS=127.0.0.0/8", "GOGC=400")
	p.cmd.Stderr = p.said
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		var serving struct{ URL string }
		both := io.TeeReader(out, p.said)
		if json.NewDecoder(both).Decode(&serving) == nil {
			p.url, p.ready = serving.URL, time.Since(p.began)
		}
		close(p.serves)
		_, _ = io.Copy(io.Discard, both) // until it ends
		_ = p.cmd.Wait()                 // a killed process is what is wanted here
		close(p.gone)
	}()
	return p, nil
}

// kill is kill -9; it returns when the process is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.gone
}

// diedAt gives the fail-point at which the process killed itself, "" if it did not.
func (p *process) diedAt() string {
	<-p.gone
	_, after, found := bytes.Cut(p.said.bytes(), []byte("killed at fail-point "))
	if !found {
		return ""
	}
	name, _, _ := bytes.Cut(after, []byte("\n"))
	return string(name)
}

// unmeant gives an error if the process ended by itself, and not at a fail-point.
func (p *process) unmeant() error {
	if state := p.cmd.ProcessState; state.Exited() {
		return fmt.Errorf("the server ended by itself with exit code %d:\n%s", state.ExitCode(), p.said.bytes())
	}
	return nil
}

// lastLines keeps the end of what is written to it.
type lastLines struct {
	mu   sync.Mutex
	text []byte
}

func (l *lastLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, b...)
	l.text = l.text[max(0, len(l.text)-16<<10):]
	return len(b), nil
}

func (l *lastLines) bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.text)
}
