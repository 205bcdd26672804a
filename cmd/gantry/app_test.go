package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"gantry/fault"
	"gantry/orgs"
)

// newApp is a call of gantry in a project folder, with what it says on standard error.
func newApp(t *testing.T, dir string, sandbox bool) (*App, *bytes.Buffer) {
	t.Helper()
	said := &bytes.Buffer{}
	app := &App{In: strings.NewReader(""), Out: io.Discard, Err: said, Getenv: func(string) string { return "" }, Now: time.Now,
		Flags: Flags{Project: dir, Format: "text", Sandbox: sandbox}}
	t.Cleanup(func() {
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	})
	return app, said
}

// TestSeeding: the sandbox is seeded once, and again as far as needed when that was cut off.
func TestSeeding(t *testing.T) {
	ctx := t.Context()
	app, _ := newApp(t, t.TempDir(), true)
	d, err := app.Data(ctx, Writing)
	if err != nil {
		t.Fatal(err)
	}
	root, err := d.Orgs.Root(ctx)
	if err != nil || root.Slug != "acme-msp" {
		t.Fatal(root, err)
	}
	clients, err := d.Orgs.List(ctx)
	if err != nil || len(clients) < 10 {
		t.Fatal(len(clients), err)
	}
	for _, org := range clients {
		if id, _, ok, err := d.Orgs.Mapping(ctx, org.ID, "halo"); !ok || id == "" || err != nil {
			t.Errorf("%s is not mapped: %v", org.Slug, err)
		}
	}
	northwind, _ := d.Orgs.BySlug(ctx, "northwind-dental")
	change(t, d.Orgs.Remove(ctx, northwind.ID))
	change(t, d.Orgs.SetVariable(ctx, root.ID, orgs.Variable{Name: "default_team", Type: orgs.TypeString, Value: "Mine"}))
	change(t, prepared(d.Prepare(ctx, app.Settings)))
	if vars, _ := d.Orgs.Variables(ctx, root.ID); valueOf(vars, "default_team") != "Mine" {
		t.Error("seeding again took a changed variable back")
	}
	if _, err := d.Orgs.BySlug(ctx, "northwind-dental"); fault.From(err).Code != fault.Missing {
		t.Error("seeding again brought a removed organisation back")
	}
	change(t, d.Orgs.RemoveMapping(ctx, root.ID, "halo")) // as if it had been cut off before the end
	_, err = d.Orgs.Restore(ctx, northwind.ID)
	change(t, err)
	change(t, d.Orgs.RemoveMapping(ctx, northwind.ID, "halo"))
	change(t, prepared(d.Prepare(ctx, app.Settings)))
	if _, _, ok, _ := d.Orgs.Mapping(ctx, northwind.ID, "halo"); !ok {
		t.Error("seeding that was cut off is not finished")
	}
}

func change(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func valueOf(vars []orgs.Variable, name string) any {
	for _, v := range vars {
		if v.Name == name {
			return v.Value
		}
	}
	return nil
}

// TestRemovedSandboxInstance: the sandbox works again after its Halo instance was removed.
func TestRemovedSandboxInstance(t *testing.T) {
	ctx := t.Context()
	app, _ := newApp(t, t.TempDir(), true)
	d, err := app.Data(ctx, Writing)
	change(t, err)
	root, err := d.Orgs.Root(ctx)
	change(t, err)
	change(t, d.Orgs.RemoveInstance(ctx, root.ID, "halo", "Acme Halo (sandbox)", true))
	_, err = app.Runtime(ctx)
	change(t, err)
	if i, err := d.Orgs.Instance(ctx, root.ID, "halo", "Acme Halo (sandbox)"); err != nil || !i.Default || !strings.HasPrefix(i.Config["resource_server"].(string), "http://127.0.0.1:") {
		t.Error(i, err)
	}
}

// TestDataDirectories: which data a command reads, writes and calls with.
func TestDataDirectories(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	open := func(sandbox bool, access Access) (slug, said string, err error) {
		app, words := newApp(t, dir, sandbox)
		defer app.Close()
		d, err := app.Data(ctx, access)
		if err != nil {
			return "", words.String(), err
		}
		root, err := d.Orgs.Root(ctx)
		return root.Slug, words.String(), err
	}
	expect := func(sandbox bool, access Access, slug, words string, code fault.Code) {
		t.Helper()
		got, said, err := open(sandbox, access)
		if got != slug || !strings.Contains(said, words) || words == "" && said != "" || (err != nil) != (code != "") || err != nil && fault.From(err).Code != code {
			t.Errorf("sandbox %v, access %d: %q, %q, %v", sandbox, access, got, said, err)
		}
	}
	expect(false, Reading, "", "", fault.Missing)
	expect(true, Reading, "acme-msp", "", "")
	expect(false, Reading, "acme-msp", "There is only the sandbox's data here", "")
	expect(false, Calling, "", "", fault.Missing)
	expect(false, Writing, "msp", "Made the organisation msp (My MSP)", "")
	expect(false, Writing, "msp", "", "")
	expect(false, Reading, "msp", "", "")
	expect(false, Calling, "msp", "", "")
	expect(true, Reading, "acme-msp", "", "")
}

// TestHintSandbox: what only the sandbox has is said to be there.
func TestHintSandbox(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	for _, sandbox := range []bool{true, false} {
		app, _ := newApp(t, dir, sandbox)
		_, err := app.Data(ctx, Writing)
		change(t, err)
		change(t, app.Close())
	}
	app, _ := newApp(t, dir, false)
	d, err := app.Data(ctx, Reading)
	change(t, err)
	hintOf := func(slug string) string {
		_, err := app.Organisation(ctx, d, slug)
		return fault.From(err).Hint
	}
	if hint := hintOf("northwind-dental"); hint != "the sandbox has it: add --sandbox" {
		t.Error(hint)
	}
	if hint := hintOf("nobody"); strings.Contains(hint, "sandbox") {
		t.Error(hint)
	}
	if org, err := app.Organisation(context.Background(), d, ""); err != nil || org.Slug != "msp" {
		t.Error(org, err)
	}
}

// TestYamlValue: what examples write is YAML that reads as the same value.
func TestYamlValue(t *testing.T) {
	for want, value := range map[string]any{
		"Looked into it.": "Looked into it.", `"yes"`: "yes", `"5"`: "5", "5m": "5m", `"a: b"`: "a: b", `"a, b"`: "a, b", `""`: "", "[1, x]": []any{int64(1), "x"},
		"{a: null, b: {}}": map[string]any{"a": nil, "b": map[string]any{}}, "2.5": 2.5, `"#1"`: "#1", `"- x"`: "- x", `"null"`: "null",
	} {
		if got := yamlValue(value); got != want {
			t.Errorf("%v: %s, want %s", value, got, want)
		}
	}
}

// prepared is the error of Data.Prepare.
func prepared(_ *orgs.Organisation, err error) error { return err }
