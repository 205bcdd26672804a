package halo

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Payload types of webhooks.
const (
	payloadSmall  = 0 // the ticket's main fields
	payloadFull   = 1 // the whole ticket, and the action where one is concerned
	payloadEvent  = 2 // what happened to which ticket, and no more
	payloadCustom = 3 // the fields that the webhook's mappings name
)

// Authentication types of webhooks. The user or the name of the header stands in basic_username, the secret in
// basic_password.
const (
	authNone        = 0
	authBasic       = 1
	authBearer      = 2
	authAPIKey      = 3
	authCertificate = 4
)

// Batch methods of webhooks: which events travel together.
const (
	batchNone      = 0
	batchSameEvent = 1 // of one notification
	batchSameType  = 2 // of one event number
	batchAnyEvent  = 3
)

var webhookMethods = []string{http.MethodPost, http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodPatch}

var smallFields = []string{"id", "summary", "status_id", "status_name", "tickettype_id", "priority_id", "client_id", "client_name", "site_id",
	"site_name", "user_id", "user_name", "team", "team_id", "agent_id", "dateoccurred", "last_update", "hasbeenclosed"}

// deliveryOf makes what a webhook will be sent about a happening.
func (st *state) deliveryOf(hook, notification record, h happening) delivery {
	number := h.ticket.int("id")
	id := st.newGUID()
	payload := object{
		{"id", id}, {"webhook_id", hook["id"]}, {"notification_id", notification.int("id")}, {"escmsg_id", h.group},
		{"event", h.phrase}, {"message", h.said(number)}, {"object_id", number}, {"agent_id", h.agent}, {"timestamp", haloDate(st.now())},
	}
	kind := hook.int("payload_type")
	if hook.bool("custom_payload") {
		kind = payloadCustom
	}
	payload = append(payload, st.about(kind, h)...)
	if kind == payloadCustom {
		payload = mapped(hook, payload)
	}
	d := delivery{
		from: st, id: id, webhook: hook.text("id"), notification: notification.int("id"), ticket: number, event: h.phrase,
		method: webhookMethods[hook.int("method")], url: hook.text("url"), kind: firstOf(hook.text("content_type"), "application/json"),
		payloads: []any{payload}, header: http.Header{},
	}
	d.authorise(hook)
	d.batch(hook, h)
	return d
}

// about shows ticket and action as far as the payload type says.
func (st *state) about(kind int64, h happening) object {
	if kind == payloadEvent || h.ticket == nil {
		return nil
	}
	ticket := st.view(st.resource("Tickets"), h.ticket, true, false)
	if kind == payloadSmall {
		ticket = slices.DeleteFunc(ticket, func(m member) bool { return !slices.Contains(smallFields, m.name) })
	}
	o := object{{"ticket", ticket}}
	if h.action != nil {
		o = append(o, member{"action", st.view(st.resource("Actions"), h.action, true, false)})
	}
	return o
}

// mapped makes a custom payload: each mapping gives a field its name and a value, which is the dotted name of
// a field of the full payload, such as ticket.summary, or else a text.
func mapped(hook record, full object) object {
	out := object{}
	for _, v := range hook.list("mappings") {
		m, _ := v.(map[string]any)
		name := firstOf(textOf(m["key"]), textOf(m["name"]))
		if name == "" {
			continue
		}
		value := any(textOf(m["value"]))
		if found, ok := full.at(strings.Split(textOf(m["value"]), ".")); ok {
			value = found
		}
		out = append(out, member{name, value})
	}
	return out
}

// at follows names into nested objects.
func (o object) at(names []string) (any, bool) {
	for _, m := range o {
		if !strings.EqualFold(m.name, names[0]) {
			continue
		}
		if len(names) == 1 {
			return m.value, true
		}
		inner, _ := m.value.(object)
		return inner.at(names[1:])
	}
	return nil, false
}

// authorise adds the webhook's credentials and remembers what must not be shown.
func (d *delivery) authorise(hook record) {
	user, secret := hook.text("basic_username"), hook.text("~password")
	switch hook.int("authentication_type") {
	case authBasic:
		text := base64.StdEncoding.EncodeToString([]byte(user + ":" + secret))
		d.header.Set("Authorization", "Basic "+text)
		d.secrets = []string{text, secret}
	case authBearer:
		d.header.Set("Authorization", "Bearer "+secret)
		d.secrets = []string{secret}
	case authAPIKey:
		d.header.Set(firstOf(hook.text("authentication_header"), user, "X-API-Key"), secret)
		d.secrets = []string{secret}
	}
}

// batch says with which others a delivery may travel.
func (d *delivery) batch(hook record, h happening) {
	d.delay = time.Duration(hook.int("batch_delay_seconds")) * time.Second
	d.limit = int(hook.int("batch_limit"))
	switch hook.int("batch_method") {
	case batchSameEvent:
		d.with = "notification " + textOf(d.notification)
	case batchSameType:
		d.with = "event " + textOf(h.number)
	case batchAnyEvent:
		d.with = "any"
	}
}

// resend queues a delivery of the log again, as it was.
func (st *state) resend(logged record) {
	hook := st.table("Webhook").byKey[logged.text("webhook_id")]
	d := delivery{
		from: st, id: st.newGUID(), webhook: hook.text("id"), notification: logged.int("notification_id"), ticket: logged.int("entity_id"),
		event: logged.text("~event"), method: webhookMethods[hook.int("method")], url: hook.text("url"),
		kind: firstOf(hook.text("content_type"), "application/json"), body: []byte(logged.text("requestbody")), header: http.Header{},
	}
	d.authorise(hook)
	st.due = append(st.due, d)
}

// content is the body: the payload, an array of payloads where they are batched, a form where the content type says so.
func (d *delivery) content() []byte {
	switch {
	case d.method == http.MethodGet:
		return nil
	case d.body != nil:
		return d.body
	case strings.HasPrefix(d.kind, "application/x-www-form-urlencoded") && d.with == "":
		return []byte(formOf(d.payloads[0]))
	case d.with == "":
		return encode(d.payloads[0])
	}
	return encode(d.payloads)
}

// formOf writes a payload as form fields; what is nested goes as JSON.
func formOf(payload any) string {
	o, _ := payload.(object)
	form := url.Values{}
	for _, m := range o {
		text := textOf(m.value)
		switch m.value.(type) {
		case nil, string, int64, double, bool:
		default:
			text = string(encode(m.value))
		}
		form.Set(m.name, text)
	}
	return form.Encode()
}
