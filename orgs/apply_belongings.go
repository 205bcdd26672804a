package orgs

import (
	"slices"

	"gantry/fault"
	"gantry/source"
)

// clearVariables makes way for the variables that are to get another type, and plans the removal of
// those it does not have.
func (a *applier) clearVariables(d *Declared, org Organisation) {
	if d.Variables == nil {
		return
	}
	for _, v := range *d.Variables {
		if v.Retype && (v.Secret == nil || !v.Secret.Keep) { // what is to be kept and is no secret stays what it is
			a.retyping(org.ID, v.Name, v.Type)
		}
	}
	if !a.options.Prune {
		return
	}
	for _, name := range a.variableNames(org.ID) {
		if !slices.ContainsFunc(*d.Variables, func(v DeclaredVariable) bool { return v.Name == name }) {
			a.unsetVariable(org, name)
		}
	}
}

func (a *applier) setVariables(d *Declared, org Organisation) {
	for _, v := range valueOr(d.Variables) {
		wanted := Variable{Name: v.Name, Type: v.Type, Value: v.Value, Local: v.Local}
		if v.Secret != nil {
			value, ok := a.secret(*v.Secret, org, place{org.ID, kindVariable, "", v.Name}, "gantry vars set "+v.Name+" --secret", "{secret: {from: env:NAME}}")
			if !ok {
				continue
			}
			wanted.Value = value
		}
		if own, known := a.variables[v.Name][org.ID]; known && own.Type != v.Type {
			a.refuseRetyping(v, org, own.Type)
			continue
		}
		if err := a.planner.setVariable(org, wanted, false); err != nil {
			noteFault(&a.ds, v.pos, err)
		}
	}
}

// refuseRetyping notes that a variable would get another type without the file saying that this is meant. A
// line that would make a secret readable may hold it: its code keeps it from being shown.
func (a *applier) refuseRetyping(v DeclaredVariable, org Organisation, its string) {
	long := "`" + v.Name + ": {value: …, retype: true}`"
	if v.Secret != nil {
		long = "`" + v.Name + ": {secret: {from: " + v.Secret.From + "}, retype: true}`"
	}
	if its == TypeSecret {
		a.ds.Errorf(v.pos, "secret", "%s has %s as a secret, and here it would become a %s that everybody can read", org.Name, v.Name, v.Type).
			Hint = "a secret is written `" + v.Name + ": {secret: {from: env:NAME}}` or `{secret: keep}`; if it is to be none any more, " + long
		return
	}
	hint := "workflows may rely on that; if it is meant, write " + long
	if its == TypeString && (v.Type == TypeNumber || v.Type == TypeBoolean) {
		hint = "put it in quotes if it is text; if another type is meant, write " + long
	}
	a.ds.Errorf(v.pos, string(fault.Conflict), "%s has the variable %s as %s, not as %s", org.Name, v.Name, its, v.Type).Hint = hint
}

// secret gives the value that a secret is to have. What is to be kept and is not there gives a warning.
func (a *applier) secret(ref SecretRef, org Organisation, at place, command, written string) (string, bool) {
	if !ref.Keep {
		return a.secrets[ref.From], true
	}
	box, stored := a.sealed[at]
	if !stored {
		a.ds.Warnf(ref.pos, "no-secret", "there is no secret %s of %s to be kept, so it stays without", ref.Name, org.Name).
			Hint = "set it with `" + command + " --org " + org.Slug + "`, or write where it comes from: " + written
		return "", false
	}
	clear, err := a.s.ring.open(at, box)
	if err != nil { // it stays as it is: nobody can read it, and nothing says another
		a.ds.Warnf(ref.pos, "closed-secret", "the secret %s of %s does not open and stays as it is", ref.Name, org.Name)
	}
	return clear, err == nil
}

func (a *applier) setInstances(d *Declared, org Organisation) {
	if d.Instances == nil {
		return
	}
	if a.options.Prune {
		for _, row := range slices.Clone(a.instances[org.ID]) {
			if !slices.ContainsFunc(*d.Instances, func(in DeclaredInstance) bool {
				return in.Integration == row.Integration && foldedName(in.Name) == foldedName(row.Name)
			}) {
				a.unsetInstance(org, row)
				a.pruned = append(a.pruned, row)
			}
		}
	}
	for _, in := range *d.Instances {
		if err := a.declareInstance(in, org); err != nil {
			noteFault(&a.ds, in.pos, err)
		}
	}
}

func (a *applier) declareInstance(in DeclaredInstance, org Organisation) error {
	w := wantedInstance{integration: in.Integration, name: in.Name, config: in.Config, isDefault: in.Default, secrets: map[string]string{}}
	id := ""
	if at := a.instanceAt(org.ID, in.Integration, in.Name); at >= 0 {
		id = a.instances[org.ID][at].ID
		w.name = a.instances[org.ID][at].Name
	}
	var names []string
	for _, ref := range valueOr(in.Secrets) {
		names = append(names, ref.Name)
		at := place{org.ID, kindInstance, id, ref.Name}
		if clear, ok := a.secret(ref, org, at, "gantry integrations update "+in.Integration+" --name "+source.ShellWord(in.Name)+" --set-stdin "+ref.Name, "{from: env:NAME}"); ok {
			w.secrets[ref.Name] = clear
		}
	}
	if in.Secrets == nil && id != "" {
		names = a.secretFields(a.instances[org.ID][a.instanceAt(org.ID, in.Integration, in.Name)])
	}
	if a.options.Prune && in.Secrets != nil {
		w.keep = append([]string{}, names...)
	}
	if a.options.Config != nil {
		config, err := a.options.Config(in.Integration, in.Config, names)
		if err != nil {
			return err
		}
		w.config = config
	}
	return a.setInstance(org, w)
}

func (a *applier) setMappings(d *Declared, org Organisation) {
	if d.Mappings == nil {
		return
	}
	if a.options.Prune {
		for _, integration := range sortedKeys(a.mappings[org.ID]) {
			if !slices.ContainsFunc(*d.Mappings, func(m DeclaredMapping) bool { return m.Integration == integration }) {
				a.unsetMapping(org, a.mappings[org.ID][integration])
			}
		}
	}
	for _, m := range *d.Mappings {
		to := MappingTo{Integration: m.Integration, ExternalID: m.ID, ExternalName: m.Name, Shared: m.Shared}
		var err error
		if m.Instance != "" {
			to.InstanceID, err = a.instanceAbove(org, m.Integration, m.Owner, m.Instance)
		}
		if err == nil {
			err = a.declareMapping(org, m, to)
		}
		if err != nil {
			noteFault(&a.ds, m.pos, err)
		}
	}
}

// unmapPruned plans that what is mapped under instances that go is mapped no longer, as removing them by hand
// does, unless the file says what it is: 12 in this Halo is another client in the next.
func (a *applier) unmapPruned() {
	for _, gone := range a.pruned {
		meant := gone.Default && gone.OrganisationID == a.root // by mappings that name no instance
		for _, id := range sortedKeys(a.mappings) {
			m, mapped := a.mappings[id][gone.Integration]
			declared := a.mapped[[2]string{id, gone.Integration}]
			if mapped && !declared && (m.InstanceID == gone.ID || m.InstanceID == "" && meant) {
				a.unsetMapping(a.byID[id].copy(), m)
			}
		}
	}
}
