package workflow

import (
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

func webhookTrigger() *triggerType {
	return &triggerType{
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
	}
}

func (t *triggerCheck) webhook() {
	t.lasts("wait", 0)
	verify, _ := t.settings["verify"].(map[string]any)
	if t.node.Settings.Lookup("verify") != nil && verify != nil && len(verify) != 1 {
		t.ds.Errorf(t.at("verify"), "bad-verify", "verify must be one of none, secret_header, basic or hmac").
			Hint = "write verify: {hmac: {header: X-Signature, secret: NAME}}, or verify: none to accept everybody who knows the address"
		return
	}
	for way, v := range verify {
		m, _ := v.(map[string]any)
		if name, ok := m["secret"].(string); ok {
			t.checkSecretName(name, t.node.Settings.Lookup("verify").Lookup(way).Lookup("secret"))
		}
	}
	if by, _ := t.settings["dedupe"].(map[string]any); by["by"] == "header" && by["header"] == nil {
		t.ds.Errorf(t.at("dedupe"), "missing-key", "dedupe by header needs header").Hint = "write dedupe: {by: header, header: X-Delivery-Id}"
	}
}

// checkSecretName checks the name of the variable that holds a webhook's secret.
func (t *triggerCheck) checkSecretName(name string, n *source.Node) {
	for _, f := range t.world.OrgVars {
		if f.Name != name {
			continue
		}
		if f.Type.Kind != schema.KindSecret {
			t.ds.Errorf(n.Pos, "not-a-secret", "the variable %s is not a secret, it is %s", name, f.Type).Hint = "set it anew with the type secret"
		}
		return
	}
	if t.world.OrgVarsKnown {
		var known []string
		for _, f := range t.world.OrgVars {
			known = append(known, f.Name)
		}
		t.ds.Warnf(n.Pos, "org-variable", "not every organisation has the variable %s", name).Hint = source.DidYouMean(name, known)
	}
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
