package orgs

import (
	"maps"
	"slices"
)

// state is what the tables of this room hold at one moment. A planner changes it in memory, to look ahead.
type state struct {
	*tree
	variables map[string]map[string]variableRow // by name, then organisation
	kinds     map[string]map[string]int         // how many variables there are by name, then type
	sealed    map[place]sealed
	instances map[string][]instanceRow        // by organisation, the oldest first
	mappings  map[string]map[string]MappingTo // by organisation, then integration
}

// loadState reads the tree and, if so asked, everything that belongs to the organisations.
func loadState(from selector, belongings bool) (*state, error) {
	t, err := loadTree(from)
	if err != nil {
		return nil, err
	}
	st := &state{tree: t, variables: make(map[string]map[string]variableRow), kinds: make(map[string]map[string]int),
		sealed: make(map[place]sealed), instances: make(map[string][]instanceRow), mappings: make(map[string]map[string]MappingTo)}
	if !belongings {
		return st, nil
	}
	for _, load := range []func(selector) error{st.loadVariables, st.loadSecrets, st.loadInstances, st.loadMappings} {
		if err := load(from); err != nil {
			return nil, err
		}
	}
	return st, nil
}

func (st *state) loadVariables(from selector) error {
	var rows []variableRow
	err := from(&rows, "SELECT organisation_id, name, type, value, local FROM variables")
	for _, row := range rows {
		st.putVariable(row)
	}
	return err
}

func (st *state) loadSecrets(from selector) error {
	var rows []secretRow
	err := from(&rows, "SELECT organisation_id, kind, owner, name, key_id, sealed FROM secrets")
	for _, row := range rows {
		st.sealed[row.place()] = row.sealed
	}
	return err
}

func (st *state) loadInstances(from selector) error {
	var rows []instanceRow
	err := from(&rows, "SELECT id, organisation_id, integration, name, config, is_default FROM instances ORDER BY integration, created_at, id")
	for _, row := range rows {
		st.instances[row.OrganisationID] = append(st.instances[row.OrganisationID], row)
	}
	return err
}

func (st *state) loadMappings(from selector) error {
	var rows []struct {
		Organisation string `db:"organisation_id"`
		MappingTo
	}
	err := from(&rows, "SELECT organisation_id, integration, instance_id, external_id, external_name, shared FROM mappings")
	for _, row := range rows {
		st.putMapping(row.Organisation, row.MappingTo)
	}
	return err
}

func (st *state) putMapping(orgID string, m MappingTo) {
	if st.mappings[orgID] == nil {
		st.mappings[orgID] = make(map[string]MappingTo)
	}
	st.mappings[orgID][m.Integration] = m
}

func (st *state) putVariable(row variableRow) {
	st.dropVariable(row.OrganisationID, row.Name)
	if st.variables[row.Name] == nil {
		st.variables[row.Name], st.kinds[row.Name] = make(map[string]variableRow), make(map[string]int)
	}
	st.variables[row.Name][row.OrganisationID] = row
	st.kinds[row.Name][row.Type]++
}

func (st *state) dropVariable(orgID, name string) {
	if row, ok := st.variables[name][orgID]; ok {
		delete(st.variables[name], orgID)
		st.kinds[name][row.Type]--
	}
}

// ofOtherType gives the variables of a name that have another type.
func (st *state) ofOtherType(name, kind string) []variableRow {
	all := 0
	for _, n := range st.kinds[name] {
		all += n
	}
	if all == st.kinds[name][kind] {
		return nil
	}
	var others []variableRow
	for _, row := range st.variables[name] {
		if row.Type != kind {
			others = append(others, row)
		}
	}
	slices.SortFunc(others, func(a, b variableRow) int { // the same message each time
		return len(st.chain(a.OrganisationID)) - len(st.chain(b.OrganisationID))
	})
	return others
}

// variableNames gives the names of an organisation's own variables, sorted.
func (st *state) variableNames(orgID string) []string {
	var names []string
	for name, holders := range st.variables {
		if _, ok := holders[orgID]; ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// instance finds an instance by its id.
func (st *state) instance(id string) (instanceRow, bool) {
	for _, rows := range st.instances {
		if at := slices.IndexFunc(rows, func(r instanceRow) bool { return r.ID == id }); at >= 0 {
			return rows[at], true
		}
	}
	return instanceRow{}, false
}

// secretFields gives the names of an instance's secret fields, sorted.
func (st *state) secretFields(in instanceRow) []string {
	var names []string
	for p := range st.sealed {
		if p.kind == kindInstance && p.owner == in.ID && p.organisation == in.OrganisationID {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return names
}

// subtree gives the organisation's id and all below it, removed ones too, each after its parent.
func (st *state) subtree(id string) []string {
	below := map[string][]string{}
	for _, org := range st.byID {
		below[org.ParentID] = append(below[org.ParentID], org.ID)
	}
	ids := []string{id}
	for i := 0; i < len(ids); i++ {
		slices.Sort(below[ids[i]])
		ids = append(ids, below[ids[i]]...)
	}
	return ids
}

// replace puts an organisation in the place of what it was.
func (t *tree) replace(org Organisation) {
	if old, ok := t.byID[org.ID]; ok {
		t.drop(old)
	}
	t.add(org)
}

func (t *tree) drop(org Organisation) {
	delete(t.byID, org.ID)
	if t.bySlug[org.Slug] == org.ID {
		delete(t.bySlug, org.Slug)
	}
	if t.root == org.ID {
		t.root = ""
	}
	t.children[org.ParentID] = slices.DeleteFunc(slices.Clone(t.children[org.ParentID]), func(id string) bool { return id == org.ID })
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
