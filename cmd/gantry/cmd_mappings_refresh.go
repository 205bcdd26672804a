package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/user"
	"time"

	"github.com/spf13/cobra"

	"gantry/connect"
	"gantry/schema"
)

// targetFlags choose the instance whose entities organisations are mapped to.
type targetFlags struct{ instance, owner string }

func (f *targetFlags) add(app *App, cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.instance, "instance", "", "the instance's `name` (default the default one)")
	cmd.Flags().StringVar(&f.owner, "owner", "", "whose instance it is, by `slug` (default the MSP)")
	_ = cmd.RegisterFlagCompletionFunc("owner", app.complete(organisationSlugs))
}

// target opens the data and finds the instance.
func (a *App) target(ctx context.Context, access Access, integration string, f targetFlags) (*connect.Service, connect.Target, error) {
	of, err := a.integration(ctx, integration)
	if err != nil {
		return nil, connect.Target{}, err
	}
	service, err := a.Connect(ctx, access)
	if err != nil {
		return nil, connect.Target{}, err
	}
	_, owner, err := a.dataAndOrg(ctx, access, f.owner)
	if err != nil {
		return nil, connect.Target{}, err
	}
	t, err := service.Target(ctx, of.ID, owner, f.instance)
	return service, t, err
}

func newMappingsRefresh(app *App) *cobra.Command {
	var f targetFlags
	cmd := &cobra.Command{
		Use:     "refresh INTEGRATION",
		Short:   "Read what organisations can be mapped to",
		Long:    "Reads the entities of the other system, such as the clients in HaloPSA, and keeps them. The suggestions work with\nwhat was read last.",
		Example: "  gantry mappings refresh halo\n  gantry mappings refresh halo --instance second",
		Args:    takes("INTEGRATION"),
	}
	f.add(app, cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		service, t, err := app.target(ctx, Writing, args[0], f)
		if err != nil {
			return err
		}
		options, err := reading(app, t.Integration.Title, func() (connect.Options, error) { return service.RefreshOptions(ctx, t) })
		if err != nil {
			return err
		}
		return app.Show(options, func(out io.Writer) error {
			fmt.Fprintf(out, "%s has %s that organisations can be mapped to. `%s` compares their names.\n", t.Integration.Title,
				countOf(len(options.Entities), "entity", "entities"), app.command("mappings suggest "+t.Integration.ID))
			return nil
		})
	}
	return cmd
}

// stillReading is how often somebody who waits for a long list is told that it goes on.
const stillReading = 5 * time.Second

// reading does what reads a list from another system, and tells on standard error that it goes on. What the
// other system answers wrongly is the work's failure, not the call's.
func reading[T any](a *App, title string, read func() (T, error)) (T, error) {
	a.Note("Reading from %s …", title)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		began, tick := time.Now(), time.NewTicker(stillReading)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				a.Note("Still reading, %s so far …", schema.FormatDuration(time.Since(began).Round(time.Second)))
			case <-done:
				return
			}
		}
	}()
	result, err := read()
	close(done)
	<-ended
	return result, ofWork(err)
}

// ofWork marks what another system answered wrongly as the work's failure.
func ofWork(err error) error {
	if _, failed := errors.AsType[*connect.ReadError](err); failed {
		return workError{err}
	}
	return err
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// whoami is whom the record of a mapping names: the user of the operating system.
func whoami(getenv func(string) string) string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return getenv("USER")
}
