package orgs_test

import (
	"strings"
	"testing"

	"gantry/fault"
	"gantry/orgs"
)

// A file changes the type of a variable, and makes a secret readable, only where it says so.
func TestApplyRetypesOnPurposeOnly(t *testing.T) {
	secret := func(string) (string, error) { return "from outside", nil }
	for name, c := range map[string]struct {
		kind  string
		value any
		text  string // of the variable v
		want  []string
		meant string // the same on purpose
	}{
		"a secret to text": {orgs.TypeSecret, "s3cret", "plain-now",
			[]string{"has v as a secret", "become a string that everybody can read", "{secret: {from: env:NAME}}"}, "{value: plain-now, retype: true}"},
		"text to a number":  {orgs.TypeString, "12", "12", []string{"as string, not as number", "put it in quotes"}, "{value: 12, retype: true}"},
		"a number to text":  {orgs.TypeNumber, int64(12), `"12"`, []string{"as number, not as string", "`v: {value: …, retype: true}`"}, `{value: "12", retype: true}`},
		"an object, long":   {orgs.TypeList, []any{"a"}, "{value: {a: 1}, local: true}", []string{"as list, not as object"}, "{value: {a: 1}, local: true, retype: true}"},
		"text to a secret":  {orgs.TypeString, "x", "{secret: {from: env:V}}", []string{"as string, not as secret", "{secret: {from: env:V}, retype: true}"}, "{secret: {from: env:V}, retype: true}"},
		"by the type alone": {orgs.TypeNumber, int64(1), "{type: string, value: x}", []string{"as number, not as string"}, "{type: string, value: x, retype: true}"},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t)
			b.set(t, b.contoso, "v", c.kind, c.value)
			file := func(text string) string {
				return "organisations: [{slug: contoso, variables: {v: " + text + "}}]"
			}
			before := b.export(t)
			_, err := b.apply(t, file(c.text), orgs.ApplyOptions{Secret: secret, Prune: true})
			for _, word := range append(c.want, "orgs.yaml:1:45: ") {
				if err == nil || !strings.Contains(err.Error(), word) {
					t.Errorf("%v does not say %q", err, word)
				}
			}
			if b.export(t) != before {
				t.Error("it was changed all the same")
			}
			done, err := b.apply(t, file(c.meant), orgs.ApplyOptions{Secret: secret})
			if err != nil || len(done) != 1 || strings.Contains(done[0], "s3cret") {
				t.Error(done, err)
			}
			for _, again := range []string{c.meant, c.text} {
				if done, err := b.apply(t, file(again), orgs.ApplyOptions{Secret: secret}); err != nil || len(done) > 0 {
					t.Error("once more:", done, err)
				}
			}
		})
	}
}

// A table cannot say that another type is meant, and is told what can.
func TestImportKeepsTypes(t *testing.T) {
	b := setup(t)
	b.set(t, b.contoso, "seats", orgs.TypeNumber, int64(5))
	b.set(t, b.contoso, "pw", orgs.TypeSecret, "s3cret")
	for text, want := range map[string]string{
		"slug,var:seats\ncontoso,x\n": "call the column var:seats:number, or change the type on purpose with `gantry vars set seats VALUE --type string --retype --org contoso`",
		"slug,var:pw\ncontoso,x\n":    "secrets do not belong in a table",
	} {
		got := b.imported(t, text, orgs.ImportOptions{Update: true})
		if len(got) != 1 || !strings.Contains(got[0], "failed") || !strings.Contains(got[0], want) {
			t.Error(got)
		}
	}
	if clear, err := b.OpenSecret(ctx, b.contoso.ID, "pw"); err != nil || clear != "s3cret" {
		t.Error(fault.From(err))
	}
}
