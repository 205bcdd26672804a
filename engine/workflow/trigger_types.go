package workflow

import (
	"gantry/expr"
	"gantry/schema"
)

// triggerType is a kind of trigger: its own keys and what its expressions see of the event.
type triggerType struct {
	Name, Doc string
	Settings  []schema.Field
	Event     []expr.Variable
	// ByHand: a person gives the inputs, so the trigger need not.
	ByHand bool
	// check finds what types cannot say; settings is what the file says, complete.
	check func(c *triggerCheck)
}

func triggerTypeOf(name string) *triggerType {
	for _, t := range triggerTypes {
		if t.Name == name {
			return t
		}
	}
	return nil
}

func triggerTypeNames() []string {
	var names []string
	for _, t := range triggerTypes {
		names = append(names, t.Name)
	}
	return names
}

func (t *triggerType) names() []string {
	names := make([]string, len(t.Settings))
	for i, f := range t.Settings {
		names[i] = f.Name
	}
	return names
}

// everyTriggerKey lists the own keys of all types, for a trigger whose type is not known.
func everyTriggerKey() []string {
	var names []string
	for _, t := range triggerTypes {
		names = append(names, t.names()...)
	}
	return names
}

// place shows the type's own keys in the language's table.
func (t *triggerType) place() Place {
	p := Place{Name: "trigger " + t.Name, Doc: t.Doc}
	for _, f := range t.Settings {
		k := Key{Name: f.Name, Shape: Shape(f.Type.String()), Doc: f.Type.Description, Required: f.Required}
		if f.Type.HasDefault {
			text, err := schema.Encode(f.Type.Default)
			if err == nil {
				k.Default = string(text)
			}
		}
		p.Keys = append(p.Keys, k)
	}
	return p
}

func setting(name, doc string, t *schema.Type) schema.Field {
	c := *t
	c.Description = doc
	return schema.Field{Name: name, Type: &c}
}

func needed(f schema.Field) schema.Field {
	f.Required = true
	return f
}

func withDefault(f schema.Field, v any) schema.Field {
	f.Type.Default, f.Type.HasDefault = v, true
	return f
}

func oneOf(words ...string) *schema.Type {
	t := schema.String()
	for _, w := range words {
		t.Enum = append(t.Enum, w)
	}
	return t
}

func formatted(format string) *schema.Type {
	t := schema.String()
	t.Format = format
	return t
}

func organisationType() *schema.Type {
	return schema.Object("", text("id"), text("slug"), text("name"))
}

func text(name string) schema.Field {
	return schema.Field{Name: name, Type: schema.String(), Required: true}
}

func timeOf(name string) schema.Field {
	return schema.Field{Name: name, Type: formatted("date-time"), Required: true}
}

