package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/fault"
	"gantry/orgs"
)

// connectionTime bounds a test of a connection.
const connectionTime = 30 * time.Second

func newIntegrationsTest(app *App) *cobra.Command {
	var f instanceFlags
	cmd := &cobra.Command{
		Use:     "test INTEGRATION",
		Short:   "Test the connection of an instance",
		Example: "  gantry integrations test halo\n  gantry integrations test halo --org contoso",
		Args:    takes("INTEGRATION"),
	}
	f.add(app, cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		access := Reading
		if app.Flags.Sandbox {
			access = Writing // the simulators tell the data where they are
		}
		c, err := app.choose(ctx, access, args[0], f)
		if err != nil {
			return err
		}
		if app.Flags.Sandbox {
			if _, err := app.Runtime(ctx); err != nil {
				return err
			}
			if c.in, err = instanceOf(ctx, c.data, c.org, c.of, c.in.Name); err != nil {
				return err
			}
		}
		secrets, err := c.data.Orgs.InstanceSecrets(ctx, c.org.ID, c.in.ID)
		if err != nil {
			return err
		}
		return app.showTest(ctx, c, secrets)
	}
	return cmd
}

// testDocument is the JSON of a test.
type testDocument struct {
	Organisation string       `json:"organisation"`
	Integration  string       `json:"integration"`
	Name         string       `json:"name"`
	OK           bool         `json:"ok"`
	Error        *fault.Error `json:"error"`
}

func (a *App) showTest(ctx context.Context, c chosenInstance, secrets map[string]string) error {
	if c.of.Test == "" {
		return fault.New(fault.Conflict, "%s has no test of its connection", c.of.Title)
	}
	f, err := a.testConnection(ctx, c.of, c.org, c.in, secrets)
	if err != nil {
		return err
	}
	s := a.outStyle()
	err = a.Show(testDocument{c.org.Slug, c.of.ID, c.in.Name, f == nil, f}, func(out io.Writer) error {
		if f == nil {
			fmt.Fprintf(out, "%s %s of %s: Connection successful\n", s.good("✓"), c.in.Name, c.org.Name)
			return nil
		}
		fmt.Fprintf(out, "%s %s of %s: no connection\n", s.bad("✗"), c.in.Name, c.org.Name)
		a.showError(out, s, f, "  ")
		return nil
	})
	if err == nil && f != nil {
		return errFailed
	}
	return err
}

// testConnection calls the action that proves a configuration. The fault is the connection's, the error
// anything else.
func (a *App) testConnection(ctx context.Context, of *actions.Integration, org orgs.Organisation, in orgs.Instance, secrets map[string]string) (*fault.Error, error) {
	out, err := a.callFor(ctx, of.Test, map[string]any{}, org, in, secrets)
	return out.Err, err
}

// callFor carries out one action with an instance, outside of any run, within the time of a test.
func (a *App) callFor(ctx context.Context, id string, inputs map[string]any, org orgs.Organisation, in orgs.Instance, secrets map[string]string) (actions.Outcome, error) {
	c, err := a.Connect(ctx, Reading)
	if err != nil {
		return actions.Outcome{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, connectionTime)
	defer cancel()
	return c.CallWith(ctx, id, inputs, org, in, secrets)
}

// test proves what was collected before it is saved, unless the person does not want that. It gives the
// line that says so.
func (s *instanceSetting) test(ctx context.Context, org orgs.Organisation, in orgs.Instance) (string, error) {
	if s.noTest || s.of.Test == "" {
		return "", nil
	}
	in.Config = s.config
	s.app.Note("Testing the connection …")
	f, err := s.app.testConnection(ctx, s.of, org, in, s.secrets)
	if err != nil {
		return "", err
	}
	if f == nil {
		return "Connection successful. ", nil
	}
	if s.force {
		s.app.Note("The connection failed: %s", f.Message)
		return "", nil
	}
	hint := "--force saves it all the same"
	if f.Hint != "" {
		hint = f.Hint + "; " + hint
	}
	return "", fault.Wrap(workError{f}, f.Code, "not saved, for the test of the connection failed: %s", f.Message).WithHint("%s", hint).WithDetail(f.Detail)
}
