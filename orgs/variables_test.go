package orgs_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
)

// held gives name -> value and whose it is, for comparing.
func held(variables []orgs.Variable) map[string][2]any {
	out := map[string][2]any{}
	for _, v := range variables {
		out[v.Name] = [2]any{v.Value, v.Source.Slug}
	}
	return out
}

func TestInheritance(t *testing.T) {
	b := setup(t)
	b.set(t, b.msp, "team", orgs.TypeString, "Service desk")
	b.set(t, b.msp, "hours", orgs.TypeNumber, int64(8))
	b.set(t, b.contoso, "team", orgs.TypeString, "Contoso crew")
	must(t, b.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "own", Type: orgs.TypeBoolean, Value: true, Local: true}))
	must(t, b.SetVariable(ctx, b.contoso.ID, orgs.Variable{Name: "hours", Type: orgs.TypeNumber, Value: 4.5, Local: true}))

	for _, c := range []struct {
		org  orgs.Organisation
		want map[string][2]any
	}{
		{b.msp, map[string][2]any{"team": {"Service desk", "acme-msp"}, "hours": {int64(8), "acme-msp"}, "own": {true, "acme-msp"}}},
		{b.contoso, map[string][2]any{"team": {"Contoso crew", "contoso"}, "hours": {4.5, "contoso"}}},
		{b.contosoLabs, map[string][2]any{"team": {"Contoso crew", "contoso"}, "hours": {int64(8), "acme-msp"}}},
		{b.northwind, map[string][2]any{"team": {"Service desk", "acme-msp"}, "hours": {int64(8), "acme-msp"}}},
	} {
		got, err := b.Effective(ctx, c.org.ID)
		must(t, err)
		if diff := cmp.Diff(c.want, held(got)); diff != "" {
			t.Errorf("%s: %s", c.org.Slug, diff)
		}
	}
	own, err := b.Variables(ctx, b.contosoLabs.ID)
	must(t, err)
	if len(own) != 0 {
		t.Errorf("own variables: %+v", own)
	}
	must(t, b.RemoveVariable(ctx, b.contoso.ID, "team"))
	got, err := b.Effective(ctx, b.contosoLabs.ID)
	must(t, err)
	if held(got)["team"] != [2]any{"Service desk", "acme-msp"} {
		t.Error("what is inherited does not show through again")
	}
	wantFault(t, b.RemoveVariable(ctx, b.contoso.ID, "hour"), fault.Missing, `did you mean "hours"`)
	wantFault(t, b.RemoveVariable(ctx, b.northwind.ID, "team"), fault.Missing, "where it is set")
}

func TestValuesKeepTheirType(t *testing.T) {
	b := setup(t)
	want := map[string][2]any{}
	for name, c := range map[string]struct {
		kind  string
		value any
	}{
		"text": {orgs.TypeString, "grüße\n<&>"}, "empty": {orgs.TypeString, ""}, "whole": {orgs.TypeNumber, int64(1) << 53},
		"real": {orgs.TypeNumber, 2.0}, "no": {orgs.TypeBoolean, false}, "list": {orgs.TypeList, []any{int64(1), "a", nil}},
		"object": {orgs.TypeObject, map[string]any{"a": map[string]any{"b": 1.5}}}, "none": {orgs.TypeList, []any{}},
	} {
		b.set(t, b.northwind, name, c.kind, c.value)
		want[name] = [2]any{c.value, "northwind-dental"}
	}
	got, err := b.Variables(ctx, b.northwind.ID)
	must(t, err)
	if diff := cmp.Diff(want, held(got)); diff != "" {
		t.Error(diff)
	}
}

