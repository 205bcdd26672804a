package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/source"
)

// newTriggersSwitch makes `enable` or `disable`.
func newTriggersSwitch(app *App, on bool) *cobra.Command {
	var slugs []string
	var override bool
	cmd := &cobra.Command{
		Use:   "disable WORKFLOW [TRIGGER]",
		Short: "Switch a trigger off, altogether or for some organisations",
		Long: `Switches a trigger off until gantry triggers enable, whatever its file says. Events that are not decided yet are
skipped; runs that are going on go on.`,
		Example: `  gantry triggers disable reports/weekly
  gantry triggers disable reports/weekly --org northwind-dental`,
		Args:              takes("WORKFLOW", "[TRIGGER]"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	operation := api.DisableTrigger
	if on {
		operation = api.EnableTrigger
		cmd.Use, cmd.Short = "enable WORKFLOW [TRIGGER]", "Switch a trigger on again, altogether or for some organisations"
		cmd.Long = `Takes back gantry triggers disable. A trigger whose file says enabled: false stays off unless --override is
given.`
		cmd.Example = "  gantry triggers enable reports/weekly"
		cmd.Flags().BoolVar(&override, "override", false, "although its file says enabled: false")
	}
	cmd.Flags().StringSliceVar(&slugs, "org", nil, "only for the organisation with this `slug`; may be repeated")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if _, err := app.Client(ctx, Writing); err != nil {
			return err
		}
		in := &api.SwitchTriggerIn{}
		var err error
		if in.OfTrigger, err = app.findTrigger(ctx, args); err != nil {
			return err
		}
		in.Body = &struct {
			Organisations []string `json:"organisations,omitempty" doc:"Slugs; left out: altogether, which needs the right over the MSP"`
			Override      bool     `json:"override,omitempty" doc:"Switch on a trigger whose file says enabled: false"`
		}{slugs, override}
		out, err := operation.Call(ctx, app.client, in)
		if err != nil {
			return err
		}
		shown := out.Body
		return app.Show(shown, func(w io.Writer) error {
			whom := "altogether"
			if len(slugs) > 0 {
				whom = "for " + strings.Join(slugs, ", ")
			}
			word := "off"
			if on {
				word = "on"
			}
			fmt.Fprintf(w, "%s is switched %s %s; it fires for %d organisations now.\n", source.OneLine(shown.Key.String()), word, whom, shown.Organisations)
			return nil
		})
	}
	return cmd
}

func newTriggersRotate(app *App) *cobra.Command {
	var org string
	var yes bool
	cmd := &cobra.Command{
		Use:   "rotate WORKFLOW [TRIGGER]",
		Short: "Give a webhook another address for an organisation",
		Long: `Gives a webhook another address, for the MSP or the organisation of --org. The old address is gone at once:
whoever sends there has to be told the new one. What was accepted stays.`,
		Example:           "  gantry triggers rotate triage/new-ticket --org northwind-dental",
		Args:              takes("WORKFLOW", "[TRIGGER]"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().StringVar(&org, "org", "", "the organisation's `slug` (default the MSP)")
	app.completeOrg(cmd)
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		if _, err := app.Client(ctx, Writing); err != nil {
			return err
		}
		in := &api.RotateAddressIn{}
		var err error
		if in.OfTrigger, err = app.findTrigger(ctx, args); err != nil {
			return err
		}
		shown, err := api.ShowTrigger.Call(ctx, app.client, &in.OfTrigger)
		if err != nil {
			return err
		}
		if shown.Body.Type != "webhook" {
			return usage(cmd, "%s is a trigger of type %s, which has no address", source.OneLine(shown.Body.Key.String()), shown.Body.Type)
		}
		in.Body = &struct {
			Organisation string `json:"organisation,omitempty" doc:"A slug; left out: the MSP"`
		}{org}
		if !yes {
			if err := app.confirm(fmt.Sprintf("the address of %s / %s goes for good. Make another one?", in.Workflow, in.Trigger)); err != nil {
				return err
			}
		}
		out, err := aboutOrg(ctx, app, Writing, org, api.RotateAddress, in)
		if err != nil {
			return err
		}
		return app.Show(out.Body, func(w io.Writer) error {
			fmt.Fprintf(w, "The address for %s is now %s\n", out.Body.Organisation, out.Body.Address)
			return nil
		})
	}
	return cmd
}
