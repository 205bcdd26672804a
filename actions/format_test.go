package actions

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"gantry/source"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiledFormat(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(FormatSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("format.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("format.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Editors and the loader agree about what ships.
func TestFormatSchemaFitsWhatShips(t *testing.T) {
	format := compiledFormat(t)
	seen := 0
	err := fs.WalkDir(builtin, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yaml") {
			return err
		}
		text, err := builtin.ReadFile(name)
		if err != nil {
			return err
		}
		root, _ := source.Parse(name, text)
		if err := format.Validate(root.Data()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		seen++
		return nil
	})
	if err != nil || seen == 0 {
		t.Errorf("%d files, %v", seen, err)
	}
	for _, text := range []string{shop, acme, things, orders} {
		root, _ := source.Parse("x.yaml", []byte(text))
		if err := format.Validate(root.Data()); err != nil {
			t.Error(err)
		}
	}
}

func TestFormatSchemaFindsMistakes(t *testing.T) {
	format := compiledFormat(t)
	for _, text := range []string{
		"action: {}", "actions: {x: {titel: x}}", "actions: {x: {title: x, effect: wrote}}", "types: {ticket: {type: object}}",
		"actions: {x: {title: x, request: {method: GTE, path: /}}}", "actions: {x: {title: x, request: {method: GET, path: x}}}",
		"polls: {x: {title: x}}", "polls: {x: {title: x, action: a.b, on: new_or_udpated}}", "webhooks: {x: {title: x, spilt: true}}",
		"actions: {x: {title: x, verify: {action: a.b}}}", "actions: {x: {title: x, verify: {action: a.b, found: 'true', missing: maybe}}}",
		"actions: {x: {title: x, verify: {action: a.b, foud: 'true'}}}", "actions: {x: {title: x, verify: {action: a.b, found: 'true', read: {with: {}}}}}",
		"auth: {type: oauth}", "rate_limit: {requests: 1}", "actions: {x: {title: x, result: {from: a}}}",
	} {
		root, ds := source.Parse("x.yaml", []byte(text))
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		if format.Validate(root.Data()) == nil {
			t.Errorf("not found: %s", text)
		}
	}
}
