package project

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gantry/fault/faulttest"
)

func settingsOf(t *testing.T, text, allowed string) (Settings, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, SettingsFile), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	settings, ds, texts := ReadSettings(dir, func(name string) string {
		if name == AllowVariable {
			return allowed
		}
		return ""
	})
	var b strings.Builder
	ds.Render(&b, texts, false)
	return settings, b.String()
}

func TestSettings(t *testing.T) {
	s, said := settingsOf(t, "msp: {slug: acme, name: Acme MSP}\nnetwork: {allow: [10.0.0.0/8, \"fd00::/8\", 192.168.1.5]}\ndata: /var/lib/gantry\n", " 127.0.0.0/8 ,, ::1")
	if said != "" {
		t.Error(said)
	}
	var blocks []string
	for _, b := range s.Network.Allow {
		blocks = append(blocks, b.String())
	}
	if s.MSP != (MSP{"acme", "Acme MSP"}) || s.Data != "/var/lib/gantry" || strings.Join(blocks, " ") != "10.0.0.0/8 fd00::/8 192.168.1.5/32 127.0.0.0/8 ::1/128" {
		t.Errorf("%+v %v", s, blocks)
	}
	for _, text := range []string{"", "\n", "# nothing yet\n", "msp:\nnetwork:\n"} {
		if s, said := settingsOf(t, text, ""); said != "" || s.MSP != Defaults().MSP || s.Data != ".gantry" {
			t.Errorf("%q: %+v %s", text, s, said)
		}
	}
}

func TestWrongSettings(t *testing.T) {
	for text, want := range map[string]string{
		"mps: {}":                           `1:1: error: unknown key "mps"`,
		"msp: {nam: x}":                     `did you mean "name"?`,
		"msp: {slug: Acme MSP}":             "for example acme-msp",
		"msp: {name: '  '}":                 "name is empty",
		"msp: acme":                         "1:6: error",
		"network: {allow: [10.0.0.1/8]}":    "did you mean 10.0.0.0/8?",
		"network: {allow: [10.0.0.0/33]}":   `1:19: error: "10.0.0.0/33" is not a network`,
		"network: {allow: [localhost]}":     `"localhost" is not a network`,
		"network: {allow: {a: b}}":          "1:18: error",
		"data: ''":                          "data is empty",
		"data: [a]":                         "1:7: error",
		"- a":                               "1:1: error",
		"msp: {slug: a":                     "error",
		"msp: {slug: a}\nmsp: {slug: b}":    "2:1: error",
		"listen: 0.0.0.0:80\ndata: .gantry": `unknown key "listen"`,
	} {
		if _, said := settingsOf(t, text, ""); !strings.Contains(said, want) {
			t.Errorf("%q: want %q in\n%s", text, want, said)
		}
	}
	if _, said := settingsOf(t, "", "127.0.0.1/8"); !strings.Contains(said, AllowVariable+": error: 127.0.0.1/8 has digits") {
		t.Error(said)
	}
}

// FuzzSettings: whatever stands in gantry.yaml is read or reported.
func FuzzSettings(f *testing.F) {
	f.Add([]byte("msp: {slug: a, name: b}\nnetwork: {allow: [10.0.0.0/8]}\ndata: x\n"))
	f.Add([]byte("network: {allow: [1, {}, [], ::/0]}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, SettingsFile), text, 0o644); err != nil {
			t.Fatal(err)
		}
		s, _, _ := ReadSettings(dir, none)
		if s.MSP.Slug == "" || s.MSP.Name == "" {
			t.Fatalf("%+v", s)
		}
	})
}

// TestUnknownOrganisationsAreReported: a slug under history.organisations that nobody has, where it is known who there is.
func TestUnknownOrganisationsAreReported(t *testing.T) {
	dir := t.TempDir()
	text := "history:\n  keep_runs: 2\n  organisations:\n    northwnd: {keep_runs: 100}\n    contoso: {keep: 3d}\n"
	faulttest.Must(t, os.WriteFile(filepath.Join(dir, SettingsFile), []byte(text), 0o600))
	for _, c := range []struct {
		slugs []string
		want  string
	}{
		{nil, ""},
		{[]string{"acme", "contoso", "northwnd"}, ""},
		{[]string{"acme", "contoso", "northwind"}, `gantry.yaml:4:5: there is no organisation "northwnd", so no old runs are removed, of any organisation`},
	} {
		p, err := Load(dir, Options{Getenv: func(string) string { return "" }, OrgSlugs: c.slugs})
		faulttest.Must(t, err)
		got, hint := "", ""
		for _, d := range p.Diagnostics() {
			got, hint = got+d.Pos.String()+": "+d.Message, d.Hint
		}
		if got != c.want || c.want != "" && hint != `did you mean "northwind"?` {
			t.Errorf("%v: %q, hint %q", c.slugs, got, hint)
		}
	}
}
