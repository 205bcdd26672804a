package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/project"
)

var began = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const runID = "01956a3e-0000-7000-8000-000000000001"

// aRun are the updates of a run with a request, as the engine tells them.
func aRun() []engine.Update {
	u := engine.Update{Run: runID, Workflow: "triage", Organisation: "contoso", OrganisationID: "org-id", TriggerType: "webhook", Started: began}
	queued, begun, ended := u, u, u
	queued.Status, queued.Started = flow.Queued, time.Time{}
	step := engine.Step{ID: 0, Name: "get", Action: "halo.get_ticket", Instance: 1, Status: flow.Running, Started: began.Add(time.Second)}
	begun.Status, begun.Changed = flow.Running, []engine.Step{step}
	step.Status, step.Attempts, step.Finished, step.Error = flow.Failed, 2, began.Add(5*time.Second), fault.New(fault.NotFound, "secret of a customer")
	ended.Status, ended.Error, ended.Finished, ended.Changed = flow.Failed, fault.New(fault.Unhandled, "secret of a customer"), began.Add(6*time.Second), []engine.Step{step}
	ended.Requests = []history.RequestOf{{Unit: flow.Unit{Exec: 0, Item: flow.NoItem}, Request: history.Request{Attempt: 1, Method: "GET",
		URL: "https://halo.example/api/tickets/7?search=customer", Status: 404, Micros: 250_000, Waited: 1_500_000, At: began.Add(2 * time.Second)}}}
	return []engine.Update{queued, begun, ended}
}

func TestMetricsOfRuns(t *testing.T) {
	m := newMetrics()
	o := newObserver(m, nil)
	for _, u := range aRun() {
		o.observe(u)
	}
	for name, got := range map[string]float64{
		"begun":    testutil.ToFloat64(m.runsBegun.WithLabelValues("webhook")),
		"ended":    testutil.ToFloat64(m.runsEnded.WithLabelValues("triage", "failed")),
		"tasks":    testutil.ToFloat64(m.tasksEnded.WithLabelValues("halo.get_ticket", "failed")),
		"requests": testutil.ToFloat64(m.requests.WithLabelValues("halo", "halo.get_ticket", "refused")),
		"waited":   testutil.ToFloat64(m.waited.WithLabelValues("halo")) - 0.5,
	} {
		if got != 1 {
			t.Errorf("%s: %g, want 1", name, got)
		}
	}
	if o.active() != 0 {
		t.Error("the run still counts as active")
	}
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	families, err := m.registry.Gather()
	faulttest.Must(t, err)
	for _, f := range families {
		if text := f.String(); strings.Contains(text, "contoso") || strings.Contains(text, "org-id") || strings.Contains(text, runID) || strings.Contains(text, "halo.example") {
			t.Errorf("%s names a customer", f.GetName())
		}
	}
}

func TestLabelsAreBounded(t *testing.T) {
	n := names{most: 2, seen: map[string]bool{}}
	got := []string{n.label("workflow", "a"), n.label("workflow", "b"), n.label("workflow", "c"), n.label("workflow", "a")}
	if strings.Join(got, " ") != "a b other a" {
		t.Error(got)
	}
}

// TestTraces: run, task and request are spans below one another with their own times, and say nothing of values.
func TestTraces(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	tracer := newTracer(sdktrace.NewSimpleSpanProcessor(exporter), "test")
	o := newObserver(newMetrics(), tracer)
	for _, u := range aRun() {
		o.observe(u)
	}
	spans := exporter.GetSpans()
	if len(spans) != 3 {
		t.Fatalf("%d spans", len(spans))
	}
	request, task, run := spans[0], spans[1], spans[2]
	if request.Parent.SpanID() != task.SpanContext.SpanID() || task.Parent.SpanID() != run.SpanContext.SpanID() || run.Parent.IsValid() {
		t.Error("the spans do not lie below one another")
	}
	if got := run.SpanContext.TraceID().String(); got != strings.ReplaceAll(runID, "-", "") {
		t.Errorf("the trace is called %s", got)
	}
	for name, s := range map[string]struct {
		span     tracetest.SpanStub
		from, to time.Duration
	}{"request": {request, 2 * time.Second, 2250 * time.Millisecond}, "task": {task, time.Second, 5 * time.Second}, "run": {run, 0, 6 * time.Second}} {
		if !s.span.StartTime.Equal(began.Add(s.from)) || !s.span.EndTime.Equal(began.Add(s.to)) {
			t.Errorf("%s: %s to %s", name, s.span.StartTime.Sub(began), s.span.EndTime.Sub(began))
		}
		if s.span.Status.Code != codes.Error {
			t.Errorf("%s is not marked as failed", name)
		}
		for _, a := range s.span.Attributes {
			if text := a.Value.String(); strings.Contains(text, "customer") || strings.Contains(text, "contoso") || strings.Contains(text, "tickets") {
				t.Errorf("%s: %s tells %q", name, a.Key, text)
			}
		}
		if strings.Contains(s.span.Status.Description, "customer") {
			t.Errorf("%s tells %q", name, s.span.Status.Description)
		}
	}
	faulttest.Must(t, o.close(t.Context()))
}

// TestSubRunTrace: the run of a sub-workflow lies below the task that calls it.
func TestSubRunTrace(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	o := newObserver(newMetrics(), newTracer(sdktrace.NewSimpleSpanProcessor(exporter), "test"))
	o.observe(engine.Update{Run: runID, Workflow: "outer", Status: flow.Running, Started: began, Changed: []engine.Step{{Name: "call", Action: "inner", Subrun: "x", Started: began}}})
	o.observe(engine.Update{Run: "x", Workflow: "inner", Parent: runID, Task: "call", Status: flow.Succeeded, Started: began, Finished: began})
	faulttest.Must(t, o.traces.provider.ForceFlush(t.Context()))
	inner := exporter.GetSpans()
	if len(inner) != 1 || inner[0].Name != "run inner" || !inner[0].Parent.IsValid() {
		t.Fatalf("%v", inner)
	}
	faulttest.Must(t, o.close(t.Context()))
}

