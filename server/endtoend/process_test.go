package endtoend_test

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gantry/fault/faulttest"
)

// process is one `gantry serve`.
type process struct {
	t    *testing.T
	h    *house
	cmd  *exec.Cmd
	out  io.Reader
	log  *lastLines
	gone sync.Once
	err  error // of Wait

	Resumed int    `json:"resumed_runs"`
	URL     string `json:"url"`
}

// start starts a server and waits until it serves.
func (h *house) start(args ...string) *process {
	h.t.Helper()
	p := h.spawn(args...)
	if err := json.NewDecoder(p.out).Decode(p); err != nil {
		h.t.Fatalf("the server does not serve: %v\n%s", err, p.log)
	}
	h.url.Store(&p.URL)
	return p
}

// spawn starts a server and does not wait for it.
func (h *house) spawn(args ...string) *process {
	h.t.Helper()
	p := &process{t: h.t, h: h, log: &lastLines{}}
	p.cmd = exec.Command(binary, append([]string{"serve", "--sandbox", "--listen", "127.0.0.1:0", "--format", "json", "--project", h.dir}, args...)...)
	p.cmd.Stderr = p.log
	var err error
	p.out, err = p.cmd.StdoutPipe()
	faulttest.Must(h.t, err)
	faulttest.Must(h.t, p.cmd.Start())
	h.t.Cleanup(func() {
		p.kill()
		if h.t.Failed() {
			h.t.Logf("the last that process %d logged:\n%s", p.cmd.Process.Pid, p.log)
		}
	})
	return p
}

// kill is kill -9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	_ = p.wait()
}

// stop is SIGTERM; it gives the error of an exit code that is not 0.
func (p *process) stop() error {
	p.t.Helper()
	faulttest.Must(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	return p.wait()
}

func (p *process) wait() error {
	p.gone.Do(func() { p.err = p.cmd.Wait() })
	return p.err
}

// peak is the most memory that the process has held so far, in bytes.
func (p *process) peak() int64 {
	p.t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	faulttest.Must(p.t, err)
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	line, _, _ := strings.Cut(rest, "kB")
	kilobytes, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	faulttest.Must(p.t, err)
	return kilobytes << 10
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
	l.text = l.text[max(0, len(l.text)-8<<10):]
	return len(b), nil
}

func (l *lastLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// atMost fails a test in which something took too long.
func atMost(t *testing.T, what string, took, most time.Duration) {
	t.Helper()
	t.Logf("%s: %s", what, took.Round(time.Millisecond))
	if took > most {
		t.Errorf("%s took %s, more than %s", what, took, most)
	}
}
