package engine_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/actions/wire"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
)

// TestCloseLetsWritesEnd: a write under way is not unknown afterwards, what would follow is left to the next
// process.
func TestCloseLetsWritesEnd(t *testing.T) {
	for name, stop := range map[string]func(*bench){
		"close": func(b *bench) { b.close() },
		"park": func(b *bench) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			b.engine.Park(ctx)
			b.close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			target := newTarget(t)
			texts := map[string]string{"w": `
tasks:
  write: {action: core.http_request, with: {method: POST, url: ` + target.URL + `/hold}, next: after}
  read: {action: core.http_request, with: {method: GET, url: ` + target.URL + `/hold/r}}
  after: {action: core.http_request, with: {method: POST, url: ` + target.URL + `/after}}
`}
			b := setupWith(t, texts, func(o *engine.Options) { o.Grace = time.Minute })
			id := b.start(engine.Request{Workflow: "w"})
			<-target.arrived
			<-target.arrived
			time.AfterFunc(20*time.Millisecond, target.let)
			stop(b)
			if n := target.count("POST /after"); n != 0 {
				t.Error("something new was begun")
			}
			b.open(texts)
			if _, problems := b.engine.Recover(context.Background()); len(problems) > 0 {
				t.Fatal(problems)
			}
			d := b.wait(id)
			b.expect(d, flow.Succeeded)
			if target.count("POST /hold") != 1 || target.count("POST /after") != 1 {
				t.Errorf("the writes were made %d and %d times", target.count("POST /hold"), target.count("POST /after"))
			}
		})
	}
}

// TestParkCutsOffWhenItsTimeIsUp: what has not ended by then is as after a crash.
func TestParkCutsOffWhenItsTimeIsUp(t *testing.T) {
	target := newTarget(t)
	b := setup(t, holding(target))
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	b.engine.Park(ctx)
	if _, err := b.engine.Start(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp}); fault.From(err).Code != fault.Interrupted {
		t.Errorf("a run was taken: %v", err)
	}
	if d := b.show(id); d.Status != flow.Running {
		t.Errorf("the run is kept as %s", d.Status)
	}
}

// TestAWriteThatWaitsForARateLimitIsNotUnknownAfterARestart: it never went out.
func TestAWriteThatWaitsForARateLimitIsNotUnknownAfterARestart(t *testing.T) {
	texts := map[string]string{"w": "tasks: {a: {action: halo.delete_asset, with: {asset_id: 1}}}\n"}
	b := setup(t, texts)
	b.close()
	refusing := true
	var mu sync.Mutex
	asked := make(chan struct{}, 10)
	b.http = wire.SenderFunc(func(_ context.Context, req *wire.Request) (*wire.Answer, error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case strings.Contains(req.URL.Path, "token"):
			return &wire.Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}`)}, nil
		case refusing:
			asked <- struct{}{}
			return &wire.Answer{Status: 429, Header: http.Header{"Retry-After": {"60"}}}, nil
		}
		return &wire.Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{}`)}, nil
	})
	b.open(texts)
	if _, err := b.orgs.AddInstance(context.Background(), b.msp.ID, "halo", "main", map[string]any{"resource_server": "https://halo.example", "client_id": "c", "tenant": "acme", "on_premise": false},
		map[string]string{"client_secret": "s3cret-enough"}, true); err != nil {
		t.Fatal(err)
	}
	waits := make(chan struct{}, 10)
	id := b.start(engine.Request{Workflow: "w", Watch: func(u engine.Update) {
		if len(u.Waiting) > 0 && u.Waiting[0].Attempts > 0 {
			waits <- struct{}{}
		}
	}})
	<-waits
	b.close()
	mu.Lock()
	refusing = false
	mu.Unlock()
	b.open(texts)
	if _, problems := b.engine.Recover(context.Background()); len(problems) > 0 {
		t.Fatal(problems)
	}
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if len(asked) != 1 {
		t.Errorf("it was refused %d times", len(asked))
	}
}

// TestAPanicBreaksOffOneRun: in what a run calls back, and in what is called for it.
func TestAPanicBreaksOffOneRun(t *testing.T) {
	var log syncBuffer
	b := setupWith(t, map[string]string{"w": "tasks: {a: {action: core.delay, with: {duration: 1ms}, next: b}, b: {action: core.noop}}\n"},
		func(o *engine.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	id := b.start(engine.Request{Workflow: "w", Watch: func(u engine.Update) {
		if len(u.Changed) > 0 && u.Changed[len(u.Changed)-1].Name == "b" {
			panic("a watcher that fails")
		}
	}})
	if _, err := b.engine.Wait(context.Background(), id); err == nil {
		t.Error("the run ended")
	}
	if err := b.engine.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); !strings.Contains(text, "run "+id) || !strings.Contains(text, "a watcher that fails") || !strings.Contains(text, "close_test.go") {
		t.Errorf("the log does not tell what came up where: %s", text)
	}
	b.engine.Submit(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp}, func(string, error) { panic("another") })
	b.expect(b.run(engine.Request{Workflow: "w"}), flow.Succeeded)
	if err := b.engine.Resume(context.Background(), engine.ResumeRequest{Run: id}); err != nil {
		t.Fatal(err)
	}
	b.expect(b.wait(id), flow.Succeeded) // nothing of it was lost
	b.close()
	b.options.Observe = func(engine.Update) { panic("an observer that fails") }
	b.open(map[string]string{"w": "tasks: {a: {action: core.delay, with: {duration: 1ms}, next: b}, b: {action: core.noop}}\n"})
	b.expect(b.run(engine.Request{Workflow: "w"}), flow.Succeeded)
}

// syncBuffer is a buffer that several may write to.
type syncBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// TestWhatCannotBeTakenUpHoldsUpNobody: it is reported and stays as it is.
func TestWhatCannotBeTakenUpHoldsUpNobody(t *testing.T) {
	target := newTarget(t)
	texts := holding(target)
	texts["sub"] = "tasks: {a: {action: core.noop}}\n"
	texts["v"] = "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold/v}, next: s}, s: {workflow: sub}}\n"
	b := setup(t, texts)
	var ids []string
	for n := range 6 {
		ids = append(ids, b.start(engine.Request{Workflow: "w", Inputs: inputs(n)}))
		<-target.arrived
	}
	lost := b.start(engine.Request{Workflow: "v"})
	<-target.arrived
	b.close()
	target.let()
	delete(texts, "v") // the project has lost both: the old version of v does not check without sub
	delete(texts, "sub")
	b.open(texts)
	resumed, problems := b.engine.Recover(context.Background())
	if len(resumed) != 6 || len(problems) != 1 || !strings.Contains(problems[0].Error(), lost) || fault.From(problems[0]).Code != fault.NotChecked {
		t.Fatal(resumed, problems)
	}
	for _, id := range ids {
		b.expect(b.wait(id), flow.Succeeded)
	}
	b.expect(b.show(lost), flow.Running)
}
