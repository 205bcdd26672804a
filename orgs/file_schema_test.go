package orgs_test

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gantry/orgs"
	"gantry/source"
)

// What the schema takes is read, and what it refuses is refused.
func TestFileSchema(t *testing.T) {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(orgs.FileSchema()))
	must(t, err)
	compiler := jsonschema.NewCompiler()
	must(t, compiler.AddResource("orgs.json", parsed))
	schema, err := compiler.Compile("orgs.json")
	must(t, err)
	b := setup(t)
	_, err = b.apply(t, declared, orgs.ApplyOptions{Secret: env})
	must(t, err)
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"everything":          {declared, true},
		"an export":           {b.export(t), true},
		"nothing in sections": {"organisations: [{slug: a, variables: , instances: , mappings: }]", true},
		"a short mapping":     {"organisations: [{slug: a, mappings: {halo: 12}}]", true},
		"another type":        {"organisations: [{slug: a, variables: {p: {value: 1, retype: true}, q: {secret: keep, retype: true}}}]", true},
		"another type, short": {"organisations: [{slug: a, variables: {p: {from: env:P}}}]", false},
		"a shared mapping":    {"organisations: [{slug: a, mappings: {halo: {id: 12, shared: true}}}]", true},
		"shared by word":      {"organisations: [{slug: a, mappings: {halo: {id: 12, shared: perhaps}}}]", false},
		"no list":             {"msp: a", false},
		"an unknown key":      {"organisations: [{slug: a, nam: A}]", false},
		"a wrong slug":        {"organisations: [{slug: A B}]", false},
		"a clear secret":      {"organisations: [{slug: a, variables: {p: {secret: hunter2}}}]", false},
		"a secret elsewhere":  {"organisations: [{slug: a, variables: {p: {secret: {from: vault}}}}]", false},
		"an object in short":  {"organisations: [{slug: a, variables: {p: {a: 1}}}]", false},
		"neither":             {"organisations: [{slug: a, variables: {p: {local: true}}}]", false},
		"a wrong variable":    {"organisations: [{slug: a, variables: {p-q: 1}}]", false},
		"no name":             {"organisations: [{slug: a, instances: [{integration: halo}]}]", false},
		"a list for an id":    {"organisations: [{slug: a, mappings: {halo: {id: [1]}}}]", false},
	} {
		t.Run(name, func(t *testing.T) {
			node, ds := source.Parse("x.yaml", []byte(c.text))
			must(t, ds.Err())
			bySchema := schema.Validate(node.Data())
			_, byReader := orgs.ParseFile("x.yaml", []byte(c.text))
			if (bySchema == nil) != c.ok || byReader.HasErrors() == c.ok {
				t.Errorf("the schema says %v, the reader %v", bySchema, byReader.Err())
			}
		})
	}
}
