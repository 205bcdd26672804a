package webhook_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/webhook"
)

func TestSizes(t *testing.T) {
	b := setup(t, flow("verify: none\n    max_body: 1KiB"))
	fits := `"` + strings.Repeat("x", 1022) + `"`
	b.run(b.send(fits).wants(t, 202))
	b.send(fits+" ").wants(t, 413)
	// 100 MB that say their length are not read at all; 100 MB that do not are read to the bound
	for _, length := range []int64{100 << 20, -1} {
		r, err := http.NewRequest("POST", b.server.URL+b.path(), io.LimitReader(endless{}, 100<<20))
		faulttest.Must(t, err)
		r.ContentLength = length
		r.Header.Set("Content-Type", "application/json")
		got, err := b.server.Client().Do(r)
		if err != nil { // the server hung up while the rest was still being sent
			continue
		}
		got.Body.Close()
		if got.StatusCode != 413 {
			t.Errorf("%d", got.StatusCode)
		}
	}
	if len(b.runs()) != 1 || b.refused()["too_large"] == "" {
		t.Errorf("%d runs, %v", len(b.runs()), b.refused())
	}
	b.send("{}", "X-Large", strings.Repeat("x", 70<<10)).wants(t, 431)
	b.send("{}").wants(t, 202)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestASlowSenderIsLeft(t *testing.T) {
	b := setup(t, flow("verify: none"), func(b *bench) { b.limits = webhook.Limits{Read: 100 * time.Millisecond} })
	head := " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\""
	if got := b.slowly("POST " + b.path() + head); !strings.Contains(got, "408 Request Timeout") || b.refused()["slow"] == "" {
		t.Errorf("%s %v", got, b.refused())
	}
	if got := b.slowly("POST /hooks/nobody" + head); !strings.Contains(got, "404 Not Found") {
		t.Errorf("one who knows no address: %s", got)
	}
	if got := b.slowly("PUT " + b.path() + head); !strings.Contains(got, "405 Method Not Allowed") {
		t.Errorf("one who is refused: %s", got)
	}
	b.send("{}").wants(t, 202)
}

func TestOneAddressTakesOnlyItsShare(t *testing.T) {
	b := setup(t, flow("verify: none"), func(b *bench) { b.limits = webhook.Limits{Requests: 2} })
	first, second := b.holding(b.path()), b.holding(b.path())
	if a := b.send("{}").wants(t, 429); a.header.Get("Retry-After") != "1" {
		t.Error(a.header)
	}
	b.do("POST", b.pathOf(b.contoso), "{}").wants(t, 202)
	first()
	b.send("{}").wants(t, 202)
	second()
}

func TestAllBodiesTogetherAreBounded(t *testing.T) {
	b := setup(t, flow("verify: none"), func(b *bench) { b.limits = webhook.Limits{Bodies: 4000} })
	finish := b.holding(b.path()) // of unknown length: it counts as max_body
	b.do("POST", b.pathOf(b.contoso), "{}").wants(t, 503)
	finish()
	b.do("POST", b.pathOf(b.contoso), "{}").wants(t, 202)
}

func TestDuplicates(t *testing.T) {
	for _, c := range []struct {
		name, dedupe  string
		first, second []string // body, then headers
		duplicate     bool
	}{
		{"off", "dedupe: off", []string{"{}"}, []string{"{}"}, false},
		{"unless said", "", []string{"{}"}, []string{"{}"}, false},
		{"body", "dedupe: body", []string{"{}"}, []string{"{}"}, true},
		{"another body", "dedupe: body", []string{"{}"}, []string{"[]"}, false},
		{"header", "dedupe: {by: header, header: X-Id}", []string{"{}", "X-Id", "1"}, []string{"[]", "X-Id", "1"}, true},
		{"another header", "dedupe: {by: header, header: X-Id}", []string{"{}", "X-Id", "1"}, []string{"{}", "X-Id", "2"}, false},
		{"header missing", "dedupe: {by: header, header: X-Id}", []string{"{}"}, []string{"{}"}, true},
		{"field", "dedupe: {by: field, field: id}", []string{`{"id": 1, "a": 1}`}, []string{`{"id": 1, "a": 2}`}, true},
		{"another field", "dedupe: {by: field, field: id}", []string{`{"id": "1"}`}, []string{`{"id": "2"}`}, false},
		{"long header", "dedupe: {by: header, header: X-Id}", []string{"{}", "X-Id", strings.Repeat("a", 4000)}, []string{"[]", "X-Id", strings.Repeat("a", 4000)}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := setup(t, flow("verify: none\n    "+c.dedupe))
			first := b.send(c.first[0], c.first[1:]...).wants(t, 202)
			second := b.send(c.second[0], c.second[1:]...).wants(t, 202)
			b.run(first)
			b.run(second)
			runs := 2
			if c.duplicate {
				runs = 1
			}
			if (second.header.Get(duplicate) == "true") != c.duplicate || (second.event(t) == first.event(t)) != c.duplicate || len(b.runs()) != runs {
				t.Errorf("%s %v, %d runs", second.text, second.header, len(b.runs()))
			}
			b.do("POST", b.pathOf(b.contoso), c.first[0], c.first[1:]...).wants(t, 202)
			b.until(func() bool { return len(b.runs()) == runs+1 }) // another organisation's are its own
		})
	}
}

