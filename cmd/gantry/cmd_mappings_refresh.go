package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/schema"
)

// targetFlags choose the instance whose entities organisations are mapped to.
type targetFlags struct{ instance, owner string }

func (f *targetFlags) add(app *App, cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.instance, "instance", "", "the instance's `name` (default the default one)")
	cmd.Flags().StringVar(&f.owner, "owner", "", "whose instance it is, by `slug` (default the MSP)")
	_ = cmd.RegisterFlagCompletionFunc("owner", app.complete(organisationSlugs))
}

// of names the instance in a request.
func (f targetFlags) of() api.TargetOf { return api.TargetOf{Instance: f.instance, Owner: f.owner} }

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
		c, err := app.Client(ctx, Writing)
		if err != nil {
			return err
		}
		title, err := titleOf(ctx, c, args[0])
		if err != nil {
			return err
		}
		in := &api.RefreshMappingOptionsIn{Integration: args[0], Body: f.of()}
		read, err := reading(app, title, func() (*api.MappingOptions, error) {
			return aboutOrg(ctx, app, Writing, f.owner, api.RefreshMappingOptions, in)
		})
		if err != nil {
			return err
		}
		options := read.Body.Options
		return app.Show(options, func(out io.Writer) error {
			fmt.Fprintf(out, "%s has %s that organisations can be mapped to. `%s` compares their names.\n", title,
				countOf(len(options.Entities), "entity", "entities"), app.command("mappings suggest "+options.Integration))
			return nil
		})
	}
	return cmd
}

// stillReading is how often somebody who waits for a long list is told that it goes on.
const stillReading = 5 * time.Second

// reading does what reads a list from another system, and tells on standard error that it goes on.
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
	return result, err
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
