package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// request makes one with headers as name, value, name, value.
func request(body string, headers ...string) Request {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Add(headers[i], headers[i+1])
	}
	return Request{Method: "POST", URL: "https://hooks.example.com/hooks/t?a=1", Header: h, Body: []byte(body)}
}

func hexMAC(secret, text string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return hex.EncodeToString(m.Sum(nil))
}

func base64MAC(secret, text string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

const slackBody = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
	"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands" +
	"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"

// vectors are deliveries that are right: those of GitHub, Slack, Standard Webhooks and Svix are printed in
// their documents, the others are made by the documents' formula.
var vectors = []struct {
	preset, secret string
	at             int64 // Unix seconds
	request        Request
}{
	{"github", "It's a Secret to Everybody", 0, request("Hello, World!",
		"X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")},
	{"slack", "8f742231b10e8888abcd99yyyzzz85a5", 1531420618, request(slackBody,
		"X-Slack-Request-Timestamp", "1531420618",
		"X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")},
	{"standard", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, request(`{"test": 2432232314}`,
		"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp", "1614265330",
		"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")},
	{"svix", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330, request(`{"test": 2432232314}`,
		"svix-id", "msg_p5jXN8AQM9LWM0D4loKWxJek", "svix-timestamp", "1614265330",
		"svix-signature", "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")},
	{"stripe", "whsec_test", 1700000000, request(`{"id":"evt_1"}`,
		"Stripe-Signature", "t=1700000000,v1="+hexMAC("old", "1700000000.{}")+",v1="+hexMAC("whsec_test", `1700000000.{"id":"evt_1"}`)+",v0=6ffbb59b")},
	{"shopify", "hush", 0, request(`{"id":1}`, "X-Shopify-Hmac-SHA256", base64MAC("hush", `{"id":1}`))},
	{"zendesk", "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==", 1627207200, request(`{"say": "hello"}`,
		"X-Zendesk-Webhook-Signature-Timestamp", "2021-07-25T10:00:00Z",
		"X-Zendesk-Webhook-Signature", base64MAC("dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==", `2021-07-25T10:00:00Z{"say": "hello"}`))},
	{"linear", "lin", 0, request(`{"action":"create"}`, "Linear-Signature", hexMAC("lin", `{"action":"create"}`))},
	{"zoom", "zoomsecret", 1700000000, request(`{"event":"meeting.started"}`,
		"x-zm-request-timestamp", "1700000000", "x-zm-signature", "v0="+hexMAC("zoomsecret", `v0:1700000000:{"event":"meeting.started"}`))},
	{"pagerduty", "pd", 0, request(`{"event":{}}`, "X-PagerDuty-Signature", "v1="+hexMAC("other", "x")+", v1="+hexMAC("pd", `{"event":{}}`))},
	{"hubspot", "hub", 1700000000, request(`[]`, "X-HubSpot-Request-Timestamp", "1700000000123",
		"X-HubSpot-Signature-v3", base64MAC("hub", "POSThttps://hooks.example.com/hooks/t?a=1[]1700000000123"))},
	{"gitlab", "gl", 0, request(`{}`, "X-Gitlab-Token", "gl")},
	{"halo", "pass", 0, request(`{}`, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("gantry:pass")))},
}

func TestVectors(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range vectors {
		t.Run(v.preset, func(t *testing.T) {
			seen[v.preset] = true
			p, ok := PresetOf(v.preset)
			if !ok {
				t.Fatal("no such preset")
			}
			now := time.Unix(v.at, 0)
			if err := p.Scheme.Verify(v.request, "gantry", v.secret, now); err != nil {
				t.Fatal(err)
			}
			refuses(t, &p.Scheme, v.request, "not "+v.secret, now)
			refuses(t, &p.Scheme, v.request, "", now)
			if p.Scheme.Way == HMAC {
				changed := v.request
				changed.Body = append([]byte(" "), v.request.Body...)
				refuses(t, &p.Scheme, changed, v.secret, now)
			}
			if p.Scheme.TimestampHeader != "" {
				if err := p.Scheme.Verify(v.request, "gantry", v.secret, now.Add(4*time.Minute)); err != nil {
					t.Error("within the tolerance:", err)
				}
				refuses(t, &p.Scheme, v.request, v.secret, now.Add(6*time.Minute))
				refuses(t, &p.Scheme, v.request, v.secret, now.Add(-6*time.Minute))
			}
			for _, name := range p.Scheme.Headers() {
				without, twice := v.request, v.request
				without.Header, twice.Header = v.request.Header.Clone(), v.request.Header.Clone()
				without.Header.Del(name)
				refuses(t, &p.Scheme, without, v.secret, now)
				if p.Scheme.Way != Basic { // of which Go reads the first, as all servers do
					twice.Header.Add(name, v.request.Header.Get(name))
					refuses(t, &p.Scheme, twice, v.secret, now)
				}
			}
		})
	}
	for _, p := range Presets() {
		if !seen[p.Name] {
			t.Errorf("the preset %s has no vector", p.Name)
		}
	}
}

