package orgs

import (
	"strings"

	"gantry/source"
)

// fileReader makes a File of its tree, and notes what is wrong in it.
type fileReader struct{ ds *source.Diagnostics }

func (r *fileReader) file(root *source.Node) *File {
	f := source.ReadFields(root, "the file", r.ds)
	file := &File{MSP: f.TextNode("msp")}
	list := f.Required("organisations")
	f.Close()
	if list == nil {
		return file
	}
	if list.Kind != source.List {
		source.WrongKind(r.ds, list, "organisations", "a list of organisations")
		return file
	}
	if len(list.Items) > maxDeclared {
		r.ds.Errorf(list.Pos, "too-large", "the file has %d organisations; at most %d are read", len(list.Items), maxDeclared)
		return file
	}
	seen := map[string]source.Pos{}
	for _, item := range list.Items {
		d := r.organisation(item)
		if d == nil {
			continue
		}
		if before, twice := seen[d.slug()]; twice {
			r.ds.Errorf(d.Slug.Pos, "duplicate", "the organisation %q is there twice; the first is at line %d", d.slug(), before.Line)
			continue
		}
		seen[d.slug()] = d.Slug.Pos
		file.Organisations = append(file.Organisations, d)
	}
	return file
}

func (r *fileReader) organisation(n *source.Node) *Declared {
	f := source.ReadFields(n, "an organisation", r.ds)
	d := &Declared{at: n, Slug: f.Required("slug"), Name: f.TextNode("name"), Parent: f.TextNode("parent")}
	if d.Slug != nil && d.Slug.Kind != source.String {
		source.WrongKind(r.ds, d.Slug, "slug", "text")
		d.Slug = nil
	}
	if f.Has("tags") {
		tags := f.Texts("tags")
		d.Tags = &tags
	}
	if f.Has("enabled") {
		enabled := f.Bool("enabled", false)
		d.Enabled = &enabled
	}
	d.Variables = r.variables(f.Node("variables"))
	d.Instances = r.instances(f.Node("instances"))
	d.Mappings = r.mappings(f.Node("mappings"))
	f.Close()
	if d.Slug == nil {
		return nil
	}
	if _, err := ParseSlug(d.slug()); err != nil {
		r.fault(d.Slug.Pos, err)
		return nil
	}
	return d
}

// fault notes an error at a place.
func (r *fileReader) fault(pos source.Pos, err error) { noteFault(r.ds, pos, err) }

// entries gives the entries of a section that is a map; nothing counts as an empty one.
func (r *fileReader) entries(n *source.Node, name string) []source.Entry {
	if n.Kind == source.Null {
		return nil
	}
	if n.Kind != source.Map {
		source.WrongKind(r.ds, n, name, "a map of names and what they are")
		return nil
	}
	return n.Entries
}

func (r *fileReader) variables(n *source.Node) *[]DeclaredVariable {
	if n == nil {
		return nil
	}
	all := []DeclaredVariable{}
	for _, e := range r.entries(n, "variables") {
		v := DeclaredVariable{Name: e.Key, pos: e.KeyPos}
		if err := checkIdentifier("name of a variable", e.Key); err != nil {
			r.fault(e.KeyPos, err)
			continue
		}
		if e.Value.Kind == source.Map {
			if !r.described(&v, e.Value) {
				continue
			}
		} else if v.Value = e.Value.Data(); v.Value == nil {
			r.ds.Errorf(e.Value.Pos, "missing-value", "the variable %s has no value", e.Key).Hint = "give it one, or remove its line"
			continue
		}
		if v.Type == "" {
			v.Type = TypeOf(v.Value)
		}
		if v.Type != TypeSecret {
			if _, err := encodeValue("the variable "+v.Name, v.Type, v.Value); err != nil {
				r.fault(e.Value.Pos, err)
				continue
			}
		}
		all = append(all, v)
	}
	return &all
}

// described reads a variable in its long form.
func (r *fileReader) described(v *DeclaredVariable, n *source.Node) bool {
	f := source.ReadFields(n, "the variable "+v.Name, r.ds)
	kind, value, secret := f.TextNode("type"), f.Node("value"), f.Node("secret")
	from := f.Has("from") // instead of secret: {from: …}
	v.Local, v.Retype = f.Bool("local", false), f.Bool("retype", false)
	before := r.ds.Errors()
	f.Close()
	switch {
	case from && value == nil && secret == nil:
		r.ds.Errorf(n.Pos, "unknown-key", "the variable %s says where a value comes from, but not that it is a secret", v.Name).
			Hint = "a secret is written `" + v.Name + ": {secret: {from: env:NAME}}`"
		return false
	case r.ds.Errors() > before:
		last := &(*r.ds)[len(*r.ds)-1]
		if value == nil && secret == nil {
			last.Hint = "a variable that is an object is written as `value: {…}`"
		}
		return false
	case (value == nil) == (secret == nil):
		r.ds.Errorf(n.Pos, "missing-key", "the variable %s needs either a value or a secret", v.Name)
		return false
	case secret != nil:
		if kind != nil && textOf(kind) != TypeSecret {
			r.ds.Errorf(kind.Pos, "contradiction", "the variable %s has a secret and is said to be of type %s", v.Name, textOf(kind))
			return false
		}
		v.Type, v.Secret = TypeSecret, r.secret(v.Name, secret)
		return v.Secret != nil
	}
	v.Type, v.Value = textOf(kind), value.Data()
	if v.Type == TypeSecret {
		r.ds.Errorf(value.Pos, "secret", "the value of the secret %s does not belong in a file", v.Name).Hint = "write `secret: {from: env:NAME}` or `secret: keep`"
		return false
	}
	if v.Type != "" && !knownType(v.Type) {
		r.ds.Errorf(kind.Pos, "unknown-type", "there is no type of variables %q", shortened(v.Type)).Hint = source.DidYouMean(v.Type, Types())
		return false
	}
	return true
}

// secret reads `keep` or {from: env:NAME}.
func (r *fileReader) secret(name string, n *source.Node) *SecretRef {
	const how = "write `keep`, {from: env:NAME} or {from: file:PATH}"
	ref := &SecretRef{Name: name, pos: n.Pos}
	if n.Kind == source.String {
		ref.Keep = textOf(n) == "keep"
		if !ref.Keep { // its text is not shown: it may be the secret itself
			r.ds.Errorf(n.Pos, "secret", "the value of the secret %s does not belong in a file", name).Hint = how
			return nil
		}
		return ref
	}
	f := source.ReadFields(n, "the secret "+name, r.ds)
	from := f.Required("from")
	f.Close()
	if from == nil {
		return nil
	}
	kind, what, _ := strings.Cut(textOf(from), ":")
	if kind != "env" && kind != "file" || what == "" {
		r.ds.Errorf(from.Pos, "secret", "the secret %s comes neither from env: nor from file:", name).Hint = how
		return nil
	}
	ref.From, ref.pos = textOf(from), from.Pos
	return ref
}
