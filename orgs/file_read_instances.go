package orgs

import (
	"strconv"

	"gantry/fault"
	"gantry/source"
)

func (r *fileReader) instances(n *source.Node) *[]DeclaredInstance {
	if n == nil {
		return nil
	}
	all := []DeclaredInstance{}
	if n.Kind != source.List && n.Kind != source.Null {
		source.WrongKind(r.ds, n, "instances", "a list of instances")
		return &all
	}
	defaults := map[string]string{}
	for _, item := range n.Items {
		in, ok := r.instance(item)
		if !ok {
			continue
		}
		if in.Default != nil && *in.Default {
			if other, twice := defaults[in.Integration]; twice {
				r.ds.Errorf(in.pos, "duplicate", "%q and %q are both said to be the default of %s", other, in.Name, in.Integration)
			}
			defaults[in.Integration] = in.Name
		}
		all = append(all, in)
	}
	return &all
}

func (r *fileReader) instance(n *source.Node) (DeclaredInstance, bool) {
	before := r.ds.Errors()
	f := source.ReadFields(n, "an instance", r.ds)
	in := DeclaredInstance{pos: n.Pos}
	integration, name, config, secrets := f.Required("integration"), f.Required("name"), f.Node("config"), f.Node("secrets")
	if f.Has("default") {
		isDefault := f.Bool("default", false)
		in.Default = &isDefault
	}
	f.Close()
	in.Integration, in.Name = r.needText(integration, "integration"), r.needText(name, "name")
	in.Config = map[string]any{}
	if config != nil && config.Kind != source.Null {
		if config.Kind != source.Map {
			source.WrongKind(r.ds, config, "config", "a map of fields and values")
		} else {
			in.Config = config.Data().(map[string]any)
			in.pos = config.Pos
		}
	}
	if secrets != nil {
		refs := []SecretRef{}
		for _, e := range r.entries(secrets, "secrets") {
			if ref := r.secret(e.Key, e.Value); ref != nil {
				refs = append(refs, *ref)
			}
		}
		in.Secrets = &refs
	}
	return in, r.ds.Errors() == before
}

// needText gives a node's text, and notes where it is none. Nodes that are missing have been noted.
func (r *fileReader) needText(n *source.Node, name string) string {
	if n != nil && n.Kind != source.String {
		source.WrongKind(r.ds, n, name, "text")
	}
	return textOf(n)
}

func (r *fileReader) mappings(n *source.Node) *[]DeclaredMapping {
	if n == nil {
		return nil
	}
	all := []DeclaredMapping{}
	for _, e := range r.entries(n, "mappings") {
		before := r.ds.Errors()
		m := DeclaredMapping{Integration: e.Key, pos: e.KeyPos}
		if e.Value.Kind == source.Map {
			r.mapping(&m, e.Value)
		} else {
			m.ID = r.id(e.Value)
		}
		if r.ds.Errors() == before {
			all = append(all, m)
		}
	}
	return &all
}

func (r *fileReader) mapping(m *DeclaredMapping, n *source.Node) {
	f := source.ReadFields(n, "the mapping for "+m.Integration, r.ds)
	m.ID, m.Name, m.Shared = r.id(f.Required("id")), f.Text("name"), f.Bool("shared", false)
	switch in := f.Node("instance"); {
	case in == nil:
	case in.Kind == source.Map:
		g := source.ReadFields(in, "the instance of the mapping for "+m.Integration, r.ds)
		m.Owner, m.Instance = g.Text("organisation"), r.needText(g.Required("name"), "name")
		g.Close()
	default:
		m.Instance = r.needText(in, "instance")
	}
	f.Close()
}

// id reads the id of an entity, which people also write as a number.
func (r *fileReader) id(n *source.Node) string {
	if n == nil {
		return ""
	}
	if number, ok := n.Value.(int64); ok {
		return strconv.FormatInt(number, 10)
	}
	return r.needText(n, "the id")
}

// noteFault notes an error at a place of a file.
func noteFault(ds *source.Diagnostics, pos source.Pos, err error) {
	f := fault.From(err)
	ds.Errorf(pos, string(f.Code), "%s", f.Message).Hint = f.Hint
}
