package orgs_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
	"gantry/store"
)

// apply applies a file and gives what it did, a line for each change and warning.
func (b *bundle) apply(t testing.TB, text string, options orgs.ApplyOptions) ([]string, error) {
	t.Helper()
	file, ds := orgs.ParseFile("orgs.yaml", []byte(text))
	if ds.HasErrors() {
		return nil, ds
	}
	plan, err := b.Apply(ctx, file, options)
	var lines []string
	for _, c := range plan.Changes {
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%s %s %s %s: %s", c.Action, c.Kind, c.Organisation, c.Name, c.Detail), " :"))
	}
	for _, d := range plan.Warnings {
		lines = append(lines, "warning: "+d.Message)
	}
	return lines, err
}

func (b *bundle) export(t testing.TB) string {
	t.Helper()
	text, err := b.ExportYAML(ctx)
	must(t, err)
	return string(text)
}

// empty is a service over a new store with nothing in it.
func empty(t testing.TB, dir string) *bundle {
	t.Helper()
	s, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return &bundle{Service: orgs.New(s, ring(t, 1), func() time.Time { return start }, orgs.WithIDs(counter())), store: s}
}

const declared = `msp: acme-msp
organisations:
  - slug: contoso-labs
    name: Contoso Labs GmbH
    parent: contoso
    tags: [lab, eu]
    variables:
      hours: 4.5
      rooms: {value: {a: 1, b: [x, y]}, local: true}
      token: {secret: {from: "env:TOKEN"}}
  - slug: acme-msp
    variables: {default_team: Service Desk, boards: [a, b], managed: true}
    instances:
      - integration: halo
        name: Main
        config: {host: https://halo.example, pages: 3}
        secrets: {client_secret: {from: env:HALO}}
  - slug: fabrikam
    name: Fabrikam
    enabled: false
    mappings:
      halo: {id: 12, name: Fabrikam Inc, instance: Main}
`

func env(from string) (string, error) {
	if name, ok := strings.CutPrefix(from, "env:"); ok && (name == "TOKEN" || name == "HALO") {
		return "clear-" + name, nil
	}
	return "", fault.New(fault.Usage, "%s is not set.", from)
}

func TestApply(t *testing.T) {
	b := setup(t)
	dry, err := b.apply(t, declared, orgs.ApplyOptions{Secret: env, DryRun: true})
	must(t, err)
	if list, err := b.List(ctx); len(list) != 4 || err != nil {
		t.Fatal("a dry run changed something", slugs(list), err)
	}
	done, err := b.apply(t, declared, orgs.ApplyOptions{Secret: env})
	must(t, err)
	want := []string{
		`change organisation contoso-labs : name "Contoso Labs" → "Contoso Labs GmbH", tags none → eu, lab`,
		"create organisation fabrikam : Fabrikam",
		"change organisation fabrikam : disabled",
		"create variable contoso-labs hours: 4.5",
		`create variable contoso-labs rooms: {"a":1,"b":["x","y"]} (local)`,
		"create secret contoso-labs token: ********",
		`create variable acme-msp default_team: "Service Desk"`,
		`create variable acme-msp boards: ["a","b"]`,
		"create variable acme-msp managed: true",
		"create instance acme-msp halo: Main",
		"create mapping fabrikam halo: 12 (Fabrikam Inc)",
	}
	if diff := cmp.Diff(want, done); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(done, dry); diff != "" {
		t.Error("a dry run says something else:", diff)
	}
	if again, err := b.apply(t, declared, orgs.ApplyOptions{Secret: env, Prune: false}); len(again) > 0 || err != nil {
		t.Error("applying twice changes something:", again, err)
	}
	if clear, err := b.OpenSecret(ctx, b.contosoLabs.ID, "token"); clear != "clear-TOKEN" || err != nil {
		t.Error(clear, err)
	}
	text := b.export(t)
	if strings.Contains(text, "clear-") {
		t.Errorf("a secret is in the file:\n%s", text)
	}
	if again, err := b.apply(t, text, orgs.ApplyOptions{Prune: true}); len(again) > 0 || err != nil {
		t.Error("applying an export changes something:", again, err)
	}
}

