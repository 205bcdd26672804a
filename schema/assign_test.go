package schema

import "testing"

func TestAssignableTo(t *testing.T) {
	for _, c := range []struct{ from, to, why string }{
		{"integer", "number", ""}, {"string", "secret", ""}, {"secret", "string", ""}, {"any", "integer", ""}, {"integer", "any", ""}, {"halo.Ticket", "halo.Ticket", ""},
		{"halo.Ticket", "object", ""}, {"list", "list of integer", ""}, {"map of integer", "{fields: {a: {type: integer, required: true}}}", ""},
		{"{fields: {a: integer}}", "map of integer", ""}, {"'null'", "string or null", ""}, {"integer", "number or null", ""},
		{"string", "integer", "needs a whole number, gets text"},
		{"number", "integer", "needs a whole number, gets a number"},
		{"list of halo.Ticket", "halo.Ticket", "needs halo.Ticket, gets a list of halo.Ticket"},
		{"integer", "string", "needs text, gets a whole number"},
		{"string or null", "string", "needs text, but this may be null"},
		{"'null'", "boolean", "needs true or false, gets null"},
		{"list of string", "list of integer", "each entry needs a whole number, gets text"},
		{"map of string", "map of integer", "each entry needs a whole number, gets text"},
		{"{fields: {a: string}}", "map of integer", `its field "a" needs a whole number, gets text`},
		{"map of string", "{fields: {a: integer}}", `its field "a" needs a whole number, gets text`},
		{"{fields: {id: string}}", "{fields: {id: integer}}", `its field "id" needs a whole number, gets text`},
		{"{fields: {b: string}}", "{fields: {a: {type: string, required: true}}, open: true}", `needs the field "a", which is missing here`},
		{"{fields: {a: string}}", "{fields: {a: {type: string, required: true}}}", `needs the field "a", which may be missing here`},
		{"{fields: {summry: string}}", "{fields: {summary: string}}", `there is no field "summry" in an object {summary}; did you mean "summary"?`},
		{"{enum: [open, shut]}", "{enum: [open, closed]}", "must be one of open, closed, not shut"},
		{"{enum: [open]}", "{enum: [open, closed]}", ""},
	} {
		ok, why := AssignableTo(parsed(t, c.from), parsed(t, c.to))
		if ok != (c.why == "") || why != c.why {
			t.Errorf("%s to %s: %v %q, want %q", c.from, c.to, ok, why, c.why)
		}
	}
}

func TestEntitiesMayContainThemselves(t *testing.T) {
	site, client := Object("halo.Site"), Object("halo.Client")
	site.Fields = []Field{{Name: "client", Type: client}}
	client.Fields = []Field{{Name: "sites", Type: ListOf(site)}, {Name: "parent", Type: client.AsNullable()}}
	loop := Object("")
	loop.Fields = []Field{{Name: "client", Type: loop}}
	AssignableTo(site, loop)
	Join(site, client)
	Join(site, loop)
	if !site.Equal(site.AsNullable().AsPresent()) {
		t.Error("not equal")
	}
	v := map[string]any{"client": map[string]any{"sites": []any{map[string]any{}}}}
	if p := site.Check(v); len(p) > 0 {
		t.Error(p)
	}
	if _, err := Encode(site.JSONSchema(true)); err != nil {
		t.Error(err)
	}
}
