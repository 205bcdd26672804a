package api

import (
	"context"
	"errors"
	"maps"
	"strings"

	"gantry/access"
	"gantry/connect"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
	"gantry/source"
)

// ImportOrganisationsIn is a table.
type ImportOrganisationsIn struct {
	Update  bool   `query:"update" doc:"Organisations that exist get what their row says, instead of being skipped"`
	DryRun  bool   `query:"dry_run" doc:"Nothing is written"`
	RawBody []byte `contentType:"text/csv"`
}

// ImportOrganisationsOut tells what became of each row.
type ImportOrganisationsOut struct {
	Body struct {
		DryRun bool             `json:"dry_run"`
		Counts map[string]int   `json:"counts" doc:"Rows by status"`
		Rows   []orgs.ImportRow `json:"rows"`
	}
}

// ImportOrganisations makes organisations of the rows of a table.
var ImportOrganisations = Operation[ImportOrganisationsIn, ImportOrganisationsOut]{ID: "import-organisations", Method: "POST", Path: "/organisations/import", Tag: tagOrganisations,
	Summary: "Make an organisation of each row of a CSV table", Policy: changeTheMSP, MaxBody: largeBody}

func (a *API) importOrganisations(ctx context.Context, in *ImportOrganisationsIn) (*ImportOrganisationsOut, error) {
	onlyPlans(ctx, in.DryRun)
	report, err := a.house.Orgs().Import(ctx, in.RawBody, orgs.ImportOptions{Update: in.Update, DryRun: in.DryRun})
	if err != nil {
		return nil, err
	}
	out := &ImportOrganisationsOut{}
	out.Body.DryRun, out.Body.Rows, out.Body.Counts = in.DryRun, report.Rows, map[string]int{}
	for _, status := range []string{orgs.RowImported, orgs.RowUpdated, orgs.RowUnchanged, orgs.RowSkipped, orgs.RowFailed} {
		out.Body.Counts[status] = report.Count(status)
	}
	return out, nil
}

// Table is organisations as CSV.
type Table struct {
	ContentType string `header:"Content-Type"`
	LeftOut     int    `header:"Gantry-Left-Out" doc:"How many variables a table cannot say: secrets, local and empty ones, and those of the MSP"`
	Body        []byte `contentType:"text/csv"`
}

var readEverybody = Policy{Role: access.Admin, Scope: access.OrganisationsRead, Where: AtRoot}

// ExportOrganisationsCSV gives the organisations as a table.
var ExportOrganisationsCSV = Operation[struct{}, Table]{ID: "export-organisations-csv", Method: "GET", Path: "/organisations.csv", Tag: tagOrganisations,
	Summary: "The organisations as a CSV table, without secrets", Policy: readEverybody}

func (a *API) exportOrganisationsCSV(ctx context.Context, _ *struct{}) (*Table, error) {
	t, err := a.house.Orgs().ExportCSV(ctx)
	return &Table{ContentType: "text/csv; charset=utf-8", LeftOut: t.LeftOut, Body: t.Text}, err
}

// YAML is a file of organisations.
type YAML struct {
	ContentType string `header:"Content-Type"`
	Body        []byte `contentType:"application/yaml"`
}

// ExportOrganisationsYAML gives the organisations as a file that ApplyOrganisations takes.
var ExportOrganisationsYAML = Operation[struct{}, YAML]{ID: "export-organisations-yaml", Method: "GET", Path: "/organisations.yaml", Tag: tagOrganisations,
	Summary: "The organisations with variables, instances and mappings as YAML, without the values of secrets", Policy: readEverybody}

func (a *API) exportOrganisationsYAML(ctx context.Context, _ *struct{}) (*YAML, error) {
	text, err := a.house.Orgs().ExportYAML(ctx)
	return &YAML{ContentType: "application/yaml", Body: text}, err
}

