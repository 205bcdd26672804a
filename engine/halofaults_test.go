package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gantry/actions/wire"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/sandbox/halo"
)

// direct carries requests to the simulated Halo without a network, so that time in a test is a value.
func direct(server *halo.Server) wire.Sender {
	return wire.SenderFunc(func(ctx context.Context, req *wire.Request) (answer *wire.Answer, err error) {
		defer func() {
			if broken := recover(); broken != nil {
				err = cutOff(ctx, broken)
			}
		}()
		in := httptest.NewRequestWithContext(ctx, req.Method, req.URL.String(), bytes.NewReader(req.Body))
		in.Header = req.Header.Clone()
		out := httptest.NewRecorder()
		server.ServeHTTP(out, in)
		return &wire.Answer{Status: out.Code, Header: out.Header(), Body: out.Body.Bytes()}, nil
	})
}

// cutOff is what a caller sees of a connection that the simulated Halo broke off.
func cutOff(ctx context.Context, broken any) *wire.Failure {
	switch {
	case broken != http.ErrAbortHandler:
		panic(broken)
	case ctx.Err() != nil:
		return &wire.Failure{Fault: fault.Wrap(ctx.Err(), fault.Cancelled, "cut off"), Sent: true}
	}
	e := fault.New(fault.Network, "the connection broke")
	e.Passing = true
	return &wire.Failure{Fault: e, Sent: true}
}

// withHalo is a bench whose MSP works with a simulated Halo that takes part in the bench's time.
func withHalo(t *testing.T, o halo.Options, config map[string]any, texts map[string]string) (*bench, *halo.Server) {
	t.Helper()
	server := halo.New(o)
	t.Cleanup(func() { server.Close() })
	b := &bench{t: t, dir: t.TempDir(), http: direct(server), now: o.Now}
	b.open(texts)
	ctx := context.Background()
	var err error
	if b.msp, err = b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"}); err != nil {
		t.Fatal(err)
	}
	all := map[string]any{"resource_server": "https://acme.halopsa.com", "tenant": halo.DefaultTenant, "client_id": halo.DefaultClientID}
	for name, v := range config {
		all[name] = v
	}
	if _, err = b.orgs.AddInstance(ctx, b.msp.ID, "halo", "Halo", all, map[string]string{"client_secret": halo.DefaultClientSecret}, true); err != nil {
		t.Fatal(err)
	}
	return b, server
}

// updates remembers what a watcher is told of waits.
type updates struct {
	mu    sync.Mutex
	waits []engine.Waiting
}

func (u *updates) watch(up engine.Update) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.waits = append(u.waits, up.Waiting...)
}

// told gives the longest wait that was told of, and whether the last word was that nobody waits any more.
func (u *updates) told() (most engine.Waiting, over bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, w := range u.waits {
		if w.Attempts > most.Attempts {
			most = w
		}
	}
	return most, len(u.waits) > 0 && u.waits[len(u.waits)-1].Attempts == 0
}

func waited(d *history.Detail) (all time.Duration, refused int) {
	for _, t := range d.Tasks {
		for _, r := range t.Requests {
			all += time.Duration(r.Waited) * time.Microsecond
			if r.Status == 429 {
				refused++
			}
		}
	}
	return all, refused
}

// 800 requests where Halo takes 700 in five minutes: nothing fails, nothing is even refused, and people see
// what the run waits for.
func TestHaloRateLimitIsKeptAndTheWaitIsVisible(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, server := withHalo(t, halo.Options{}, nil, map[string]string{"many": `
tasks:
  ask:
    for_each: {items: "${{ lists.range(800) }}", as: n, concurrency: 16}
    action: halo.get_current_agent
`})
		defer b.close()
		begun, seen := time.Now(), &updates{}
		d := b.run(engine.Request{Workflow: "many", Watch: seen.watch})
		took := time.Since(begun)
		b.expect(d, flow.Succeeded)
		total, refused := waited(d)
		if took < 4*time.Minute || took > 10*time.Minute {
			t.Errorf("took %s", took)
		}
		for _, r := range server.Requests() {
			if r.Status == 429 {
				t.Fatalf("Halo had to refuse: %+v", r)
			}
		}
		if refused > 0 || total < took {
			t.Errorf("%d refused, the requests say that they waited %s in all, the run took %s", refused, total, took)
		}
		most, over := seen.told()
		if most.System != "HaloPSA" || most.Attempts < 10 || !most.Until.After(begun) || !over {
			t.Errorf("the watcher was told %+v, over %v", most, over)
		}

	})
}

