package api

import (
	"context"
	"slices"

	"gantry/access"
	"gantry/crates"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

const tagCrates = "crates"

// Crate is a crate as the gallery shows it.
type Crate struct {
	Name        string      `json:"name" doc:"The folder's: the first part of its workflows' ids"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Version     string      `json:"version" doc:"A semantic version"`
	Icon        string      `json:"icon,omitempty"`
	Docs        string      `json:"docs,omitempty" doc:"The address of its handbook"`
	Builtin     bool        `json:"builtin" doc:"It ships with Gantry; false: it lies in the project"`
	Workflows   []string    `json:"workflows" doc:"Their ids"`
	Needs       []CrateNeed `json:"needs"`
}

// CrateNeed is an integration that a crate's workflows use.
type CrateNeed struct {
	Integration string `json:"integration"`
	Title       string `json:"title"`
	Why         string `json:"why"`
	Configured  bool   `json:"configured" doc:"The MSP, or an organisation that the caller sees, has an instance of it"`
}

// ListCratesOut are the crates, by name.
type ListCratesOut struct {
	Body struct {
		Crates []Crate `json:"crates"`
	}
}

// ListCrates lists the crates.
var ListCrates = Operation[struct{}, ListCratesOut]{ID: "list-crates", Method: "GET", Path: "/crates", Tag: tagCrates,
	Summary: "List the crates: those that ship, and the project's own", Policy: Policy{Role: access.Viewer, Scope: access.WorkflowsRead, Where: Filtered}}

func (a *API) listCrates(ctx context.Context, _ *struct{}) (*ListCratesOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	shelf := a.shelf(ctx, w)
	out := &ListCratesOut{}
	out.Body.Crates = []Crate{}
	for _, c := range w.Crates() {
		doc, err := shelf.document(ctx, c)
		if err != nil {
			return nil, err
		}
		out.Body.Crates = append(out.Body.Crates, doc)
	}
	return out, nil
}

// OfCrate names a crate.
type OfCrate struct {
	Crate string `path:"crate" doc:"Its name, such as ticket-digest"`
}

// ShowCrateOut is a crate in full.
type ShowCrateOut struct {
	Body struct {
		Crate
		Settings CrateSettings   `json:"settings"`
		Parts    []CrateWorkflow `json:"parts" doc:"Its workflows, in the order of workflows"`
		Files    []CrateFile     `json:"files"`
	}
}

// CrateSettings are what can be set of a crate.
type CrateSettings struct {
	Schema   map[string]any `json:"schema" doc:"JSON Schema, draft-07"`
	Order    []string       `json:"order" doc:"Their names as crate.yaml has them"`
	Defaults map[string]any `json:"defaults" doc:"Of those that have one"`
}

// CrateWorkflow is a workflow of a crate.
type CrateWorkflow struct {
	ID          string            `json:"id"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Triggers    []WorkflowTrigger `json:"triggers"`
	Broken      bool              `json:"broken,omitempty" doc:"It does not check, so that it never ran"`
}

// CrateFile is a file of a crate.
type CrateFile struct {
	Name  string `json:"name" doc:"Its path below the project"`
	Bytes int    `json:"bytes"`
	Text  string `json:"text,omitempty" doc:"YAML; for people of the MSP alone, since it may name its clients"`
}

// ShowCrate shows a crate.
var ShowCrate = Operation[OfCrate, ShowCrateOut]{ID: "show-crate", Method: "GET", Path: "/crates/{crate}", Tag: tagCrates,
	Summary: "Show a crate: its workflows, what can be set, its files", Policy: Policy{Role: access.Viewer, Scope: access.WorkflowsRead, Where: Filtered}}

func (a *API) showCrate(ctx context.Context, in *OfCrate) (*ShowCrateOut, error) {
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	shelf := a.shelf(ctx, w)
	c, err := crateCalled(w, in.Crate)
	if err != nil {
		return nil, err
	}
	out := &ShowCrateOut{}
	if out.Body.Crate, err = shelf.document(ctx, c); err != nil {
		return nil, err
	}
	out.Body.Settings = crateSettings(c)
	out.Body.Parts = []CrateWorkflow{}
	for _, id := range out.Body.Workflows {
		out.Body.Parts = append(out.Body.Parts, crateWorkflow(w, id))
	}
	every, err := shelf.reach.Everywhere(ctx)
	out.Body.Files = crateFiles(c, every)
	return out, err
}

func crateCalled(w Workflows, name string) (*crates.Crate, error) {
	var known []string
	for _, c := range w.Crates() {
		if c.Name == name {
			return c, nil
		}
		known = append(known, c.Name)
	}
	return nil, fault.New(fault.Missing, "there is no crate %q", name).WithHint("%s", source.DidYouMean(name, known))
}

func crateSettings(c *crates.Crate) CrateSettings {
	s := CrateSettings{Schema: schemaOf(schema.Object(c.Name, c.Settings...)), Order: []string{}, Defaults: map[string]any{}}
	for _, f := range c.Settings {
		s.Order = append(s.Order, f.Name)
		if f.Type.HasDefault {
			s.Defaults[f.Name] = f.Type.Default
		}
	}
	return s
}

func crateWorkflow(w Workflows, id string) CrateWorkflow {
	wf, err := w.Workflow(id)
	if err != nil {
		return CrateWorkflow{ID: id, Triggers: []WorkflowTrigger{}, Broken: true}
	}
	doc := workflowDocument(wf)
	return CrateWorkflow{ID: id, Title: doc.Title, Description: doc.Description, Triggers: doc.Triggers}
}

func crateFiles(c *crates.Crate, texts bool) []CrateFile {
	files := []CrateFile{{Name: c.File, Bytes: len(c.Text), Text: string(c.Text)}}
	for _, f := range c.Workflows {
		files = append(files, CrateFile{Name: f.Name, Bytes: len(f.Text), Text: string(f.Text)})
	}
	if !texts {
		for i := range files {
			files[i].Text = ""
		}
	}
	return files
}

// shelf is where crates stand as one caller sees them.
type shelf struct {
	api        *API
	workflows  Workflows
	reach      Reach
	configured map[string]bool // by integration: looked up already
}

func (a *API) shelf(ctx context.Context, w Workflows) *shelf {
	return &shelf{a, w, ReachFrom(ctx), map[string]bool{}}
}

func (s *shelf) document(ctx context.Context, c *crates.Crate) (Crate, error) {
	doc := Crate{Name: c.Name, Title: c.Title, Description: c.Description, Version: c.Version, Icon: c.Icon, Docs: c.Docs, Builtin: c.Builtin,
		Workflows: []string{}, Needs: []CrateNeed{}}
	for _, f := range c.Workflows {
		doc.Workflows = append(doc.Workflows, f.ID)
	}
	for _, n := range c.Needs {
		need := CrateNeed{Integration: n.Integration, Title: n.Integration, Why: n.Why}
		if of, known := s.workflows.Catalogue().Integration(n.Integration); known {
			need.Title = of.Title
		}
		var err error
		if need.Configured, err = s.has(ctx, n.Integration); err != nil {
			return doc, err
		}
		doc.Needs = append(doc.Needs, need)
	}
	return doc, nil
}

// has tells whether the MSP, or an organisation in reach, has an instance of an integration.
func (s *shelf) has(ctx context.Context, integration string) (bool, error) {
	if known, looked := s.configured[integration]; looked {
		return known, nil
	}
	tree := s.api.house.Orgs()
	root, err := tree.Root(ctx)
	if err != nil {
		return false, err
	}
	instances, err := tree.InstanceNames(ctx, integration)
	if err != nil {
		return false, err
	}
	owners := map[string]bool{}
	for _, in := range instances {
		owners[in.OrganisationID] = true
	}
	found := owners[root.ID]
	for owner := range owners {
		if found {
			break
		}
		if found, err = s.reach.Has(ctx, owner); err != nil {
			return false, err
		}
	}
	s.configured[integration] = found
	return found, nil
}

// Crates are the project's, by name.
func (f files) Crates() []*crates.Crate { return slices.Clone(f.p.Crates) }

func crateOperations(a *API) {
	ListCrates.serve(a, a.listCrates)
	ShowCrate.serve(a, a.showCrate)
}
