package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/fault"
	"gantry/triggers"
)

// webhookAddress is the address of a webhook in JSON, here and where it is renewed.
type webhookAddress struct {
	Organisation string `json:"organisation"` // slug
	Address      string `json:"address"`
}

func newTriggersAddress(app *App) *cobra.Command {
	var org string
	cmd := &cobra.Command{
		Use:   "address WORKFLOW [TRIGGER]",
		Short: "Print the address of a webhook, for scripts",
		Long: `Prints the address at which a webhook takes requests for the MSP, or for the organisation of --org, and nothing
else. Of a trigger that covers one organisation, its address is meant.`,
		Example: `  gantry triggers address triage/new-ticket
  curl -d @ticket.json "$(gantry triggers address triage/new-ticket --org northwind-dental)"`,
		Args:              takes("WORKFLOW", "[TRIGGER]"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().StringVar(&org, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		shown, err := app.shownTrigger(ctx, args)
		if err != nil {
			return err
		}
		if org == "" && len(shown.Covers) != 1 {
			msp, err := api.ShowOrganisation.Call(ctx, app.client, &api.OfOrganisation{Org: api.TheMSP})
			if err != nil {
				return err
			}
			org = msp.Body.Slug
		}
		address, err := addressFor(shown, org)
		if err != nil {
			return err
		}
		return app.Show(address, func(w io.Writer) error {
			fmt.Fprintln(w, address.Address)
			return nil
		})
	}
	return cmd
}

// addressFor gives the address of a webhook for an organisation; "": for the one that it covers.
func addressFor(t *triggers.Shown, org string) (webhookAddress, error) {
	at := slices.IndexFunc(t.Covers, func(o triggers.ShownOrganisation) bool { return org == "" || o.Slug == org })
	switch {
	case t.Type != "webhook":
		return webhookAddress{}, fault.New(fault.Usage, "the trigger %s is of type %s; only a webhook has an address", t.Key, t.Type)
	case at < 0:
		return webhookAddress{}, notCovered(t, org)
	}
	address, _ := t.Covers[at].Detail["address"].(string)
	switch {
	case address == "":
		return webhookAddress{}, fault.New(fault.Conflict, "the address of %s for %s is not known here", t.Key, t.Covers[at].Slug).
			WithHint("a server makes addresses when it starts, and shows them to authors: `gantry serve`")
	case strings.HasPrefix(address, "/"):
		return webhookAddress{}, fault.New(fault.Conflict, "it is not known under which name the server is reached; there the path is %s", address).
			WithHint("gantry.yaml says it with server: {url: https://…}")
	}
	return webhookAddress{t.Covers[at].Slug, address}, nil
}

// notCovered is the error of an organisation that a trigger does not fire for.
func notCovered(t *triggers.Shown, org string) error {
	return fault.New(fault.Missing, "the trigger %s does not cover an organisation %q", t.Key, org).WithHint("see its run_for in %s:%d", t.File, t.Line)
}