// Others share the application: Halo refuses, says for how long, and is asked again then.
func TestHaloRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := withHalo(t, halo.Options{Faults: []halo.Fault{{Path: "/api/*", Kind: halo.FaultThrottled, RetryAfter: 90}}}, nil,
			map[string]string{"one": "tasks: {ask: {action: halo.list_statuses}}\n"})
		defer b.close()
		begun, seen := time.Now(), &updates{}
		d := b.run(engine.Request{Workflow: "one", Watch: seen.watch})
		b.expect(d, flow.Succeeded)
		total, refused := waited(d)
		most, over := seen.told()
		if took := time.Since(begun); took < 90*time.Second || took > 2*time.Minute || total < 90*time.Second || refused != 1 {
			t.Errorf("took %s, waited %s, refused %d times", took, total, refused)
		}
		if most.Attempts != 1 || most.System != "HaloPSA" || most.Until.Sub(begun) < 89*time.Second || !over {
			t.Errorf("the watcher was told %+v, over %v", most, over)
		}
		if taskOf(d, "ask").Attempts != 1 {
			t.Errorf("it took %d attempts", taskOf(d, "ask").Attempts)
		}

	})
}

// What an admin reads when a run meets a Halo that refuses it.
func TestHaloFaultsInARun(t *testing.T) {
	const ticket = `
tasks:
  make: {action: halo.create_ticket, with: {summary: Broken, client_id: 12, tickettype_id: 1%s}}
`
	for _, c := range []struct {
		name        string
		options     halo.Options
		config      map[string]any
		workflow    string
		code        fault.Code
		words, hint []string
	}{
		{"tenant typed wrong", halo.Options{}, map[string]any{"tenant": "acme-msq"}, "tasks: {ask: {action: halo.list_agents}}\n", fault.LoginFailed,
			[]string{"cannot sign in to HaloPSA", "does not know the tenant"}, []string{"API Details"}},
		{"a field that has become mandatory", halo.Options{Mandatory: []halo.Mandatory{{Fields: []string{"category_1", "CFserial"}}}}, nil, fmt.Sprintf(ticket, ""), fault.BadRequest,
			[]string{"category", "erial"}, []string{"customfields: [{name:", "skip_validation: true", "_novalidate"}},
		{"one number in place of a list", halo.Options{Faults: []halo.Fault{{Path: "/api/status", Kind: halo.FaultStatus, Status: 200, Body: "18.5", Header: map[string]string{"Content-Type": "application/json"}}}}, nil,
			"tasks: {ask: {action: halo.list_statuses}}\n", fault.InvalidResult, []string{"expected list of halo.Status"}, []string{"leads to the API"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, _ := withHalo(t, c.options, c.config, map[string]string{"w": c.workflow})
			d := b.run(engine.Request{Workflow: "w"})
			b.expect(d, flow.Failed)
			e := d.Tasks[0].Error
			if e.Code != c.code {
				t.Errorf("code %s", e.Code)
			}
			for _, word := range c.words {
				if !strings.Contains(e.Message, word) {
					t.Errorf("%q does not say %q", e.Message, word)
				}
			}
			for _, word := range c.hint {
				if !strings.Contains(e.Hint, word) {
					t.Errorf("the hint %q does not say %q", e.Hint, word)
				}
			}
		})
	}
	for name, more := range map[string]string{
		"the fields are passed": `, details: It does not start, category_1: Hardware, customfields: [{name: CFserial, value: "1"}]`, "validation is skipped": ", skip_validation: true",
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := withHalo(t, halo.Options{Mandatory: []halo.Mandatory{{Fields: []string{"category_1", "CFserial"}}}}, nil, map[string]string{"w": fmt.Sprintf(ticket, more)})
			b.expect(b.run(engine.Request{Workflow: "w"}), flow.Succeeded)
		})
	}
}

