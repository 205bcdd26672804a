package api

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gantry/fault/faulttest"
)

const documentFile = "../docs/reference/openapi.json"

// TestDocument: the handbook has the document as it is, and making it twice gives the same.
func TestDocument(t *testing.T) {
	text, err := OpenAPI()
	faulttest.Must(t, err)
	again, err := OpenAPI()
	faulttest.Must(t, err)
	if !bytes.Equal(text, again) {
		t.Error("the document is another one each time")
	}
	if *update {
		faulttest.Must(t, os.WriteFile(documentFile, text, 0o644))
	}
	kept, err := os.ReadFile(documentFile)
	if err != nil || !bytes.Equal(text, kept) {
		t.Errorf("%s is stale (%v): `go generate ./docs` writes it", documentFile, err)
	}
}

// readDocument gives the document, and every JSON Schema in it.
func readDocument(t *testing.T) (doc map[string]any, schemas []string) {
	t.Helper()
	text, err := OpenAPI()
	faulttest.Must(t, err)
	faulttest.Must(t, json.Unmarshal(text, &doc))
	for name := range doc["components"].(map[string]any)["schemas"].(map[string]any) {
		schemas = append(schemas, name)
	}
	return doc, schemas
}

// TestDocumentIsOpenAPI holds the document against what OpenAPI 3.1 asks for.
func TestDocumentIsOpenAPI(t *testing.T) {
	doc, _ := readDocument(t)
	if doc["openapi"] != "3.1.0" || doc["info"].(map[string]any)["title"] != "Gantry" {
		t.Error(doc["openapi"], doc["info"])
	}
	operations, ids := 0, map[string]bool{}
	for path, item := range doc["paths"].(map[string]any) {
		for method, o := range item.(map[string]any) {
			op := o.(map[string]any)
			operations++
			id, _ := op["operationId"].(string)
			if id == "" || ids[id] || op["summary"] == "" || len(op["tags"].([]any)) != 1 || op["x-policy"] == nil {
				t.Errorf("%s %s: %v", method, path, op)
			}
			ids[id] = true
			var declared []string
			params, _ := op["parameters"].([]any)
			for _, p := range params {
				if p := p.(map[string]any); p["in"] == "path" {
					declared = append(declared, p["name"].(string))
					if p["required"] != true {
						t.Errorf("%s: %s in the path is not required", id, p["name"])
					}
				}
			}
			for _, m := range regexp.MustCompile(`\{([^}]+)\}`).FindAllStringSubmatch(path, -1) {
				if !slices.Contains(declared, m[1]) {
					t.Errorf("%s does not declare %s", id, m[1])
				}
			}
			for status, r := range op["responses"].(map[string]any) {
				if description, _ := r.(map[string]any)["description"].(string); description == "" {
					t.Errorf("%s: answer %s is not described", id, status)
				}
			}
		}
	}
	if want := len(New(House{}).Operations()); operations != want || want < 60 {
		t.Errorf("%d operations, want %d", operations, want)
	}
	walk(doc, func(ref string) {
		var at any = doc
		for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			at = at.(map[string]any)[part]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	})
}

// walk finds every $ref.
func walk(v any, found func(ref string)) {
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			found(ref)
		}
		for _, value := range v {
			walk(value, found)
		}
	case []any:
		for _, value := range v {
			walk(value, found)
		}
	}
}

// TestSchemas: what the document says of data is JSON Schema 2020-12, as OpenAPI 3.1 has it.
func TestSchemas(t *testing.T) {
	doc, schemas := readDocument(t)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	faulttest.Must(t, compiler.AddResource("https://gantry.test/openapi.json", doc))
	for _, name := range schemas {
		if _, err := compiler.Compile("https://gantry.test/openapi.json#/components/schemas/" + name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(schemas) < 40 {
		t.Error(schemas)
	}
}