func TestADuplicateIsForgottenInTime(t *testing.T) {
	b := setup(t, flow("verify: none\n    dedupe: {by: body, within: 1h}"))
	b.send("{}").wants(t, 202)
	b.clock.set(b.clock.now().Add(59 * time.Minute))
	if b.send("{}").wants(t, 202).header.Get(duplicate) == "" {
		t.Error("forgotten too early")
	}
	b.clock.set(b.clock.now().Add(2 * time.Minute))
	if b.send("{}").wants(t, 202).header.Get(duplicate) != "" {
		t.Error("not forgotten")
	}
}

func TestAReplayedDelivery(t *testing.T) {
	b := setup(t, flow("verify: {secret_header: {header: X-Token, secret: hook_secret}}\n    dedupe: body"))
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	first := b.send(`{"n": 1}`, "X-Token", secret).wants(t, 202)
	for range 5 {
		if a := b.send(`{"n": 1}`, "X-Token", secret).wants(t, 202); a.event(t) != first.event(t) {
			t.Error("a replay became another event")
		}
	}
	b.run(first)
	if n := len(b.runs()); n != 1 {
		t.Errorf("%d runs", n)
	}
}

func TestABatchIsSplit(t *testing.T) {
	b := setup(t, flow("verify: none\n    split: true\n    include_raw_body: true\n    dedupe: {by: field, field: id}\n    when: raw != '' && body.id != 3"))
	a := b.send(`[{"id": 1}, {"id": 2}, {"id": 1}, {"id": 3}]`).wants(t, 202)
	events := a.data["events"].([]any)
	if len(events) != 4 || events[0] != events[2] || a.header.Get(duplicate) != "" {
		t.Fatalf("%s", a.text)
	}
	var got []any
	for _, id := range events[:2] {
		got = append(got, b.runOf(id.(string)).Inputs["body"].(map[string]any)["id"])
	}
	if diff := cmp.Diff([]any{int64(1), int64(2)}, got); diff != "" {
		t.Error(diff)
	}
	if d, err := b.events.Decided(ctx, events[3].(string)); err != nil || d.Status != triggers.Filtered {
		t.Errorf("%+v %v", d, err)
	}
	if b.send(`[{"id": 1}, {"id": 2}]`).wants(t, 202).header.Get(duplicate) != "true" {
		t.Error("a batch of duplicates is not marked")
	}
	b.run(b.send(`{"id": 7}`).wants(t, 202)) // one alone is no list
	b.send(`[]`).wants(t, 202)
	b.send("["+strings.Repeat("1,", 10_000)+"1]").wants(t, 413)
	if n := len(b.runs()); n != 3 {
		t.Errorf("%d runs", n)
	}
}

// before stands before the triggers, so that a test says what becomes of events.
type before struct {
	webhook.Events
	accept func() error
	room   func() (bool, time.Duration)

	decided func(ctx context.Context) (triggers.Decision, error)
}

