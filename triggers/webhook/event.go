package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/schema"
	"gantry/triggers"
)

// maxSplit is how many events one body may become.
const maxSplit = 10_000

// maxSplitHeads is how much of headers and query the events of one body may keep together, in bytes.
const maxSplitHeads = 64 << 20

// data is what the trigger's expressions see of the request, with the whole body.
func (x *exchange) data(body any) map[string]any {
	d := map[string]any{
		"body": body, "headers": x.headers(), "query": x.query(), "method": x.r.Method, "content_type": x.content.media,
	}
	if x.hook.active.Trigger.Webhook.RawBody {
		d["raw"] = x.scrub(string(x.body))
	}
	return d
}

// makeEvents makes the events of what was read.
func (x *exchange) makeEvents() *problem {
	settings := x.hook.active.Trigger.Webhook
	body, p := x.content.parse(x.body)
	if p != nil {
		return p
	}
	if settings.RawBody && invalidUTF8(x.body) >= 0 {
		return unreadable("The body is not UTF-8, and is to be kept as it came.")
	}
	body = x.hides().Data(body)
	entries, split := body.([]any)
	if !settings.Split || !split {
		x.whole = x.data(conform(settings.BodyType, body))
		x.events = []triggers.Event{x.event(x.whole, x.once(settings.Dedupe, x.whole["body"], false, 0))}
		return nil
	}
	if len(entries) > maxSplit {
		return &problem{status: http.StatusRequestEntityTooLarge, message: "The list has more than " + strconv.Itoa(maxSplit) + " entries.", kind: kindTooLarge}
	}
	if headSize(x.r)*len(entries) > maxSplitHeads {
		return &problem{status: http.StatusRequestEntityTooLarge, message: "The list is too long for headers so large: each entry keeps them.", kind: kindTooLarge}
	}
	x.whole = x.data(body)
	for i, entry := range entries {
		data := map[string]any{}
		for name, v := range x.whole {
			data[name] = v
		}
		data["body"] = conform(settings.BodyType, entry)
		if settings.RawBody { // of all entries together it would be kept once for each
			text, err := schema.Encode(entry)
			if err != nil {
				return unreadable("Entry %d cannot be written as JSON.", i+1)
			}
			data["raw"] = string(text)
		}
		x.events = append(x.events, x.event(data, x.once(settings.Dedupe, data["body"], true, i)))
	}
	return nil
}

func conform(t *schema.Type, body any) any {
	if t == nil {
		return body
	}
	return t.Conform(body)
}

func (x *exchange) event(data map[string]any, once string) triggers.Event {
	now := x.Now()
	e := triggers.Event{Key: x.hook.Key, Type: x.hook.active.Trigger.Type, OrganisationID: x.hook.OrganisationID, At: now, Data: data, Once: once}
	if once != "" {
		e.OnceUntil = now.Add(x.hook.active.Trigger.Webhook.Dedupe.Within)
	}
	return e
}

// once is what two deliveries have in common that are the same; "" where nothing is asked for. Without the
// header or field that is asked for it goes by the body.
func (x *exchange) once(d workflow.Dedupe, body any, split bool, index int) string {
	switch d.By {
	case "header":
		if id := x.r.Header.Get(d.Name); id != "" {
			if split {
				id += "#" + strconv.Itoa(index)
			}
			return short("header:" + id)
		}
	case "field":
		if m, ok := body.(map[string]any); ok {
			switch id := m[d.Name].(type) {
			case string:
				if id != "" {
					return short("field:" + id)
				}
			case int64:
				return short("field:" + strconv.FormatInt(id, 10))
			}
		}
	case "body":
	default:
		return ""
	}
	text := x.body
	if split {
		var err error
		if text, err = schema.Encode(body); err != nil {
			return ""
		}
	}
	return "body:" + digest(x.r.Method, x.r.URL.RawQuery, string(text))
}

// short keeps what tells deliveries apart within bounds.
func short(id string) string {
	if len(id) <= 200 {
		return id
	}
	return "digest:" + digest(id)
}

func digest(texts ...string) string {
	hash := sha256.New()
	writePart(hash, texts...)
	return hex.EncodeToString(hash.Sum(nil))
}

// secretHeaders prove who somebody is, to us or to a proxy before us.
var secretHeaders = []string{"Authorization", "Proxy-Authorization", "Cookie"}

// headers are those that are kept, by lower-case name; of one that came several times all, with commas.
func (x *exchange) headers() map[string]any {
	proof := secretHeaders
	if s := x.hook.active.Trigger.Webhook.Verify.Scheme; s != nil {
		proof = append(slices.Clone(proof), s.Headers()...)
	}
	kept := map[string]any{}
	for name, values := range x.r.Header {
		if !slices.Contains(proof, name) {
			kept[strings.ToLower(name)] = x.scrub(strings.Join(values, ", "))
		}
	}
	return kept
}

// query is the query's values by name; of a name that repeats the first.
func (x *exchange) query() map[string]any {
	kept := map[string]any{}
	values, _ := url.ParseQuery(x.r.URL.RawQuery) // what is badly written is left out
	for name, v := range values {
		if valid := strings.ToValidUTF8(name, "�"); len(v) > 0 {
			kept[valid] = x.scrub(v[0])
		}
	}
	return kept
}

// scrub takes the address and the secret out of a text: proxies put addresses into headers.
func (x *exchange) scrub(text string) string {
	return x.hides().Text(strings.ToValidUTF8(text, "\ufffd"))
}

// hides removes what proves who the sender is from all that is kept: some senders say it in the body, too.
func (x *exchange) hides() *actions.Redactor {
	if x.redactor == nil {
		x.redactor = &actions.Redactor{}
		x.redactor.Add(x.hook.token, x.secret)
	}
	return x.redactor
}
