package halo

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
)

const maxForm = 64 << 10

// token answers the authorisation server: form-encoded grants of client credentials and refresh tokens.
func (s *Server) token(r *http.Request) answer {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return oauthError("invalid_request", "The specified 'Content-Type' header is not valid.")
	}
	form, ok := s.form(r)
	if !ok {
		return oauthError("invalid_request", "The mandatory 'grant_type' parameter is missing.")
	}
	if tenant := firstOf(r.URL.Query().Get("tenant"), form.Get("tenant")); !s.tenantFits(tenant) {
		return oauthError("invalid_request", "The specified 'tenant' parameter is not valid.")
	}
	grantType := form.Get("grant_type")
	switch grantType {
	case "":
		return oauthError("invalid_request", "The mandatory 'grant_type' parameter is missing.")
	case "client_credentials", "refresh_token":
	default:
		return oauthError("unsupported_grant_type", "The specified 'grant_type' is not supported.")
	}
	app := s.application(r, form)
	if app == nil {
		return oauthError("invalid_client", "The specified client credentials are invalid.")
	}
	if grantType == "refresh_token" {
		return s.refreshed(app, form)
	}
	return s.granted(app, form.Get("scope"))
}

func (s *Server) granted(app *Application, scope string) answer {
	scopes := strings.Fields(scope)
	for _, one := range scopes {
		if !knownScope(one) || !grantable(app.Scopes, one) {
			return oauthError("invalid_scope", "The specified 'scope' parameter is not valid.")
		}
	}
	return s.issue(app, scopes)
}

func (s *Server) refreshed(app *Application, form url.Values) answer {
	g, ok := s.tokens.redeem(form.Get("refresh_token"), app.ClientID, s.options.Now())
	if !ok {
		return oauthError("invalid_grant", "The specified refresh token is invalid.")
	}
	return s.issue(app, g.scopes)
}

// issue gives tokens that carry the permissions of this moment: what is changed later counts from the next ones.
func (s *Server) issue(app *Application, scopes []string) answer {
	if !s.hasAgent(app) {
		return htmlAnswer()
	}
	now, lifetime := s.options.Now(), s.settings().lifetime()
	g := grant{principal: s.directory.principal(app, scopes), scope: strings.Join(scopes, " ")}
	access, refresh := s.tokens.issue(g, now, lifetime)
	return jsonAnswer(http.StatusOK, object{
		{"scope", g.scope}, {"token_type", "Bearer"}, {"access_token", access},
		{"expires_in", int64(lifetime.Seconds())}, {"refresh_token", refresh},
		{"id_token", newToken(g.app, now, lifetime)},
	})
}

// hasAgent tells whether the application has an enabled agent to log in as.
func (s *Server) hasAgent(app *Application) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	agent := s.data.find("Agent", app.AgentID)
	return !app.NoAgent && app.AgentID != unassigned && agent != nil && !agent.bool("isdisabled")
}

func (s *Server) form(r *http.Request) (url.Values, bool) {
	text, err := readBounded(r.Body, maxForm)
	if err != nil {
		return nil, false
	}
	form, err := url.ParseQuery(string(text))
	return form, err == nil
}

// tenantFits accepts a missing tenant (the host name tells it) and, where the instance has none, any.
func (s *Server) tenantFits(tenant string) bool {
	return tenant == "" || s.options.Tenant == "" || strings.EqualFold(tenant, s.options.Tenant)
}

// application finds who asks, by form fields or by HTTP basic authentication.
func (s *Server) application(r *http.Request, form url.Values) *Application {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if user, password, ok := r.BasicAuth(); ok && id == "" {
		id, secret = unescaped(user), unescaped(password)
	}
	return s.directory.bySecret(id, secret, s.options.Now())
}

// authenticate finds the principal of an API request: bearer token or API key.
func (s *Server) authenticate(r *http.Request) (principal, bool) {
	if key := r.Header.Get("X-Halo-Api-Key"); key != "" {
		if app := s.directory.byKey(key); app != nil && s.hasAgent(app) {
			return s.directory.principal(app, keyScopes(app)), true
		}
		return principal{}, false
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return principal{}, false
	}
	g, ok := s.tokens.find(strings.TrimSpace(token), s.options.Now())
	return g.principal, ok
}

func keyScopes(app *Application) []string {
	if len(app.Scopes) == 0 {
		return []string{"all"}
	}
	return app.Scopes
}

// authInfo is what clients ask first, without being logged in, to find the authorisation server.
func (s *Server) authInfo(r *http.Request) answer {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return jsonAnswer(http.StatusOK, object{{"auth_url", scheme + "://" + r.Host + "/auth"}, {"tenant_id", s.options.Tenant}})
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
