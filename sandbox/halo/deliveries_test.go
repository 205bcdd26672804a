package halo

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestWebhooksThatStaySilent(t *testing.T) {
	te, l := start(t, Options{}), listen(t)
	te.hook(l.URL, `,"active":false`, 3)
	te.hook(l.URL, `,"type":1`, 3)
	gone := te.hook(l.URL, ``, 3)
	te.must(200, "DELETE", "/api/Webhook/"+gone, "")
	if got := te.get("/api/Notification?webhook_id=" + gone).array(t); len(got) != 0 {
		t.Errorf("%v", got)
	}
	te.post("/api/tickets", `[{"summary":"s","details":"d"}]`)
	te.settle()
	if got := l.take(); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestWebhookThatFailsIsSwitchedOff(t *testing.T) {
	told := make(chan Delivery, 10)
	te, l := start(t, Options{WebhookFailures: 2, OnDelivery: func(d Delivery) { told <- d }}), listen(t)
	l.answers(500)
	id := te.hook(l.URL, "", 3)
	send := func() int {
		te.post("/api/tickets", `[{"summary":"s","details":"d"}]`)
		te.settle()
		return len(l.take())
	}
	if sent := send() + send() + send(); sent != 2 {
		t.Errorf("sent %d times", sent)
	}
	if got := te.get("/api/Webhook/" + id).object(t); got["active"] != false || got["disabled"] != true {
		t.Errorf("%v", got)
	}
	l.answers(204)
	te.post("/api/Webhook", `[{"id":"`+id+`","active":true}]`)
	if sent := send(); sent != 1 {
		t.Errorf("sent %d times after it was switched on again", sent)
	}
	if first := <-told; len(told) != 2 || !first.Failed || first.Status != 500 || first.Event != "new ticket logged" || first.URL != l.URL {
		t.Errorf("told of %+v and %d more", first, len(told))
	}
}

func TestBatches(t *testing.T) {
	for _, c := range []struct {
		name, more string
		sizes      []int // of what arrives, for two new tickets and one that is updated
	}{
		{"same event", `,"batch_method":1,"batch_delay_seconds":60`, []int{2, 1}},
		{"same type", `,"batch_method":2,"batch_delay_seconds":60`, []int{2, 1}},
		{"any", `,"batch_method":3,"batch_delay_seconds":60`, []int{3}},
		{"limit", `,"batch_method":3,"batch_delay_seconds":60,"batch_limit":2`, []int{2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			never := make(chan time.Time)
			te, l := start(t, Options{After: func(time.Duration) <-chan time.Time { return never }}), listen(t)
			te.hook(l.URL, c.more, 3, 9001)
			te.post("/api/tickets", `[{"summary":"a","details":"d"}]`)
			te.post("/api/tickets", `[{"summary":"b","details":"d"}]`)
			te.post("/api/tickets", `[{"id":2041,"summary":"c"}]`)
			te.settle()
			var sizes []int
			for _, r := range l.take() {
				var list []map[string]any
				decode(t, r.body, &list)
				sizes = append(sizes, len(list))
			}
			slices.SortFunc(sizes, func(a, b int) int { return b - a })
			if len(sizes) != len(c.sizes) || sizes[0] != c.sizes[0] || sizes[len(sizes)-1] != c.sizes[len(sizes)-1] {
				t.Errorf("%v, want %v", sizes, c.sizes)
			}
		})
	}
}

func TestBatchesLeaveWhenTheirTimeHasCome(t *testing.T) {
	alarm := make(chan time.Time)
	var asked time.Duration
	te, l := start(t, Options{After: func(d time.Duration) <-chan time.Time { asked = d; return alarm }}), listen(t)
	l.hold = make(chan struct{})
	te.hook(l.URL, `,"batch_method":3,"batch_delay_seconds":60`, 3)
	te.post("/api/tickets", `[{"summary":"a","details":"d"}]`)
	if asked != time.Minute || len(l.take()) != 0 {
		t.Errorf("waits %s", asked)
	}
	alarm <- time.Time{}
	close(l.hold)
	te.settle()
	if got := l.take(); len(got) != 1 || !strings.HasPrefix(got[0].body, "[{") {
		t.Errorf("%v", got)
	}
}

func TestDeliveriesDoNotHoldUpTheAPI(t *testing.T) {
	te, slow, quick := start(t, Options{}), listen(t), listen(t)
	slow.hold = make(chan struct{})
	te.hook(slow.URL, "", 3)
	te.hook(quick.URL, "", 3)
	for range 3 {
		te.post("/api/tickets", `[{"summary":"s","details":"d"}]`)
	}
	if n := te.halo.hooks.count(); n < 3 {
		t.Errorf("%d deliveries wait", n)
	}
	close(slow.hold)
	te.settle()
	if a, b := len(slow.take()), len(quick.take()); a != 3 || b != 3 {
		t.Errorf("%d and %d", a, b)
	}
}

// TestEveryEventIsDeliveredOnce: many at once, none lost, none twice, those of a webhook in their order.
func TestEveryEventIsDeliveredOnce(t *testing.T) {
	te, l := start(t, Options{}), listen(t)
	te.hook(l.URL, "", 3)
	te.hook(l.URL, `,"batch_method":3,"batch_delay_seconds":3600,"batch_limit":7`, 3)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				if r, err := te.do("POST", "/api/tickets", `[{"summary":"s","details":"d"},{"summary":"t","details":"d"}]`); err != nil || r.status != 201 {
					t.Error(r.status, err)
				}
			}
		})
	}
	all.Wait()
	te.settle()
	single, batched, last := map[string]int{}, map[string]int{}, 0
	for _, r := range l.take() {
		if strings.HasPrefix(r.body, "[") {
			var list []map[string]any
			decode(t, r.body, &list)
			for _, p := range list {
				batched[str(p["object_id"])]++
			}
			continue
		}
		p := payloads(t, []received{r})[0]
		single[str(p["object_id"])]++
		number, _ := strconv.Atoi(str(p["object_id"]))
		if number <= last {
			t.Errorf("%d came after %d", number, last)
		}
		last = number
	}
	for _, told := range []map[string]int{single, batched} {
		if len(told) != 160 {
			t.Errorf("told of %d tickets", len(told))
		}
		for id, times := range told {
			if times != 1 {
				t.Errorf("told %d times of %s", times, id)
			}
		}
	}
}