func (e before) Decided(ctx context.Context, id string) (triggers.Decision, error) {
	if e.decided != nil {
		return e.decided(ctx)
	}
	return e.Events.Decided(ctx, id)
}

func (e before) Accept(ctx context.Context, events []triggers.Event, also func(*store.Tx) error) ([]triggers.Accepted, error) {
	if e.accept != nil {
		if err := e.accept(); err != nil {
			return nil, err
		}
	}
	return e.Events.Accept(ctx, events, also)
}

func (e before) Room(org string) (bool, time.Duration) {
	if e.room != nil {
		return e.room()
	}
	return e.Events.Room(org)
}

func TestAFullDiskSaysSoAndRecovers(t *testing.T) {
	full := true
	b := setup(t, flow("verify: none"), func(b *bench) {
		b.wrap = func(e webhook.Events) webhook.Events {
			return before{Events: e, accept: func() error {
				if full {
					return fault.New(fault.Storage, "The database could not be written: the disk is full.")
				}
				return nil
			}}
		}
	})
	a := b.send("{}").wants(t, 503)
	if a.header.Get("Retry-After") == "" || strings.Contains(a.text, "disk") {
		t.Errorf("%s %v", a.text, a.header)
	}
	full = false
	b.run(b.send("{}").wants(t, 202))
	if n := len(b.runs()); n != 1 {
		t.Errorf("%d runs", n)
	}
}

func TestNoRoomInTheQueue(t *testing.T) {
	ok := false
	b := setup(t, flow("verify: none"), func(b *bench) {
		b.wrap = func(e webhook.Events) webhook.Events {
			return before{Events: e, room: func() (bool, time.Duration) { return ok, 90 * time.Second }}
		}
	})
	if a := b.send("{}").wants(t, 429); a.header.Get("Retry-After") != "90" {
		t.Error(a.header)
	}
	ok = true
	b.send("{}").wants(t, 202)
	if b.refused()["full"] == "" || b.hooks.Counts().Busy != 1 {
		t.Errorf("%v %+v", b.refused(), b.hooks.Counts())
	}
}

func TestAFloodOfBadSignaturesKeepsOneRow(t *testing.T) {
	b := setup(t, flow("verify: {github: {secret: hook_secret}}"))
	before := b.store.Stats().Writes
	for i := range 300 {
		b.send(fmt.Sprintf(`{"n": %d}`, i), "X-Hub-Signature-256", "sha256=00").wants(t, 401)
	}
	if n := b.store.Stats().Writes - before; n > 1 {
		t.Errorf("%d writes", n)
	}
	list, err := b.hooks.Refusals(ctx, hookKey, b.northwind.ID)
	faulttest.Must(t, err)
	if len(list) != 1 || list[0].Count != 300 || b.hooks.Counts().Refused != 300 {
		t.Errorf("%+v", list)
	}
	facts, err := b.hooks.Of(ctx, hookKey, b.northwind.ID)
	faulttest.Must(t, err)
	if refused := facts["refused"].([]any); len(refused) != 1 || !strings.HasSuffix(facts["address"].(string), b.path()) {
		t.Errorf("%v", facts)
	}
}

func TestOldRefusalsAreForgotten(t *testing.T) {
	b := setup(t, flow("verify: none"))
	b.do("PUT", b.path(), "{}").wants(t, 405)
	if b.refused()["method"] == "" {
		t.Fatal("not counted")
	}
	b.clock.set(b.clock.now().Add(89 * 24 * time.Hour))
	b.again()
	if b.refused()["method"] == "" {
		t.Error("forgotten too early")
	}
	b.clock.set(b.clock.now().Add(2 * 24 * time.Hour))
	b.again()
	if len(b.refused()) != 0 {
		t.Errorf("%v", b.refused())
	}
}

// TestOneConnectionForAll: the time that an answer may take does not outlive it on the connection.
func TestOneConnectionForAll(t *testing.T) {
	b := setup(t, flow("verify: none\n    wait: 1m"), func(b *bench) { b.limits.Read = 50 * time.Millisecond })
	for range 3 {
		b.send("{}").wants(t, 200)
		<-time.After(60 * time.Millisecond) // longer than a sender may take for a body
	}
}
