package halo

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestFaultsThatSpoilAnswers(t *testing.T) {
	for _, c := range []struct {
		name, path string
		fault      Fault
		check      func(t *testing.T, good, bad map[string]any)
	}{
		{"nulls", "/api/tickets/2041", Fault{Kind: FaultNulls}, func(t *testing.T, good, bad map[string]any) {
			for name, v := range bad {
				if name == "id" && str(v) != "2041" || name != "id" && v != nil {
					t.Errorf("%s is %v", name, v)
				}
			}
			if len(good) != len(bad) {
				t.Errorf("%d fields, want %d", len(bad), len(good))
			}
		}},
		{"some nulls", "/api/tickets/2041", Fault{Kind: FaultNulls, Fields: []string{"team", "id"}}, func(t *testing.T, good, bad map[string]any) {
			if bad["team"] != nil || bad["id"] != nil || bad["summary"] != good["summary"] {
				t.Errorf("%v", bad)
			}
		}},
		{"doubles", "/api/tickets/2041", Fault{Kind: FaultDoubles}, func(t *testing.T, good, bad map[string]any) {
			if str(bad["status_id"]) != str(good["status_id"])+".0" || str(bad["estimate"]) != "0.0" || str(bad["id"]) != "2041" {
				t.Errorf("%v", bad)
			}
		}},
		{"unknown", "/api/tickets/2041", Fault{Kind: FaultUnknown}, func(t *testing.T, good, bad map[string]any) {
			if len(bad) <= len(good) || bad["summary"] != good["summary"] {
				t.Errorf("%v", bad)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			te := start(t, Options{})
			good := te.get(c.path).object(t)
			c.fault.Path = c.path
			te.fault(c.fault)
			c.check(t, good, te.get(c.path).object(t))
			if again := te.get(c.path).object(t); str(again["status_id"]) != str(good["status_id"]) {
				t.Errorf("once only: %v", again)
			}
		})
	}
}

func TestFaultsSpoilListsOfBothShapes(t *testing.T) {
	te := start(t, Options{})
	for _, path := range []string{"/api/tickets?count=2", "/api/status"} {
		te.fault(Fault{Kind: FaultNulls, Fields: []string{"id"}})
		r := te.get(path)
		var rows []map[string]any
		if strings.HasPrefix(r.text, "[") {
			rows = r.array(t)
		} else {
			rows = r.rows(t, "tickets")
			if str(r.object(t)["record_count"]) == "" {
				t.Errorf("%s: the envelope was touched", path)
			}
		}
		for _, row := range rows {
			if row["id"] != nil {
				t.Errorf("%s: %v", path, row["id"])
			}
		}
	}
	te.fault(Fault{Kind: FaultNulls})
	te.must(404, "GET", "/api/tickets/99999", "") // there is nothing to spoil
}

// TestFaultsOfEntitiesLeaveTokensAlone: the first request of every client is for a token, which is no entity.
func TestFaultsOfEntitiesLeaveTokensAlone(t *testing.T) {
	te := start(t, Options{})
	for _, kind := range []string{FaultNulls, FaultDoubles, FaultUnknown} {
		good := te.get("/api/tickets/2041").text
		te.fault(Fault{Kind: kind})
		if token := te.form("/auth/token", credentials("all")).object(t); str(token["access_token"]) == "" || token["error"] != nil {
			t.Errorf("%s spoils a token: %v", kind, token)
		}
		if bad := te.get("/api/tickets/2041").text; bad == good {
			t.Errorf("%s was used up by a token", kind)
		}
	}
}

func TestTruncatedAnswers(t *testing.T) {
	te := start(t, Options{})
	whole := te.get("/api/tickets?count=2").text
	te.fault(Fault{Kind: FaultTruncated})
	if r := te.get("/api/tickets?count=2"); json.Valid([]byte(r.text)) || r.text != whole[:len(whole)/2] {
		t.Errorf("%q", r.text)
	}
}

func TestFurtherFaults(t *testing.T) {
	te := start(t, Options{})
	for _, c := range []struct {
		fault  Fault
		status int
		text   string
		header string
	}{
		{Fault{Kind: FaultMissing}, 404, "", ""},
		{Fault{Kind: FaultErrorJSON}, 500, `{"Message":"An error has occurred."}`, ""},
		{Fault{Kind: FaultThrottled, RetryAfter: 90, RetryAfterDate: true}, 429, "", "Fri, 25 Sep 2026 14:31:30 GMT"},
	} {
		te.fault(c.fault)
		if r := te.must(c.status, "GET", "/api/status", ""); r.text != c.text || r.header.Get("Retry-After") != c.header {
			t.Errorf("%s: %q %v", c.fault.Kind, r.text, r.header)
		}
	}
	if err := te.halo.InjectFault(Fault{Kind: FaultMandatory}); err == nil {
		t.Error("fields are missing")
	}
}

// TestLostAnswersOfWrites: what is done before the answer is lost stays done, whatever hides it.
func TestLostAnswersOfWrites(t *testing.T) {
	for _, f := range []Fault{{Kind: FaultDrop, After: true}, {Kind: FaultHalf}, {Kind: FaultErrorPage, After: true}, {Kind: FaultErrorJSON, After: true},
		{Kind: FaultThrottled, After: true}, {Kind: FaultTruncated}} {
		te := start(t, Options{})
		f.Method = "POST"
		te.fault(f)
		r, err := te.do("POST", "/api/supplier", `[{"name":"Written"}]`)
		if err == nil && r.status == 201 && json.Valid([]byte(r.text)) {
			t.Errorf("%s: answered %d %s", f.Kind, r.status, r.text)
		}
		if got := te.get("/api/supplier?search=Written").rows(t, "suppliers"); len(got) != 1 {
			t.Errorf("%s: written %d times", f.Kind, len(got))
		}
	}
}

func TestRetryAfterOfTheRateLimit(t *testing.T) {
	for form, want := range map[string]string{"seconds": "300", "date": "Fri, 25 Sep 2026 14:35:00 GMT", "none": ""} {
		te := start(t, Options{RateLimit: 1, RetryAfterDate: form == "date", OmitRetryAfter: form == "none"})
		te.get("/api/status")
		if r := te.must(429, "GET", "/api/status", ""); r.header.Get("Retry-After") != want {
			t.Errorf("%s: %v", form, r.header)
		}
		te.must(200, "POST", "/_sandbox/settings", `{"rate_limit":2}`)
		te.get("/api/status")
		te.must(429, "GET", "/api/status", "")
		te.must(200, "POST", "/_sandbox/settings", `{"rate_limit":-1}`)
		te.get("/api/status")
	}
}
