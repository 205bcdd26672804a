package actions

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"gantry/source"
)

// files makes a project's actions folder of names and texts.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys["actions/"+pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

const acme = `
title: Acme
config:
  host: {type: string, required: true}
  key: {type: secret, required: true}
base_url: https://${{ config.host }}/v1
auth: {type: api_key, header: X-Key, key: "${{ config.key }}"}
types:
  Thing: {type: object, open: true, fields: {id: integer, name: string or null}}
test: acme.list_things
mapping: {action: acme.list_things}
`

const things = `
actions:
  list_things:
    title: List Things
    request: {method: GET, path: /things}
    result: {type: list of acme.Thing, from: things}
`

func TestProjectIntegration(t *testing.T) {
	c, ds := Load(Builtin(), files("acme/integration.yaml", acme, "acme/things.yaml", things, "acme/README.md", "x", ".git/x.yaml", ":"), "actions")
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	if a, ok := c.Action("acme.list_things"); !ok || a.Result.String() != "list of acme.Thing" || !a.NeedsInstance() {
		t.Errorf("%+v", a)
	}
	if _, ok := c.Action("halo.list_agents"); !ok {
		t.Error("the shipped actions are gone")
	}
	if _, ok := Builtin().Action("acme.list_things"); ok {
		t.Error("the base catalogue was changed")
	}
	if _, ds := Load(Builtin(), files(), "actions"); len(ds) > 0 {
		t.Error(ds)
	}
}

func TestProjectAddsToAShippedIntegration(t *testing.T) {
	more := `
types:
  Announcement: {type: object, open: true, fields: {id: integer, text: string or null}}
actions:
  list_announcements:
    title: List Announcements
    request: {method: GET, path: /Announcement}
    result: list of halo.Announcement
  ticket_again:
    title: Ticket Again
    request: {method: GET, path: /Tickets/1}
    result: halo.Ticket
`
	c, ds := Load(Builtin(), files("halo/more.yaml", more), "actions")
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	a, ok := c.Action("halo.list_announcements")
	if !ok || a.Integration().Title != "HaloPSA" {
		t.Errorf("%+v", a)
	}
	if _, ok := c.Type("halo.Announcement"); !ok {
		t.Error("the type is not there")
	}
	if _, ok := Builtin().Type("halo.Announcement"); ok {
		t.Error("the base catalogue was changed")
	}
}

