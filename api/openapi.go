package api

import (
	"context"
	"encoding/json"
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"gantry/fault"
)

// Document is the OpenAPI document of the API.
type Document struct {
	ContentType string `header:"Content-Type"`
	Body        []byte `contentType:"application/openapi+json"`
}

// ReadDocument gives the OpenAPI 3.1 document, which anybody may read.
var ReadDocument = Operation[struct{}, Document]{ID: "read-openapi", Method: "GET", Path: "/openapi.json", Tag: "server",
	Summary: "This API as an OpenAPI 3.1 document", Policy: Policy{Where: Public}}

func documentOperations(a *API) {
	ReadDocument.serve(a, func(context.Context, *struct{}) (*Document, error) {
		text, err := a.document()
		return &Document{ContentType: "application/openapi+json", Body: text}, err
	})
}

// OpenAPI gives the OpenAPI 3.1 document of all operations, indented, the same each time.
func OpenAPI() ([]byte, error) { return New(House{}).document() }

func (a *API) writeDocument() ([]byte, error) {
	doc := newDocument()
	for _, d := range a.operations {
		doc.AddOperation(d.bind(doc.Components.Schemas).op)
	}
	var tree any
	text, err := json.Marshal(doc)
	if err == nil {
		err = json.Unmarshal(text, &tree) // maps are written in the order of their keys
	}
	if err == nil {
		text, err = json.MarshalIndent(tree, "", "  ")
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the OpenAPI document cannot be written: %s", err)
	}
	return append(text, '\n'), nil
}

// newDocument is the document without its operations.
func newDocument() *huma.OpenAPI {
	return &huma.OpenAPI{OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Gantry", Version: "1", Description: "Runs the workflows of a managed service provider. " +
			"docs/api.md tells how to sign in, how lists are paged, and what errors look like."},
		Servers:  []*huma.Server{{URL: Base}},
		Security: []map[string][]string{{"token": {}}, {"session": {}}},
		Components: &huma.Components{Schemas: schemas(), SecuritySchemes: map[string]*huma.SecurityScheme{
			"token":   {Type: "http", Scheme: "bearer", Description: "An API token, with scopes"},
			"session": {Type: "apiKey", In: "cookie", Name: "__Host-gantry", Description: "The session of a person who has signed in"}}}}
}

// schemas makes room for the schemas of types.
func schemas() huma.Registry { return huma.NewMapRegistry("#/components/schemas/", schemaName) }

// schemaName names a type in the document: those of other packages have the package's name before theirs.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	if room := path.Base(t.PkgPath()); t.Name() != "" && room != "." && room != "api" {
		return strings.ToUpper(room[:1]) + room[1:] + name
	}
	return name
}