func refuses(t *testing.T, s *Scheme, r Request, secret string, now time.Time) {
	t.Helper()
	err := s.Verify(r, "gantry", secret, now)
	var refusal *Refused
	if !errors.As(err, &refusal) {
		t.Fatalf("accepted, or another error: %v", err)
	}
	if secret != "" && len(secret) > 4 && strings.Contains(refusal.Why, secret) {
		t.Errorf("the reason shows the secret: %s", refusal.Why)
	}
}

func TestZeroSchemeAcceptsNobody(t *testing.T) {
	refuses(t, &Scheme{}, request("{}"), "x", time.Unix(0, 0))
	refuses(t, &Scheme{Way: HMAC, Header: "X"}, request("{}", "X", ""), "x", time.Unix(0, 0))
	refuses(t, &Scheme{Way: HMAC, Header: "X", Algorithm: "md5", Content: "{body}"}, request("{}", "X", "00"), "x", time.Unix(0, 0))
	refuses(t, &Scheme{Way: SecretHeader, Header: "X"}, request("{}"), "", time.Unix(0, 0))
	basic := &Scheme{Way: Basic}
	right := request("{}", "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("gantry:pass")))
	if err := basic.Verify(right, "somebody", "pass", time.Unix(0, 0)); err == nil {
		t.Error("another user is accepted")
	}
}

func TestTooManySignatures(t *testing.T) {
	p, _ := PresetOf("standard")
	var all []string
	for i := range 40 {
		all = append(all, fmt.Sprintf("v1,%s", base64.StdEncoding.EncodeToString([]byte{byte(i)})))
	}
	r := request("{}", "webhook-id", "a", "webhook-timestamp", "1614265330", "webhook-signature", strings.Join(all, " "))
	refuses(t, &p.Scheme, r, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", time.Unix(1614265330, 0))
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		scheme Scheme
		key    string
	}{
		{Scheme{Way: HMAC, Header: "X Y"}, "header"},
		{Scheme{Way: HMAC, Header: "X", Content: "{nonce}{body}"}, "content"},
		{Scheme{Way: HMAC, Header: "X", Content: "{id}{body}"}, "content"},
		{Scheme{Way: HMAC, Header: "X", Content: "{timestamp}{body}"}, "content"},
		{Scheme{Way: HMAC, Header: "X", TimestampHeader: "X-T"}, "timestamp_header"},
		{Scheme{Way: HMAC, Header: "X", Content: "id"}, "content"},
		{Scheme{Way: HMAC, Header: "X"}, ""},
		{Scheme{Way: SecretHeader, Header: "X"}, ""},
	} {
		if key, problem := c.scheme.Complete().Problem(); key != c.key {
			t.Errorf("%+v: %s %s, want %s", c.scheme, key, problem, c.key)
		}
	}
}

// FuzzVerify: whatever the headers are, a request without the right secret is never accepted, and nothing panics.
func FuzzVerify(f *testing.F) {
	for _, v := range vectors {
		p, _ := PresetOf(v.preset)
		f.Add(v.preset, v.request.Header.Get(p.Scheme.Header), v.request.Header.Get(p.Scheme.TimestampHeader), string(v.request.Body))
	}
	f.Fuzz(func(t *testing.T, preset, signature, stamp, body string) {
		p, ok := PresetOf(preset)
		if !ok {
			return
		}
		r := request(body, p.Scheme.Header, signature, p.Scheme.IDHeader, "id")
		if p.Scheme.TimestampHeader != "" && p.Scheme.TimestampHeader != p.Scheme.Header {
			r.Header.Set(p.Scheme.TimestampHeader, stamp)
		}
		secret := "whsec_c29tZXRoaW5nIHRoYXQgbm9ib2R5IGd1ZXNzZXM="
		if err := p.Scheme.Verify(r, "gantry", secret, time.Unix(1700000000, 0)); err == nil {
			t.Fatalf("%s accepted %q", preset, signature)
		}
	})
}
