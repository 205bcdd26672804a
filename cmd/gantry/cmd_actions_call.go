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
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
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
	action, err := c.app.action(cmd, id)
	if err != nil {
		return err
	}
	inputs, err := c.inputs.read(c.app, cmd, action.Inputs)
	if err != nil {
		return err
	}
	complete, problems := action.InputType().Complete(inputs)
	if len(problems) > 0 {
		return fault.New(fault.Usage, "%s cannot be called like this: %s", id, problems[0]).
			WithHint("`gantry actions show %s` tells what it takes", id)
	}
	inputs, _ = complete.(map[string]any)
	if err := c.ask(action, inputs); err != nil {
		return err
	}
	call, runtime, err := c.prepare(ctx, action, inputs)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return c.show(c.execute(ctx, runtime, call))
}

// ask wants a yes before anything is changed in another system.
func (c *calling) ask(action *actions.Action, inputs map[string]any) error {
	effect := action.EffectFor(inputs)
	if effect == actions.Read || c.yes {
		return nil
	}
	where := "another system"
	if action.Integration != nil {
		where = action.Integration().Title
	}
	refused := fault.New(fault.Usage, "%s changes %s, so nothing was sent", action.ID, where).WithHint("add --yes to do it")
	if !isTerminal(c.app.Out) || c.app.JSON() {
		return refused
	}
	fmt.Fprintf(c.app.Err, "%s changes %s. Do it? [y/N] ", action.ID, where)
	answer, _ := bufio.NewReader(io.LimitReader(c.app.In, 100)).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return refused
}

// prepare finds the organisation and the instance. Actions of Gantry's own need neither data nor instance.
func (c *calling) prepare(ctx context.Context, action *actions.Action, inputs map[string]any) (actions.Call, *actions.Runtime, error) {
	call := actions.Call{Action: action, Inputs: inputs, Task: action.Name, Attempt: 1}
	runtime, err := c.app.Runtime(ctx)
	if err != nil || !action.NeedsInstance() && c.org == "" {
		return call, runtime, err
	}
	d, err := c.app.Data(ctx, Calling)
	if err != nil {
		return call, nil, err
	}
	org, err := c.app.Organisation(ctx, d, c.org)
	if err != nil {
		return call, nil, err
	}
	call.Organisation = org
	call.OpenSecret = func(s expr.Secret) (string, error) { return d.Orgs.OpenSecret(ctx, org.ID, s.Name) }
	if !action.NeedsInstance() {
		return call, runtime, nil
	}
	instance, err := d.Orgs.Resolve(ctx, org, action.Integration().ID, action.Integration().Title, orgs.Lent{Task: c.override()})
	if f := fault.From(err); err != nil && f.Code == fault.NotInstalled && c.use == "" && org.ParentID != "" {
		return call, nil, fault.Wrap(err, f.Code, "%s", f.Message).WithHint("lend it the MSP's with --use default, or add one with `gantry integrations add %s --org %s`", action.Integration().ID, org.Slug)
	} else if err != nil {
		return call, nil, err
	}
	call.Instance = &instance
	call.InstanceSecrets = func() (map[string]string, error) {
		return d.Orgs.InstanceSecrets(ctx, instance.OrganisationID, instance.ID)
	}
	return call, runtime, nil
}

func (c *calling) override() *orgs.Override {
	switch c.use {
	case "":
		return nil
	case orgs.UseDefault, orgs.UseMapping:
		return &orgs.Override{Use: c.use, Fallback: orgs.FallbackFailTask}
	}
	return &orgs.Override{Use: orgs.UseInstance, Name: c.use, Fallback: orgs.FallbackFailTask}
}

// execute runs the action; one that waits is waited for here.
func (c *calling) execute(ctx context.Context, runtime *actions.Runtime, call actions.Call) actions.Outcome {
	out := runtime.Execute(ctx, call)
	if out.Wait == nil {
		return out
	}
	c.app.Note("Waiting until %s.", out.Wait.Until.Format(time.RFC3339))
	timer := time.NewTimer(time.Until(out.Wait.Until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return out
	case <-ctx.Done():
		return actions.Outcome{Err: fault.New(fault.Timeout, "%s would wait longer than --timeout allows", call.Action.ID)}
	}
}

func (c *calling) show(out actions.Outcome) error {
	for _, r := range out.Requests {
		c.app.Note("%s", requestLine(r))
	}
	if out.Err != nil {
		return workError{out.Err}
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
