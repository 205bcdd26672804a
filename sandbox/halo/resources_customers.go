package halo

import "strings"

// generalUser is the name of the user that every client has for tickets of nobody in particular.
const generalUser = "General User"

func customerResources() []*resource {
	return []*resource{
		topLevelResource(), clientResource(), siteResource(), usersResource(), organisationResource(),
	}
}

func topLevelResource() *resource {
	return &resource{
		name: "TopLevel", schema: "Tree", envelope: "tree", area: "customers", writable: true, required: []string{"name"},
		defaults: record{"type": 0, "organisation_id": 1, "notes": "", "parentid": 0}, search: []string{"name"}, sort: "name",
		filters: map[string]filter{"org_id": equals("organisation_id"), "type": is("type")},
		derive: map[string]derived{
			"use": constant("toplevel"), "long_name": same("name"), "organisation_name": ref("organisation_id", "Organisation", "name"),
		},
	}
}

func clientResource() *resource {
	return &resource{
		name: "Client", schema: "Area", envelope: "clients", area: "customers", writable: true, required: []string{"name"},
		refs: refs{"toplevel_id": "TopLevel"}, custom: usageClient, inactive: "inactive", sort: "name",
		defaults: record{
			"toplevel_id": 1, "inactive": false, "colour": "#2bd3c6", "is_vip": false, "notes": "", "ref": "", "main_site_id": 0,
			"pritech": 0, "sectech": 0, "accountmanagertech": 0, "customertype": 0, "customer_relationship": []any{},
			"percentage_to_survey": 100, "accountsid": "", "item_tax_code": 0, "default_currency_code": 0, "website": "",
			"allowall_tickettypes": true, "allowed_tickettypes": []any{},
		},
		before: beforeClient, after: afterClient, search: []string{"name", "ref"},
		filters: map[string]filter{
			"toplevel_id": equals("toplevel_id"), "search_name_only": like("name"),
			"exclude_internal":   when(func(_ *listing, r record) bool { return r.int("id") != ownClientID }),
			"accountmanageronly": when(func(l *listing, r record) bool { return r.int("accountmanagertech") == l.who.app.AgentID }),
		},
		hidden: map[string]string{"notes": "includenotes", "website": "include_website"},
		derive: map[string]derived{
			"toplevel_name": ref("toplevel_id", "TopLevel", "name"), "use": constant("client"), "key": same("id"),
			"main_site_name": ref("main_site_id", "Site", "name"),
		},
		inputs: map[string]kind{
			"newclient_sitename": kindText, "newclient_contactname": kindText, "newclient_contactemail": kindText,
			"newclient_phonenumber": kindText, "newclient_timezone": kindText, "newclient_domain": kindText,
		},
	}
}

func siteResource() *resource {
	return &resource{
		name: "Site", schema: "Site", envelope: "sites", area: "customers", writable: true, required: []string{"name", "client_id"},
		refs: refs{"client_id": "Client"}, custom: usageSite, inactive: "inactive", sort: "clientsite_name",
		defaults: record{
			"inactive": false, "sla_id": 1, "phonenumber": "", "colour": "#5b9bd5", "timezone": "GMT Standard Time", "notes": "",
			"maincontact_id": 0, "isstocklocation": false, "isinvoicesite": false, "emaildomain": "",
		},
		search: []string{"name", "client_name", "clientsite_name"},
		filters: map[string]filter{
			"client_id": equals("client_id"), "site_id": equals("id"), "stocklocation": is("isstocklocation"),
			"toplevel_id": equals("~toplevel_id"),
		},
		hidden: map[string]string{"notes": "includenotes"},
		derive: map[string]derived{
			"client_name": ref("client_id", "Client", "name"), "use": constant("site"),
			"clientsite_name":  joined(ref("client_id", "Client", "name"), "/", func(_ *state, r record) any { return r["name"] }),
			"maincontact_name": ref("maincontact_id", "Users", "name"), "~toplevel_id": ref("client_id", "Client", "toplevel_id"),
		},
	}
}

