package halo

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	keptDeliveries = 2000
	keptAnswer     = 64 << 10 // bytes of a destination's answer
)

// Statuses of a delivery.
const (
	deliverySucceeded = 1
	deliveryFailed    = 2
)

// outcome is how one attempt to deliver ended.
type outcome struct {
	at     time.Time
	took   time.Duration
	sent   http.Header
	body   []byte // as sent
	status int    // zero without an answer
	header http.Header
	answer []byte
	err    error
}

func (o outcome) failed() bool { return o.err != nil || o.status < 200 || o.status > 299 }

// sendWebhook makes the one attempt.
func (s *Server) sendWebhook(ctx context.Context, d delivery) outcome {
	o := outcome{at: s.options.Now(), body: d.content()}
	defer func() { o.took = s.options.Now().Sub(o.at) }()
	r, err := http.NewRequestWithContext(ctx, d.method, d.url, bytes.NewReader(o.body))
	if err != nil {
		o.err = err
		return o
	}
	r.Header = d.header.Clone()
	r.Header.Set("User-Agent", "Halo")
	if o.body != nil {
		r.Header.Set("Content-Type", d.kind)
	}
	o.sent = r.Header
	answer, err := s.outgoing.Do(r)
	if err != nil {
		o.err = err
		return o
	}
	defer answer.Body.Close()
	o.status, o.header = answer.StatusCode, answer.Header
	o.answer, o.err = io.ReadAll(io.LimitReader(answer.Body, keptAnswer))
	return o
}

// recordWebhook keeps the attempt with request and answer, and switches off a webhook that fails again and again.
func (s *Server) recordWebhook(d delivery, o outcome) {
	s.mu.Lock()
	if s.data != d.from { // of what was there before a reset
		s.mu.Unlock()
		return
	}
	logged := shownDelivery(s.data.logDelivery(d, o))
	s.mu.Unlock()
	if s.options.OnDelivery != nil {
		s.options.OnDelivery(logged)
	}
}

func (st *state) logDelivery(d delivery, o outcome) record {
	status, failed := int64(deliverySucceeded), o.failed()
	if failed {
		status = deliveryFailed
	}
	clean := d.redact
	answer := string(o.answer)
	if o.err != nil && answer == "" {
		answer = o.err.Error()
	}
	res := st.resource("WebhookEvent")
	logged := st.insert(res, record{
		"id": d.id, "webhook_id": d.webhook, "notification_id": d.notification, "timestamp": haloDate(st.now()), "status": status, "error": failed,
		"duration": o.took.Seconds(), "requestheaders": clean(headerText(o.sent)), "requestbody": clean(string(o.body)),
		"responsestatus": o.status, "responseheaders": clean(headerText(o.header)), "responsebody": clean(answer), "entity_id": d.ticket,
		"~event": d.event, "~url": d.url, "~method": d.method, "~together": len(d.payloads),
	})
	if t := st.table(res.name); len(t.rows) > keptDeliveries {
		st.remove(res, t.rows[0])
	}
	if hook := st.table("Webhook").byKey[d.webhook]; hook != nil {
		hook["last_status"] = int64(o.status)
		st.countFailure(hook, failed)
	}
	return logged
}

func (st *state) countFailure(hook record, failed bool) {
	if !failed {
		hook["~failures"] = int64(0)
		return
	}
	hook["~failures"] = hook.int("~failures") + 1
	if most := int64(st.settings.WebhookFailures); most > 0 && hook.int("~failures") >= most {
		hook["active"], hook["disabled"] = false, true
	}
}

// redact takes the webhook's secrets out of a text, also where the destination echoes them.
func (d delivery) redact(text string) string {
	for _, secret := range d.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, redacted)
		}
	}
	return text
}

// headerText writes headers a line each, in their order by name.
func headerText(h http.Header) string {
	var lines []string
	for name, values := range h {
		for _, v := range values {
			if name == "Set-Cookie" {
				v = redacted
			}
			lines = append(lines, name+": "+v)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\r\n")
}

// Settle sends the webhooks that wait for others to travel with and returns when none is under way any more,
// or with the context's error.
func (s *Server) Settle(ctx context.Context) error {
	s.mu.RLock()
	hooks := s.hooks
	s.mu.RUnlock()
	return hooks.settle(ctx)
}

func (s *Server) newHooks() *dispatcher {
	d := newDispatcher(s.life, s.options.After)
	d.send, d.record = s.sendWebhook, s.recordWebhook
	return d
}