func TestSetVariableRefuses(t *testing.T) {
	b := setup(t)
	deep := any("x")
	for range 60 {
		deep = []any{deep}
	}
	for name, c := range map[string]struct {
		v     orgs.Variable
		code  fault.Code
		words []string
	}{
		"text as a number":    {orgs.Variable{Name: "a", Type: "number", Value: "5"}, fault.InvalidInput, []string{"a number, not text"}},
		"a number as text":    {orgs.Variable{Name: "a", Type: "string", Value: int64(5)}, fault.InvalidInput, []string{"text, not a number"}},
		"nothing":             {orgs.Variable{Name: "a", Type: "string"}, fault.InvalidInput, []string{"nothing"}},
		"an object as a list": {orgs.Variable{Name: "a", Type: "list", Value: map[string]any{}}, fault.InvalidInput, []string{"a list, not an object"}},
		"a Go int":            {orgs.Variable{Name: "a", Type: "number", Value: 5}, fault.InvalidInput, nil},
		"no number":           {orgs.Variable{Name: "a", Type: "number", Value: math.NaN()}, fault.InvalidInput, []string{"finite"}},
		"an inexact number":   {orgs.Variable{Name: "a", Type: "number", Value: int64(1)<<53 + 1}, fault.InvalidInput, []string{"type string"}},
		"a secret in a list":  {orgs.Variable{Name: "a", Type: "list", Value: []any{expr.Secret{Name: "x"}}}, fault.InvalidInput, []string{"secret"}},
		"too deep":            {orgs.Variable{Name: "a", Type: "list", Value: deep}, fault.InvalidInput, []string{"nested"}},
		"too large":           {orgs.Variable{Name: "a", Type: "string", Value: strings.Repeat("x", 1<<20)}, fault.TooLarge, nil},
		"no UTF-8":            {orgs.Variable{Name: "a", Type: "string", Value: "\xff"}, fault.InvalidInput, []string{"UTF-8"}},
		"an unknown type":     {orgs.Variable{Name: "a", Type: "sting", Value: "x"}, fault.InvalidInput, []string{`did you mean "string"`}},
		"a name with a dash":  {orgs.Variable{Name: "a-b", Type: "string", Value: "x"}, fault.InvalidInput, []string{"underscores", "org.vars"}},
		"a word of CEL":       {orgs.Variable{Name: "in", Type: "string", Value: "x"}, fault.InvalidInput, []string{"expressions"}},
		"no name":             {orgs.Variable{Type: "string", Value: "x"}, fault.InvalidInput, nil},
		"a long name":         {orgs.Variable{Name: strings.Repeat("a", 65), Type: "string", Value: "x"}, fault.InvalidInput, []string{"64"}},
		"an empty secret":     {orgs.Variable{Name: "a", Type: "secret", Value: ""}, fault.InvalidInput, []string{"empty"}},
		"a long secret":       {orgs.Variable{Name: "a", Type: "secret", Value: strings.Repeat("x", 64<<10+1)}, fault.TooLarge, nil},
		"a number as secret":  {orgs.Variable{Name: "a", Type: "secret", Value: int64(1234)}, fault.InvalidInput, []string{"text"}},
	} {
		t.Run(name, func(t *testing.T) {
			wantFault(t, b.SetVariable(ctx, b.northwind.ID, c.v), c.code, c.words...)
		})
	}
	got, err := b.Variables(ctx, b.northwind.ID)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("a refused value was kept: %+v", got)
	}
}

// The checker types org.vars by what the root guarantees, so no organisation may have another type there.
func TestANameHasOneTypeWhereItIsInherited(t *testing.T) {
	b := setup(t)
	other := func(org orgs.Organisation, local bool) error {
		return b.SetVariable(ctx, org.ID, orgs.Variable{Name: "team", Type: orgs.TypeNumber, Value: int64(1), Local: local})
	}
	b.set(t, b.contoso, "team", orgs.TypeString, "crew")
	wantFault(t, other(b.contosoLabs, false), fault.Conflict, "Contoso", "string")
	wantFault(t, other(b.contosoLabs, true), fault.Conflict, "Contoso", "string")
	wantFault(t, other(b.msp, false), fault.Conflict, "Contoso")
	must(t, other(b.msp, true)) // not handed down
	must(t, other(b.northwind, false))
	wantFault(t, b.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "team", Type: orgs.TypeSecret, Value: "s"}), fault.Conflict)
	must(t, b.SetVariable(ctx, b.contoso.ID, orgs.Variable{Name: "team", Type: orgs.TypeNumber, Value: int64(2)}, orgs.Retype)) // one's own may change on purpose
	must(t, other(b.msp, false))
}

func TestGuaranteed(t *testing.T) {
	b := setup(t)
	b.set(t, b.msp, "team", orgs.TypeString, "x")
	b.set(t, b.msp, "token", orgs.TypeSecret, "x")
	b.set(t, b.msp, "hours", orgs.TypeNumber, int64(1))
	b.set(t, b.contoso, "more", orgs.TypeString, "x")
	must(t, b.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "own", Type: orgs.TypeString, Value: "x", Local: true}))
	fields, err := b.Guaranteed(ctx)
	must(t, err)
	got := map[string]string{}
	for _, f := range fields {
		got[f.Name] = string(f.Type.Kind)
	}
	if diff := cmp.Diff(map[string]string{"team": "string", "token": "secret", "hours": "number"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFacts(t *testing.T) {
	b := setup(t)
	b.set(t, b.msp, "token", orgs.TypeSecret, "clear")
	b.set(t, b.msp, "hours", orgs.TypeNumber, int64(8))
	must(t, b.SetMapping(ctx, b.contosoLabs.ID, "halo", "", "12", "Contoso Labs Ltd"))
	facts, err := b.Facts(ctx, b.contosoLabs.ID)
	must(t, err)
	want := map[string]any{
		"id": b.contosoLabs.ID, "name": "Contoso Labs", "slug": "contoso-labs",
		"parent":       map[string]any{"id": b.contoso.ID, "name": "Contoso", "slug": "contoso"},
		"tags":         []any{},
		"vars":         map[string]any{"hours": 8.0, "token": expr.Secret{Organisation: b.contosoLabs.ID, Name: "token"}},
		"integrations": map[string]any{"halo": map[string]any{"id": "12", "name": "Contoso Labs Ltd"}},
	}
	if diff := cmp.Diff(want, facts.Data()); diff != "" {
		t.Error(diff)
	}
	root, err := b.Facts(ctx, b.msp.ID)
	must(t, err)
	if root.Data()["parent"] != nil || len(root.Integrations) != 0 {
		t.Errorf("root: %+v", root.Data())
	}
}
