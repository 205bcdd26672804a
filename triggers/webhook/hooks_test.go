package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/fault/faulttest"
)

func TestARequestBecomesARun(t *testing.T) {
	b := setup(t, flow("verify: none"))
	a := b.do("POST", b.path()+"?b=2&a=1&a=3", `{"n": 9007199254740993, "f": 1.0}`, "X-Thing", "yes", "Cookie", "session=1").wants(t, 202)
	run := b.run(a)
	if run.Organisation != "northwind-dental" || run.Status != "succeeded" {
		t.Fatalf("%+v", run.Run)
	}
	want := map[string]any{"n": int64(9007199254740993), "f": 1.0}
	if diff := cmp.Diff(want, run.Inputs["body"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"a": "1", "b": "2"}, run.Inputs["query"]); diff != "" {
		t.Error(diff)
	}
	headers := run.Inputs["headers"].(map[string]any)
	if headers["x-thing"] != "yes" || headers["cookie"] != nil || run.Inputs["method"] != "POST" || run.Inputs["content_type"] != "application/json" {
		t.Errorf("%v", run.Inputs)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Cache-Control": "no-store", "Content-Type": "application/json", duplicate: ""} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

const duplicate = "Gantry-Duplicate"

func TestUnknownAddressesLookTheSame(t *testing.T) {
	b := setup(t, flow("verify: none"))
	known := b.path()
	want := b.do("POST", "/hooks/nobody", "{}").wants(t, 404)
	for _, path := range []string{known[:len(known)-1], known + "a", known + "/", known + "/x", known + "/runs", known + "/runs/", known + "/runs/x.y",
		strings.ToUpper(known), "/hooks/", "/hook", b.pathOf(b.msp)} {
		got := b.do("POST", path, "{}")
		got.header.Del("Date")
		want.header.Del("Date")
		if diff := cmp.Diff(want.header, got.header); got.status != 404 || got.text != want.text || diff != "" {
			t.Errorf("%s: %d %s %s", path, got.status, got.text, diff)
		}
	}
	if len(b.runs()) != 0 || b.hooks.Counts().Unknown != 12 {
		t.Errorf("%d runs, %+v", len(b.runs()), b.hooks.Counts())
	}
}

func TestAddresses(t *testing.T) {
	b := setup(t, flow("verify: none"))
	first, other := b.path(), b.pathOf(b.contoso)
	if len(first) != len("/hooks/")+32 || first == other {
		t.Fatalf("%s %s", first, other)
	}
	b.again()
	if b.path() != first {
		t.Fatal("the address changed with the process")
	}
	second, err := b.hooks.Rotate(ctx, hookKey, b.northwind.ID)
	faulttest.Must(t, err)
	if !strings.HasSuffix(second, b.path()) || b.path() == first || b.pathOf(b.contoso) != other {
		t.Fatal("rotating changed nothing, or too much")
	}
	b.do("POST", first, "{}").wants(t, 404)
	b.do("POST", b.path(), "{}").wants(t, 202)
	b.do("POST", other, "{}").wants(t, 202)
	third, err := b.hooks.Rotate(ctx, hookKey, b.northwind.ID)
	faulttest.Must(t, err)
	b.again()
	if !strings.HasSuffix(third, b.path()) {
		t.Error("the new address did not last")
	}
	_, err = b.hooks.Rotate(ctx, hookKey, "nobody")
	faulttest.Want(t, err, fault.Missing, "organisation")
	key := hookKey
	key.Trigger = "x"
	_, err = b.hooks.Rotate(ctx, key, b.northwind.ID)
	faulttest.Want(t, err, fault.Missing, "w / x")
}

func TestAddressesOutliveTheMasterKey(t *testing.T) {
	b := setup(t, flow("verify: none"))
	before := b.path()
	n, err := b.orgs.Rotate(ctx, b.hooks.Resealer(), b.hooks.Resealer())
	faulttest.Must(t, err)
	if n != 2 { // the secret and the key; the second time there is nothing to do
		t.Errorf("%d were sealed anew", n)
	}
	b.again()
	if b.path() != before {
		t.Error("the address changed with the master key")
	}
}

func TestAWorkflowThatGoesTakesItsAddressAlong(t *testing.T) {
	b := setup(t, flow("verify: none"))
	path := b.path()
	b.do("POST", path, "{}").wants(t, 202)
	changed := make(chan struct{}, 10)
	b.project.OnChange(func() { changed <- struct{}{} })
	b.project.load(t, flow("enabled: false\n    verify: none"))
	<-changed
	b.until(func() bool { return b.do("POST", path, "{}").status == 404 })
	b.project.load(t, flow("verify: none"))
	b.until(func() bool { return b.do("POST", path, "{}").status == 202 })
}

// until asks again and again; the test's own deadline ends it.
func (b *bench) until(holds func() bool) {
	b.t.Helper()
	end := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(end) {
			b.t.Fatal("it never came to that")
		}
	}
}

func mac(secret []byte, text string) []byte {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func TestVerification(t *testing.T) {
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	body := `{"ok": true}`
	github := "sha256=" + hex.EncodeToString(mac([]byte(secret), body))
	raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	standard := "v1," + base64.StdEncoding.EncodeToString(mac(raw, "msg_1.1790000000."+body))
	old := "v1," + base64.StdEncoding.EncodeToString(mac(raw, "msg_1.1789999600."+body))
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("halo:"+secret))
	for _, c := range []struct {
		name, verify string
		headers      []string
		status       int
		why          string
	}{
		{"header", "{secret_header: {header: X-Token, secret: hook_secret}}", []string{"X-Token", secret}, 202, ""},
		{"header wrong", "{secret_header: {header: X-Token, secret: hook_secret}}", []string{"X-Token", secret + "x"}, 401, "another secret"},
		{"header missing", "{secret_header: {header: X-Token, secret: hook_secret}}", nil, 401, "X-Token is missing"},
		{"basic", "{basic: {user: halo, secret: hook_secret}}", []string{"Authorization", basic}, 202, ""},
		{"basic user wrong", "{basic: {user: hal, secret: hook_secret}}", []string{"Authorization", basic}, 401, "wrong"},
		{"bearer", "{basic: {user: halo, secret: hook_secret}}", []string{"Authorization", "Bearer " + secret}, 401, "no Basic"},
		{"github", "{github: {secret: hook_secret}}", []string{"X-Hub-Signature-256", github}, 202, ""},
		{"github wrong", "{github: {secret: hook_secret}}", []string{"X-Hub-Signature-256", github[:len(github)-1] + "g"}, 401, "wrong"},
		{"hmac by hand", "{hmac: {header: X-Sig, prefix: 'sha256=', secret: hook_secret}}", []string{"X-Sig", github}, 202, ""},
		{"standard", "{standard: {secret: hook_secret}}", []string{"Webhook-Id", "msg_1", "Webhook-Timestamp", "1790000000", "Webhook-Signature", "v1,AAAA " + standard}, 202, ""},
		{"standard old", "{standard: {secret: hook_secret}}", []string{"Webhook-Id", "msg_1", "Webhook-Timestamp", "1789999600", "Webhook-Signature", old}, 401, "off by 6m40s"},
		{"standard of another id", "{standard: {secret: hook_secret}}", []string{"Webhook-Id", "msg_2", "Webhook-Timestamp", "1790000000", "Webhook-Signature", standard}, 401, "wrong"},
		{"no such secret", "{github: {secret: nothing}}", []string{"X-Hub-Signature-256", github}, 401, "nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := setup(t, flow("verify: "+c.verify))
			a := b.send(body, c.headers...).wants(t, c.status)
			if c.status != 202 {
				if strings.Contains(a.text, "secret") || strings.Contains(a.text, "signature") {
					t.Errorf("the sender is told why: %s", a.text)
				}
				if why := b.refused()["unauthorised"]; !strings.Contains(why, c.why) || strings.Contains(why, secret) {
					t.Errorf("the admin is told %q", why)
				}
				if len(b.runs()) != 0 {
					t.Error("a run came of it")
				}
				return
			}
			run := b.run(a)
			for i := 0; i < len(c.headers); i += 2 {
				kept := run.Inputs["headers"].(map[string]any)[strings.ToLower(c.headers[i])]
				if kept != nil && c.headers[i] != "Webhook-Id" {
					t.Errorf("%s was kept: %v", c.headers[i], kept)
				}
			}
		})
	}
}

