package actions

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"gantry/actions/wire"
	"gantry/fault"
	"gantry/schema"
)

// signed wraps next so that requests carry the instance's sign-in.
func (s *session) signed(a *attempt, next wire.Sender) wire.Sender {
	return wire.SenderFunc(func(ctx context.Context, req *wire.Request) (*wire.Answer, error) {
		switch auth := s.integration.Auth; auth.Type {
		case AuthOAuth2:
			return s.withToken(ctx, a, next, req)
		case AuthBasic:
			req = req.Clone()
			req.Header.Set("Authorization", basic(s.credentials.username, s.credentials.password))
		case AuthBearer:
			req = req.Clone()
			req.Header.Set("Authorization", "Bearer "+s.credentials.token)
		case AuthAPIKey:
			req = req.Clone()
			if auth.Header != "" {
				req.Header.Set(auth.Header, s.credentials.token)
			} else {
				q := req.URL.Query()
				q.Set(auth.Parameter, s.credentials.token)
				req.URL.RawQuery = q.Encode()
			}
		}
		return next.Send(ctx, req)
	})
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// basicForms are the values that give the credentials away when they are echoed.
func basicForms(c credentials) []string {
	forms := []string{c.clientSecret, c.password, c.token}
	if c.password != "" {
		forms = append(forms, strings.TrimPrefix(basic(c.username, c.password), "Basic "))
	}
	if c.clientSecret != "" {
		forms = append(forms, strings.TrimPrefix(basic(c.clientID, c.clientSecret), "Basic "))
	}
	return forms
}

// withToken sends with the cached token, and once more with a fresh one when that is refused: it may have
// been revoked. A 401 means that nothing was done, so this holds for writes as well. Another attempt may have signed
// in meanwhile: its token is tried, too, but only so often.
func (s *session) withToken(ctx context.Context, a *attempt, next wire.Sender, req *wire.Request) (*wire.Answer, error) {
	for tries := 1; ; tries++ {
		token, fresh, err := s.tokens.get(ctx, a.clock, func(ctx context.Context) (token, *wire.Failure) { return s.signIn(ctx, a) })
		if err != nil {
			return nil, err
		}
		a.redactor.Under(token.redactor)
		signed := req.Clone()
		signed.Header.Set("Authorization", "Bearer "+token.value)
		answer, sendErr := next.Send(ctx, signed)
		if sendErr != nil {
			return nil, sendErr
		}
		switch {
		case answer.Status == http.StatusUnauthorized:
			s.tokens.forget(token.value)
			a.redactor.Add(token.value)
			if !fresh && tries < maxTokens {
				continue
			}
		case answer.Status == http.StatusForbidden && a.clock().Sub(token.issued) > time.Minute:
			// Systems such as Halo write an account's rights into the token: one that was granted
			// meanwhile counts from the next sign-in.
			s.tokens.forget(token.value)
		}
		return answer, nil
	}
}

const maxTokens = 3

// signIn asks for a token.
func (s *session) signIn(ctx context.Context, a *attempt) (token, *wire.Failure) {
	config, f := s.clientCredentials()
	if f != nil {
		return token{}, &wire.Failure{Fault: f}
	}
	who := s.integration.Title
	trip := &tokenTrip{attempt: a}
	client := &http.Client{Transport: trip, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
	switch {
	case trip.failure != nil:
		return token{}, s.noAnswer(who, trip.failure)
	case trip.answer == nil:
		return token{}, &wire.Failure{Fault: fault.Wrap(err, fault.LoginFailed, "cannot sign in to %s: the sign-in cannot be written", who)}
	case !trip.answer.Successful():
		return token{}, &wire.Failure{Fault: s.refusal(a, who, trip.host, trip.answer)}
	case err != nil:
		return token{}, &wire.Failure{Fault: fault.New(fault.LoginFailed,
			"cannot sign in to %s: %s answered, but not with an access token", who, trip.host).
			WithHint("the address of the sign-in server is most likely wrong: it leads to something else")}
	}
	t := newToken(got, a.clock())
	t.redactor = &wire.Redactor{}
	t.redactor.Add(t.value)
	t.redactor.Under(s.redactor)
	return t, nil
}

// clientCredentials is the instance's sign-in by OAuth 2.0 (RFC 6749, 4.4).
func (s *session) clientCredentials() (*clientcredentials.Config, *fault.Error) {
	c := s.credentials
	u, err := url.Parse(c.tokenURL)
	if err != nil || u.Host == "" {
		return nil, fault.New(fault.LoginFailed, "cannot sign in to %s: no address to sign in at", s.integration.Title).
			WithHint("enter the server's address in the instance's configuration")
	}
	addValues(u, c.query)
	config := &clientcredentials.Config{ClientID: c.clientID, ClientSecret: c.clientSecret, TokenURL: u.String(), Scopes: strings.Fields(c.scope),
		EndpointParams: url.Values{}, AuthStyle: oauth2.AuthStyleInParams}
	if s.integration.Auth.InHeader {
		config.AuthStyle = oauth2.AuthStyleInHeader
	}
	for name, value := range c.form {
		if text, ok := queryText(value); ok && text != "" {
			config.EndpointParams.Set(name, text)
		}
	}
	return config, nil
}

// tokenTrip carries the library's request over our own wire, with its guard, its record and its bounds, and
// keeps what came of it: the library's errors say less.
type tokenTrip struct {
	*attempt
	host    string
	answer  *wire.Answer
	failure *wire.Failure
}

// RoundTrip sends the request.
func (t *tokenTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	header := r.Header.Clone()
	header.Set("Accept", "application/json")
	header.Set("User-Agent", t.userAgent)
	t.host = r.URL.Host
	answer, err := t.network().Send(r.Context(), &wire.Request{Method: r.Method, URL: r.URL, Header: header, Body: body, MaxBody: 1 << 20})
	if err != nil {
		t.failure = wire.AsFailure(err)
		return nil, err
	}
	t.answer = answer
	return &http.Response{StatusCode: answer.Status, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)), Request: r}, nil
}