func TestCloseAndResetCutDeliveriesOff(t *testing.T) {
	te, l := start(t, Options{}), listen(t)
	l.hold = make(chan struct{})
	te.hook(l.URL, "", 3)
	te.post("/api/tickets", `[{"summary":"s","details":"d"}]`)
	te.halo.Reset()
	te.token = te.login("all")
	if got := te.get("/api/WebhookEvent").array(t); len(got) != 0 {
		t.Errorf("%v", got)
	}
	te.hook(l.URL, "", 3)
	te.post("/api/tickets", `[{"summary":"s","details":"d"}]`)
	_ = te.halo.Close() // goleak sees what would stay
	te.settle()
}

func TestWhereWebhooksMayGo(t *testing.T) {
	te := start(t, Options{})
	for _, url := range []string{"http://192.0.2.1:9/", "http://169.254.169.254/latest", "http://[2001:db8::1]/", "http://10.0.0.1/"} {
		id := te.hook(url, "")
		te.post("/api/Webhook", `[{"id":"`+id+`","_test":true}]`)
		te.settle()
		log := te.get("/api/WebhookEvent?webhook_id=" + id).array(t)
		if len(log) != 1 || !strings.Contains(str(log[0]["responsebody"]), "may not go to") {
			t.Errorf("%s: %v", url, log)
		}
	}
	for _, url := range []string{"ftp://127.0.0.1/", "nonsense", "http://", "http://user:pass@127.0.0.1/"} {
		te.refusal("/api/Webhook", `[{"name":"x","url":"`+url+`"}]`)
	}
}

func TestWebhooksThatCannotBe(t *testing.T) {
	te := start(t, Options{})
	for _, more := range []string{`"method":5`, `"type":2`, `"authentication_type":4`, `"payload_type":-1`, `"batch_method":9`, `"type":1,"_test":true`} {
		te.refusal("/api/Webhook", `[{"name":"x","url":"http://127.0.0.1/",`+more+`}]`)
	}
	te.refusal("/api/Webhook", `[{"name":"x"}]`)
	te.refusal("/api/Notification", `[{"eventno":3}]`)
	te.refusal("/api/Notification", `[{"eventno":3,"webhook_id":"00000000-0000-0000-0000-000000000001"}]`)
	te.must(403, "POST", "/api/Webhook", `[{"name":"x","url":"http://127.0.0.1/"}]`, "Authorization", "Bearer "+te.login("all:standard"))
}
