package api

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gantry/access"
	"gantry/fault"
	"gantry/project"
	"gantry/source"
)

// SettingsInUse are the settings that a process works with, and where they were read.
type SettingsInUse struct {
	Settings project.Settings
	Dir      string              // the project's folder
	Getenv   func(string) string // os.Getenv unless said
}

// Setting is one key of gantry.yaml.
type Setting struct {
	Key     string `json:"key" doc:"Such as server.listen"`
	Value   any    `json:"value" doc:"What is in effect. Of a secret only whether it is set; null: nothing"`
	Default any    `json:"default" doc:"What is in effect where gantry.yaml says nothing"`
	Written bool   `json:"written" doc:"gantry.yaml says it"`
	Pending bool   `json:"pending,omitempty" doc:"gantry.yaml says otherwise by now: it takes effect after a restart"`
	Doc     string `json:"doc"`
}

// SettingsSection is a part of gantry.yaml.
type SettingsSection struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Text     string    `json:"text"`
	Settings []Setting `json:"settings"`
}

// SignInSettings tell how people come in.
type SignInSettings struct {
	Password bool              `json:"password" doc:"With a login and a password"`
	Provider *ProviderSettings `json:"provider,omitempty" doc:"Left out: through no provider"`
}

// ProviderSettings are those of the OpenID Connect provider through which people sign in.
type ProviderSettings struct {
	Name         string   `json:"name" doc:"What the button says"`
	Issuer       string   `json:"issuer"`
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret" enum:"set,not set"`
	Callback     string   `json:"callback" doc:"The address to register at the provider; below server.url"`
	EmailDomains []string `json:"email_domains"`
	CreateUsers  bool     `json:"create_users"`
}

// Retention tells which ended runs are kept.
type Retention struct {
	Keep          any         `json:"keep" doc:"How long, such as 90d; null: their age does not count"`
	KeepRuns      any         `json:"keep_runs" doc:"How many of each organisation; null: their number does not count"`
	Organisations []Retention `json:"organisations,omitempty" doc:"Those for which something else holds, with those below them"`
	Organisation  string      `json:"organisation,omitempty" doc:"Its slug"`
	Unknown       bool        `json:"unknown,omitempty" doc:"There is no such organisation: nothing at all is removed until that is mended"`
}

// ShowSettingsOut are the settings, explained.
type ShowSettingsOut struct {
	Body struct {
		File      string            `json:"file" doc:"The path of gantry.yaml"`
		Exists    bool              `json:"exists"`
		Problems  []Diagnostic      `json:"problems" doc:"What is wrong with the file as it lies there"`
		Sections  []SettingsSection `json:"sections"`
		SignIn    SignInSettings    `json:"sign_in"`
		Retention Retention         `json:"retention"`
	}
}

// ShowSettings shows what gantry.yaml says and what is in effect.
var ShowSettings = Operation[struct{}, ShowSettingsOut]{ID: "show-settings", Method: "GET", Path: "/settings", Tag: tagServer,
	Summary:     "What gantry.yaml can say, what it says, and what is in effect",
	Description: "Settings are changed in the file, and take effect after a restart. No secret is shown, only whether there is one.",
	Policy:      Policy{Role: access.Admin, Scope: access.SettingsRead, Where: AtRoot}}

func (a *API) showSettings(ctx context.Context, _ *struct{}) (*ShowSettingsOut, error) {
	if a.house.Settings == nil {
		return nil, fault.New(fault.Missing, "there are no settings here")
	}
	in, err := a.house.Settings()
	if err != nil {
		return nil, err
	}
	if in.Getenv == nil {
		in.Getenv = os.Getenv
	}
	out := &ShowSettingsOut{}
	out.Body.File = filepath.Join(in.Dir, project.SettingsFile)
	if whole, err := filepath.Abs(out.Body.File); err == nil {
		out.Body.File = whole
	}
	file, problems, texts := project.ReadSettings(in.Dir, in.Getenv)
	text, exists := texts[project.SettingsFile]
	out.Body.Exists, out.Body.Problems = exists, diagnosticsOf(problems)
	for i := range out.Body.Problems { // what is wrong with an address may be that somebody wrote a password into it
		out.Body.Problems[i].Message = inAddress.ReplaceAllString(out.Body.Problems[i].Message, "://********@")
	}
	root, _ := source.Parse(project.SettingsFile, text)
	out.Body.Sections = explained(in.Settings, file, root, problems.HasErrors())
	out.Body.SignIn = signInSettingsOf(in.Settings.Server)
	out.Body.Retention, err = a.retention(ctx, in.Settings.History)
	return out, err
}

var inAddress = regexp.MustCompile(`://[^/\s"]*@`)

// explained tells each key as it is in use; file is what would be in use after a restart, unless it is wrong.
func explained(inUse, file project.Settings, root *source.Node, wrong bool) []SettingsSection {
	var sections []SettingsSection
	usual := project.Defaults()
	for _, g := range settingGroups() {
		section := SettingsSection{ID: g.id, Title: g.title, Text: g.text}
		for _, r := range g.rules {
			s := Setting{Key: r.key, Value: r.is(inUse), Default: r.is(usual), Written: isWritten(root, r.key), Doc: r.doc}
			s.Pending = !wrong && !r.flag && !same(s.Value, r.is(file))
			section.Settings = append(section.Settings, s)
		}
		sections = append(sections, section)
	}
	return sections
}

func isWritten(root *source.Node, key string) bool {
	for part := range strings.SplitSeq(key, ".") {
		root = root.Lookup(part)
	}
	return root != nil
}

func same(a, b any) bool {
	was, errWas := json.Marshal(a)
	is, errIs := json.Marshal(b)
	return errWas == nil && errIs == nil && string(was) == string(is)
}

func signInSettingsOf(s project.Server) SignInSettings {
	in := SignInSettings{Password: true}
	if o := s.OIDC; o.On() {
		in.Provider = &ProviderSettings{Name: o.Title(), Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: "not set", Callback: s.URL + ProviderCallback,
			EmailDomains: listOf(o.EmailDomains), CreateUsers: o.CreateUsers}
		if o.Secret.Set() {
			in.Provider.ClientSecret = "set"
		}
	}
	return in
}

func (a *API) retention(ctx context.Context, h project.History) (Retention, error) {
	all := Retention{Keep: keepFor(h.Keep), KeepRuns: keepRuns(h.Keep)}
	list, err := a.house.Orgs().List(ctx)
	if err != nil {
		return all, err
	}
	slugs := make([]string, len(list))
	for i, org := range list {
		slugs[i] = org.Slug
	}
	unknown := h.Unknown(slugs)
	for _, slug := range slices.Sorted(maps.Keys(h.Organisations)) {
		keep := h.Organisations[slug]
		all.Organisations = append(all.Organisations, Retention{Organisation: slug, Keep: keepFor(keep), KeepRuns: keepRuns(keep), Unknown: slices.Contains(unknown, slug)})
	}
	return all, nil
}

func settingsOperations(a *API) {
	ShowSettings.serve(a, a.showSettings)
}
