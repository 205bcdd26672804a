package actions

import (
	"strings"
	"testing"
	"testing/fstest"
)

const acmeTriggers = `
polls:
  new_thing:
    title: New Thing
    action: acme.list_things
    cursor: id
webhooks:
  thing_made:
    title: Thing made
    body: {type: object, fields: {kind: {type: string, required: true}, thing: {type: acme.Thing, required: true}}}
    when: body.kind == 'made' && headers['x-shop'] != ''
    dedupe: {by: field, field: kind}
    verify: {secret_header: {header: X-Key, secret: acme_hook}}
`

func TestPollsAndWebhooksOfAProject(t *testing.T) {
	c, ds := Load(Builtin(), files("acme/integration.yaml", acme, "acme/things.yaml", things, "acme/a_triggers.yaml", acmeTriggers), "actions")
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	p, ok := c.Poll("acme.new_thing")
	if !ok || p.Key != "id" || p.On != "new" || p.Entity.Name != "acme.Thing" || p.Action.ID != "acme.list_things" {
		t.Errorf("%+v", p)
	}
	w, ok := c.WebhookPreset("acme.thing_made")
	if !ok || len(w.Settings) != 3 || w.Settings[2].Key != "verify" || w.Settings[2].Value.Lookup("secret_header") == nil || w.Body.Kind != "object" {
		t.Errorf("%+v", w)
	}
	if _, ok := c.Poll("halo.new_ticket"); !ok {
		t.Error("the shipped polls are gone")
	}
	if _, ok := Builtin().WebhookPreset("acme.thing_made"); ok || len(Builtin().Polls()) == 0 || len(Builtin().WebhookPresets()) == 0 {
		t.Error("the base catalogue was changed, or is empty")
	}
}

func TestMistakesInPollsAndWebhooks(t *testing.T) {
	poll := func(lines string) string { return "polls:\n  bad:\n    title: Bad\n" + indent(lines) }
	hook := func(lines string) string { return "webhooks:\n  bad:\n    title: Bad\n" + indent(lines) }
	list := "action: acme.list_things\n"
	for _, c := range []struct{ name, text, code, words string }{
		{"no action", poll("key: id\n"), "missing-key", "action"},
		{"unknown action", poll("action: acme.list_thing\n"), "unknown-action", "acme.list_things"},
		{"a write", poll("action: acme.make_thing\n"), "not-a-read", "only reads"},
		{"no list", poll("action: acme.get_thing\n"), "not-a-list", "list of entities"},
		{"unknown key field", poll(list + "key: ids\n"), "unknown-field", `"id"`},
		{"unknown cursor field", poll(list + "cursor: nmae\n"), "unknown-field", `"name"`},
		{"unknown updated field", poll(list + "updated: nmae\n"), "unknown-field", `"name"`},
		{"unknown input", poll(list + "with: {sinc: 1}\n"), "unknown-input", `"since"`},
		{"unknown input to narrow", poll(list + "narrow: {sinc: 1}\n"), "unknown-input", `"since"`},
		{"wrong expression", poll(list + "with: {since: \"${{ curser }}\"}\n"), "", "curser"},
		{"wrong word", poll(list + "on: updated\n"), "unknown-word", "new_or_updated"},
		{"updates that nothing tells", poll(list + "on: new_or_updated\n"), "missing-key", "updated"},
		{"late without cursor", poll(list + "late: 10m\n"), "missing-key", "cursor"},
		{"wrong duration", poll(list + "every: soon\n"), "bad-duration", "5m"},
		{"unknown key", poll(list + "curser: id\n"), "unknown-key", `"cursor"`},
		{"bad name", "polls:\n  New: {title: New, action: acme.list_things}\n", "bad-name", "small letters"},
		{"not a map", "polls: [a]\n", "wrong-kind", "polls"},
		{"unknown body", hook("body: acme.Thign\n"), "unknown-type", ""},
		{"wrong condition", hook("when: size(headers)\n"), "wrong-type", "true or false"},
		{"unknown name", hook("when: boddy.x\n"), "", "boddy"},
		{"unknown field of the body", hook("body: {type: object, fields: {kind: string}}\nwhen: body.kid == 'x'\n"), "", `"kind"`},
		{"split of the wrong kind", hook("split: body\n"), "wrong-kind", "true or false"},
		{"unknown key of a webhook", hook("spilt: true\n"), "unknown-key", `"split"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			more := `
actions:
  list_things: {title: List, inputs: {since: integer}, request: {method: GET, path: /things, pass: query}, result: {type: list of acme.Thing, from: things}}
  get_thing: {title: Get, request: {method: GET, path: /thing}, result: acme.Thing}
  make_thing: {title: Make, effect: write, request: {method: POST, path: /things}, result: list of acme.Thing}
`
			loaded, ds := Load(Builtin(), files("acme/integration.yaml", acme, "acme/things.yaml", more, "acme/x.yaml", c.text), "actions")
			if len(ds) != 1 || c.code != "" && ds[0].Code != c.code || !strings.Contains(ds[0].Message+ds[0].Hint, c.words) || ds[0].Pos.File != "actions/acme/x.yaml" {
				t.Errorf("got %v", ds)
			}
			if _, there := loaded.Poll("acme.bad"); there {
				t.Error("the wrong poll is in the catalogue")
			}
		})
	}
}

func TestShippedPollsCannotBeReplaced(t *testing.T) {
	again := "polls: {new_ticket: {title: Mine, action: halo.list_tickets}}\nwebhooks: {new_ticket: {title: Mine}}\n"
	_, ds := Load(Builtin(), fstest.MapFS{"actions/halo/x.yaml": {Data: []byte(again)}}, "actions")
	if len(ds) != 2 || ds[0].Code != "exists" || ds[1].Code != "exists" {
		t.Error(ds)
	}
}
