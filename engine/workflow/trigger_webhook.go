package workflow

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// Bounds of a webhook's settings.
const (
	MaxWebhookBody = 16 << 20
	MaxWebhookWait = 5 * time.Minute
	maxDedupe      = 30 * 24 * time.Hour
)

const verifyHint = "write verify: {secret_header: {header: X-Token, secret: NAME}}, basic, hmac or a sender's name such as github; or verify: none to accept everybody who knows the address"

func webhookTrigger() *triggerType {
	return &triggerType{
		Name: "webhook",
		Doc:  "Starts a run when a request comes to the trigger's own address.",
		Settings: []schema.Field{
			setting("preset", "What an integration knows of a webhook that its system sends, such as halo.new_ticket: body_type, verify, split, dedupe, and a condition that holds beside when.", schema.String()),
			withDefault(setting("methods", "The HTTP methods that are accepted.", schema.ListOf(oneOf("GET", "POST", "PUT", "PATCH", "DELETE"))), []any{"POST"}),
			needed(setting("verify", "How senders prove who they are: secret_header, basic, hmac, or a sender that is known by name, such as {github: {secret: NAME}}; verify: none accepts everybody who knows the address.", verifyType())),
			withDefault(setting("max_body", "The largest body that is accepted, such as 256KiB or 4MiB; at most 16MiB.", schema.String()), "1MiB"),
			setting("dedupe", "Drops a delivery that came before: by a header, a field of the body, or the body; off to take all. A sender that is known by name has its own.", dedupeType()),
			withDefault(setting("split", "A body that is a list becomes an event for each entry.", schema.Boolean()), false),
			setting("body_type", "What the body is (each entry of it, with split): a type such as halo.Ticket, or fields written out. Expressions are then checked against it.", schema.Any()),
			withDefault(setting("include_raw_body", "The event has the body's text as it came, as raw.", schema.Boolean()), false),
			withDefault(setting("wait", "The answer waits for the run to end, at most this long (5m), and carries its outputs.", formatted("duration")), "0s"),
			setting("response", "What is answered: status, headers and body, over body, headers, query, method, content_type, org, event, run, and with wait outputs, status and error.", responseType()),
			setting("cors", "Which pages of other sites may call it from a browser.", corsType()),
		},
		Event: webhookEvent(schema.Any(), false),
		check: (*triggerCheck).webhook,
	}
}

// webhookEvent is what expressions see of a request.
func webhookEvent(body *schema.Type, raw bool) []expr.Variable {
	vars := []expr.Variable{
		{Name: "body", Type: body}, {Name: "headers", Type: schema.MapOf(schema.String())},
		{Name: "query", Type: schema.MapOf(schema.String())}, {Name: "method", Type: schema.String()},
		{Name: "content_type", Type: schema.String()},
	}
	if raw {
		vars = append(vars, expr.Variable{Name: "raw", Type: schema.String()})
	}
	return vars
}

func (t *triggerCheck) webhook() {
	w := &Webhook{}
	t.trigger.Webhook = w
	w.Methods = textsOf(t.settings["methods"])
	if len(w.Methods) == 0 {
		t.ds.Errorf(t.at("methods"), "wrong-setting", "methods must name at least one method").Hint = "write methods: [POST]"
	}
	w.Split, _ = t.settings["split"].(bool)
	w.RawBody, _ = t.settings["include_raw_body"].(bool)
	w.MaxBody = t.bodyBound()
	t.withinRuns(w)
	w.Wait = t.waitBound(w)
	w.Verify = t.verification()
	w.Dedupe = t.dedupe()
	w.CORS = t.cors(w.Methods)
	body := t.bodyType(w)
	t.event = webhookEvent(body, w.RawBody)
	w.Response = t.response(w, body)
	// what is evaluated, or is a type, is no plain setting
	delete(t.settings, "response")
	delete(t.settings, "body_type")
}

func (t *triggerCheck) bodyBound() int64 {
	text := t.text("max_body")
	if text == "" {
		return 0 // reported
	}
	n, ok := parseBytes(text)
	if !ok || n < 1 || n > MaxWebhookBody {
		t.ds.Errorf(t.at("max_body"), "out-of-range", "max_body must be a size from 1B to 16MiB, not %q", text).Hint = "write it as 256KiB or 4MiB"
		return 0
	}
	return n
}

// DefaultMostValue is how large a value may be that a run keeps, in bytes, unless the settings say otherwise.
const DefaultMostValue = 2 << 20

