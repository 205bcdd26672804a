package actions

import (
	"strings"
	"testing"
)

// What is wrong about the key on one line, the rules of a configuration and the probes of its test is
// reported with its place.
func TestMistakesInTheSetUp(t *testing.T) {
	const other = `
title: Other
config:
  host: {type: string, required: true}
  user: {type: string}
  key: {type: secret}
  port: {type: integer}
base_url: https://${{ config.host }}
actions:
  list_things: {title: List, inputs: {limit: integer}, request: {method: GET, path: /things}, result: list of any}
  make_thing: {title: Make, effect: write, request: {method: POST, path: /things}}
`
	for _, c := range []struct{ name, more, code, words string }{
		{"line without forms", "one_line: {title: key}", "missing-key", "forms"},
		{"line with no form", "one_line: {forms: []}", "wrong-kind", "list"},
		{"shape without separator", `one_line: {forms: [{shape: "{user}{key}"}]}`, "bad-shape", "something between"},
		{"shape of one field", `one_line: {forms: [{shape: "{user}"}]}`, "bad-shape", ""},
		{"shape with text in front", `one_line: {forms: [{shape: "x{user}:{key}"}]}`, "bad-shape", ""},
		{"shape with text behind", `one_line: {forms: [{shape: "{user}:{key}!"}]}`, "bad-shape", ""},
		{"shape with an open brace", `one_line: {forms: [{shape: "{user}:{key"}]}`, "bad-shape", ""},
		{"shape with a field that is not there", `one_line: {forms: [{shape: "{usr}:{key}"}]}`, "unknown-field", `did you mean "user"?`},
		{"shape with a number", `one_line: {forms: [{shape: "{user}:{port}"}]}`, "bad-shape", "text or secret"},
		{"form that means what is not there", `one_line: {forms: [{shape: "{user}:{key}", means: {prt: 1}}]}`, "unknown-field", `"port"`},
		{"rules that are no list", "config_rules: {when: true}", "wrong-kind", "list"},
		{"rule without message", "config_rules: [{when: config.host == ''}]", "missing-key", "message"},
		{"rule over a field that is not there", "config_rules: [{when: config.hots == '', message: x}]", "", "hots"},
		{"rule that reads a secret", "config_rules: [{when: config.key == 'x', message: x}]", "", ""},
		{"test of a number", "test: 5", "wrong-kind", "probes"},
		{"probe without action", "test: [{title: x}]", "missing-key", "action"},
		{"probe of an action that is not there", "test: [{action: other.list_thing}]", "unknown-action", "other.list_things"},
		{"probe that writes", "test: [{action: other.make_thing}]", "not-a-read", "only reads"},
		{"probe with a wrong input", "test: [{action: other.list_things, with: {limit: many}}]", "wrong-input", "limit"},
		{"warning that is no condition", "test: [{action: other.list_things, warn: [{when: size(result), message: x}]}]", "wrong-type", "true or false"},
		{"unknown key in a probe", "test: [{action: other.list_things, need: x}]", "unknown-key", `"needs"`},
	} {
		_, ds := Load(Builtin(), files("other/integration.yaml", other+c.more+"\n"), "actions")
		found := false
		for _, d := range ds {
			found = found || (c.code == "" || d.Code == c.code) && strings.Contains(d.Message+" "+d.Hint, c.words) && d.Pos.Line > 0
		}
		if !found {
			t.Errorf("%s is not reported as %s %q:\n%s", c.name, c.code, c.words, list(ds))
		}
	}
	good := other + `
one_line: {forms: [{shape: "{user}:{key}", means: {port: 443}}]}
config_rules: [{when: config.port == 0, message: no port, warning: true}]
test: [{title: Read, action: other.list_things, with: {limit: 1}, warn: [{when: size(result) == 0, message: nothing}]}]
`
	catalogue, ds := Load(Builtin(), files("other/integration.yaml", good), "actions")
	if len(ds) > 0 {
		t.Fatal(list(ds))
	}
	i, _ := catalogue.Integration("other")
	made, f := i.Configure(Given{Config: map[string]any{"host": "h"}, Line: "me:se:cret"})
	if f != nil || made.Config["user"] != "me" || made.Config["port"] != int64(443) || made.Secrets["key"] != "se:cret" || len(made.Warnings) > 0 {
		t.Errorf("%+v %v", made, f)
	}
	if warnings := i.Test[0].Warnings([]any{}); len(warnings) != 1 || warnings[0].Message != "nothing" {
		t.Errorf("warnings %v", warnings)
	}
}
