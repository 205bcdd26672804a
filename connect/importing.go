package connect

import (
	"context"
	"slices"
	"strings"

	"gantry/connect/names"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// Import says of which entities organisations are to be made: those with the ids, those whose names
// contain the text (whatever its case), or all.
type Import struct {
	IDs    []string
	Search string
	All    bool

	Parent    string   // slug; empty means the target's owner
	Tags      []string // of the new organisations
	Variables []string // fields of the entities to keep as variables, named <integration>_<field>
	By        string   // who imports, for the record
	DryRun    bool     // say what would be done, and do nothing
}

// The statuses of imported entities.
const (
	Imported = "imported"
	Skipped  = "skipped" // mapped already, also by one that was removed, or there is an organisation of that name
	Failed   = "failed"
)

// ImportRow is what became of one entity.
type ImportRow struct {
	orgs.Entity
	Status       string       `json:"status"`
	Organisation string       `json:"organisation,omitempty"` // slug of the new one, or of the one that is in the way
	Why          string       `json:"why,omitempty"`
	Error        *fault.Error `json:"error,omitempty"`
}

// ImportReport is what became of each entity, in the other system's order.
type ImportReport struct {
	Integration string      `json:"integration"`
	Instance    string      `json:"instance"`
	DryRun      bool        `json:"dry_run"`
	Imported    int         `json:"imported"`
	Skipped     int         `json:"skipped"`
	Failed      int         `json:"failed"`
	Rows        []ImportRow `json:"rows"`
}

func (r *ImportReport) add(row ImportRow) {
	r.Rows = append(r.Rows, row)
	switch row.Status {
	case Imported:
		r.Imported++
	case Skipped:
		r.Skipped++
	default:
		r.Failed++
	}
}

// Import makes organisations of entities, with their mappings, in one transaction. It reads the entities
// anew. One that is mapped already, or has the name of an organisation (as the ladder of names sees it), is
// skipped; one that cannot be made does not keep the others from it.
func (s *Service) Import(ctx context.Context, t Target, wanted Import) (ImportReport, error) {
	report := ImportReport{Integration: t.Integration.ID, Instance: t.Instance.Name, DryRun: wanted.DryRun, Rows: []ImportRow{}}
	if err := s.checkImport(ctx, t, wanted); err != nil {
		return report, err
	}
	all, err := s.readAgain(ctx, t, wanted.DryRun)
	if err != nil {
		return report, err
	}
	chosen, err := wanted.choose(t, all)
	if err != nil {
		return report, err
	}
	sc, err := s.scope(ctx, t)
	if err != nil {
		return report, err
	}
	rows := inTheWay(sc, chosen)
	if err := s.create(ctx, t, wanted, chosen, rows); err != nil {
		return report, err
	}
	for _, row := range rows {
		report.add(row)
	}
	return report, nil
}

// checkImport refuses at once what would fail every row.
func (s *Service) checkImport(ctx context.Context, t Target, wanted Import) error {
	given := 0
	for _, way := range []bool{len(wanted.IDs) > 0, wanted.Search != "", wanted.All} {
		if way {
			given++
		}
	}
	if given != 1 {
		return fault.New(fault.Usage, "say which to import: some by id, by a text in the name, or all")
	}
	if wanted.Parent != "" {
		parent, err := s.orgs.BySlug(ctx, wanted.Parent)
		if err != nil {
			return err
		}
		below, err := s.orgs.IsDescendant(ctx, t.Owner.ID, parent.ID)
		if err != nil {
			return err
		}
		if !below && parent.ID != t.Owner.ID {
			return fault.New(fault.Tenant, "%s is not below %s, whose instance of %s it is", parent.Name, t.Owner.Name, t.Integration.Title)
		}
	}
	action, _ := s.catalogue.Action(t.Integration.Mapping.Action)
	for _, field := range wanted.Variables {
		if _, known := action.Result.Items.Field(field); !known {
			return fault.New(fault.InvalidInput, "%s has no field %q", t.Integration.Title, field).
				WithHint("`gantry actions show %s` lists the fields", action.ID)
		}
	}
	return nil
}

// choose picks the wanted entities. Ids that are not there are an error: they were typed.
func (w Import) choose(t Target, all []readEntity) ([]readEntity, error) {
	if w.All {
		return all, nil
	}
	if w.Search != "" {
		text := strings.ToLower(w.Search)
		return slices.DeleteFunc(slices.Clone(all), func(e readEntity) bool { return !strings.Contains(strings.ToLower(e.Name), text) }), nil
	}
	var chosen []readEntity
	var missing []string
	for _, id := range slices.Compact(slices.Sorted(slices.Values(w.IDs))) {
		if at := slices.IndexFunc(all, func(e readEntity) bool { return e.ID == id }); at >= 0 {
			chosen = append(chosen, all[at])
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		return nil, fault.New(fault.Missing, "%s has nothing with the id %s", t.named(), strings.Join(missing, ", ")).
			WithHint("nothing was imported")
	}
	return chosen, nil
}

// inTheWay says which entities are skipped and why; the others have no status yet.
func inTheWay(sc scope, chosen []readEntity) []ImportRow {
	rows := make([]ImportRow, len(chosen))
	var left, right []string
	var free []int
	for i, e := range chosen {
		rows[i].Entity = e.Entity
		switch owners := sc.owners[e.ID]; {
		case len(owners) > 0:
			rows[i].Status, rows[i].Organisation, rows[i].Why = Skipped, owners[0].Slug, "it is mapped to "+owners[0].Name
		case e.Name == "":
			rows[i].Status, rows[i].Error = Failed, fault.New(fault.InvalidInput, "it has no name").WithHint("give it one in %s", sc.target.Integration.Title)
		default:
			free, right = append(free, i), append(right, e.Name)
		}
	}
	var asking []orgs.Organisation
	for _, org := range sc.orgs {
		if _, mapped := sc.mappings[org.ID]; !mapped {
			asking, left = append(asking, org), append(left, org.Name)
		}
	}
	for j, found := range names.Match(left, right).Right {
		row := &rows[free[j]]
		switch {
		case found.Match >= 0:
			org := asking[found.Match]
			row.Status, row.Organisation, row.Why = Skipped, org.Slug, "there is "+org.Name+" already: map it with `"+
				sc.target.command("save")+" --row "+org.Slug+"="+source.ShellWord(row.ID)+"`"
		case found.Ambiguous && len(found.Candidates) > 0:
			row.Status, row.Why = Skipped, "several organisations may be it: see `"+sc.target.command("suggest")+"`"
		}
	}
	return rows
}

// create makes the organisations of the rows that have no status yet, and gives them one.
func (s *Service) create(ctx context.Context, t Target, w Import, chosen []readEntity, rows []ImportRow) error {
	parent := w.Parent
	if parent == "" {
		parent = t.Owner.Slug
	}
	var wanted []orgs.NewMapped
	var places []int
	for i, e := range chosen {
		if rows[i].Status != "" {
			continue
		}
		places = append(places, i)
		wanted = append(wanted, orgs.NewMapped{Name: e.Name, Parent: parent, Tags: w.Tags, Variables: variables(t, e, w.Variables),
			Mapping: orgs.MappingTo{Integration: t.Integration.ID, InstanceID: t.Instance.ID, ExternalID: e.ID, ExternalName: e.Name, Rung: "import", Confidence: 1, By: w.By}})
	}
	if len(wanted) == 0 {
		return nil
	}
	made, err := s.orgs.CreateMapped(ctx, wanted, w.DryRun)
	if err != nil {
		return err
	}
	for j, m := range made {
		row := &rows[places[j]]
		switch {
		case m.Fault == nil:
			row.Status, row.Organisation = Imported, m.Organisation.Slug
		case m.Fault.Code == fault.Exists: // it was mapped meanwhile, or its organisation was removed
			row.Status, row.Why = Skipped, m.Fault.Error()
		default:
			row.Status, row.Error = Failed, m.Fault
		}
	}
	return nil
}

// variables keeps fields of the entity, those that have a value.
func variables(t Target, e readEntity, fields []string) []orgs.Variable {
	var kept []orgs.Variable
	for _, field := range fields {
		v := orgs.Variable{Name: t.Integration.ID + "_" + field, Value: e.data[field]}
		switch v.Value.(type) {
		case nil:
			continue
		case string:
			v.Type = orgs.TypeString
		case bool:
			v.Type = orgs.TypeBoolean
		case []any:
			v.Type = orgs.TypeList
		case map[string]any:
			v.Type = orgs.TypeObject
		default:
			v.Type = orgs.TypeNumber
		}
		kept = append(kept, v)
	}
	return kept
}
