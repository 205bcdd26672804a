package api

import (
	"net"
	"net/http"
	"strings"

	"gantry/access"
	"gantry/fault"
)

// Doors are the ways in over the network: the session of a browser's cookie, and API tokens.
type Doors struct {
	Access func() *access.Service
	// Provider signs people in through OpenID Connect; nil: nobody does.
	Provider *access.Provider
	// PlainHTTP is for trying Gantry on one's own machine: cookies are also sent over http, and are called gantry_dev. A
	// server sets it only when it listens on loopback without TLS and its public URL is http.
	PlainHTTP bool
}

// Authenticate tells who sent a request: the owner of the API token in its Authorization header, else the user of the
// session in its cookie, else nobody (nil). A token or session that does not hold gives fault.SignedOut, also where
// the other one would. An unknown way to sign in is refused, rather than passed over.
func (d Doors) Authenticate(r *http.Request) (*access.Caller, error) {
	switch headers := r.Header.Values("Authorization"); {
	case len(headers) > 1:
		return nil, fault.New(fault.SignedOut, "the request has several headers Authorization").WithHint("send one")
	case len(headers) == 1:
		return d.bearer(r, headers[0])
	}
	var secrets []access.SessionSecret
	for _, cookie := range r.CookiesNamed(d.sessionCookie()) {
		secret, ok := access.ParseSessionSecret(cookie.Value)
		if !ok {
			return nil, noSession()
		}
		secrets = append(secrets, secret)
	}
	switch len(secrets) {
	case 0:
		return nil, nil
	case 1:
		return d.Access().BySession(r.Context(), secrets[0], originOf(r))
	}
	return nil, noSession() // somebody has slipped in another one
}

func (d Doors) bearer(r *http.Request, header string) (*access.Caller, error) {
	scheme, text, _ := strings.Cut(header, " ")
	token, ok := access.ParseToken(strings.TrimSpace(text))
	if !strings.EqualFold(scheme, "Bearer") || !ok {
		return nil, fault.New(fault.SignedOut, "what the header Authorization has is not an API token of Gantry").
			WithHint("send Authorization: Bearer gnt_…, the whole token as it was shown")
	}
	return d.Access().ByBearer(r.Context(), token, originOf(r))
}

func noSession() error {
	return fault.New(fault.SignedOut, "the session does not hold any more").WithHint("sign in again")
}

// originOf says where a request comes from. The server has put the client's own address in RemoteAddr.
func originOf(r *http.Request) access.Origin {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	return access.Origin{Address: host, Browser: r.UserAgent()}
}

// Visitor is part of the input of operations that begin or end a session: where the request comes from, and the
// cookie of a sign-in that is under way.
type Visitor struct {
	origin access.Origin
	flow   string
}

func (v *Visitor) readRequest(r *http.Request) {
	v.origin = originOf(r)
	// Only the name that this server gives: another one could be slipped in by another host of the domain.
	if q := requestOf(r.Context()); q != nil {
		if cookies := r.CookiesNamed(q.api.house.Doors.flowCookie()); len(cookies) == 1 {
			v.flow = cookies[0].Value
		}
	}
}
