package main

import (
	"context"

	"github.com/spf13/cobra"

	"gantry/orgs"
)

func newOrgs(app *App) *cobra.Command {
	return group(&cobra.Command{
		Use:     "orgs",
		Aliases: []string{"organisations", "org"},
		Short:   "Organisations: the MSP and its clients, as a tree",
		Example: `  gantry orgs list
  gantry orgs add contoso --name "Contoso Ltd" --tag managed
  gantry orgs import clients.csv --dry-run
  gantry orgs apply organisations.yaml`,
		GroupID: groupOrgs,
	}, newOrgsList(app), newOrgsShow(app), newOrgsAdd(app), newOrgsRename(app), newOrgsMove(app), newOrgsTag(app),
		newOrgsEnable(app, true), newOrgsEnable(app, false), newOrgsRemove(app), newOrgsRestore(app), newOrgsPurge(app),
		newOrgsImport(app), newOrgsExport(app), newOrgsApply(app))
}

// organisationDocument is an organisation in JSON.
type organisationDocument struct {
	orgs.Organisation
	Parent string `json:"parent,omitempty"` // slug
}

// withParent gives an organisation as JSON shows it.
func withParent(ctx context.Context, d *Data, org orgs.Organisation) (organisationDocument, error) {
	if org.ParentID == "" {
		return organisationDocument{Organisation: org}, nil
	}
	parent, err := d.Orgs.ByID(ctx, org.ParentID)
	return organisationDocument{org, parent.Slug}, err
}

// withParents is withParent for many: the parents are read at once, for who only looks reads the tree each time.
func withParents(ctx context.Context, d *Data, found []orgs.Organisation) ([]organisationDocument, error) {
	slugs := map[string]string{}
	for _, removed := range []bool{false, true} {
		all, err := d.Orgs.Find(ctx, orgs.Filter{Removed: removed})
		if err != nil {
			return nil, err
		}
		for _, org := range all {
			slugs[org.ID] = org.Slug
		}
	}
	docs := make([]organisationDocument, len(found))
	for i, org := range found {
		docs[i] = organisationDocument{org, slugs[org.ParentID]}
	}
	return docs, nil
}

// onOrg runs a command whose one word is the slug of an organisation.
func (a *App) onOrg(access Access, act func(context.Context, *Data, orgs.Organisation) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		d, org, err := a.dataAndOrg(cmd.Context(), access, args[0])
		if err != nil {
			return err
		}
		return act(cmd.Context(), d, org)
	}
}
