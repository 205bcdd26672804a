package wire

import (
	"context"
	"net/http"
	"net/url"

	"gantry/fault"
)

// MaxRedirects is how many redirects one request follows.
const MaxRedirects = 5

// Redirects follows redirects of reads, and of writes only where the standard says that the same request
// is meant (307, 308). Headers go to the same scheme, host and port only; a way from https to http is refused.
func Redirects(next Sender) Sender {
	return SenderFunc(func(ctx context.Context, req *Request) (*Answer, error) {
		at := req
		for hops := 0; ; hops++ {
			a, err := next.Send(ctx, at)
			if err != nil || req.KeepRedirects || !redirects(a) {
				return a, err
			}
			if hops == MaxRedirects {
				return nil, &Failure{Status: a.Status, Fault: fault.New(fault.BadResponse, "%s redirects in a circle", req.URL.Host).
					WithHint("check the address: it seems to lead to a sign-in page")}
			}
			following, f := follow(at, a)
			if f != nil {
				return nil, &Failure{Status: a.Status, Fault: f, Sent: mayBeDone(at, a.Status)}
			}
			at = following
		}
	})
}

// mayBeDone: 303 leads from a write that was done to what came of it, and 302 is used in its place ever since there are
// forms (RFC 9110, 15.4.3). The others mean that the request is to be made elsewhere.
func mayBeDone(req *Request, status int) bool {
	return !reads(req) && (status == http.StatusSeeOther || status == http.StatusFound)
}

func redirects(a *Answer) bool {
	switch a.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return a.Header.Get("Location") != ""
	}
	return false
}

func follow(req *Request, a *Answer) (*Request, *fault.Error) {
	to, err := req.URL.Parse(a.Header.Get("Location"))
	if err != nil {
		return nil, fault.Wrap(err, fault.BadResponse, "%s redirects to something that is not an address", req.URL.Host)
	}
	if req.URL.Scheme == "https" && to.Scheme != "https" {
		return nil, fault.New(fault.BadResponse, "%s redirects from https to %s, which is not followed", req.URL.Host, to.Scheme)
	}
	if to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return nil, fault.New(fault.BadResponse, "%s redirects to a %s address, which is not followed", req.URL.Host, to.Scheme).
			WithHint("only http and https are; ask those who run %s why it does that", req.URL.Host)
	}
	same := a.Status == http.StatusTemporaryRedirect || a.Status == http.StatusPermanentRedirect
	if !reads(req) && (!same || !sameOrigin(req.URL, to)) {
		return nil, fault.New(fault.BadResponse, "%s redirects the %s to %s, which is not followed", req.URL.Host, req.Method, to.Host).
			WithHint("enter the address to which it redirects instead; if that is a page for people to sign in, this is not the address of an API")
	}
	c := req.Clone()
	c.URL = to
	if !sameOrigin(req.URL, to) {
		c.Header = http.Header{}
		for _, harmless := range []string{"Accept", "User-Agent"} {
			if v := req.Header.Get(harmless); v != "" {
				c.Header.Set(harmless, v)
			}
		}
	}
	return c, nil
}

func reads(req *Request) bool { return req.Method == http.MethodGet || req.Method == http.MethodHead }

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && a.Hostname() == b.Hostname() && port(a) == port(b)
}
