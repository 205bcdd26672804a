package actions_test

import (
	"strings"
	"testing"

	"gantry/actions"
	"gantry/fault"
)

func haloIntegration(t testing.TB) *actions.Integration {
	t.Helper()
	i, ok := actions.Builtin().Integration("halo")
	if !ok {
		t.Fatal("no halo")
	}
	return i
}

func TestOneLineKey(t *testing.T) {
	line := haloIntegration(t).OneLine
	for _, c := range []struct {
		text                   string
		tenant, client, secret string
		refused                string
	}{
		{"acme+app:s3cret", "acme", "app", "s3cret", ""},
		{"app:s3cret", "", "app", "s3cret", ""},
		{"  acme + app : s3cret \r\n", "acme", "app", "s3cret", ""},
		{"acme+app:se:cr+et", "acme", "app", "se:cr+et", ""},
		{"app:se+cr:et", "", "app", "se+cr:et", ""},
		{"app:+:+", "", "app", "+:+", ""},
		{"Comp_a+123asd4asabcd:asdf38judj234", "Comp_a", "123asd4asabcd", "asdf38judj234", ""},
		{"app:s p a c e", "", "app", "s p a c e", ""},
		{"", "", "", "", "it is empty"},
		{"acme+app", "", "", "", "there is no : behind client_id"},
		{"justonething", "", "", "", "there is no : behind client_id"},
		{"acme+:secret", "", "", "", "more than client_id before the :"},
		{"+app:secret", "", "", "", "more than client_id before the :"},
		{":secret", "", "", "", "there is nothing for client_id"},
		{"app:", "", "", "", "there is nothing for client_secret"},
		{"acme+app:", "", "", "", "more than client_id"},
		{"a+b+c:secret", "", "", "", "more than client_id before the :"},
		{"app:sec\nret", "", "", "", "more than one line"},
		{"app:sec\x00ret", "", "", "", "control character"},
	} {
		parts, means, f := line.Parse(c.text)
		if c.refused != "" {
			if f == nil || !strings.Contains(f.Message, c.refused) || !strings.Contains(f.Hint, "tenant+client_id:client_secret or client_id:client_secret") {
				t.Errorf("%q: %v", c.text, f)
			}
			continue
		}
		if f != nil || parts["tenant"] != c.tenant || parts["client_id"] != c.client || parts["client_secret"] != c.secret {
			t.Errorf("%q: %v %v", c.text, parts, f)
		}
		if _, hosted := parts["tenant"]; hosted != (means["on_premise"] == false) {
			t.Errorf("%q means %v", c.text, means)
		}
	}
}

