package actions

import _ "embed"

//go:embed format.schema.json
var formatSchema []byte

// FormatSchema is the JSON Schema (draft 7) of an integration's YAML files, for editors. The loader checks
// more: this finds what can be found while typing.
func FormatSchema() []byte { return formatSchema }