// withinRuns lowers the bound of a body to what a run may begin with: a larger one would be accepted, and no run of it
// could start. The entries of a list are runs of their own.
func (t *triggerCheck) withinRuns(w *Webhook) {
	most := int64(cmp.Or(t.world.MostValue, DefaultMostValue))
	if w.Split || w.MaxBody <= most {
		return
	}
	t.ds.Warnf(t.at("max_body"), "out-of-range", "bodies of more than %d MiB are refused, since a run cannot begin with more", most>>20).Hint =
		fmt.Sprintf("write max_body: %dMiB, or raise limits: {value_mib} in gantry.yaml, up to 8", most>>20)
	w.MaxBody = most
}

// parseBytes reads 512, 512B, 256KiB and 4MiB.
func parseBytes(text string) (int64, bool) {
	unit := int64(1)
	for _, u := range []struct {
		suffix string
		bytes  int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"B", 1}} {
		if number, ok := strings.CutSuffix(text, u.suffix); ok {
			text, unit = strings.TrimSpace(number), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return n * unit, err == nil
}

func (t *triggerCheck) waitBound(w *Webhook) time.Duration {
	d, err := schema.ParseDuration(t.text("wait"))
	if err != nil {
		return 0 // reported
	}
	switch {
	case d > MaxWebhookWait:
		t.ds.Errorf(t.at("wait"), "out-of-range", "wait must be at most 5m").Hint =
			"a longer run is answered with 202 and an address where its outcome can be asked for"
	case d > 0 && w.Split:
		t.ds.Errorf(t.at("wait"), "two-choices", "wait cannot stand beside split: a list starts many runs, and one answer cannot carry all").Hint = "keep one of them"
	}
	return d
}

// bodyType is the type of body in expressions: what the file declares, else whatever comes.
func (t *triggerCheck) bodyType(w *Webhook) *schema.Type {
	n := t.node.Settings.Lookup("body_type")
	if n == nil || n.Kind == source.Null {
		return schema.Any()
	}
	w.BodyType = schema.ParseType(n, t.world.Catalogue.Type, &t.ds)
	if holdsSecret(w.BodyType) {
		t.ds.Errorf(n.Pos, "secret-input", "body cannot hold a secret: events are kept and shown").Hint = "leave the field out of body_type, and do not send it"
	}
	return w.BodyType
}

func dedupeType() *schema.Type {
	return schema.Object("",
		withDefault(setting("by", "header, field, body or off.", oneOf("header", "field", "body", "off")), "body"),
		setting("header", "The header that carries the delivery's id.", schema.String()),
		setting("field", "The field of the body that carries the delivery's id; of each entry, with split.", schema.String()),
		withDefault(setting("within", "How long a delivery is remembered.", formatted("duration")), "24h"),
	)
}

func (t *triggerCheck) dedupe() Dedupe {
	d := Dedupe{By: "off", Within: 24 * time.Hour}
	given, _ := t.settings["dedupe"].(map[string]any)
	if given == nil {
		if p, ok := t.preset(); ok && p.Dedupe.By != "" {
			d.By, d.Name = p.Dedupe.By, p.Dedupe.Name
		}
		return d
	}
	d.By, _ = given["by"].(string)
	if d.By == "header" || d.By == "field" {
		if d.Name, _ = given[d.By].(string); d.Name == "" {
			example := map[string]string{"header": "X-Delivery-Id", "field": "id"}[d.By]
			t.ds.Errorf(t.at("dedupe"), "missing-key", "dedupe by %[1]s needs %[1]s", d.By).Hint = "write dedupe: {by: " + d.By + ", " + d.By + ": " + example + "}"
		}
	}
	for _, other := range []string{"header", "field"} {
		if given[other] != nil && other != d.By {
			t.ds.Errorf(t.at("dedupe"), "two-choices", "%s says nothing beside by: %s", other, d.By).Hint = "write by: " + other + ", or leave " + other + " out"
		}
	}
	if within, err := schema.ParseDuration(textOf(given["within"])); err == nil {
		if d.Within = within; within < time.Second || within > maxDedupe {
			t.ds.Errorf(t.at("dedupe"), "out-of-range", "within must be from 1s to 30d")
		}
	}
	return d
}

func textsOf(v any) []string {
	list, _ := v.([]any)
	var texts []string
	for _, item := range list {
		if text, ok := item.(string); ok && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

func textOf(v any) string {
	text, _ := v.(string)
	return text
}

// webhookWords takes out the words that stand for whole settings: verify: none, dedupe: body or off. They
// come back behind the check of the types.
func webhookWords(data map[string]any) map[string]any {
	short := map[string]any{}
	if data["verify"] == "none" {
		data["verify"] = map[string]any{}
		short["verify"] = map[string]any{"none": true}
	}
	if word := textOf(data["dedupe"]); word == "body" || word == "off" {
		data["dedupe"] = map[string]any{"by": word}
	}
	return short
}