func TestSecretsAreNotKept(t *testing.T) {
	b := setup(t, flow("verify: {secret_header: {header: X-Token, secret: hook_secret}}\n    include_raw_body: true"))
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	token := strings.TrimPrefix(b.path(), "/hooks/")
	run := b.run(b.do("POST", b.path()+"?k="+secret, `{"token": "`+secret+`", "list": ["as `+secret+`"]}`, "X-Token", secret, "X-Copy", "a "+secret, "X-Original-Url", "/hooks/"+token).wants(t, 202))
	var rows []string
	faulttest.Must(t, b.store.Read().Select(&rows, "SELECT data FROM trigger_events UNION ALL SELECT data FROM events"))
	for _, row := range rows {
		if strings.Contains(row, secret) || strings.Contains(row, token) {
			t.Errorf("kept: %s", row)
		}
	}
	headers := run.Inputs["headers"].(map[string]any)
	if headers["x-copy"] != "a ********" || headers["x-original-url"] != "/hooks/********" {
		t.Errorf("%v", headers)
	}
}

func TestMethods(t *testing.T) {
	b := setup(t, flow("verify: none\n    methods: [GET, PUT]"))
	a := b.send("{}").wants(t, 405)
	if a.header.Get("Allow") != "GET, PUT" {
		t.Error(a.header)
	}
	b.do("OPTIONS", b.path(), "").wants(t, 405)
	if run := b.run(b.do("GET", b.path()+"?x=1", "").wants(t, 202)); run.Inputs["body"] != nil || run.Inputs["method"] != "GET" {
		t.Errorf("%v", run.Inputs)
	}
	b.do("PUT", b.path(), "{}").wants(t, 202)
}

