package actions

import "testing"

func TestAddressRules(t *testing.T) {
	api := addressRule{Drop: []string{"/api", "/auth"}}
	auth := addressRule{Drop: []string{"/token"}, Path: "/auth"}
	for _, c := range []struct {
		rule       addressRule
		text, want string
	}{
		{api, "", ""},
		{api, "example.halopsa.com", "https://example.halopsa.com"},
		{api, "  https://Example.HaloPSA.com/api/ ", "https://example.halopsa.com"},
		{api, "https://example.halopsa.com/API", "https://example.halopsa.com"},
		{api, "//example.halopsa.com/", "https://example.halopsa.com"},
		{api, "example.com/halo/api", "https://example.com/halo"},
		{api, "example.com:8443/api?x=1#y", "https://example.com:8443"},
		{api, "http://127.0.0.1:4010", "http://127.0.0.1:4010"},
		{api, "HTTPS://example.com", "https://example.com"},
		{auth, "example.halopsa.com", "https://example.halopsa.com/auth"},
		{auth, "https://example.halopsa.com/auth/", "https://example.halopsa.com/auth"},
		{auth, "https://example.halopsa.com/auth/token", "https://example.halopsa.com/auth"},
		{auth, "login.example.com/halo", "https://login.example.com/halo"},
	} {
		got, err := c.rule.clean(c.text)
		if err != nil || got != c.want {
			t.Errorf("%q: %q %v, want %q", c.text, got, err, c.want)
		}
		if again, err := c.rule.clean(got); err != nil || again != got {
			t.Errorf("%q is not stable: %q %v", got, again, err)
		}
	}
	for _, wrong := range []string{"ftp://example.com", "a b.com", "https://", "https://u:p@example.com", "://", "file:///etc/passwd", "javascript:x"} {
		if got, err := api.clean(wrong); err == nil {
			t.Errorf("%q gives %q", wrong, got)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"example.com", "https://example.com/api/", "http://[::1]:80/x", "//", "%zz"} {
		f.Add(seed)
	}
	rule := addressRule{Drop: []string{"/api"}, Path: "/p"}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := rule.clean(text)
		if err != nil {
			return
		}
		if again, err := rule.clean(got); err != nil || again != got {
			t.Errorf("%q gives %q, that gives %q %v", text, got, again, err)
		}
	})
}
