package workflow

import (
	"time"

	"gantry/schema"
	"gantry/signature"
	"gantry/source"
)

// verifyType is one object of all ways, so that mistakes in one are reported as such; the check sees to
// it that it is one way.
func verifyType() *schema.Type {
	secret := needed(setting("secret", "The organisation's variable, of type secret, that holds it.", schema.String()))
	user := needed(setting("user", "The user name.", schema.String()))
	way := func(name, doc string, fields ...schema.Field) schema.Field {
		return setting(name, doc, schema.Object("", fields...))
	}
	t := schema.Object("",
		way("secret_header", "The secret stands in a header.", needed(setting("header", "The header's name.", schema.String())), secret),
		way("basic", "HTTP Basic.", user, secret),
		way("hmac", "A signature over the body.", append([]schema.Field{secret}, hmacFields()...)...),
	)
	for _, p := range signature.Presets() {
		fields := []schema.Field{secret}
		if p.Scheme.Way == signature.Basic {
			fields = append(fields, user)
		}
		if p.Scheme.TimestampHeader != "" {
			fields = append(fields, toleranceField())
		}
		t.Fields = append(t.Fields, way(p.Name, "As "+p.Title+" does it. "+p.Docs, fields...))
	}
	return t
}

func hmacFields() []schema.Field {
	return []schema.Field{
		needed(setting("header", "The header that carries the signature.", schema.String())),
		withDefault(setting("algorithm", "The hash.", oneOf("sha256", "sha1", "sha512")), "sha256"),
		withDefault(setting("encoding", "How the signature is written.", oneOf("hex", "base64")), "hex"),
		withDefault(setting("prefix", "What stands before the signature, such as sha256=.", schema.String()), ""),
		setting("separator", "What stands between several signatures in the header.", schema.String()),
		withDefault(setting("content", "What is signed, of {body}, {timestamp}, {id}, {url} and {method}.", schema.String()), "{body}"),
		setting("id_header", "The header that carries {id}.", schema.String()),
		setting("timestamp_header", "The header that carries {timestamp}.", schema.String()),
		setting("timestamp_prefix", "Where the time is one of several entries of timestamp_header: what stands before it, such as t=.", schema.String()),
		withDefault(setting("timestamp_format", "How the time is written.", oneOf("seconds", "milliseconds", "rfc3339")), "seconds"),
		toleranceField(),
		withDefault(setting("secret_encoding", "text, or whsec: base64 behind whsec_.", oneOf("text", "whsec")), "text"),
	}
}

func toleranceField() schema.Field {
	return setting("tolerance", "How far the signed time may lie from the clock; 5m unless said.", formatted("duration"))
}

// way gives the one way that verify names; "" where it is none, several (reported), or wrong.
func (t *triggerCheck) way() (string, map[string]any) {
	verify, _ := t.settings["verify"].(map[string]any)
	if len(verify) != 1 {
		return "", nil
	}
	for way, v := range verify {
		m, _ := v.(map[string]any)
		return way, m
	}
	return "", nil
}

// preset gives the sender that verify names.
func (t *triggerCheck) preset() (signature.Preset, bool) {
	way, _ := t.way()
	return signature.PresetOf(way)
}

func (t *triggerCheck) verification() Verification {
	verify, _ := t.settings["verify"].(map[string]any)
	if verify["none"] == true {
		return Verification{None: true}
	}
	way, m := t.way()
	if way == "" {
		if n := t.node.Settings.Lookup("verify"); n != nil && n.Kind == source.Map {
			t.ds.Errorf(n.Pos, "bad-verify", "verify must be one way, not %d", len(n.Entries)).Hint = verifyHint
		}
		for way, v := range verify {
			t.checkSecretOf(way, v)
		}
		return Verification{}
	}
	t.checkSecretOf(way, m)
	for _, key := range []string{"header", "user", "secret"} {
		if text, given := m[key].(string); given && text == "" {
			t.ds.Errorf(t.verifyAt(way, key), "bad-verify", "%s of %s must not be empty", key, way).Hint = "write what the sender uses; secret is the name of the variable that holds it"
		}
	}
	scheme := signature.Of(signature.Way(way), m)
	if p, ok := signature.PresetOf(way); ok {
		scheme = p.Scheme
	} else if key, problem := scheme.Problem(); problem != "" {
		t.ds.Errorf(t.verifyAt(way, key), "bad-verify", "%s", problem)
	}
	if d, err := schema.ParseDuration(textOf(m["tolerance"])); err == nil {
		if scheme.Tolerance = d; d < time.Second || d > time.Hour {
			t.ds.Errorf(t.verifyAt(way, "tolerance"), "out-of-range", "tolerance must be from 1s to 1h").Hint = "within it a delivery that somebody has recorded can be sent again; 5m is usual"
		}
	}
	return Verification{Scheme: &scheme, User: textOf(m["user"]), Secret: textOf(m["secret"])}
}

// verifyAt is where a key of a way stands, or what is nearest to it.
func (t *triggerCheck) verifyAt(way, key string) source.Pos {
	at := t.node.Settings.Lookup("verify").Lookup(way)
	if n := at.Lookup(key); n != nil {
		return n.Pos
	}
	if at != nil {
		return at.Pos
	}
	return t.at("verify")
}

func (t *triggerCheck) checkSecretOf(way string, v any) {
	m, _ := v.(map[string]any)
	if name := textOf(m["secret"]); name != "" {
		t.checkSecretName(name, t.verifyAt(way, "secret"))
	}
}

// checkSecretName checks the name of the variable that holds a webhook's secret.
func (t *triggerCheck) checkSecretName(name string, pos source.Pos) {
	for _, f := range t.world.OrgVars {
		if f.Name != name {
			continue
		}
		if f.Type.Kind != schema.KindSecret {
			t.ds.Errorf(pos, "not-a-secret", "the variable %s is not a secret, it is %s", name, f.Type).Hint = "set it anew with the type secret"
		}
		return
	}
	if t.world.OrgVarsKnown && t.node.Enabled {
		var known []string
		for _, f := range t.world.OrgVars {
			known = append(known, f.Name)
		}
		t.ds.Warnf(pos, "org-variable", "not every organisation has the variable %s", name).Meant(name, known)
	}
}
