package webhook_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/webhook"
)

// TestThoseWhoWaitHoldLittle: what a body is made into is many times its size, and not kept while the answer
// waits. The response still sees it.
func TestThoseWhoWaitHoldLittle(t *testing.T) {
	const senders = 8
	waiting, release := make(chan struct{}, senders), make(chan struct{})
	b := setup(t, map[string]string{"w": `triggers:
  - {name: hook, type: webhook, run_for: {all_managed: true}, verify: none, when: "false", response: {body: "${{ string(body.size()) + string(run.id) }}"}}
tasks: {a: {action: core.noop}}
`}, func(b *bench) {
		b.wrap = func(e webhook.Events) webhook.Events {
			return before{Events: e, decided: func(context.Context) (triggers.Decision, error) {
				waiting <- struct{}{}
				<-release
				return triggers.Decision{Status: triggers.Started, Run: "r"}, nil
			}}
		}
	})
	const entry = `{"a":1},`
	const n = 400_000 / len(entry)
	body := "[" + strings.Repeat(entry, n) + "0]"
	answers := make(chan string, senders)
	var first, memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&first)
	for range senders {
		go func() {
			got, err := http.Post(b.server.URL+b.path(), "application/json", strings.NewReader(body))
			if err != nil {
				answers <- err.Error()
				return
			}
			defer got.Body.Close()
			text, _ := io.ReadAll(got.Body)
			answers <- string(text)
		}()
	}
	for range senders {
		<-waiting
	}
	total, _ := b.events.Waiting(b.northwind.ID)
	for ; total > 0; total, _ = b.events.Waiting(b.northwind.ID) {
		runtime.Gosched() // until all are decided, and only those who wait for the answer are left
	}
	runtime.GC()
	runtime.ReadMemStats(&memory)
	if held := int64(memory.HeapAlloc) - int64(first.HeapAlloc); held > senders*4<<20 {
		t.Errorf("%d requests of 400 kB hold %d MB", senders, held>>20)
	}
	close(release)
	for range senders {
		if text := <-answers; text != "50001r" {
			t.Fatal(text)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// TestAStatusThatIsNotKept: the sender is told so, and not to ask again.
func TestAStatusThatIsNotKept(t *testing.T) {
	b := setup(t, flow("verify: none\n    wait: 1ms"), func(b *bench) {
		b.wrap = func(e webhook.Events) webhook.Events {
			return before{Events: e, decided: func(ctx context.Context) (triggers.Decision, error) {
				return triggers.Decision{Status: triggers.Pending}, fault.New(fault.Cancelled, "not yet")
			}}
		}
	})
	a := b.send("{}").wants(t, 202)
	b.run(a)
	path := strings.TrimPrefix(a.data["status_url"].(string), "https://gantry.example.com")
	faulttest.Must(t, b.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM trigger_events")
		return err
	}))
	b.wrap = nil
	b.again()
	b.do("GET", path, "").wants(t, 404)
}

// TestRoomIsAskedOnceMore: much may come while a body does.
func TestRoomIsAskedOnceMore(t *testing.T) {
	asked := 0
	b := setup(t, flow("verify: none"), func(b *bench) {
		b.wrap = func(e webhook.Events) webhook.Events {
			return before{Events: e, room: func() (bool, time.Duration) { asked++; return asked == 1, time.Minute }}
		}
	})
	if a := b.send("{}").wants(t, 429); a.header.Get("Retry-After") != "60" {
		t.Error(a.header)
	}
}

// TestBasicIsAskedFor: some senders say who they are only when they are asked.
func TestBasicIsAskedFor(t *testing.T) {
	b := setup(t, flow("verify: {basic: {user: halo, secret: hook_secret}}"))
	if a := b.send("{}").wants(t, 401); !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Basic ") {
		t.Error(a.header)
	}
	b = setup(t, flow("verify: {github: {secret: hook_secret}}"))
	if a := b.send("{}").wants(t, 401); a.header.Get("WWW-Authenticate") != "" {
		t.Error(a.header)
	}
}
