package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/api"
	"gantry/fault"
	"gantry/schema"
)

func newActionsCall(app *App) *cobra.Command {
	c := &calling{app: app}
	cmd := &cobra.Command{
		Use:   "call ACTION",
		Short: "Call an action by hand, for an organisation",
		Long: `Calls one action and prints its result as JSON. It is no run: nothing is kept of it. An action that
writes or deletes asks first; --yes answers that beforehand.

A client organisation that has no instance of its own can be lent one of the MSP's with --use: default,
mapping (the one under which the organisation is mapped), or the instance's name.`,
		Example: `  gantry actions call halo.list_agents --sandbox
  gantry actions call halo.get_ticket --input ticket_id=2045 --sandbox
  gantry actions call halo.add_note -i ticket_id=2045 -i note='Looked into it.' --org northwind-dental --use default --yes`,
		Args:              takes("ACTION"),
		ValidArgsFunction: app.complete(actionIDs),
	}
	c.inputs.add(cmd)
	cmd.Flags().StringVar(&c.org, "org", "", "the `organisation` to call it for, by slug (default the MSP)")
	cmd.Flags().StringVar(&c.use, "use", "", "lend an `instance` of the MSP: default, mapping, or its name")
	cmd.Flags().StringVar(&c.timeout, "timeout", "2m", "give up after this `duration`")
	cmd.Flags().BoolVar(&c.yes, "yes", false, "write without asking")
	_ = cmd.RegisterFlagCompletionFunc("org", app.complete(organisationSlugs))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.run(cmd, args[0]) }
	return cmd
}

// calling is one call of gantry actions call.
type calling struct {
	app               *App
	inputs            inputFlags
	org, use, timeout string
	yes               bool
}

func (c *calling) run(cmd *cobra.Command, id string) error {
	ctx := cmd.Context()
	timeout, err := schema.ParseDuration(c.timeout)
	if err != nil || timeout == 0 {
		return usage(cmd, "--timeout %q is not a duration such as 30s", c.timeout)
	}
	in := &api.CallActionIn{OfAction: api.OfAction{Action: id}}
	b := &in.Body
	if b.Inputs, b.Texts, err = c.inputs.given(c.app, cmd); err != nil {
		return err
	}
	b.Use, b.Timeout, b.Confirm, b.AtOnce = c.use, c.timeout, c.yes, true
	client, err := c.ready(ctx, in)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	b.Organisation = c.org
	return c.call(ctx, client, in)
}

// ready finds out what the call would do, wants a yes before anything is changed in another system, and gives the API
// that does it. Actions of Gantry's own need no data.
func (c *calling) ready(ctx context.Context, in *api.CallActionIn) (*api.Client, error) {
	client, err := c.app.catalogue(ctx)
	asking := !c.yes && isTerminal(c.app.Out) && !c.app.JSON()
	if err != nil || c.app.served() && !asking {
		return client, err
	}
	planning := *in
	planning.Body.Plan, planning.Body.Use = true, ""
	if c.app.served() {
		planning.Body.Organisation, planning.Body.Use = c.org, c.use
	}
	planned, err := api.CallAction.Call(ctx, client, &planning)
	if err != nil {
		return nil, err
	}
	plan := planned.Body.Plan
	if plan.Changes != "" && !c.yes {
		if err := c.ask(in.Action, plan.Changes, asking); err != nil {
			return nil, err
		}
		in.Body.Confirm = true
	}
	if c.app.served() || !plan.NeedsInstance && c.org == "" {
		return client, nil
	}
	return c.app.Client(ctx, c.app.toCall(Calling))
}

// ask wants a yes.
func (c *calling) ask(action, changes string, asking bool) error {
	refused := fault.New(fault.Usage, "%s changes %s, so nothing was sent", action, changes).WithHint("add --yes to do it")
	if !asking {
		return refused
	}
	fmt.Fprintf(c.app.Err, "%s changes %s. Do it? [y/N] ", action, changes)
	answer, _ := bufio.NewReader(io.LimitReader(c.app.In, 100)).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return refused
}

// call carries it out; an action that waits is waited for here.
func (c *calling) call(ctx context.Context, client *api.Client, in *api.CallActionIn) error {
	done, err := c.about(ctx, client, in)
	if err != nil {
		return err
	}
	if until := done.Body.Until; until != nil {
		c.app.Note("Waiting until %s.", until.Format(time.RFC3339))
		timer := time.NewTimer(time.Until(*until))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return c.show(done)
}

// about calls for the organisation that is named. One that only the sandbox has gives a hint.
func (c *calling) about(ctx context.Context, client *api.Client, in *api.CallActionIn) (*api.CallActionOut, error) {
	if c.app.client == nil { // without data
		return api.CallAction.Call(ctx, client, in)
	}
	return aboutOrg(ctx, c.app, Calling, c.org, api.CallAction, in)
}

func (c *calling) show(done *api.CallActionOut) error {
	out := done.Body
	for _, r := range out.Requests {
		c.app.Note("%s", requestLine(r))
	}
	if out.Error != nil {
		return workError{out.Error}
	}
	doc := map[string]any{"result": out.Result, "requests": out.Requests}
	return c.app.Show(doc, func(io.Writer) error { return c.app.document(out.Result) })
}

func requestLine(r actions.RequestRecord) string {
	answer := r.Error
	if r.Status != 0 {
		answer = strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)))
	}
	return fmt.Sprintf("%s %s: %s in %s", r.Method, r.URL, answer, schema.FormatDuration(max(r.Duration, time.Millisecond).Round(time.Millisecond)))
}
