package actions

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
)

// session is what the runtime keeps of an instance as long as its configuration stays the same: where it is,
// its sign-in, its pace, and what must never be shown.
type session struct {
	fingerprint [sha256.Size]byte
	integration *Integration
	base        string
	headers     map[string]any
	credentials credentials
	tokens      tokens
	pacer       *wire.Pacer
	redactor    *wire.Redactor
	config      map[string]any // for templates; secrets are references
	secrets     map[string]string
}

// credentials are the clear values of Auth.
type credentials struct {
	tokenURL, clientID, clientSecret, scope string
	query, form                             map[string]any
	username, password, token               string
}

// instanceSecrets marks references to an instance's own secrets, apart from those of organisations.
const instanceSecrets = "\x00instance"

// session gives the instance's session, a new one when its configuration or its secrets have changed.
func (a *attempt) session() (*session, *fault.Error) {
	i, instance := a.call.Action.Integration(), a.call.Instance
	if instance == nil || instance.Integration != i.ID {
		return nil, fault.New(fault.NotInstalled, "%s integration is not installed for %s", i.Title, a.call.Organisation.Name)
	}
	var secrets map[string]string
	if a.call.InstanceSecrets != nil {
		var err error
		if secrets, err = a.call.InstanceSecrets(); err != nil {
			return nil, fault.From(err)
		}
	}
	print := fingerprint(instance, secrets)
	a.mu.Lock()
	defer a.mu.Unlock()
	before, had := a.sessions[instance.ID]
	if had && before.fingerprint == print && before.integration.ID == i.ID {
		return before, nil
	}
	s, f := a.newSession(i, instance, secrets)
	if f != nil {
		return nil, f
	}
	if had && s.countsWith(before) {
		s.pacer = before.pacer
	}
	s.fingerprint = print
	a.sessions[instance.ID] = s
	return s, nil
}

// countsWith tells whether the other system counts both sessions' requests as one caller's: a new secret of
// the same application at the same place gives no fresh allowance.
func (s *session) countsWith(other *session) bool {
	return s.integration == other.integration && s.base == other.base &&
		s.credentials.clientID == other.credentials.clientID && s.credentials.username == other.credentials.username
}

func fingerprint(instance *orgs.Instance, secrets map[string]string) [sha256.Size]byte {
	clear := make(map[string]any, len(secrets))
	for name, value := range secrets {
		clear[name] = value
	}
	text, err := schema.Encode([]any{instance.Config, clear})
	if err != nil {
		text = fmt.Append(nil, instance.Config, secrets)
	}
	return sha256.Sum256(text)
}

func (a *attempt) newSession(i *Integration, instance *orgs.Instance, secrets map[string]string) (*session, *fault.Error) {
	s := &session{integration: i, redactor: &wire.Redactor{}, secrets: secrets}
	for _, value := range secrets {
		s.redactor.Add(value)
	}
	config, f := i.NormaliseConfig(instance.Config)
	if f != nil {
		return nil, f
	}
	given := i.configScope(config)
	s.config = given
	v := values{scope: expr.Vars{"config": given}, at: a.now(), open: s.secret(a)}
	s.base = strings.TrimRight(v.text(i.BaseURL), "/")
	s.headers = v.dict(i.Headers)
	s.credentials = credentials{
		tokenURL: v.text(i.Auth.TokenURL), clientID: v.text(i.Auth.ClientID), clientSecret: v.text(i.Auth.ClientSecret),
		scope: v.text(i.Auth.Scope), query: v.dict(i.Auth.Query), form: v.dict(i.Auth.Form),
		username: v.text(i.Auth.Username), password: v.text(i.Auth.Password), token: v.text(i.Auth.Token),
	}
	if v.err != nil {
		e := fault.From(v.err)
		return nil, fault.Wrap(e, fault.InvalidInput, "the configuration of %s cannot be used: %s", i.Title, e.Message)
	}
	s.redactor.Add(basicForms(s.credentials)...)
	s.pacer = wire.NewPacer(i.Title, i.RateLimit, a.clock)
	return s, nil
}

// NormaliseConfig brings an instance's configuration into the form that the integration works with: addresses
// whatever way they were pasted. Saving an instance calls it, too, so that wrong ones are told at once.
func (i *Integration) NormaliseConfig(config map[string]any) (map[string]any, *fault.Error) {
	out := make(map[string]any, len(config))
	for name, value := range config {
		rule, isAddress := i.addresses[name]
		text, isText := value.(string)
		if isText {
			text = strings.TrimSpace(text)
			value = text
		}
		if isAddress && isText {
			clean, err := rule.clean(text)
			if err != nil {
				return nil, fault.New(fault.InvalidInput, "%s: %s %s", i.Title, i.fieldTitle(name), err).
					WithHint("enter it as the browser shows it, such as example.halopsa.com")
			}
			value = clean
		}
		out[name] = value
	}
	return out, nil
}

func (i *Integration) fieldTitle(name string) string {
	for _, f := range i.Config {
		if f.Name == name && f.Type.Title != "" {
			return f.Type.Title
		}
	}
	return name
}

// values evaluates templates and reveals what they refer to; the first error stays.
type values struct {
	scope expr.Vars
	at    expr.At
	open  func(expr.Secret) (string, error)
	err   error
}

func (v *values) any(t *expr.Template) any {
	if t == nil || v.err != nil {
		return nil
	}
	got, err := t.Eval(v.scope, v.at)
	if err == nil {
		got, _, err = expr.Reveal(got, v.open)
	}
	if err != nil {
		v.err = err
		return nil
	}
	return got
}

// fail notes a fault; nil is none.
func (v *values) fail(f *fault.Error) {
	if f != nil && v.err == nil {
		v.err = f
	}
}

func (v *values) text(t *expr.Template) string {
	text, _ := queryText(v.any(t))
	return text
}

func (v *values) dict(t *expr.Template) map[string]any {
	m, _ := v.any(t).(map[string]any)
	return m
}

// secret opens an instance's own secret, or one that an input refers to.
func (s *session) secret(a *attempt) func(expr.Secret) (string, error) {
	return func(ref expr.Secret) (string, error) {
		if ref.Organisation == instanceSecrets {
			return s.secrets[ref.Name], nil
		}
		return a.open(ref)
	}
}