// TestTracesAway: nobody takes the traces, and nothing else is the worse for it; that is said once a minute.
func TestTracesAway(t *testing.T) {
	var log logLines
	now := began
	r := &rareErrors{log: log.logger(), now: func() time.Time { return now }}
	for range 3 {
		r.Handle(fault.New(fault.Network, "connection refused"))
	}
	now = now.Add(time.Minute)
	r.Handle(fault.New(fault.Network, "connection refused"))
	if n := strings.Count(log.String(), "could not be sent"); n != 2 {
		t.Errorf("said %d times", n)
	}
	r2 := serveProject(t, map[string]string{"workflows/a.yaml": hooked("one")}, func(o *Options) { o.Settings.Server.Traces.Endpoint = "http://127.0.0.1:1" })
	if got := r2.says("a"); got != "one" {
		t.Error(got)
	}
	faulttest.Must(t, r2.stop())
}

func TestExposure(t *testing.T) {
	for _, test := range []struct {
		address string
		server  project.Server
		refused bool
	}{
		{"127.0.0.1:80", project.Server{}, false}, {"[::1]:80", project.Server{}, false}, {"0.0.0.0:80", project.Server{}, true}, {"[::]:80", project.Server{}, true},
		{"10.1.2.3:80", project.Server{}, true}, {"0.0.0.0:80", project.Server{BehindProxy: true}, false}, {"0.0.0.0:80", project.Server{TLS: project.TLS{Cert: "a", Key: "b"}}, false},
	} {
		addr := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(test.address))
		if err := checkExposure(test.server, addr); (err != nil) != test.refused {
			t.Errorf("%s: %v", test.address, err)
		}
	}
}

func TestClientAddresses(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, test := range []struct{ peer, header, want string }{
		{"10.0.0.1:5", "203.0.113.7", "203.0.113.7:0"},
		{"10.0.0.1:5", "6.6.6.6, 203.0.113.7, 10.0.0.9", "203.0.113.7:0"}, // the first was written by the sender
		{"203.0.113.9:5", "6.6.6.6", "203.0.113.9:5"},
		{"10.0.0.1:5", "", "10.0.0.1:5"}, {"10.0.0.1:5", "rubbish", "10.0.0.1:5"}, {"10.0.0.1:5", "::ffff:203.0.113.7", "203.0.113.7:0"},
	} {
		got := ""
		h := clientAddresses(trusted, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
		q := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		q.RemoteAddr = test.peer
		if test.header != "" {
			q.Header.Set("X-Forwarded-For", test.header)
		}
		if h.ServeHTTP(httptest.NewRecorder(), q); got != test.want {
			t.Errorf("%+v gives %s", test, got)
		}
	}
}

func TestMetricsPolicy(t *testing.T) {
	for name, test := range map[string]struct {
		peer, host, bearer string
		proxy              bool
		want               int
	}{
		"this machine":    {"127.0.0.1:9", "127.0.0.1:8080", "", false, 200},
		"by its name":     {"[::1]:9", "localhost", "", false, 200},
		"a lured browser": {"127.0.0.1:9", "evil.example:8080", "", false, 403},
		"behind a proxy":  {"127.0.0.1:9", "127.0.0.1:8080", "", true, 403},
		"another machine": {"203.0.113.7:9", "gantry.example", "", false, 403},
		"with the token":  {"203.0.113.7:9", "gantry.example", "hush", true, 200},
		"a wrong token":   {"203.0.113.7:9", "gantry.example", "hus", false, 403},
		"an empty token":  {"203.0.113.7:9", "gantry.example", "", false, 403},
	} {
		q := httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody)
		q.RemoteAddr, q.Host = test.peer, test.host
		if test.bearer != "" {
			q.Header.Set("Authorization", "Bearer "+test.bearer)
		}
		w := httptest.NewRecorder()
		if newMetrics().handler("hush", test.proxy).ServeHTTP(w, q); w.Code != test.want {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

// TestCertificate: a renewed certificate is taken up, and a broken one is not.
func TestCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writePair(t, cert, key, 1)
	c, err := openCertificate(cert, key)
	faulttest.Must(t, err)
	serial := func() int64 {
		t.Helper()
		c.looked = time.Time{}
		pair, err := c.get(nil)
		faulttest.Must(t, err)
		return pair.Leaf.SerialNumber.Int64()
	}
	writePair(t, cert, key, 2)
	later(t, cert, 1)
	if got := serial(); got != 2 {
		t.Errorf("the certificate has number %d", got)
	}
	faulttest.Must(t, os.WriteFile(cert, []byte("half"), 0o600))
	later(t, cert, 2)
	if got := serial(); got != 2 {
		t.Errorf("the certificate has number %d", got)
	}
	_, err = openCertificate(cert, key)
	faulttest.Want(t, err, fault.NotChecked, cert)
}

// later gives a file a time of change of its own: two writes may fall into one tick of the clock.
func later(t *testing.T, name string, minutes int) {
	t.Helper()
	at := time.Now().Add(time.Duration(minutes) * time.Minute)
	faulttest.Must(t, os.Chtimes(name, at, at))
}

func writePair(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	faulttest.Must(t, err)
	about := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "gantry"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	faulttest.Must(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	faulttest.Must(t, err)
	faulttest.Must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	faulttest.Must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600))
}