// Whatever is given, the parts of a line make it up again, and no error repeats any of it.
func FuzzOneLineKey(f *testing.F) {
	for _, text := range []string{"acme+app:s3cret", "app:s+e:c", "+:", "a+b:c+d:e", " x : y ", "\x00:\n", "läng+ü:ß"} {
		f.Add(text)
	}
	line := haloIntegration(f).OneLine
	f.Fuzz(func(t *testing.T, text string) {
		parts, _, err := line.Parse(text)
		if err != nil {
			if len(text) > 60 && strings.Contains(err.Error(), strings.TrimSpace(text)) {
				t.Errorf("the error repeats the key")
			}
			return
		}
		whole := parts["client_id"] + ":" + parts["client_secret"]
		if tenant, hosted := parts["tenant"]; hosted {
			if tenant == "" || strings.ContainsAny(tenant, "+:") {
				t.Errorf("tenant %q", tenant)
			}
			whole = tenant + "+" + whole
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squeeze(whole) != squeeze(text) || parts["client_id"] == "" || parts["client_secret"] == "" || strings.ContainsAny(parts["client_id"], "+:") {
			t.Errorf("%q becomes %q", text, parts)
		}
	})
}

func TestConfigure(t *testing.T) {
	i := haloIntegration(t)
	const host = "example.halopsa.com"
	for _, c := range []struct {
		name    string
		given   actions.Given
		want    map[string]any // some of the fields
		secret  string
		refused string
		warns   string
	}{
		{"key of a hosted Halo", actions.Given{Config: values{"resource_server": host}, Line: "acme+app:se:c+ret"},
			values{"resource_server": "https://" + host, "tenant": "acme", "client_id": "app", "on_premise": false, "scope": "all"}, "se:c+ret", "", ""},
		{"fields one by one", actions.Given{Config: values{"resource_server": " HTTPS://Example.HaloPSA.com/API/ ", "tenant": " acme ", "client_id": "app"}, Secrets: secretOf("x")},
			values{"resource_server": "https://" + host, "tenant": "acme"}, "x", "", ""},
		{"on-premise with port and path", actions.Given{Config: values{"resource_server": "halo.example.org:8443/support/api", "on_premise": true}, Line: "app:x"},
			values{"resource_server": "https://halo.example.org:8443/support"}, "x", "", ""},
		{"auth server as pasted", actions.Given{Config: values{"resource_server": host, "auth_server": "https://auth.example.com/auth/token/"}, Line: "acme+app:x"},
			values{"auth_server": "https://auth.example.com/auth"}, "x", "", ""},
		{"hosted without tenant", actions.Given{Config: values{"resource_server": host}, Line: "app:x"}, nil, "", "needs its tenant", ""},
		{"hosted by haloitsm without tenant", actions.Given{Config: values{"resource_server": "x.haloitsm.com"}, Line: "app:x"}, nil, "", "needs its tenant", ""},
		{"a host that looks hosted", actions.Given{Config: values{"resource_server": "nothalopsa.com.example.org", "on_premise": true}, Line: "app:x"}, values{}, "x", "", ""},
		{"hosted and on-premise", actions.Given{Config: values{"resource_server": host, "on_premise": true}, Line: "app:x"}, nil, "", "both cannot be", ""},
		{"Halo's own web site", actions.Given{Config: values{"resource_server": "www.halopsa.com"}, Line: "acme+app:x"}, nil, "", "web site of Halo itself", ""},
		{"whole key as the client id", actions.Given{Config: values{"resource_server": host, "tenant": "acme", "client_id": "app:x"}, Secrets: secretOf("x")}, nil, "", "looks like a whole one-line key", ""},
		{"an address as the tenant", actions.Given{Config: values{"resource_server": host, "tenant": "acme.halopsa.com", "client_id": "app"}, Secrets: secretOf("x")}, nil, "", "looks like an address", ""},
		{"tenant twice", actions.Given{Config: values{"resource_server": host, "tenant": "other"}, Line: "acme+app:x"}, nil, "", "Tenant ID is given twice and differently", ""},
		{"the same twice", actions.Given{Config: values{"resource_server": host, "tenant": "acme"}, Line: "acme+app:x"}, values{"tenant": "acme"}, "x", "", ""},
		{"secret twice", actions.Given{Config: values{"resource_server": host}, Secrets: secretOf("y"), Line: "acme+app:x"}, nil, "", "Client Secret is given twice", ""},
		{"nothing", actions.Given{}, nil, "", "resource_server is missing", ""},
		{"tenant on-premise", actions.Given{Config: values{"resource_server": "halo.example.org", "on_premise": true, "tenant": "acme"}, Line: "app:x"}, values{}, "x", "", "the tenant is not sent"},
		{"neither tenant nor on-premise under a name of one's own", actions.Given{Config: values{"resource_server": "halo.example.org"}, Line: "app:x"}, values{}, "x", "", "neither a tenant"},
		{"not an address", actions.Given{Config: values{"resource_server": "ftp://x"}, Line: "acme+app:x"}, nil, "", "only https:// and http://", ""},
		{"a new secret of an instance", actions.Given{Before: values{"resource_server": "https://" + host, "tenant": "acme", "client_id": "app"}, SecretsBefore: secretOf("old"), Secrets: secretOf("new")},
			values{"tenant": "acme", "client_id": "app"}, "new", "", ""},
		{"one field of an instance", actions.Given{Before: values{"resource_server": "https://" + host, "tenant": "acme", "client_id": "app"}, SecretsBefore: secretOf("old"), Config: values{"tenant": "acme2"}},
			values{"tenant": "acme2", "client_id": "app"}, "old", "", ""},
		{"a field taken away", actions.Given{Before: values{"resource_server": "https://" + host, "tenant": "acme", "client_id": "app"}, SecretsBefore: secretOf("old"), Config: values{"tenant": ""}},
			nil, "", "needs its tenant", ""},
	} {
		made, f := i.Configure(c.given)
		if c.refused != "" {
			if f == nil || f.Code != fault.InvalidInput || !strings.Contains(f.Message, c.refused) {
				t.Errorf("%s: %v", c.name, f)
			}
			continue
		}
		if f != nil {
			t.Errorf("%s: %v", c.name, f)
			continue
		}
		for name, want := range c.want {
			if made.Config[name] != want {
				t.Errorf("%s: %s is %v, want %v", c.name, name, made.Config[name], want)
			}
		}
		if made.Secrets["client_secret"] != c.secret || made.Config["client_secret"] != nil {
			t.Errorf("%s: secret %q, config %v", c.name, made.Secrets["client_secret"], made.Config)
		}
		said := ""
		for _, w := range made.Warnings {
			said += w.Message
		}
		if (c.warns == "") != (said == "") || !strings.Contains(said, c.warns) {
			t.Errorf("%s: warns %q, want %q", c.name, said, c.warns)
		}
	}
}

func secretOf(text string) map[string]string { return map[string]string{"client_secret": text} }
