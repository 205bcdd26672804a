package project

import (
	"gantry/access"
	"gantry/fault"
	"gantry/source"
)

// read reads server.oidc. Its keys are those of access.OIDC.
func (o *OIDC) read(n *source.Node, ds *source.Diagnostics) {
	f := source.ReadFieldsOptional(n, "oidc", ds)
	defer f.Close()
	if n == nil || n.Kind != source.Map {
		return
	}
	before := ds.Errors()
	if f.Required("issuer") != nil {
		o.Issuer = f.Text("issuer")
	}
	if f.Required("client_id") != nil {
		o.ClientID = f.Text("client_id")
	}
	o.Secret = readSecretRef(f, "client_secret", ds)
	o.Name, o.Scopes, o.EmailDomains = f.Text("name"), f.Texts("scopes"), f.Texts("email_domains")
	o.CreateUsers, o.AssumeEmailVerified = f.Bool("create_users", false), f.Bool("assume_email_verified", false)
	if grants := readGrants(f.Node("default_grant"), "default_grant", ds); len(grants) == 1 {
		o.DefaultGrant = &grants[0]
	} else if len(grants) > 1 {
		ds.Errorf(f.Node("default_grant").Pos, "bad-value", "default_grant is one role over one organisation")
	}
	o.GroupsClaim = f.Text("groups_claim")
	o.readGroups(f.Node("groups"), ds)
	if err := o.Validate(); err != nil && ds.Errors() == before {
		e := fault.From(err)
		ds.Errorf(n.Pos, "bad-value", "%s", e.Message).Hint = e.Hint
	}
}

func (o *OIDC) readGroups(n *source.Node, ds *source.Diagnostics) {
	if n == nil {
		return
	}
	if n.Kind != source.Map {
		source.WrongKind(ds, n, "groups", "a map of groups and what each gives")
		return
	}
	o.Groups = map[string][]access.ProviderGrant{}
	for _, e := range n.Entries {
		o.Groups[e.Key] = readGrants(e.Value, e.Key, ds)
	}
}

// readGrants reads {role, organisation}, or a list of them. No organisation is the MSP.
func readGrants(n *source.Node, what string, ds *source.Diagnostics) (grants []access.ProviderGrant) {
	if n == nil {
		return nil
	}
	nodes := []*source.Node{n}
	if n.Kind == source.List {
		nodes = n.Items
	}
	for _, n := range nodes {
		f := source.ReadFields(n, what, ds)
		g := access.ProviderGrant{Organisation: f.Text("organisation")}
		if f.Required("role") != nil {
			if word := f.TextNode("role"); word != nil {
				role, err := access.ParseRole(word.Value.(string))
				if err != nil {
					e := fault.From(err)
					ds.Errorf(word.Pos, "bad-value", "%s", e.Message).Hint = e.Hint
				}
				g.Role = role
			}
		}
		f.Close()
		grants = append(grants, g)
	}
	return grants
}
