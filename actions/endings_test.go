package actions

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"gantry/fault"
)

// What an ending means for a read, a write, and a write that is safe to repeat.
func TestEndings(t *testing.T) {
	const j = "application/json"
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		code    fault.Code // of a read
		passing bool
		unknown bool // of a write that is not safe to repeat
		write   fault.Code
		retry   bool // passing, of such a write; an unknown one is repeated only when it is known not to be done
	}{
		{"closed", hijack(""), fault.Network, true, true, fault.UnknownOutcome, true},
		{"half a body", hijack("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"), fault.BadResponse, true, true, fault.UnknownOutcome, true},
		{"web page", answer(200, "text/html", "<html>sign in</html>"), fault.BadResponse, false, true, fault.UnknownOutcome, false},
		{"broken JSON", answer(200, j, `{"a":`), fault.BadResponse, false, true, fault.UnknownOutcome, false},
		{"bad gateway", answer(502, "text/html", "<html>"), fault.ServerError, true, true, fault.UnknownOutcome, true},
		{"gateway timeout", answer(504, "", ""), fault.ServerError, true, true, fault.UnknownOutcome, true},
		{"the connection behind Envoy broke", answer(503, "text/plain", "upstream connect error or disconnect/reset before headers. reset reason: connection termination"), fault.ServerError, true, true, fault.UnknownOutcome, true},
		{"Cloudflare lost the origin", answer(522, "", ""), fault.ServerError, true, true, fault.UnknownOutcome, true},
		{"found elsewhere", moved(302), fault.BadResponse, false, true, fault.UnknownOutcome, false},
		{"see other", moved(303), fault.BadResponse, false, true, fault.UnknownOutcome, false},
		{"moved for good", moved(301), fault.BadResponse, false, false, fault.BadResponse, false},
		{"waited too long for it", answer(408, "", ""), fault.Timeout, true, false, fault.Timeout, true},
		{"too early", answer(425, "", ""), fault.ServerError, true, false, fault.ServerError, true},
		{"unavailable", answer(503, "", ""), fault.ServerError, true, false, fault.ServerError, true},
		{"failed inside", answer(500, "", ""), fault.ServerError, true, false, fault.ServerError, false},
		{"too many", answer(429, "", ""), fault.RateLimited, true, false, fault.RateLimited, true},
		{"refused", answer(400, j, `{}`), fault.BadRequest, false, false, fault.BadRequest, false},
		{"not there", answer(404, "", ""), fault.NotFound, false, false, fault.NotFound, false},
		{"rule", answer(400, j, `{"reason":"closed"}`), fault.Conflict, false, false, fault.Conflict, false},
		{"rule on success", answer(200, j, `{"failed":true,"why":"no stock"}`), fault.Failed, false, false, fault.Failed, false},
		{"sign-in refused", answer(401, "", ""), fault.Unauthorised, false, false, fault.Unauthorised, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newKit(t, c.handler)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			read := k.run(ctx, t, "shop.read", nil)
			if read.Err == nil || read.Err.Code != c.code || read.Err.Passing != c.passing || read.Unknown {
				t.Errorf("read: %+v, unknown %v", read.Err, read.Unknown)
			}
			if read.Err != nil && read.Err.Hint == "" && read.Err.Code != fault.Failed {
				t.Errorf("no hint: %s", read.Err.Message)
			}
			k = newKit(t, c.handler)
			write := k.run(ctx, t, "shop.write", nil)
			if notDone := slices.Contains([]string{"waited too long for it", "too early", "too many", "sign-in refused", "moved for good"}, c.name); write.NotDone != notDone {
				t.Errorf("write: not done is %v", write.NotDone)
			}
			if write.Err == nil || write.Err.Code != c.write || write.Unknown != c.unknown || write.Err.Passing != c.retry {
				t.Errorf("write: %+v, unknown %v", write.Err, write.Unknown)
			}
			k = newKit(t, c.handler)
			put := k.run(ctx, t, "shop.put", nil)
			if put.Err == nil || put.Err.Code != c.code || put.Unknown || put.Err.Passing != c.passing {
				t.Errorf("put: %+v, unknown %v", put.Err, put.Unknown)
			}
		})
	}
}

// moved redirects to what redirects again.
func moved(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", status) }
}

func TestNothingListens(t *testing.T) {
	k := newKit(t, answer(200, "", ""))
	s := httptest.NewServer(nil)
	s.Close()
	k.config = map[string]any{"server": s.URL}
	out := k.run(t.Context(), t, "shop.write", nil)
	if out.Err == nil || out.Err.Code != fault.Network || out.Unknown || !out.NotDone || !out.Err.Passing {
		t.Errorf("%+v", out.Err)
	}
}

func TestDeadline(t *testing.T) {
	k := newKit(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // only then does the server notice that the client has gone
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if out := k.run(ctx, t, "shop.read", nil); out.Err == nil || out.Err.Code != fault.Timeout || !out.TimedOut || out.Unknown || !out.Err.Passing {
		t.Errorf("read: %+v", out)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if out := k.run(ctx, t, "shop.write", nil); out.Err == nil || out.Err.Code != fault.UnknownOutcome || !out.TimedOut || !out.Unknown {
		t.Errorf("write: %+v", out)
	}
}
