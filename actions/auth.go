package actions

import (
	"gantry/expr"
	"gantry/source"
)

// AuthType is a way of signing in.
type AuthType string

// The ways of signing in that the YAML can name.
const (
	AuthNone   AuthType = "none"
	AuthOAuth2 AuthType = "oauth2_client_credentials"
	AuthBasic  AuthType = "basic"
	AuthBearer AuthType = "bearer"
	AuthAPIKey AuthType = "api_key"
)

// Auth is how an integration signs in. All values are templates over config.
type Auth struct {
	Type AuthType
	// OAuth2 client credentials (RFC 6749, 4.4).
	TokenURL, ClientID, ClientSecret, Scope *expr.Template
	Query, Form                             *expr.Template // extra fields of the token request; maps
	InHeader                                bool           // id and secret go as basic authentication instead of form fields
	Errors                                  []ErrorRule    // what the token endpoint's refusals mean
	// Basic and bearer, and an API key in a header or query parameter.
	Username, Password, Token *expr.Template
	Header, Parameter         string
	Pos                       source.Pos
}

func (f *folder) readAuth(env *expr.Env, n *source.Node) Auth {
	if n == nil {
		return Auth{Type: AuthNone}
	}
	b := source.ReadFields(n, "auth", f.ds)
	a := Auth{Type: AuthType(b.Text("type")), Pos: n.Pos}
	required := func(key string) *expr.Template { return f.text(env, b.Required(key), key) }
	switch a.Type {
	case AuthNone:
	case AuthOAuth2:
		a.TokenURL, a.ClientID, a.ClientSecret = required("token_url"), required("client_id"), required("client_secret")
		a.Scope = f.text(env, b.Node("scope"), "scope")
		a.Query, a.Form = f.textMap(env, b.Node("query"), "query"), f.textMap(env, b.Node("form"), "form")
		a.InHeader = f.oneOf(b, "credentials_in", "form", "header") == "header"
		a.Errors = f.readErrors(b.Node("errors"))
	case AuthBasic:
		a.Username, a.Password = required("username"), required("password")
	case AuthBearer:
		a.Token = required("token")
	case AuthAPIKey:
		a.Token = required("key")
		a.Header, a.Parameter = b.Text("header"), b.Text("parameter")
		if (a.Header == "") == (a.Parameter == "") {
			f.ds.Errorf(n.Pos, "bad-auth", "api_key needs either header or parameter: where the key goes")
		}
	default:
		types := []string{string(AuthNone), string(AuthOAuth2), string(AuthBasic), string(AuthBearer), string(AuthAPIKey)}
		f.ds.Errorf(n.Pos, "bad-auth", "auth has no type %q", a.Type).Hint = source.DidYouMean(string(a.Type), types)
		return a
	}
	b.Close()
	return a
}

// oneOf reads a word out of a few; the first is what holds when the key is absent.
func (f *folder) oneOf(b *source.Fields, key string, words ...string) string {
	n := b.TextNode(key)
	if n == nil {
		return words[0]
	}
	for _, w := range words {
		if n.Value == w {
			return w
		}
	}
	f.ds.Errorf(n.Pos, "unknown-word", "%s cannot be %q", key, n.Value).Hint = source.DidYouMean(n.Value.(string), words)
	return words[0]
}
