package actions

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gantry/actions/wire"
	"gantry/fault"
)

func TestStatusFaults(t *testing.T) {
	html := http.Header{"Content-Type": {"text/html"}}
	for _, c := range []struct {
		status  int
		header  http.Header
		body    string
		code    fault.Code
		passing bool
		words   string
	}{
		{400, nil, `{"Message":"x"}`, fault.BadRequest, false, "400"},
		{401, nil, "", fault.Unauthorised, false, "sign-in"},
		{402, nil, "", fault.Forbidden, false, "402"},
		{403, nil, "", fault.Forbidden, false, "does not allow"},
		{404, nil, "", fault.NotFound, false, "404"},
		{405, nil, "", fault.BadRequest, false, "405"},
		{408, nil, "", fault.Timeout, true, "408"},
		{409, nil, "", fault.Conflict, false, "409"},
		{410, nil, "", fault.NotFound, false, "410"},
		{412, nil, "", fault.Conflict, false, "412"},
		{413, nil, "", fault.TooLarge, false, "413"},
		{418, nil, "short and stout", fault.BadRequest, false, "418 I'm a teapot: short and stout"},
		{422, nil, "", fault.BadRequest, false, "422"},
		{429, http.Header{"Retry-After": {"7"}}, "", fault.RateLimited, true, "429"},
		{500, html, "<html><head><title>Oh\n dear</title></head>", fault.ServerError, true, "failed (500 Internal Server Error): Oh dear"},
		{502, html, "<html>no title", fault.ServerError, true, "a web page"},
		{503, nil, "  busy  ", fault.ServerError, true, "busy"},
		{524, nil, "", fault.ServerError, true, "524"},
		{302, nil, "", fault.BadResponse, false, "302"},
		{150, nil, "", fault.BadResponse, false, "150"},
	} {
		h := c.header
		if h == nil {
			h = http.Header{}
		}
		e := statusFault(&wire.Answer{Status: c.status, Header: h, Body: []byte(c.body)}, "HaloPSA", time.Now())
		if e.Code != c.code || e.Passing != c.passing || !strings.Contains(e.Message, c.words) || !strings.HasPrefix(e.Message, "HaloPSA ") {
			t.Errorf("%d: code %s, passing %v, %q", c.status, e.Code, e.Passing, e.Message)
		}
		if (c.status == 429) != (e.RetryAfter == 7*time.Second) {
			t.Errorf("%d: retry after %v", c.status, e.RetryAfter)
		}
		if e.Detail.(map[string]any)["status"] != int64(c.status) {
			t.Errorf("%d: detail %v", c.status, e.Detail)
		}
	}
}

func TestExcerptIsText(t *testing.T) {
	for _, s := range []string{"", "short", strings.Repeat("ä", 100), "\xff\xfe", strings.Repeat("x", 50)} {
		got := excerpt(s, 51)
		if !strings.HasPrefix(strings.ToValidUTF8(s, "\uFFFD"), strings.TrimSuffix(got, "…")) || len(got) > 55 {
			t.Errorf("%q gives %q", s, got)
		}
	}
}
