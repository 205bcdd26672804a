package api

import (
	"cmp"
	"net/netip"
	"strings"

	"gantry/access"
	"gantry/engine"
	"gantry/project"
	"gantry/schema"
	"gantry/triggers"
)

// A settingRule declares one key of gantry.yaml: what it means, and what is in effect of it. With the settings of a
// project without gantry.yaml in is gives the default. Secrets are never given, only whether there is one.
type settingRule struct {
	key, doc string
	is       func(project.Settings) any
	flag     bool // a flag of gantry serve goes before it
}

// settingGroup is a part of gantry.yaml.
type settingGroup struct {
	id, title, text string
	rules           []settingRule
}

// settingGroups is the one declaration of the keys of gantry.yaml. A test holds it against what is read of the file.
func settingGroups() []settingGroup {
	return []settingGroup{
		{"msp", "The MSP and its data", "Who you are, and where Gantry keeps its data.", mspSettings()},
		{"server", "Server", "Where the server listens, and how people and other systems reach it.", serverSettings()},
		{"sign-in", "Sign-in", "People sign in with a login and a password, and, where an OpenID Connect provider is set, through that as well.", signInSettings()},
		{"observing", "Logs, traces and metrics", "What the server tells those who look after it.", observingSettings()},
		{"limits", "Queue and limits", "How much waits, goes on side by side, and is kept of a run.", limitSettings()},
		{"history", "Retention", "How long ended runs are kept. Without these keys all of them are.", historySettings()},
		{"publishing", "Publishing", "How workflows come into use.", publishingSettings()},
	}
}

func mspSettings() []settingRule {
	return []settingRule{
		{key: "msp.slug", doc: "The short name of the organisation at the root. It counts when a new data folder is made.", is: func(s project.Settings) any { return s.MSP.Slug }},
		{key: "msp.name", doc: "The name of the organisation at the root. It counts when a new data folder is made.", is: func(s project.Settings) any { return s.MSP.Name }},
		{key: "data", flag: true, doc: "The folder that holds all data: below the project's folder, unless its path is absolute; --data goes before it.", is: func(s project.Settings) any { return s.Data }},
		{key: "network.allow", doc: "Private networks that workflows may reach. All others are refused when a connection is made; " + project.AllowVariable + " in the environment adds to it.",
			is: func(s project.Settings) any { return networks(s.Network.Allow) }},
	}
}

func serverSettings() []settingRule {
	return []settingRule{
		{key: "server.listen", flag: true, doc: "The address and port that the server listens on; gantry serve --listen goes before it.", is: func(s project.Settings) any { return cmp.Or(s.Server.Listen, project.DefaultListen) }},
		{key: "server.url", doc: "The address under which people and senders of webhooks reach the server. Where it is not set it is where the server listens.", is: func(s project.Settings) any { return textOrNone(s.Server.URL) }},
		{key: "server.tls.cert", doc: "The file of the certificate with its chain, in PEM; it is read again when it changes.", is: func(s project.Settings) any { return textOrNone(s.Server.TLS.Cert) }},
		{key: "server.tls.key", doc: "The file of the certificate's key, in PEM.", is: func(s project.Settings) any { return textOrNone(s.Server.TLS.Key) }},
		{key: "server.behind_proxy", doc: "A proxy in front of the server ends TLS, so that plain HTTP may be served to other machines.", is: func(s project.Settings) any { return s.Server.BehindProxy }},
		{key: "server.trusted_proxies", doc: "Proxies whose X-Forwarded-For is believed.", is: func(s project.Settings) any { return networks(s.Server.TrustedProxies) }},
	}
}

func signInSettings() []settingRule {
	oidc := func(key, doc string, is func(project.OIDC) any) settingRule {
		return settingRule{key: "server.oidc." + key, doc: doc, is: func(s project.Settings) any { return is(s.Server.OIDC) }}
	}
	return []settingRule{
		oidc("issuer", "The provider's address, such as https://login.microsoftonline.com/TENANT/v2.0. Without it nobody signs in through a provider.", func(o project.OIDC) any { return textOrNone(o.Issuer) }),
		oidc("client_id", "The id under which Gantry is registered at the provider.", func(o project.OIDC) any { return textOrNone(o.ClientID) }),
		oidc("client_secret_env", "The environment variable that holds the client secret. It is not shown here.", func(o project.OIDC) any { return isSet(o.Secret.Env) }),
		oidc("client_secret_file", "The file that holds the client secret. It is not shown here.", func(o project.OIDC) any { return isSet(o.Secret.File) }),
		oidc("name", "What the button on the sign-in page says; the issuer's host where it is not set.", func(o project.OIDC) any { return textOrNone(o.Name) }),
		oidc("scopes", "What is asked for beside openid.", func(o project.OIDC) any { return orScopes(o.Scopes) }),
		oidc("email_domains", "The domains for whose addresses the provider is believed. Without any nobody is linked or let in by an address.", func(o project.OIDC) any { return listOf(o.EmailDomains) }),
		oidc("create_users", "Let in people of those domains whom nobody has added.", func(o project.OIDC) any { return o.CreateUsers }),
		oidc("default_grant", "The role that such people get, and over which organisation.", func(o project.OIDC) any { return grantOf(o.DefaultGrant) }),
		oidc("groups_claim", "The claim that names a person's groups.", func(o project.OIDC) any { return textOrNone(o.GroupsClaim) }),
		oidc("groups", "What each group gives; it is looked at at each sign-in.", func(o project.OIDC) any { return groupsOf(o.Groups) }),
		oidc("assume_email_verified", "Believe addresses that the provider does not say it has verified. Only for a provider that lets nobody choose an address.", func(o project.OIDC) any { return o.AssumeEmailVerified }),
	}
}