// Each mistake is reported with its place, and leaves out no more than its file.
func TestMistakes(t *testing.T) {
	action := func(lines string) string {
		return "actions:\n  good: {title: Good, request: {method: GET, path: /}}\n  bad:\n    title: Bad\n" + indent(lines)
	}
	request := "request: {method: GET, path: /}\n"
	for _, c := range []struct {
		name, file, text, code, words string
	}{
		{"not YAML", "acme/x.yaml", "a: [", "", ""},
		{"empty", "acme/x.yaml", "", "", ""},
		{"unknown key in file", "acme/x.yaml", "action: {}\n", "unknown-key", `did you mean "actions"?`},
		{"unknown key in action", "acme/x.yaml", action("titel: x\n" + request), "unknown-key", `"title"`},
		{"unknown key in request", "acme/x.yaml", action("request: {method: GET, path: /, bodi: 1}\n"), "unknown-key", `"body"`},
		{"no request", "acme/x.yaml", action("effect: read\n"), "missing-key", "request"},
		{"unknown effect", "acme/x.yaml", action("effect: wrote\n" + request), "unknown-word", `did you mean "write"?`},
		{"unknown method", "acme/x.yaml", action("request: {method: GTE, path: /}\n"), "unknown-word", "GET"},
		{"unknown type", "acme/x.yaml", action(request + "result: acme.Thign\n"), "unknown-type", ""},
		{"unknown input in an expression", "acme/x.yaml", action("inputs: {client: string}\nrequest: {method: GET, path: /, query: {a: \"${{ inputs.clinet }}\"}}\n"), "", "clinet"},
		{"unknown config", "acme/x.yaml", action("request: {method: GET, path: /, query: {a: \"${{ config.hots }}\"}}\n"), "", "hots"},
		{"a variable that is not there", "acme/x.yaml", action("request: {method: GET, path: /, query: {a: \"${{ org.name }}\"}}\n"), "", "org"},
		{"secret is read", "acme/x.yaml", action("request: {method: GET, path: /, query: {a: \"${{ config.key.size() }}\"}}\n"), "", ""},
		{"path with an unknown input", "acme/x.yaml", action("inputs: {id: {type: integer, required: true}}\nrequest: {method: GET, path: \"/x/{idd}\"}\n"), "unknown-input", `"id"`},
		{"path with an optional input", "acme/x.yaml", action("inputs: {id: integer}\nrequest: {method: GET, path: \"/x/{id}\"}\n"), "bad-path", "required"},
		{"path with a list", "acme/x.yaml", action("inputs: {id: {type: list of integer, required: true}}\nrequest: {method: GET, path: \"/x/{id}\"}\n"), "wrong-type", ""},
		{"path with an expression", "acme/x.yaml", action("request: {method: GET, path: \"/x/${{ 1 }}\"}\n"), "bad-path", "{name}"},
		{"path with a query", "acme/x.yaml", action("request: {method: GET, path: \"/x?a=1\"}\n"), "bad-path", "query"},
		{"relative path", "acme/x.yaml", action("request: {method: GET, path: x}\n"), "bad-path", "/"},
		{"open brace", "acme/x.yaml", action("request: {method: GET, path: \"/x/{id\"}\n"), "bad-path", "}"},
		{"idempotent is text", "acme/x.yaml", action(request + "idempotent: \"'yes'\"\n"), "wrong-type", "true or false"},
		{"pages without a list", "acme/x.yaml", action(request + "paginate: {style: page, parameter: p}\nresult: acme.Thing\n"), "wrong-type", "list"},
		{"pages without a parameter", "acme/x.yaml", action(request + "paginate: {style: offset}\n"), "missing-key", "parameter"},
		{"cursor without next", "acme/x.yaml", action(request + "paginate: {style: cursor, parameter: c}\n"), "missing-key", "next"},
		{"example that does not fit", "acme/x.yaml", action("inputs: {id: integer}\n" + request + "examples: [{with: {id: abc}}]\n"), "wrong-input", "id"},
		{"bad error rule", "acme/x.yaml", action(request + "errors: [{when: status, message: x}]\n"), "wrong-type", ""},
		{"unknown error code", "acme/x.yaml", action(request + "errors: [{when: status == 400, code: notfound}]\n"), "unknown-code", "not_found"},
		{"bad action name", "acme/x.yaml", "actions: {List-Things: {title: x, request: {method: GET, path: /}}}\n", "bad-name", "small letters"},
		{"needs what is no input", "acme/x.yaml", "actions: {x: {title: x, inputs: {note: string}, needs: [[note, nota]], request: {method: GET, path: /}}}\n", "unknown-input", "note"},
		{"needs what is always given", "acme/x.yaml", "actions: {x: {title: x, inputs: {a: string, b: {type: string, default: y}}, needs: [[a, b]], request: {method: GET, path: /}}}\n", "always-given", ""},
		{"needs one", "acme/x.yaml", "actions: {x: {title: x, inputs: {a: string}, needs: [[a]], request: {method: GET, path: /}}}\n", "bad-needs", "required: true"},
		{"bad type name", "acme/x.yaml", "types: {thing: {type: object}}\n", "bad-name", "Ticket"},
		{"type in a circle", "acme/x.yaml", "types: {A: {type: object, fields: {b: acme.B}}, B: {type: object, fields: {a: acme.A}}}\n", "circle", "itself"},
		{"action twice", "acme/z.yaml", "actions: {list_things: {title: x, request: {method: GET, path: /}}}\n", "exists", "acme.list_things"},
		{"type twice", "acme/z.yaml", "types: {Thing: {type: object}}\n", "exists", "Thing"},
		{"shipped action again", "halo/x.yaml", "actions: {get_ticket: {title: x, request: {method: GET, path: /}}}\n", "exists", "halo.get_ticket"},
		{"shipped type again", "halo/x.yaml", "types: {Ticket: {type: object}}\n", "exists", "halo.Ticket"},
		{"shipped integration again", "halo/integration.yaml", acme, "exists", "not replaced"},
		{"core", "core/x.yaml", "actions: {x: {title: x}}\n", "reserved", "core"},
		{"no integration.yaml", "other/x.yaml", things, "missing-file", "integration.yaml"},
		{"bad folder", "Acme Two/x.yaml", things, "bad-name", "small letters"},
		{"wrong integration", "other/integration.yaml", "title: Other\nbase_url: ${{ config.x }}\n", "", "x"},
		{"unknown auth", "other/integration.yaml", "title: Other\nbase_url: https://a.example\nauth: {type: oauth}\n", "bad-auth", "oauth2_client_credentials"},
		{"auth without a key", "other/integration.yaml", "title: Other\nbase_url: https://a.example\nauth: {type: bearer}\n", "missing-key", "token"},
		{"bad rate", "other/integration.yaml", "title: Other\nbase_url: https://a.example\nrate_limit: {requests: 5, per: often}\n", "bad-duration", ""},
		{"unknown test", "other/integration.yaml", "title: Other\nbase_url: https://a.example\ntest: other.x\n", "unknown-action", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := files("acme/integration.yaml", acme, "acme/things.yaml", things)
			fsys["actions/"+c.file] = files(c.file, c.text)["actions/"+c.file]
			catalogue, ds := Load(Builtin(), fsys, "actions")
			if !ds.HasErrors() {
				t.Fatal("nothing is reported")
			}
			var found bool
			for _, d := range ds {
				inFile := strings.HasPrefix(d.Pos.File, "actions/"+strings.Split(c.file, "/")[0])
				found = found || inFile && (c.code == "" || d.Code == c.code) && strings.Contains(d.Message+" "+d.Hint, c.words)
			}
			if !found {
				t.Errorf("not reported as %s %q:\n%s", c.code, c.words, list(ds))
			}
			for _, id := range []string{"acme.list_things", "halo.get_ticket", "core.noop"} {
				if a, ok := catalogue.Action(id); !ok || a.Title == "x" {
					t.Errorf("%s is gone or replaced", id)
				}
			}
			if _, ok := catalogue.Action("acme.good"); ok {
				t.Error("a file with a mistake is half loaded")
			}
		})
	}
}

func list(ds source.Diagnostics) string {
	var b bytes.Buffer
	for _, d := range ds {
		fmt.Fprintf(&b, "%s [%s]\n", d.Error(), d.Code)
	}
	return b.String()
}

func indent(lines string) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		b.WriteString("    " + line)
	}
	return b.String()
}

// No text makes the loader panic or hang, and no wrong file takes a shipped action away.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{acme, things, shop} {
		for place := range uint8(3) {
			f.Add(seed, place)
		}
	}
	base := Builtin()
	f.Fuzz(func(t *testing.T, text string, place uint8) {
		var fsys fstest.MapFS
		switch place % 3 {
		case 0:
			fsys = files("acme/integration.yaml", text)
		case 1:
			fsys = files("acme/integration.yaml", acme, "acme/x.yaml", text)
		case 2:
			fsys = files("halo/x.yaml", text)
		}
		c, _ := Load(base, fsys, "actions")
		if _, ok := c.Action("halo.get_ticket"); !ok {
			t.Fatal("halo.get_ticket is gone")
		}
		for _, a := range c.Actions() {
			if a.InputType() == nil || a.Result == nil {
				t.Fatalf("%s is half made", a.ID)
			}
		}
	})
}