// ApplyOrganisationsIn is a file, and how it is applied.
type ApplyOrganisationsIn struct {
	Body struct {
		Name    string            `json:"name,omitempty" doc:"The file's name, for what is said about it"`
		Text    string            `json:"text" doc:"YAML"`
		Prune   bool              `json:"prune,omitempty" doc:"Remove what the file does not have"`
		DryRun  bool              `json:"dry_run,omitempty" doc:"Plan, and change nothing"`
		Expect  *[]orgs.Change    `json:"expect,omitempty" doc:"The plan that somebody agreed to; another one is refused"`
		Secrets map[string]string `json:"secrets,omitempty" doc:"What env:NAME and file:PATH in the file stand for: the server reads neither"`
		// Unread tells of secrets that the client could not read, so that it is said where the file names them.
		Unread map[string]UnreadSecret `json:"unread,omitempty" doc:"Why env:NAME or file:PATH cannot be sent: told where the file names them"`
	}
}

// UnreadSecret is why a secret could not be read.
type UnreadSecret struct {
	Code    fault.Code `json:"code"`
	Message string     `json:"message"`
	Hint    string     `json:"hint,omitempty"`
}

// ApplyOrganisationsOut is what was done, or would be. With errors in the file nothing is.
type ApplyOrganisationsOut struct {
	Body struct {
		DryRun      bool          `json:"dry_run"`
		Changes     []orgs.Change `json:"changes"`
		Diagnostics []Diagnostic  `json:"diagnostics"`
	}
}

// ApplyOrganisations makes the organisations what a file says.
var ApplyOrganisations = Operation[ApplyOrganisationsIn, ApplyOrganisationsOut]{ID: "apply-organisations", Method: "POST", Path: "/organisations/apply", Tag: tagOrganisations,
	Summary: "Make the organisations what a YAML file says, all or nothing", Policy: changeTheMSP, MaxBody: largeBody}

func (a *API) applyOrganisations(ctx context.Context, in *ApplyOrganisationsIn) (*ApplyOrganisationsOut, error) {
	for _, scope := range []access.Scope{access.VariablesWrite, access.SecretsWrite, access.IntegrationsWrite} { // a file may have all of these
		if err := Require(ctx, access.Admin, scope, organisationOf(ctx)); err != nil {
			return nil, err
		}
	}
	onlyPlans(ctx, in.Body.DryRun)
	out := &ApplyOrganisationsOut{}
	out.Body.DryRun, out.Body.Changes = in.Body.DryRun, []orgs.Change{}
	name := in.Body.Name
	if name == "" {
		name = "organisations.yaml"
	}
	file, ds := orgs.ParseFile(name, []byte(in.Body.Text))
	if ds.HasErrors() {
		out.Body.Diagnostics = diagnosticsOf(ds)
		return out, nil
	}
	options := orgs.ApplyOptions{Prune: in.Body.Prune, DryRun: in.Body.DryRun, Secret: secretsOf(in.Body.Secrets, in.Body.Unread),
		Config: func(integration string, config map[string]any, secrets []string) (map[string]any, error) {
			return a.checkConfig(ctx, integration, config, secrets)
		}}
	if in.Body.Expect != nil {
		options.Expect = append([]orgs.Change{}, *in.Body.Expect...)
	}
	plan, err := a.house.Orgs().Apply(ctx, file, options)
	if wrong, ok := errors.AsType[source.Diagnostics](err); ok {
		out.Body.Diagnostics = diagnosticsOf(wrong)
		return out, nil
	}
	out.Body.Changes = append(out.Body.Changes, plan.Changes...)
	out.Body.Diagnostics = diagnosticsOf(plan.Warnings)
	return out, err
}

func secretsOf(given map[string]string, unread map[string]UnreadSecret) func(string) (string, error) {
	return func(from string) (string, error) {
		if value, ok := given[from]; ok {
			return value, nil
		}
		if why, ok := unread[from]; ok {
			return "", fault.New(why.Code, "%s", why.Message).WithHint("%s", why.Hint)
		}
		return "", fault.New(fault.Missing, "the secret %s was not sent", from).WithHint("send it in secrets, or write `keep` to leave the stored secret")
	}
}

