package api

import (
	"context"
	"time"

	"gantry/access"
	"gantry/connect"
	"gantry/orgs"
)

// InstanceTest is how the last test of an instance's connection went.
type InstanceTest struct {
	At      time.Time `json:"at"`
	OK      bool      `json:"ok"`
	Message string    `json:"message"`
}

// ListAllInstancesIn narrows the list.
type ListAllInstancesIn struct {
	Integration string `query:"integration" doc:"Only of this integration"`
}

// ListAllInstancesOut are the instances of all organisations that the caller sees.
type ListAllInstancesOut struct {
	Body struct {
		Instances []Instance `json:"instances"`
	}
}

// ListAllInstances lists the instances of all organisations.
var ListAllInstances = Operation[ListAllInstancesIn, ListAllInstancesOut]{ID: "list-all-instances", Method: "GET", Path: "/instances", Tag: tagIntegrations,
	Summary: "List the instances of integrations of all organisations, with how the last test of each went",
	Policy:  Policy{Role: access.Viewer, Scope: access.IntegrationsRead, Where: Filtered}}

func (a *API) listAllInstances(ctx context.Context, in *ListAllInstancesIn) (*ListAllInstancesOut, error) {
	integration := ""
	if in.Integration != "" {
		of, err := a.integration(ctx, in.Integration)
		if err != nil {
			return nil, err
		}
		integration = of.ID
	}
	seen, err := a.listed(ctx, "")
	if err != nil {
		return nil, err
	}
	all, err := a.house.Orgs().AllInstances(ctx, integration)
	if err != nil {
		return nil, err
	}
	byOrganisation := map[string][]orgs.Instance{}
	for _, one := range all {
		byOrganisation[one.OrganisationID] = append(byOrganisation[one.OrganisationID], one)
	}
	out := &ListAllInstancesOut{}
	out.Body.Instances = []Instance{}
	for _, org := range seen {
		docs, err := a.instanceDocuments(ctx, org, byOrganisation[org.ID])
		if err != nil {
			return nil, err
		}
		out.Body.Instances = append(out.Body.Instances, docs...)
	}
	return out, nil
}

// instanceDocuments are an organisation's instances with how their last tests went.
func (a *API) instanceDocuments(ctx context.Context, org orgs.Organisation, all []orgs.Instance) ([]Instance, error) {
	docs := make([]Instance, len(all))
	if len(all) == 0 {
		return docs, nil
	}
	w, err := a.house.Project(ctx)
	if err != nil {
		return nil, err
	}
	tests, err := a.house.Orgs().LastTests(ctx)
	if err != nil {
		return nil, err
	}
	for i, in := range all {
		title := in.Integration
		if of, ok := w.Catalogue().Integration(in.Integration); ok {
			title = of.Title
		}
		docs[i] = instanceDocument(in, org, title)
		if t, ok := tests[in.ID]; ok {
			docs[i].Tested = &InstanceTest{t.At(), t.OK, t.Message}
		}
	}
	return docs, nil
}

// recordTest keeps how the test of a saved instance went.
func (a *API) recordTest(ctx context.Context, in orgs.Instance, report *connect.Report) error {
	if report == nil {
		return nil
	}
	message := report.Message
	if report.Error != nil {
		message = report.Error.Message
	}
	return a.house.Orgs().RecordTest(ctx, in.ID, report.OK, message)
}