// triggerTypes is the one table of trigger types.
var triggerTypes = []*triggerType{
	{
		Name: "always_pass", ByHand: true,
		Doc: "Starts a run when somebody asks for it, with gantry run.",
	},
	{
		Name: "schedule",
		Doc:  "Starts runs by the clock.",
		Settings: []schema.Field{
			needed(setting("cron", "Five fields (minute hour day month weekday), or @hourly, @daily, @weekly, @monthly, @yearly.", schema.String())),
			withDefault(setting("timezone", "The time zone that the fields mean, such as Europe/London.", schema.String()), "UTC"),
			withDefault(setting("catch_up", "What happens to times that passed while Gantry was down: none, only the last, or all.", oneOf("none", "last", "all")), "none"),
			withDefault(setting("overlap", "When the last run is still going: skip this time, queue it, or cancel the last run.", oneOf("skip", "queue", "cancel")), "skip"),
			withDefault(setting("jitter", "Starts late by up to this long, each organisation differently.", formatted("duration")), "0s"),
		},
		Event: []expr.Variable{{Name: "due", Type: formatted("date-time")}},
		check: (*triggerCheck).schedule,
	},
	{
		Name: "interval",
		Doc:  "Starts runs at equal distances of time.",
		Settings: []schema.Field{
			needed(setting("every", "The distance, such as 15m.", formatted("duration"))),
			withDefault(setting("overlap", "When the last run is still going: skip this time, queue it, or cancel the last run.", oneOf("skip", "queue", "cancel")), "skip"),
		},
		Event: []expr.Variable{{Name: "due", Type: formatted("date-time")}},
		check: (*triggerCheck).interval,
	},
	{
		Name: "webhook",
		Doc:  "Starts a run when a request comes to the trigger's own address.",
		Settings: []schema.Field{
			withDefault(setting("methods", "The HTTP methods that are accepted.", schema.ListOf(oneOf("GET", "POST", "PUT", "PATCH", "DELETE"))), []any{"POST"}),
			needed(setting("verify", "How senders prove who they are: none, {secret_header: …}, {basic: …} or {hmac: …}.", verifyType())),
			setting("dedupe", "Drops a delivery that came before: by the header that carries its id, or by the body.", dedupeType()),
			withDefault(setting("wait", "The answer waits for the run to end, at most this long, and carries its outputs.", formatted("duration")), "0s"),
			setting("response", "What is answered when the request is accepted.", responseType()),
		},
		Event: []expr.Variable{
			{Name: "body", Type: schema.Any()}, {Name: "headers", Type: schema.MapOf(schema.String())},
			{Name: "query", Type: schema.MapOf(schema.String())}, {Name: "method", Type: schema.String()},
		},
		check: (*triggerCheck).webhook,
	},
	{
		Name: "form",
		Doc:  "Starts a run when a person sends the form. Fields called like an input are passed to it unless inputs says otherwise.",
		Settings: []schema.Field{
			needed(setting("fields", "The form's fields: name to type, title, required, default.", schema.MapOf(nil))),
		},
		Event: []expr.Variable{{Name: "form", Type: schema.MapOf(nil)}},
		check: (*triggerCheck).form,
	},
	{
		Name: "poll",
		Doc:  "Calls an action again and again and starts a run for each entity that is new.",
		Settings: []schema.Field{
			needed(setting("action", "A reading action that gives a list.", schema.String())),
			setting("with", "The action's inputs; cursor is the highest cursor seen so far, null at first.", schema.MapOf(nil)),
			needed(setting("every", "How often it is called, such as 1m.", formatted("duration"))),
			withDefault(setting("key", "The entity's field that tells one from another.", schema.String()), "id"),
			setting("cursor", "The entity's field that grows, by which new ones are asked for.", schema.String()),
		},
		Event: []expr.Variable{{Name: "entity", Type: schema.Any()}},
		check: (*triggerCheck).poll,
	},
	{
		Name: "completion",
		Doc:  "Starts a run when a run of another workflow has ended.",
		Settings: []schema.Field{
			needed(setting("workflow", "The other workflow's id.", schema.String())),
			withDefault(setting("statuses", "The ends that count.", schema.ListOf(oneOf("succeeded", "failed", "timed_out", "cancelled"))), []any{"succeeded"}),
			setting("organisations", "Only runs of these organisations, by slug; all where it is left out.", schema.ListOf(schema.String())),
		},
		Event: []expr.Variable{{Name: "completed", Type: completedRunType(schema.MapOf(nil))}},
		check: (*triggerCheck).completion,
	},
}

// failedRunType is what is known of a run that has failed: failed_run of on_failure.
func failedRunType() *schema.Type {
	return schema.Object("",
		text("id"), text("workflow"), text("title"), text("status"),
		schema.Field{Name: "error", Type: errorType().AsNullable(), Required: true},
		schema.Field{Name: "organisation", Type: organisationType(), Required: true},
		timeOf("started_at"), timeOf("finished_at"), text("url"),
	)
}

// completedRunType is what a completion trigger knows of the other run.
func completedRunType(outputs *schema.Type) *schema.Type {
	t := failedRunType()
	t.Fields = append(t.Fields, schema.Field{Name: "outputs", Type: outputs, Required: true})
	return t
}

// verifyType is one object of all ways, so that mistakes in one are reported as such; the check sees to
// it that it is one way.
func verifyType() *schema.Type {
	secret := setting("secret", "The organisation's variable that holds the secret.", schema.String())
	t := schema.Object("",
		schema.Field{Name: "secret_header", Type: schema.Object("", needed(setting("header", "The header's name.", schema.String())), needed(secret))},
		schema.Field{Name: "basic", Type: schema.Object("", needed(setting("user", "The user name.", schema.String())), needed(secret))},
		schema.Field{Name: "hmac", Type: schema.Object("",
			needed(setting("header", "The header that carries the signature.", schema.String())),
			needed(secret),
			withDefault(setting("algorithm", "The hash.", oneOf("sha256", "sha1", "sha512")), "sha256"),
			withDefault(setting("encoding", "How the signature is written.", oneOf("hex", "base64")), "hex"),
			withDefault(setting("prefix", "What stands before the signature, such as sha256=.", schema.String()), ""),
		)},
	)
	return t
}

func dedupeType() *schema.Type {
	return schema.Object("",
		withDefault(setting("by", "header or body.", oneOf("header", "body")), "body"),
		setting("header", "The header that carries the delivery's id.", schema.String()),
		withDefault(setting("within", "How long a delivery is remembered.", formatted("duration")), "24h"),
	)
}

func responseType() *schema.Type {
	status := schema.Integer()
	least, most := 200.0, 599.0
	status.Minimum, status.Maximum = &least, &most
	return schema.Object("",
		withDefault(setting("status", "The HTTP status.", status), int64(202)),
		setting("headers", "Header names and values.", schema.MapOf(schema.String())),
		setting("body", "Text as it is; anything else as JSON.", schema.Any()),
	)
}