func TestCORS(t *testing.T) {
	b := setup(t, flow("verify: none\n    cors: {origins: [\"https://portal.example.com\"], headers: [Content-Type, X-Key], max_age: 5m}"))
	a := b.do("OPTIONS", b.path(), "", "Origin", "https://portal.example.com").wants(t, 204)
	for name, want := range map[string]string{"Access-Control-Allow-Origin": "https://portal.example.com", "Access-Control-Allow-Methods": "POST",
		"Access-Control-Allow-Headers": "Content-Type, X-Key", "Access-Control-Max-Age": "300", "Vary": "Origin"} {
		if a.header.Get(name) != want {
			t.Errorf("%s: %q", name, a.header.Get(name))
		}
	}
	if b.send("{}", "Origin", "https://portal.example.com").wants(t, 202).header.Get("Access-Control-Allow-Origin") == "" {
		t.Error("the answer itself is not allowed")
	}
	for _, origin := range []string{"https://evil.example.com", "null", ""} {
		if a := b.do("OPTIONS", b.path(), "", "Origin", origin).wants(t, 204); a.header.Get("Access-Control-Allow-Origin") != "" || a.header.Get("Access-Control-Allow-Methods") != "" {
			t.Errorf("%q is allowed", origin)
		}
	}
}

// Whoever looks at a trigger is told how a request is signed, and never with what.
func TestATriggerTellsHowToSign(t *testing.T) {
	b := setup(t, flow("verify: {stripe: {secret: hook_key}}"))
	b.secret(b.northwind, "hook_key", "not to be shown")
	facts, err := b.hooks.Of(t.Context(), hookKey, b.northwind.ID)
	faulttest.Must(t, err)
	want := map[string]any{"way": "hmac", "secret": "hook_key", "header": "Stripe-Signature", "algorithm": "sha256", "encoding": "hex", "prefix": "v1=",
		"separator": ",", "content": "{timestamp}.{body}", "secret_encoding": "text", "timestamp_header": "Stripe-Signature", "timestamp_prefix": "t=", "timestamp_format": "seconds"}
	if diff := cmp.Diff(want, facts["verify"]); diff != "" {
		t.Error(diff)
	}
}
