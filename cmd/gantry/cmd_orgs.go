package main

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"gantry/api"
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

// aboutOrg carries out an operation that is about the organisation of a slug (none: the MSP). One that only the sandbox
// has gives a hint.
func aboutOrg[I, O any](ctx context.Context, a *App, access Access, slug string, o api.Operation[I, O], in *I) (*O, error) {
	c, err := a.Client(ctx, access)
	if err != nil {
		return nil, err
	}
	out, err := o.Call(ctx, c, in)
	if err == nil || slug == "" || a.data == nil {
		return out, err
	}
	if _, missing := a.data.Orgs.BySlug(ctx, slug); missing == nil {
		return out, err // something else is
	}
	return out, a.HintSandbox(ctx, a.data, err, func(other *Data) bool {
		_, err := other.Orgs.BySlug(ctx, slug)
		return err == nil
	})
}

// ofOrg names an organisation in a request.
func ofOrg(slug string) api.OfOrganisation {
	return api.OfOrganisation{Org: cmp.Or(slug, api.TheMSP)}
}