// A secret that expires between two tasks: what is signed in goes on until its token ends, then the error
// says what to do; with a new secret the same instance works again at once.
func TestHaloSecretExpires(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	ahead := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	apps := []halo.Application{{Name: "old", ClientID: "app", ClientSecret: halo.DefaultClientSecret, SecretExpires: now.Add(30 * time.Minute)}}
	b, server := withHalo(t, halo.Options{Now: clock, Applications: apps}, map[string]any{"client_id": "app"},
		map[string]string{"w": "tasks: {a: {action: halo.list_agents, next: b}, b: {action: halo.list_teams}}\n"})
	b.expect(b.run(engine.Request{Workflow: "w"}), flow.Succeeded)
	ahead(45 * time.Minute)
	b.expect(b.run(engine.Request{Workflow: "w"}), flow.Succeeded) // with the token that it has
	ahead(45 * time.Minute)
	d := b.run(engine.Request{Workflow: "w"})
	b.expect(d, flow.Failed)
	if e := d.Tasks[0].Error; e.Code != fault.LoginFailed || !strings.Contains(e.Message, "client id and secret") || !strings.Contains(e.Hint, "gantry integrations rotate halo") {
		t.Errorf("%+v", e)
	}
	renewed := httptest.NewRequest("POST", "http://127.0.0.1/_sandbox/applications", strings.NewReader(`{"client_id": "app", "client_secret": "a-new-secret", "secret_expires": "2030-01-01T00:00:00Z"}`))
	renewed.RemoteAddr = "127.0.0.1:1234"
	answer := httptest.NewRecorder()
	if server.ServeHTTP(answer, renewed); answer.Code >= 300 {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	in, err := b.orgs.Instance(context.Background(), b.msp.ID, "halo", "Halo")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.orgs.UpdateInstance(context.Background(), b.msp.ID, "halo", "Halo", in.Config, map[string]string{"client_secret": "a-new-secret"}); err != nil {
		t.Fatal(err)
	}
	b.expect(b.run(engine.Request{Workflow: "w"}), flow.Succeeded)
}

// A token that is revoked in mid-run costs one sign-in; where that does not help, one is tried and the error
// is clear.
func TestHaloTokenRevokedInMidRun(t *testing.T) {
	texts := map[string]string{"w": "tasks: {a: {action: halo.list_agents, next: b}, b: {action: halo.list_teams, next: c}, c: {action: halo.list_statuses}}\n"}
	b, server := withHalo(t, halo.Options{}, nil, texts)
	revoke := sync.OnceFunc(server.RevokeTokens)
	d := b.run(engine.Request{Workflow: "w", Watch: func(u engine.Update) {
		for _, s := range u.Changed {
			if s.Name == "a" && s.Status == flow.Succeeded {
				revoke()
			}
		}
	}})
	b.expect(d, flow.Succeeded)
	// Whoever watches is told beside the run, so b's request may be on its way already.
	if got := requestsMade(d); got != "a: token 200, agent 200; b: team 401, token 200, team 200; c: status 200" &&
		got != "a: token 200, agent 200; b: team 200; c: status 401, token 200, status 200" {
		t.Errorf("requests: %s", got)
	}

	b, _ = withHalo(t, halo.Options{Faults: []halo.Fault{{Path: "/api/team", Kind: halo.FaultUnauthorised, Times: -1}}}, nil, texts)
	d = b.run(engine.Request{Workflow: "w"})
	b.expect(d, flow.Failed)
	if got := requestsMade(d); got != "a: token 200, agent 200; b: team 401, token 200, team 401" {
		t.Errorf("requests: %s", got)
	}
	if e := taskOf(d, "b").Error; e.Code != fault.Unauthorised || !strings.Contains(e.Message, "does not accept the sign-in (401)") || !strings.Contains(e.Hint, "agent locked") {
		t.Errorf("%+v", e)
	}
}

// requestsMade tells each task's requests by the last word of their path, and the answers.
func requestsMade(d *history.Detail) string {
	var tasks []string
	for _, t := range d.Tasks {
		var made []string
		for _, r := range t.Requests {
			address, _, _ := strings.Cut(r.URL, "?")
			made = append(made, fmt.Sprintf("%s %d", strings.ToLower(address[strings.LastIndex(address, "/")+1:]), r.Status))
		}
		tasks = append(tasks, t.Name+": "+strings.Join(made, ", "))
	}
	return strings.Join(tasks, "; ")
}

// Halo sends nulls anywhere, doubles where it documents integers, and fields that nobody knows.
func TestHaloOddEntities(t *testing.T) {
	body := `{"id": 2001.0, "summary": null, "client_id": 12.0, "site_id": 18.0, "user_id": null, "priority_id": 3.0, "dateoccurred": null,
		"customfields": null, "attachments": null, "team": null, "newest_field": {"deep": [1.0, null, "x"]}, "another": [null]}`
	b, _ := withHalo(t, halo.Options{Faults: []halo.Fault{{Path: "/api/tickets/2001", Kind: halo.FaultStatus, Status: 200, Body: body, Header: map[string]string{"Content-Type": "application/json"}}}}, nil,
		map[string]string{"w": `
tasks:
  get:
    action: halo.get_ticket
    with: {ticket_id: 2001}
    next: [{publish: {next_client: "${{ result.client_id + 1 }}", named: "${{ coalesce(result.summary, 'no summary') }}", newest: "${{ result.?newest_field.orValue(null) }}", team: "${{ coalesce(result.team, 'none') }}"}, do: noop}]
outputs: {next_client: "${{ ctx.next_client }}", named: "${{ ctx.named }}", newest: "${{ ctx.newest }}", team: "${{ ctx.team }}"}
`})
	d := b.run(engine.Request{Workflow: "w"})
	b.expect(d, flow.Succeeded)
	if d.Outputs["next_client"] != int64(13) || d.Outputs["named"] != "no summary" || d.Outputs["team"] != "none" || fmt.Sprint(d.Outputs["newest"]) != "map[deep:[1 <nil> x]]" {
		t.Errorf("outputs %#v", d.Outputs)
	}
}