func usersResource() *resource {
	return &resource{
		name: "Users", schema: "Users", envelope: "users", area: "customers", writable: true, required: []string{"name|firstname|surname", "site_id"},
		refs: refs{"site_id": "Site"}, custom: usageUser, inactive: "inactive", sort: "name",
		defaults: record{
			"inactive": false, "emailaddress": "", "phonenumber": "", "mobilenumber": "", "title": "", "notes": "", "login": "",
			"isimportantcontact": false, "isserviceaccount": false, "neversendemails": false, "colour": "#a4c2f4", "linked_agent_id": 0,
			"priority_id": 0, "email2": "", "email3": "",
		},
		before: beforeUser, search: []string{"name", "emailaddress", "client_name", "site_name"},
		searchMore: map[string][]string{"search_phonenumbers": {"phonenumber", "mobilenumber"}},
		filters: map[string]filter{
			"client_id": equals("client_id"), "site_id": equals("site_id"), "toplevel_id": equals("~toplevel_id"),
			"asset_id": func(l *listing, param string) predicate {
				asset := l.find("Asset", l.q.int(param))
				return func(r record) bool { return ownsAsset(asset, r.int("id")) }
			},
			"organisation_id": equals("~organisation_id"), "mysite": when(func(l *listing, r record) bool { return r.int("site_id") == l.ownUser(l.who).int("site_id") }),
			"exclude_agents":      when(func(_ *listing, r record) bool { return r.int("linked_agent_id") == 0 }),
			"excludeagents":       when(func(_ *listing, r record) bool { return r.int("linked_agent_id") == 0 }),
			"exclude_generaluser": when(func(_ *listing, r record) bool { return r.text("name") != generalUser }),
		},
		hidden: map[string]string{"notes": "includenotes"},
		derive: map[string]derived{
			"site_id_int": func(_ *state, r record) any { return r.int("site_id") }, "site_name": ref("site_id", "Site", "name"),
			"client_id":   func(st *state, r record) any { return st.find("Site", r.int("site_id"))["client_id"] },
			"client_name": ref("site_id", "Site", "client_name"), "initials": initialsFrom("name"),
			"use": constant("user"), "key": same("id"), "phonenumber_preferred": same("phonenumber"),
			"user_with_clientsite": joined(ref("site_id", "Site", "clientsite_name"), "/", func(_ *state, r record) any { return r["name"] }),
			"~organisation_id": func(st *state, r record) any {
				client := st.find("Client", st.userClient(r.int("id")))
				return st.find("TopLevel", client.int("toplevel_id"))["organisation_id"]
			},
			"~toplevel_id": func(st *state, r record) any {
				site := st.find("Site", r.int("site_id"))
				return st.find("Client", site.int("client_id"))["toplevel_id"]
			},
		},
	}
}

func organisationResource() *resource {
	return &resource{
		name: "Organisation", schema: "Organisation", area: "", writable: true, required: []string{"name"},
		defaults: record{"phone": "", "email": "", "website": "", "portalurl": "", "linked_client_id": 0},
		details:  map[string]derived{"departments": rowsOf("TopLevel", "organisation_id")},
	}
}

func beforeUser(c *change) *answer {
	u := c.next
	first, last, _ := strings.Cut(u.text("name"), " ")
	switch {
	case !isSet(u["name"]):
		u["name"] = strings.TrimSpace(u.text("firstname") + " " + u.text("surname"))
	case c.sets("name"):
		if !c.sets("firstname") {
			u["firstname"] = first
		}
		if !c.sets("surname") {
			u["surname"] = last
		}
	case c.sets("firstname") || c.sets("surname"):
		u["name"] = strings.TrimSpace(u.text("firstname") + " " + u.text("surname"))
	}
	return nil
}

// beforeClient refuses a second client of the same name.
func beforeClient(c *change) *answer {
	if other := c.first("Client", "name", c.next.text("name")); other != nil && other.int("id") != c.next.int("id") && c.sets("name") {
		return refused(broken("A Client with this name already exists"))
	}
	return nil
}

// afterClient makes the main site and the users of a new client.
func afterClient(c *change) {
	if !c.creates() {
		return
	}
	input := func(name, otherwise string) string { return firstOf(c.posted.text("~newclient_"+name), otherwise) }
	client := c.next
	sites, users := c.resource("Site"), c.resource("Users")
	site := record{"name": input("sitename", "Main"), "client_id": client["id"], "phonenumber": input("phonenumber", ""),
		"timezone": input("timezone", "GMT Standard Time"), "emaildomain": input("domain", "")}
	site.fill(sites.defaults)
	c.insert(sites, site)
	client["main_site_id"] = site["id"]
	for _, name := range []string{generalUser, c.posted.text("~newclient_contactname")} {
		if name == "" {
			continue
		}
		first, last, _ := strings.Cut(name, " ")
		user := record{"name": name, "firstname": first, "surname": last, "site_id": site.int("id")}
		if name != generalUser {
			user["emailaddress"] = input("contactemail", "")
		}
		user.fill(users.defaults)
		c.insert(users, user)
	}
}