func observingSettings() []settingRule {
	return []settingRule{
		{key: "server.log.level", flag: true, doc: "What is logged: debug, info, warn or error; gantry serve --log-level goes before it.", is: func(s project.Settings) any { return strings.ToLower(s.Server.Log.Level.String()) }},
		{key: "server.log.format", doc: "text or json. Where it is not set: text on a terminal, else json.", is: func(s project.Settings) any { return textOrNone(s.Server.Log.Format) }},
		{key: "server.traces.endpoint", doc: "Where traces are sent, by OTLP over HTTP; OTEL_EXPORTER_OTLP_ENDPOINT in the environment goes before it.", is: func(s project.Settings) any { return textOrNone(s.Server.Traces.Endpoint) }},
		{key: "server.metrics.token_env", doc: "The environment variable that holds the token with which other machines read /metrics. It is not shown here.", is: func(s project.Settings) any { return isSet(s.Server.Metrics.Token.Env) }},
		{key: "server.metrics.token_file", doc: "The file that holds that token. It is not shown here.", is: func(s project.Settings) any { return isSet(s.Server.Metrics.Token.File) }},
	}
}

func limitSettings() []settingRule {
	return []settingRule{
		{key: "queue.limit", doc: "How many events and queued runs wait on disk at most; past it webhooks are answered 429.", is: func(s project.Settings) any { return cmp.Or(s.Queue.Limit, triggers.DefaultLimit) }},
		{key: "queue.per_organisation", doc: "How many of them may be of one organisation.", is: func(s project.Settings) any { return cmp.Or(s.Queue.PerOrganisation, triggers.DefaultPerOrganisation) }},
		{key: "runs.side_by_side", doc: "How many runs go on at the same time; the others wait their turn.", is: func(s project.Settings) any { return cmp.Or(s.Runs.SideBySide, engine.DefaultRuns) }},
		{key: "runs.of_one_organisation", doc: "How many runs of one organisation never wait for those of others.", is: func(s project.Settings) any { return cmp.Or(s.Runs.OfOneOrganisation, engine.DefaultOwn) }},
		{key: "limits.value_mib", doc: "How large a result, an input or an output may be, in MiB.", is: func(s project.Settings) any { return cmp.Or(s.Limits.MaxValue, engine.DefaultMaxValue) >> 20 }},
		{key: "limits.run_mib", doc: "How large all results of a run may be together, in MiB.", is: func(s project.Settings) any { return cmp.Or(s.Limits.MaxRun, engine.DefaultMaxRun) >> 20 }},
	}
}

func historySettings() []settingRule {
	return []settingRule{
		{key: "history.keep", doc: "How long ended runs are kept, such as 90d. Where it is not set their age does not count.", is: func(s project.Settings) any { return keepFor(s.History.Keep) }},
		{key: "history.keep_runs", doc: "How many ended runs of each organisation are kept, the newest. Where it is not set their number does not count.", is: func(s project.Settings) any { return keepRuns(s.History.Keep) }},
		{key: "history.organisations", doc: "What holds instead for an organisation and those below it, by its slug.", is: func(s project.Settings) any {
			all := map[string]any{}
			for slug, keep := range s.History.Organisations {
				all[slug] = map[string]any{"keep": keepFor(keep), "keep_runs": keepRuns(keep)}
			}
			return all
		}},
	}
}

func publishingSettings() []settingRule {
	return []settingRule{
		{key: "publishing.console", doc: "Workflows may be published from the console, the API and the command line. false: the project changes by its files alone, by git say.", is: func(s project.Settings) any { return !s.Publishing.FilesOnly }},
		{key: "publishing.comment", doc: "Whether a comment has to say why: optional or required.", is: func(s project.Settings) any {
			if s.Publishing.NeedsComment {
				return "required"
			}
			return "optional"
		}},
	}
}

func textOrNone(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// isSet tells of a secret's place only whether there is one.
func isSet(place string) any {
	if place == "" {
		return "not set"
	}
	return "set"
}

func listOf(list []string) []string { return append([]string{}, list...) }

func orScopes(scopes []string) []string {
	if len(scopes) == 0 {
		return access.DefaultScopes()
	}
	return scopes
}

func networks(blocks []netip.Prefix) []string {
	all := []string{}
	for _, b := range blocks {
		all = append(all, b.String())
	}
	return all
}

func grantOf(g *access.ProviderGrant) any {
	if g == nil {
		return nil
	}
	return map[string]any{"role": g.Role.String(), "organisation": textOrNone(g.Organisation)}
}

func groupsOf(groups map[string][]access.ProviderGrant) map[string]any {
	all := map[string]any{}
	for name, grants := range groups {
		list := []any{}
		for _, g := range grants {
			list = append(list, grantOf(&g))
		}
		all[name] = list
	}
	return all
}

func keepFor(k project.Keep) any {
	if k.For == 0 {
		return nil
	}
	return schema.FormatDuration(k.For)
}

func keepRuns(k project.Keep) any {
	if k.Runs == 0 {
		return nil
	}
	return k.Runs
}
