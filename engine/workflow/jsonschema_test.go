package workflow

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gantry/actions"
	"gantry/schema"
	"gantry/source"
)

// compiledSchema compiles the schema of the test catalogue, which takes seconds, once.
var compiledSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	catalogue, err := loadedCatalogue()
	if err != nil {
		return nil, err
	}
	text, err := JSONSchema(catalogue)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("workflow.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("workflow.json")
})

func testSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := compiledSchema()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func yamlAsJSON(t *testing.T, name string, text []byte) any {
	t.Helper()
	n, ds := source.Parse(name, text)
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	encoded, err := schema.Encode(n.Data())
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Editors read the schema at every start, and of 1.5 MB they begin to be slow.
func TestJSONSchemaIsSmall(t *testing.T) {
	text, err := JSONSchema(actions.Builtin())
	if err != nil || len(text) > 1_000_000 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// What the checker accepts, editors must not underline.
func TestJSONSchemaAcceptsGoodFiles(t *testing.T) {
	s, world := testSchema(t), testWorld(t)
	files, _ := filepath.Glob("testdata/check/*.yaml")
	good := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if wf, _ := checkText(world, "x", file, text); wf == nil {
			continue
		}
		good++
		if err := s.Validate(yamlAsJSON(t, file, text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	if good < 8 {
		t.Errorf("only %d good files", good)
	}
}

// What is wrong in its shape, editors underline as well.
func TestJSONSchemaRefusesBadFiles(t *testing.T) {
	s := testSchema(t)
	names := []string{
		"key-unknown-workflow", "key-unknown-task", "key-foreign", "key-wrong-kind", "tasks-missing", "tasks-empty", "tasks-list",
		"task-no-call", "task-two-calls", "task-name", "task-name-word", "action-unknown", "with-missing", "with-missing-all",
		"with-unknown", "with-constants", "next-mixed", "next-twice", "next-refused-words", "transition-unknown-key", "join-word",
		"follow-word", "for-each-no-items", "retry", "mock", "integration", "trigger-type", "trigger-keys", "trigger-schedule",
		"trigger-webhook", "inputs",
	}
	for _, name := range names {
		text, err := os.ReadFile("testdata/check/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(yamlAsJSON(t, name, text)) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// Every key of the table has its documentation, in the schema as well.
func TestKeysAreDocumented(t *testing.T) {
	text, err := JSONSchema(testCatalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]bool{}
	for _, p := range Keys() {
		if p.Doc == "" || places[p.Name] {
			t.Errorf("place %q is not documented, or twice there", p.Name)
		}
		places[p.Name] = true
		seen := map[string]bool{}
		for _, k := range p.Keys {
			if k.Doc == "" || k.Shape == "" || seen[k.Name] {
				t.Errorf("%s: key %q has no documentation, or is twice there", p.Name, k.Name)
			}
			seen[k.Name] = true
			if !strings.Contains(string(text), `"`+k.Name+`"`) {
				t.Errorf("%s: key %q is not in the schema", p.Name, k.Name)
			}
		}
	}
	for _, name := range triggerTypeNames() {
		if !places["trigger "+name] {
			t.Errorf("trigger type %s has no place", name)
		}
	}
}

// The settings of a trigger type must not hide the keys that all triggers have.
func TestTriggerTypesAreSound(t *testing.T) {
	for _, typ := range triggerTypes {
		for _, f := range typ.Settings {
			if slices.Contains(triggerKeys.names(), f.Name) {
				t.Errorf("%s: %s is a key of all triggers", typ.Name, f.Name)
			}
			if f.Required && f.Type.HasDefault {
				t.Errorf("%s: %s is required and has a default", typ.Name, f.Name)
			}
		}
	}
}