func TestApplyPrunes(t *testing.T) {
	b := setup(t)
	_, err := b.apply(t, declared, orgs.ApplyOptions{Secret: env})
	must(t, err)
	b.set(t, b.northwind, "left", orgs.TypeString, "alone")
	const less = `organisations:
  - slug: acme-msp
    variables: {default_team: {value: 7, retype: true}}
    instances: []
  - {slug: contoso, tags: [gold]}
  - {slug: fabrikam, parent: contoso, mappings: {}}
`
	done, err := b.apply(t, less, orgs.ApplyOptions{Prune: true})
	must(t, err)
	want := []string{
		"change organisation contoso : tags none → gold",
		"change organisation fabrikam : from below acme-msp to below contoso",
		`remove variable acme-msp boards: ["a","b"]`,
		"remove variable acme-msp managed: true",
		`change variable acme-msp default_team: string "Service Desk" → number 7`,
		"remove instance acme-msp halo: Main",
		"remove mapping fabrikam halo: 12 (Fabrikam Inc)",
		"remove organisation contoso-labs : Contoso Labs GmbH",
		"remove organisation northwind-dental : Northwind Dental",
	}
	if diff := cmp.Diff(want, done); diff != "" {
		t.Error(diff)
	}
	done, err = b.apply(t, "organisations: [{slug: northwind-dental, variables: {left: right}}]", orgs.ApplyOptions{})
	must(t, err)
	if diff := cmp.Diff([]string{"restore organisation northwind-dental : Northwind Dental", `change variable northwind-dental left: "alone" → "right"`}, done); diff != "" {
		t.Error(diff)
	}
}

// What a name is of changes for all levels at once, whatever order they stand in.
func TestApplyRetypesDownTheTree(t *testing.T) {
	b := setup(t)
	b.set(t, b.msp, "level", orgs.TypeString, "1")
	b.set(t, b.contoso, "level", orgs.TypeString, "2")
	done, err := b.apply(t, "organisations: [{slug: contoso, variables: {level: {value: 2, retype: true}}}, {slug: acme-msp, variables: {level: {value: 1, retype: true}}}]", orgs.ApplyOptions{})
	must(t, err)
	if len(done) != 2 || !strings.HasPrefix(done[0], "change variable contoso level: string") {
		t.Error(done)
	}
	_, err = b.apply(t, "organisations: [{slug: contoso, variables: {level: {value: true, retype: true}}}]", orgs.ApplyOptions{})
	if err == nil || !strings.Contains(err.Error(), "orgs.yaml:1:45: Acme MSP has the variable level as number") {
		t.Error(err)
	}
}

func TestApplyToAnEmptyStore(t *testing.T) {
	b := setup(t)
	_, err := b.apply(t, declared, orgs.ApplyOptions{Secret: env})
	must(t, err)
	text := b.export(t)
	other := empty(t, filepath.Join(t.TempDir(), "other"))
	done, err := other.apply(t, text, orgs.ApplyOptions{})
	must(t, err)
	warned := 0
	for _, line := range done {
		if strings.HasPrefix(line, "warning: there is no secret") {
			warned++
		}
	}
	if warned != 2 {
		t.Errorf("%d warnings about secrets, want 2: %v", warned, done)
	}
	withSecrets := strings.ReplaceAll(strings.ReplaceAll(text, "client_secret: keep", "client_secret: {from: env:HALO}"), "secret: keep", "secret: {from: env:TOKEN}")
	_, err = other.apply(t, withSecrets, orgs.ApplyOptions{Secret: env})
	must(t, err)
	if diff := cmp.Diff(text, other.export(t)); diff != "" {
		t.Error(diff)
	}
}

func TestApplyKeepsToItsMSP(t *testing.T) {
	b := setup(t)
	_, err := b.apply(t, "msp: other\norganisations: [{slug: other, name: Other}]", orgs.ApplyOptions{})
	if err == nil || !strings.Contains(err.Error(), `orgs.yaml:1:6: this file is of the MSP "other"; here the MSP is Acme MSP`) {
		t.Error(err)
	}
	fresh := empty(t, t.TempDir())
	fresh.create(t, "msp", "My MSP", "")
	done, err := fresh.apply(t, "msp: other\norganisations: [{slug: other, name: Other}]", orgs.ApplyOptions{})
	must(t, err)
	if diff := cmp.Diff([]string{"change organisation other : slug msp → other", `change organisation other : name "My MSP" → "Other"`}, done); diff != "" {
		t.Error(diff)
	}
}