// checkConfig holds an instance's fields against its integration's form, and brings them into form.
func (a *API) checkConfig(ctx context.Context, integration string, config map[string]any, secrets []string) (map[string]any, error) {
	of, err := a.integration(ctx, integration)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(config)
	if all == nil {
		all = map[string]any{}
	}
	for _, name := range secrets {
		all[name] = "********"
	}
	for _, f := range of.Config {
		if _, clear := config[f.Name]; clear && f.Type.Kind == schema.KindSecret {
			return nil, fault.New(fault.Secret, "%s is secret and does not belong in config", f.Name).
				WithHint("write it under secrets: {%s: {from: env:NAME}}", f.Name)
		}
	}
	complete, problems := of.ConfigType().Complete(all)
	if len(problems) > 0 {
		said := make([]string, len(problems))
		for i, p := range problems {
			said[i] = p.String()
		}
		return nil, fault.New(fault.InvalidInput, "%s cannot be configured so: %s", of.Title, strings.Join(said, "; "))
	}
	kept := complete.(map[string]any)
	for _, name := range secrets {
		delete(kept, name)
	}
	normal, problem := of.NormaliseConfig(kept)
	if problem != nil {
		return nil, problem
	}
	return normal, nil
}

// ImportFromSystemIn says of which entities of another system organisations are made.
type ImportFromSystemIn struct {
	Integration string `path:"integration" doc:"Such as halo"`
	Body        struct {
		TargetOf
		IDs       []string `json:"ids,omitempty" doc:"Those with these ids"`
		Search    string   `json:"search,omitempty" doc:"Those with this text in the name"`
		All       bool     `json:"all,omitempty" doc:"All of them"`
		Parent    string   `json:"parent,omitempty" doc:"The slug of the organisation above the new ones; left out: whose the instance is"`
		Tags      []string `json:"tags,omitempty" doc:"Of the new organisations"`
		Variables []string `json:"variables,omitempty" doc:"Fields of the entities to keep as variables, named <integration>_<field>"`
		DryRun    bool     `json:"dry_run,omitempty"`
	}
}

// ImportFromSystemOut tells what became of each entity.
type ImportFromSystemOut struct {
	Body struct {
		connect.ImportReport
		Title string `json:"title" doc:"Of the integration, such as HaloPSA"`
	}
}

// ImportFromSystem makes organisations of the entities of another system.
var ImportFromSystem = Operation[ImportFromSystemIn, ImportFromSystemOut]{ID: "import-from-system", Method: "POST", Path: "/organisations/import/{integration}", Tag: tagOrganisations,
	Summary: "Make organisations of clients in HaloPSA, or of entities of another integration", Policy: changeSomewhere}

func (a *API) importFromSystem(ctx context.Context, in *ImportFromSystemIn) (*ImportFromSystemOut, error) {
	onlyPlans(ctx, in.Body.DryRun)
	b := in.Body
	ways := 0
	for _, given := range []bool{len(b.IDs) > 0, b.Search != "", b.All} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return nil, fault.New(fault.InvalidInput, "say which to import: ids, search, or all")
	}
	if b.Parent != "" {
		if _, err := requireSlug(ctx, access.Admin, access.OrganisationsWrite, b.Parent); err != nil {
			return nil, err
		}
	}
	service, t, err := a.target(ctx, access.Admin, access.IntegrationsWrite, in.Integration, b.TargetOf)
	if err != nil {
		return nil, err
	}
	if err := Require(ctx, access.Admin, access.OrganisationsWrite, t.Owner); err != nil {
		return nil, err
	}
	if len(b.Tags) > 0 {
		if err := a.mayTag(ctx); err != nil {
			return nil, err
		}
	}
	out := &ImportFromSystemOut{}
	out.Body.Title = t.Integration.Title
	out.Body.ImportReport, err = service.Import(ctx, t, connect.Import{IDs: b.IDs, Search: b.Search, All: b.All, Parent: b.Parent, Tags: b.Tags,
		Variables: b.Variables, By: CallerOf(ctx).Login, DryRun: b.DryRun})
	return out, err
}
