package project

import (
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gantry/access"
	"gantry/fault"
	"gantry/fault/faulttest"
)

const serverSettings = `
server:
  listen: ":8443"
  url: https://gantry.acme.example/
  tls: {cert: tls/cert.pem, key: tls/key.pem}
  behind_proxy: true
  trusted_proxies: [10.0.0.0/8, 192.168.1.5]
  oidc: {issuer: "https://login.example/v2.0", client_id: gantry, client_secret_env: GANTRY_OIDC_SECRET, name: Acme,
    create_users: true, email_domains: [acme.example], default_grant: {role: viewer}, groups_claim: groups,
    groups: {admins: {role: admin}, desk: [{role: operator, organisation: contoso}, {role: viewer}]}}
  log: {level: warn, format: json}
  traces: {endpoint: "http://127.0.0.1:4318"}
  metrics: {token_file: /run/secrets/metrics}
queue: {limit: 5000, per_organisation: 500}
runs: {side_by_side: 64, of_one_organisation: 8}
limits: {value_mib: 4, run_mib: 64}
history:
  keep: 90d
  keep_runs: 100000
  organisations: {contoso: {keep: 30d}, northwind: {keep_runs: 10}}
`

func TestServerSettings(t *testing.T) {
	s, said := settingsOf(t, serverSettings, "")
	if said != "" {
		t.Fatal(said)
	}
	want := Server{Listen: ":8443", URL: "https://gantry.acme.example", TLS: TLS{"tls/cert.pem", "tls/key.pem"}, BehindProxy: true,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.168.1.5/32")},
		OIDC: OIDC{Secret: SecretRef{Env: "GANTRY_OIDC_SECRET"}, OIDC: access.OIDC{Issuer: "https://login.example/v2.0", ClientID: "gantry", Name: "Acme",
			CreateUsers: true, EmailDomains: []string{"acme.example"}, DefaultGrant: &access.ProviderGrant{Role: access.Viewer}, GroupsClaim: "groups",
			Groups: map[string][]access.ProviderGrant{"admins": {{Role: access.Admin}}, "desk": {{Role: access.Operator, Organisation: "contoso"}, {Role: access.Viewer}}}}},
		Log: Log{Level: slog.LevelWarn, Format: "json"}, Traces: Traces{"http://127.0.0.1:4318"}, Metrics: Metrics{Token: SecretRef{File: "/run/secrets/metrics"}}}
	if diff := cmp.Diff(want, s.Server, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Error(diff)
	}
	if s.Queue != (Queue{5000, 500}) || s.Runs != (Runs{64, 8}) {
		t.Errorf("%+v %+v", s.Queue, s.Runs)
	}
	days := 24 * time.Hour
	kept := History{Keep: Keep{90 * days, 100_000}, Organisations: map[string]Keep{"contoso": {30 * days, 100_000}, "northwind": {90 * days, 10}}}
	if diff := cmp.Diff(kept, s.History, cmpopts.IgnoreUnexported(History{})); diff != "" || s.Limits != (Limits{MaxValue: 4 << 20, MaxRun: 64 << 20}) {
		t.Errorf("%s %+v", diff, s.Limits)
	}
}

func TestWrongServerSettings(t *testing.T) {
	for text, want := range map[string]string{
		"server: {listen: 8080}":                                                   "1:18: error",
		"server: {listen: localhost}":                                              `"localhost" is not an address to listen on`,
		"server: {listen: 'a:99999'}":                                              "is not an address to listen on",
		"history: {keep: soon}":                                                    "keep is not a duration",
		"history: {keep: 10m}":                                                     "keep must be from 1d to 3650d",
		"history: {keep_runs: 0}":                                                  "keep_runs must be from 1 to",
		"history: {organisations: {'A b': {}}}":                                    "slug",
		"history: {organisations: {a: {keeps: 1d}}}":                               `did you mean "keep"?`,
		"history: {organisations: [a]}":                                            "organisations",
		"limits: {value_mib: 4, run_mib: 2}":                                       "value_mib is more than run_mib",
		"limits: {value_mib: 9}":                                                   "value_mib must be from 1 to 8",
		"server: {lisen: ':1'}":                                                    `did you mean "listen"?`,
		"server: {url: gantry.example}":                                            "not an address of the web",
		"server: {url: 'https://u:p@gantry.example'}":                              "not an address of the web",
		"server: {tls: {cert: a}}":                                                 "both cert and key",
		"server: {behind_proxy: yes}":                                              "write true or false",
		"server: {behind_proxy: true}":                                             "behind_proxy without trusted_proxies",
		"server: {trusted_proxies: [10.0.0.1/8]}":                                  "did you mean 10.0.0.0/8?",
		"server: {oidc: {client_id: a}}":                                           `oidc needs "issuer"`,
		"server: {oidc: {issuer: 'https://a', client_id: 5}}":                      "put it in quotes",
		"server: {oidc: {issuer: 'https://a', client_id: a, client_secret: hush}}": "client_secret_env or client_secret_file",
		"server: {oidc: {issuer: 'http://login.example', client_id: a}}":           "must begin with https://",
		"server: {oidc: {issuer: 'https://a.example', client_id: a, default_grant: {role: boss}}}":    "1:82: error",
		"server: {oidc: {issuer: 'https://a.example', client_id: a, groups: {x: {organisation: b}}}}": `x needs "role"`,
		"server: {metrics: {token_env: A, token_file: b}}":                                            "name one of them",
		"server: {log: {level: warning}}":                                                             "level is one of debug, info, warn, error",
		"server: {traces: {endpoint: 'localhost:4318'}}":                                              "not an address of the web",
		"queue: {limit: 0}":          "limit must be from 1",
		"runs: {side_by_side: many}": "a whole number",
		"runs: 5":                    "1:7: error",
	} {
		_, said := settingsOf(t, text, "")
		if !strings.Contains(said, want) {
			t.Errorf("%s gives %q, want %q", text, said, want)
		}
		if strings.Contains(said, "hush\n") && !strings.Contains(said, "secret: hush") {
			t.Errorf("%q shows more of a secret than its line", said)
		}
	}
}

func TestSecretRef(t *testing.T) {
	dir := t.TempDir()
	faulttest.Must(t, os.WriteFile(filepath.Join(dir, "secret"), []byte("hush\n"), 0o600))
	faulttest.Must(t, os.WriteFile(filepath.Join(dir, "empty"), nil, 0o600))
	getenv := func(name string) string { return map[string]string{"A": "loud"}[name] }
	for ref, want := range map[SecretRef]string{{File: "secret"}: "hush", {Env: "A"}: "loud", {File: filepath.Join(dir, "secret")}: "hush"} {
		if got, err := ref.Read(dir, getenv); err != nil || got != want {
			t.Errorf("%+v gives %q, %v", ref, got, err)
		}
	}
	for _, ref := range []SecretRef{{File: "empty"}, {File: "none"}, {Env: "B"}} {
		_, err := ref.Read(dir, getenv)
		faulttest.Want(t, err, fault.Missing, ref.Env+ref.File)
	}
}
