package halo

import (
	"net/url"
	"strings"
)

// Webhook types: deliveries of events, and runbooks, which are not simulated.
const (
	webhookStandard = 0
	webhookRunbook  = 1
)

// deliverByWebhook is the delivery_method of notifications that feed webhooks.
const deliverByWebhook = 6

func webhookResources() []*resource {
	return []*resource{webhookResource(), notificationResource(), webhookEventResource()}
}

func webhookResource() *resource {
	return &resource{
		name: "Webhook", schema: "Webhook", guidKey: true, writable: true, required: []string{"name", "url"}, sort: "name",
		search: []string{"name", "url"},
		defaults: record{
			"type": webhookStandard, "method": 0, "active": true, "disabled": false, "content_type": "application/json", "authentication_type": authNone,
			"payload_type": payloadSmall, "custom_payload": false, "batch_method": batchNone, "batch_delay_seconds": 0, "batch_limit": 0,
			"notify_on_failure": false, "mappings": []any{}, "last_status": 0, "note": "", "basic_username": "",
		},
		before: beforeWebhook, after: afterWebhook, afterGone: afterWebhookGone,
		derive: map[string]derived{"events": webhookNotifications},
	}
}

func notificationResource() *resource {
	return &resource{
		name: "Notification", schema: "UnameNotification", writable: true, required: []string{"eventno"}, sort: "id",
		defaults: record{"type": -2, "delivery_method": deliverByWebhook, "agent_id": 0, "filter_type": 0, "conditions": []any{}},
		filters:  map[string]filter{"webhook_id": is("webhook_id"), "agent_id": equals("agent_id"), "type": is("type"), "role_id": is("role_id")},
		before:   beforeNotification,
		derive: map[string]derived{
			"condition_count": func(_ *state, r record) any { return int64(len(r.list("conditions"))) },
		},
	}
}

func webhookEventResource() *resource {
	return &resource{
		name: "WebhookEvent", schema: "WebhookEvent", guidKey: true, writable: true, kept: true, sort: "-timestamp", pages: true,
		filters: map[string]filter{"webhook_id": is("webhook_id")},
		before:  beforeResend, after: func(c *change) { c.resend(c.next) },
	}
}

func webhookNotifications(st *state, hook record) any {
	list := []any{}
	for _, n := range st.table("Notification").rows {
		if n.text("webhook_id") == hook.text("id") {
			list = append(list, st.view(st.resource("Notification"), n, false, false))
		}
	}
	return list
}

// beforeWebhook refuses what could never be delivered, and keeps the secret where no answer shows it.
func beforeWebhook(c *change) *answer {
	w := c.next
	c.fit(c.res, w)
	if at, err := url.Parse(w.text("url")); err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" || at.User != nil {
		return refused(broken("The Payload URL must begin with http:// or https:// and name no user"))
	}
	for name, most := range map[string]int64{"type": webhookRunbook, "method": int64(len(webhookMethods)) - 1, "authentication_type": authCertificate,
		"payload_type": payloadCustom, "batch_method": batchAnyEvent} {
		if n := w.int(name); n < 0 || n > most {
			return refused(broken("The value " + textOf(n) + " of " + name + " is not valid"))
		}
	}
	if w.int("authentication_type") == authCertificate {
		return refused(broken("Certificates are not available"))
	}
	if c.element.flag("_test") && w.int("type") == webhookRunbook {
		return refused(broken("Integration Runbooks are not available"))
	}
	if c.sets("basic_password") {
		w["~password"] = w["basic_password"]
	}
	delete(w, "basic_password")
	if c.posted.bool("active") {
		w["disabled"], w["~failures"] = false, int64(0)
	}
	return nil
}

func afterWebhook(c *change) {
	if c.element.flag("_test") {
		c.tellOne(c.next, nil, happening{event: eventTest, agent: c.who.app.AgentID})
	}
}

// afterWebhookGone takes the webhook's events along; its deliveries stay in the log.
func afterWebhookGone(st *state, hook record) {
	for _, n := range st.where("Notification", func(n record) bool { return n.text("webhook_id") == hook.text("id") }) {
		st.remove(st.resource("Notification"), n)
	}
}

func beforeNotification(c *change) *answer {
	n := c.next
	c.fit(c.res, n)
	if id := n.text("webhook_id"); id != "" && c.table("Webhook").byKey[strings.ToLower(id)] == nil {
		return refused(broken("The Webhook with the ID " + clip(id) + " given as webhook_id does not exist."))
	}
	if n.int("delivery_method") == deliverByWebhook && n.text("webhook_id") == "" {
		return refused(broken("Please complete the mandatory fields: webhook_id."))
	}
	for _, v := range n.list("conditions") {
		if problem := criterionOf(v).problem(); problem != "" {
			return refused(broken(problem))
		}
	}
	if n.text("name") == "" {
		if e, known := eventNumbered(n.int("eventno")); known {
			n["name"] = e.phrase
		}
	}
	n.fill(record{"guid": c.newGUID()})
	return nil
}

// beforeResend lets a post name a delivery, which is made again, and nothing else.
func beforeResend(c *change) *answer {
	if c.creates() {
		return refused(broken("Deliveries are made by events"))
	}
	if c.table("Webhook").byKey[c.old.text("webhook_id")] == nil {
		return refused(broken("The Webhook of this delivery does not exist any more"))
	}
	c.next = c.old.clone()
	return nil
}