func TestApplyIsAllOrNothing(t *testing.T) {
	b := setup(t)
	before := b.export(t)
	for name, c := range map[string]struct{ text, want string }{
		"an unknown parent":        {"organisations: [{slug: a, name: A}, {slug: b, name: B, parent: contosso}]", `1:64: There is no organisation "contosso". (did you mean "contoso"?)`},
		"a circle":                 {"organisations: [{slug: a, name: A, parent: b}, {slug: b, name: B, parent: a}]", `the organisation "a" stands below itself`},
		"a circle with the old":    {"organisations: [{slug: contoso, parent: contoso-labs}]", "that would be a circle"},
		"no name":                  {"organisations: [{slug: a}]", `the new organisation "a" needs a name`},
		"twice":                    {"organisations: [{slug: a, name: A}, {slug: a, name: B}]", `the organisation "a" is there twice; the first is at line 1`},
		"a wrong slug":             {"organisations: [{slug: A B, name: A}]", `for example a-b`},
		"a reserved slug":          {"organisations: [{slug: all, name: A}]", `"all" cannot be a slug`},
		"the MSP below another":    {"organisations: [{slug: acme-msp, parent: contoso}]", "acme-msp is the MSP"},
		"an unknown key":           {"organisations: [{slug: a, nam: A}]", `unknown key "nam" in an organisation (did you mean "name"?)`},
		"a secret in the clear":    {"organisations: [{slug: contoso, variables: {p: {secret: hunter2}}}]", "the value of the secret p does not belong in a file"},
		"a secret of type text":    {"organisations: [{slug: contoso, variables: {p: {type: string, secret: keep}}}]", "is said to be of type string"},
		"a secret with value":      {"organisations: [{slug: contoso, variables: {p: {type: secret, value: x}}}]", "does not belong in a file"},
		"a secret from nowhere":    {"organisations: [{slug: contoso, variables: {p: {secret: {from: env:NOPE}}}}]", "env:NOPE is not set"},
		"a secret from elsewhere":  {"organisations: [{slug: contoso, variables: {p: {secret: {from: vault}}}}]", "neither from env: nor from file:"},
		"a wrong type":             {"organisations: [{slug: contoso, variables: {p: {type: number, value: x}}}]", "must be a number, not text"},
		"an unknown type":          {"organisations: [{slug: contoso, variables: {p: {type: numbr, value: 1}}}]", `did you mean "number"?`},
		"an object in short":       {"organisations: [{slug: contoso, variables: {p: {a: 1}}}]", "`value: {…}`"},
		"a secret's source alone":  {"organisations: [{slug: contoso, variables: {pw: {from: env:PW}}}]", "a secret is written `pw: {secret: {from: env:NAME}}`"},
		"a variable without value": {"organisations: [{slug: contoso, variables: {p: }}]", "has no value"},
		"a wrong variable":         {"organisations: [{slug: contoso, variables: {p-q: 1}}]", "letters, digits and underscores"},
		"two defaults":             {"organisations: [{slug: contoso, instances: [{integration: halo, name: A, default: true}, {integration: halo, name: B, default: true}]}]", "both said to be the default"},
		"an unknown instance":      {"organisations: [{slug: contoso, mappings: {halo: {id: 1, instance: Main}}}]", `has the instance "Main" of halo`},
		"a wrong mapping":          {"organisations: [{slug: contoso, mappings: {halo: {id: [1]}}}]", "the id must be text, not a list"},
		"no list":                  {"organisations: {a: b}", "organisations must be a list"},
		"nothing":                  {"", "there is nothing in the file"},
		"a slug of a purged":       {"organisations: [{slug: ok, name: OK}, {slug: contoso, name: \"a\\nb\"}]", "control character"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.apply(t, c.text, orgs.ApplyOptions{Secret: env, Prune: true})
			var ds source.Diagnostics
			if !errors.As(err, &ds) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if strings.Contains(fmt.Sprint(err), "hunter2") {
				t.Error("the error shows the secret")
			}
		})
	}
	if diff := cmp.Diff(before, b.export(t)); diff != "" {
		t.Error("something was kept of a refused file:", diff)
	}
}

func TestApplyWhatWasAgreedTo(t *testing.T) {
	b := setup(t)
	file, _ := orgs.ParseFile("orgs.yaml", []byte("organisations: [{slug: contoso, name: Contoso AG}]"))
	plan, err := b.Apply(ctx, file, orgs.ApplyOptions{DryRun: true})
	must(t, err)
	_, err = b.Update(ctx, b.contoso.ID, orgs.Changes{Name: new("Contoso SE")})
	must(t, err)
	_, err = b.Apply(ctx, file, orgs.ApplyOptions{Expect: plan.Changes})
	wantFault(t, err, fault.Conflict, "have changed since")
}
