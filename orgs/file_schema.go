package orgs

import _ "embed"

//go:embed file.schema.json
var fileSchema []byte

// FileSchema gives the JSON Schema (draft-07) of the files that ParseFile reads, for editors.
func FileSchema() []byte { return append([]byte(nil), fileSchema...) }
