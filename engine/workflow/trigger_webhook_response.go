package workflow

import (
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

func httpStatusType() *schema.Type {
	status := schema.Integer()
	least, most := 200.0, 599.0
	status.Minimum, status.Maximum = &least, &most
	return status
}

func responseType() *schema.Type {
	return schema.Object("",
		setting("status", "The HTTP status, from 200 to 599: 202 unless said, or 200 when the answer waited.", schema.Any()),
		setting("headers", "Header names and values; null leaves one out.", schema.MapOf(nil)),
		setting("body", "Text as it is; anything else as JSON.", schema.Any()),
	)
}

// refusedHeaders are Gantry's own: what protects those who open a webhook's address in a browser, and what
// belongs to the connection.
var refusedHeaders = []string{
	"Set-Cookie", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection", "Upgrade", "Trailer", "Keep-Alive", "Date",
	"Content-Security-Policy", "Content-Security-Policy-Report-Only", "X-Content-Type-Options", "Strict-Transport-Security",
	"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
	"Clear-Site-Data", "Service-Worker-Allowed", "Refresh", "Gantry-Duplicate",
	"Alt-Svc", "Nel", "Report-To", "Reporting-Endpoints", "Proxy-Connection", "Te", "Set-Cookie2",
}

// onlyWaiting are known once the run has ended.
var onlyWaiting = []string{"outputs", "status", "error"}

func (t *triggerCheck) response(w *Webhook, body *schema.Type) WebhookResponse {
	n := t.node.Settings.Lookup("response")
	if n == nil || n.Kind != source.Map {
		return WebhookResponse{} // reported
	}
	env := t.responseEnv(w, body)
	r := WebhookResponse{Status: t.see(env, n.Lookup("status")), Body: t.see(env, n.Lookup("body"))}
	t.fitsStatus(n.Lookup("status"), r.Status)
	t.responseHeaders(n.Lookup("headers"), env, &r)
	r.Each(func(part *expr.Template) { t.checkResponsePart(part, w, &r) })
	return r
}

// fitsStatus checks a status: what may be null is refused as well, for there is no task that could fail of it.
func (t *triggerCheck) fitsStatus(n *source.Node, status *expr.Template) {
	if n != nil {
		t.fits(n, status, httpStatusType(), "status")
	}
}

func (t *triggerCheck) responseEnv(w *Webhook, body *schema.Type) *expr.Env {
	if w.Split {
		body = schema.Any() // the whole body, whatever its entries are
	}
	outputs := t.wf.OutputType
	if outputs == nil {
		outputs = schema.MapOf(nil)
	}
	vars := append(webhookEvent(body, w.RawBody),
		expr.Variable{Name: "org", Type: t.org},
		expr.Variable{Name: "event", Type: schema.Object("", text("id"))},
		expr.Variable{Name: "run", Type: schema.Object("", schema.Field{Name: "id", Type: schema.String().AsNullable(), Required: true})},
		expr.Variable{Name: "outputs", Type: outputs}, expr.Variable{Name: "status", Type: schema.String()},
		expr.Variable{Name: "error", Type: errorType().AsNullable()},
	)
	return expr.NewEnv(vars...)
}

func (t *triggerCheck) responseHeaders(n *source.Node, env *expr.Env, r *WebhookResponse) {
	if n == nil || n.Kind != source.Map {
		return // reported
	}
	r.Headers = map[string]*expr.Template{}
	for _, e := range n.Entries {
		name := textproto.CanonicalMIMEHeaderKey(e.Key)
		switch {
		case slices.Contains(refusedHeaders, name):
			t.ds.Errorf(e.KeyPos, "bad-header", "a response cannot set the header %s", e.Key).Hint = "Gantry sets it, or it belongs to the connection; for browsers of other sites write cors"
			continue
		case !validHeaderName(e.Key):
			t.ds.Errorf(e.KeyPos, "bad-header", "%q cannot be the name of a header", e.Key)
			continue
		}
		if r.Headers[name] = t.see(env, e.Value); r.Headers[name] != nil {
			t.fits(e.Value, r.Headers[name], schema.String().AsNullable(), "header "+e.Key) // null leaves it out
		}
	}
}

func validHeaderName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// checkResponsePart refuses secrets, and what is not known yet when the answer is given.
func (t *triggerCheck) checkResponsePart(part *expr.Template, w *Webhook, r *WebhookResponse) {
	if part == nil {
		return
	}
	t.noSecret(part, "in a response")
	part.Each(func(p *expr.Program) {
		for _, ref := range p.References() {
			name := ref.Path[0]
			switch {
			case name == "run" && w.Split:
				t.ds.Errorf(ref.Pos, "not-known-yet", "run is not known beside split: each entry of the list has its own")
			case name == "run":
				r.NeedsRun = true
			case slices.Contains(onlyWaiting, name) && w.Wait == 0:
				t.ds.Errorf(ref.Pos, "not-known-yet", "%s is known only when the run has ended, and the answer does not wait for that", name).Hint = "write wait: 30s"
			}
		}
	})
}

func corsType() *schema.Type {
	return schema.Object("",
		needed(setting("origins", "The sites, such as https://portal.example.com, or \"*\" for all.", schema.ListOf(schema.String()))),
		setting("methods", "The methods that they may use; those of the trigger unless said.", schema.ListOf(oneOf("GET", "POST", "PUT", "PATCH", "DELETE"))),
		withDefault(setting("headers", "The headers that they may send.", schema.ListOf(schema.String())), []any{"Content-Type"}),
		withDefault(setting("max_age", "How long a browser may remember this.", formatted("duration")), "10m"),
	)
}

func (t *triggerCheck) cors(methods []string) *CORS {
	given, _ := t.settings["cors"].(map[string]any)
	if given == nil {
		return nil
	}
	c := &CORS{Origins: textsOf(given["origins"]), Headers: textsOf(given["headers"]), Methods: textsOf(given["methods"])}
	if c.Methods == nil {
		c.Methods = methods
	}
	c.MaxAge = t.maxAge(given)
	for _, origin := range c.Origins {
		if origin != "*" && !isOrigin(origin) {
			t.ds.Errorf(t.at("cors"), "bad-origin", "%q is not a site's origin", origin).Hint = "write it without a path: https://portal.example.com, or \"*\" for all sites"
		}
	}
	for _, name := range c.Headers {
		if !validHeaderName(name) {
			t.ds.Errorf(t.at("cors"), "bad-header", "%q cannot be the name of a header", name)
		}
	}
	for _, m := range c.Methods {
		if !slices.Contains(methods, m) {
			t.ds.Errorf(t.at("cors"), "bad-method", "cors allows %s, and the trigger does not take it", m).Hint = "add it to the trigger's methods"
		}
	}
	return c
}

func (t *triggerCheck) maxAge(cors map[string]any) time.Duration {
	d, err := schema.ParseDuration(textOf(cors["max_age"]))
	if err == nil && d > 24*time.Hour {
		t.ds.Errorf(t.at("cors"), "out-of-range", "max_age must be at most 24h")
	}
	return d
}

func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.Path == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
}
