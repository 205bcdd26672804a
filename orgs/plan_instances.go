package orgs

import (
	"maps"
	"slices"
	"strings"

	"gantry/fault"
	"gantry/schema"
	"gantry/store"
)

// wantedInstance is an instance as a file wants it. Default nil leaves that as it is; Keep are the secret
// fields that may stay beside those given, nil for all.
type wantedInstance struct {
	integration, name string
	config            map[string]any
	secrets           map[string]string
	isDefault         *bool
	keep              []string
}

// setInstance plans an instance as it is wanted.
func (p *planner) setInstance(org Organisation, w wantedInstance) error {
	if err := checkIntegration(w.integration); err != nil {
		return err
	}
	var err error
	if w.name, err = tidyName("name of an instance", w.name, maxName); err != nil {
		return err
	}
	text, err := encodeConfig(w.integration, w.config, w.secrets)
	if err != nil {
		return err
	}
	at := p.instanceAt(org.ID, w.integration, w.name)
	if at < 0 {
		p.addInstance(org, w, text)
	} else if err := p.changeConfig(org, p.instances[org.ID][at], w, text); err != nil {
		return err
	}
	return p.setDefault(org, w)
}

func (p *planner) instanceAt(orgID, integration, name string) int {
	return slices.IndexFunc(p.instances[orgID], func(r instanceRow) bool {
		return r.Integration == integration && foldedName(r.Name) == foldedName(name)
	})
}

func (w wantedInstance) label() string { return w.integration + ": " + w.name }

func (p *planner) addInstance(org Organisation, w wantedInstance, text string) {
	first := !slices.ContainsFunc(p.instances[org.ID], func(r instanceRow) bool { return r.Integration == w.integration })
	row := instanceRow{ID: p.s.newID(), OrganisationID: org.ID, Integration: w.integration, Name: w.name, Config: text, Default: first}
	before := p.instances[org.ID]
	p.instances[org.ID] = append(slices.Clone(before), row)
	p.did(Change{ActionCreate, OfInstance, org.Slug, w.label(), ""}, func() { p.instances[org.ID] = before },
		func(tx *store.Tx) error { return p.s.insertInstance(tx, org, row.instance(nil), text, w.secrets) })
}

func (r instanceRow) instance(config map[string]any) Instance {
	return Instance{ID: r.ID, OrganisationID: r.OrganisationID, Integration: r.Integration, Name: r.Name, Config: config, Default: r.Default}
}

// changeConfig plans other fields and secrets of an instance that there is.
func (p *planner) changeConfig(org Organisation, row instanceRow, w wantedInstance, text string) error {
	said, err := changedFields(row, w)
	if err != nil {
		return err
	}
	for _, field := range sortedKeys(w.secrets) {
		if !p.opensTo(place{org.ID, kindInstance, row.ID, field}, w.secrets[field]) {
			said = append(said, field+" (secret)")
		}
	}
	var gone []string
	for _, field := range p.secretFields(row) {
		_, given := w.secrets[field]
		if w.keep != nil && !given && !slices.Contains(w.keep, field) {
			gone = append(gone, field)
			said = append(said, field+" (secret, removed)")
		}
	}
	if len(said) == 0 {
		return nil
	}
	before := p.instances[org.ID]
	p.instances[org.ID] = slices.Clone(before)
	p.instances[org.ID][p.instanceAt(org.ID, w.integration, w.name)].Config = text
	p.did(Change{ActionChange, OfInstance, org.Slug, w.label(), strings.Join(said, ", ")}, func() { p.instances[org.ID] = before },
		func(tx *store.Tx) error {
			for _, field := range gone {
				if err := dropSecret(tx, place{org.ID, kindInstance, row.ID, field}); err != nil {
					return err
				}
			}
			return p.s.putConfig(tx, row.instance(w.config), text, w.secrets)
		})
	return nil
}

// changedFields names the fields whose values differ.
func changedFields(row instanceRow, w wantedInstance) ([]string, error) {
	value, err := decodeData("the configuration of "+row.Name, row.Config)
	if err != nil {
		return nil, err
	}
	was, ok := value.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Storage, "The configuration of %s cannot be read from the database.", row.Name)
	}
	all := maps.Clone(was)
	maps.Copy(all, w.config)
	var names []string
	for _, name := range sortedKeys(all) {
		before, had := was[name]
		after, has := w.config[name]
		if had != has || !sameData(before, after) {
			names = append(names, name)
		}
	}
	return names, nil
}

func sameData(a, b any) bool {
	x, err := schema.Encode(a)
	y, err2 := schema.Encode(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// setDefault plans which instance is the default, where the file says so.
func (p *planner) setDefault(org Organisation, w wantedInstance) error {
	at := p.instanceAt(org.ID, w.integration, w.name)
	row := p.instances[org.ID][at]
	if w.isDefault == nil || *w.isDefault == row.Default {
		return nil
	}
	before := p.instances[org.ID]
	after := slices.Clone(before)
	for i := range after {
		if after[i].Integration == w.integration {
			after[i].Default = *w.isDefault && i == at
		}
	}
	p.instances[org.ID] = after
	c := Change{ActionChange, OfInstance, org.Slug, w.label(), "becomes the default"}
	write := func(tx *store.Tx) error { return putDefault(tx, row.instance(nil)) }
	if !*w.isDefault {
		c.Detail = "is the default no longer"
		write = func(tx *store.Tx) error { return clearDefault(tx, org.ID, w.integration) }
	}
	p.did(c, func() { p.instances[org.ID] = before }, write)
	return nil
}

// unsetInstance plans that an instance goes, with its secrets.
func (p *planner) unsetInstance(org Organisation, row instanceRow) {
	before := p.instances[org.ID]
	left := slices.DeleteFunc(slices.Clone(before), func(r instanceRow) bool { return r.ID == row.ID })
	if oldest := slices.IndexFunc(left, func(r instanceRow) bool { return r.Integration == row.Integration }); row.Default && oldest >= 0 {
		left[oldest].Default = true
	}
	p.instances[org.ID] = left
	p.did(Change{ActionRemove, OfInstance, org.Slug, row.Integration + ": " + row.Name, ""}, func() { p.instances[org.ID] = before },
		func(tx *store.Tx) error { return deleteInstance(tx, row.instance(nil)) })
}
