package orgs

import (
	"gantry/source"
)

// File is what a file of organisations declares. Sections that an organisation does not have (nil) are
// not the file's business: what is there stays.
type File struct {
	MSP           *source.Node // text, nil: the root that there is
	Organisations []*Declared
}

// Declared is one organisation of a file.
type Declared struct {
	Slug, Parent, Name *source.Node // texts; Parent and Name may be nil
	Tags               *[]string
	Enabled            *bool
	Variables          *[]DeclaredVariable
	Instances          *[]DeclaredInstance
	Mappings           *[]DeclaredMapping

	at *source.Node
}

// DeclaredVariable is a variable of a file. A secret has no Value.
type DeclaredVariable struct {
	Name   string
	Type   string
	Value  any
	Local  bool
	Retype bool       // a variable of another type becomes this one
	Secret *SecretRef // nil unless Type is secret
	pos    source.Pos
}

// DeclaredInstance is an instance of a file.
type DeclaredInstance struct {
	Integration, Name string
	Default           *bool
	Config            map[string]any
	Secrets           *[]SecretRef
	pos               source.Pos
}

// DeclaredMapping is a mapping of a file. Instance names an instance, Owner the organisation whose it is.
type DeclaredMapping struct {
	Integration, ID, Name, Instance, Owner string
	Shared                                 bool // the entity may be other organisations' as well
	pos                                    source.Pos
}

// SecretRef is where a secret comes from: env:NAME or file:PATH, or with Keep what is stored already.
type SecretRef struct {
	Name string // of the variable or field
	From string // env:NAME or file:PATH
	Keep bool
	pos  source.Pos
}

func (d *Declared) slug() string { return d.Slug.Value.(string) }

func textOf(n *source.Node) string {
	if n == nil {
		return ""
	}
	text, _ := n.Value.(string)
	return text
}

// maxDeclared is how many organisations a file may have.
const maxDeclared = 20_000

// fileLimits let a file describe thousands of organisations.
var fileLimits = source.Limits{Bytes: 64 << 20, Nodes: 2_000_000}

// ParseFile reads a file of organisations. The file is nil where it has errors.
func ParseFile(name string, text []byte) (*File, source.Diagnostics) {
	root, ds := source.ParseWithin(name, text, fileLimits)
	if root == nil {
		return nil, ds
	}
	r := &fileReader{ds: &ds}
	file := r.file(root)
	ds.Sort()
	if ds.HasErrors() {
		return nil, ds
	}
	return file, ds
}
