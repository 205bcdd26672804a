package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/access"
	"gantry/api"
	"gantry/fault/faulttest"
	"gantry/project"
)

// childVariable tells the test binary that it is to be a server, over the project in the folder that it names.
const childVariable = "GANTRY_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		os.Exit(child(dir))
	}
	goleak.VerifyTestMain(m)
}

// child serves until it is told to end, as `gantry serve` does.
func child(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	o := testOptions(dir)
	o.Grace = time.Second
	o.Log = NewLog(os.Stderr, levelDebug, "text", false)
	o.Serving = func(info Serving) { _ = json.NewEncoder(os.Stdout).Encode(info) }
	s, err := New(ctx, o)
	if err == nil {
		err = s.Run(ctx)
	}
	if err != nil {
		_, _ = io.WriteString(os.Stderr, err.Error()+"\n")
		return 1
	}
	return 0
}

func testOptions(dir string) Options {
	settings := project.Defaults()
	settings.Server.Listen = "127.0.0.1:0"
	return Options{Project: dir, Data: filepath.Join(dir, ".gantry"), Settings: settings, Getenv: func(string) string { return "" }, Version: api.Version{Version: "test"},
		pace: pace{Quiet: 5 * time.Millisecond, Most: 100 * time.Millisecond, Poll: 100 * time.Millisecond, Rest: time.Second, Away: project.Away}}
}

// running is a server in this process.
type running struct {
	*Server
	Serving
	t      *testing.T
	dir    string
	log    logLines
	cancel context.CancelFunc
	ended  chan error
	client *http.Client
}

// serveProject starts a server over files, with an administrator.
func serveProject(t *testing.T, files map[string]string, change func(*Options)) *running {
	t.Helper()
	r := newRunning(t, files)
	r.start(change)
	_, err := r.access.AddUser(t.Context(), access.Local("test"), access.NewUser{Login: "admin@example.com", Password: "anchovy ferry umbrella quartz", Kind: access.Person, Grants: []access.Grant{{OrganisationID: r.root(), Role: access.Admin}}})
	faulttest.Must(t, err)
	return r
}

func newRunning(t *testing.T, files map[string]string) *running {
	t.Helper()
	r := &running{t: t, dir: t.TempDir(), client: &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}}
	for name, text := range files {
		r.write(name, text)
	}
	t.Cleanup(r.client.CloseIdleConnections)
	return r
}

func (r *running) start(change func(*Options)) {
	r.t.Helper()
	o := testOptions(r.dir)
	serving := make(chan Serving, 1)
	o.Log, o.Serving = r.log.logger(), func(info Serving) { serving <- info }
	if change != nil {
		change(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := New(ctx, o)
	if err != nil {
		cancel()
		r.t.Fatal(err)
	}
	r.Server, r.cancel, r.ended = s, cancel, make(chan error, 1)
	go func() { r.ended <- s.Run(ctx) }()
	r.t.Cleanup(func() { r.stop() })
	select {
	case r.Serving = <-serving:
	case err := <-r.ended:
		r.ended <- err
		r.t.Fatal("it ended: ", err)
	}
}

// stop ends the server, and gives how it ended. Later calls do nothing.
func (r *running) stop() error {
	r.cancel()
	err, ok := <-r.ended
	if ok {
		close(r.ended)
	}
	return err
}

func (r *running) root() string {
	r.t.Helper()
	root, err := r.data.Orgs.Root(r.t.Context())
	faulttest.Must(r.t, err)
	return root.ID
}

func (r *running) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	faulttest.Must(r.t, os.MkdirAll(filepath.Dir(path), 0o755))
	faulttest.Must(r.t, os.WriteFile(path, []byte(text), 0o644))
}

// get asks the server; headers are name, value, name, value.
func (r *running) get(path string, headers ...string) (status int, body string) {
	r.t.Helper()
	return r.do(http.MethodGet, path, "", headers...)
}

func (r *running) do(method, path, send string, headers ...string) (status int, body string) {
	r.t.Helper()
	q, err := http.NewRequestWithContext(r.t.Context(), method, r.URL+path, bytes.NewBufferString(send))
	faulttest.Must(r.t, err)
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	answer, err := r.client.Do(q)
	faulttest.Must(r.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	faulttest.Must(r.t, err)
	return answer.StatusCode, string(text)
}

// hook gives the path of a webhook's address.
func (r *running) hook(workflow, trigger string) string {
	r.t.Helper()
	address := ""
	until(r.t, "the webhook of "+workflow+" has an address", func() bool {
		address = r.hooks.Address(keyOf(workflow, trigger), r.root())
		return address != ""
	})
	return strings.TrimPrefix(address, r.url)
}