// addValues adds query parameters; empty ones are left out.
func addValues(u *url.URL, more map[string]any) {
	q := u.Query()
	for name, value := range more {
		if text, ok := queryText(value); ok && text != "" {
			q.Set(name, text)
		}
	}
	u.RawQuery = q.Encode()
}

// noAnswer is a sign-in that did not get through. The action's own request was not sent, so it may be repeated.
func (s *session) noAnswer(who string, f *wire.Failure) *wire.Failure {
	e := *f.Fault
	switch e.Code {
	case fault.Network, fault.BadResponse, fault.TooLarge:
		e.Code = fault.LoginFailed
	}
	e.Message = "cannot sign in to " + who + ": " + e.Message
	return &wire.Failure{Fault: &e, TimedOut: f.TimedOut}
}

// oauthError is the key of a sign-in fault's detail under which the server's own code stands.
const oauthError = "oauth_error"

// OAuthError gives the code with which a sign-in was refused, such as invalid_scope (RFC 6749, 5.2); empty
// for any other fault.
func OAuthError(f *fault.Error) string {
	detail, _ := f.Detail.(map[string]any)
	code, _ := detail[oauthError].(string)
	return code
}

// refusal says in an admin's words why there is no token.
func (s *session) refusal(a *attempt, who, host string, answer *wire.Answer) *fault.Error {
	e := statusFault(answer, host, a.clock())
	e.Code = fault.LoginFailed
	e.Message = "cannot sign in to " + who + ": " + e.Message
	var said struct{ code, description string }
	if v, err := schema.DecodeBytes(answer.Body); err == nil {
		if m, ok := v.(map[string]any); ok {
			said.code, _ = m["error"].(string)
			said.description, _ = m["error_description"].(string)
		}
	}
	if detail, ok := e.Detail.(map[string]any); ok && said.code != "" {
		detail[oauthError] = said.code
	}
	switch said.code { // RFC 6749, 5.2
	case "invalid_client":
		e.Message = "cannot sign in to " + who + ": it does not accept the client id and secret (invalid_client)"
		e.Hint = "check client id and client secret; secrets are shown only once, so make a new one if in doubt"
	case "invalid_scope":
		e.Message = "cannot sign in to " + who + ": it does not grant the scope " + strconv.Quote(s.credentials.scope) + " (invalid_scope)"
		e.Hint = "allow that permission for the API application"
	case "unauthorized_client", "unsupported_grant_type":
		e.Message = "cannot sign in to " + who + ": the application may not sign in with client id and secret (" + said.code + ")"
		e.Hint = "set the application's authentication method to client id and secret (services)"
	case "":
	default:
		e.Message = "cannot sign in to " + who + ": " + strings.TrimSpace(said.code+" "+excerpt(said.description, 300))
	}
	return judge(s.integration.Auth.Errors, answer, e, a.now())
}
