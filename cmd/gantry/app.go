package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/api"
	"gantry/authoring"
	"gantry/engine"
	"gantry/fault"
	"gantry/project"
	"gantry/sandbox/halo"
	"gantry/source"
	"gantry/triggers"
	"gantry/triggers/webhook"
)

// App is one call of gantry: its surroundings, and what its command has opened so far. Each part opens
// when it is first asked for, and Close closes all of them.
type App struct {
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	Now      func() time.Time
	Flags    Flags
	// LockPatience is how long a command that writes waits for another one to give the data directory free.
	LockPatience time.Duration

	settings *project.Settings
	project  *project.Project
	data     *Data
	client   *api.Client
	far      bool   // the client's server is one that somebody has signed in to
	server   string // the address of the server that client speaks to over the network
	halo     *halo.Server
	runtime  *actions.Runtime
	engine   *engine.Engine
	fires    *triggers.Service
	hooks    *webhook.Hooks
	authors  *authoring.Service
	closing  sync.Once

	sandboxNoted sync.Once
	closed       error
}

// begin runs before every command.
func (a *App) begin(cmd *cobra.Command) error {
	if f := a.Flags.Format; f != "text" && f != "json" {
		a.Flags.Format = "text"
		hint := source.DidYouMean(f, []string{"text", "json"})
		return usage(cmd, "--format is text or json, not %q", f).WithHint("%s", hint)
	}
	if err := emptyFlag(cmd); err != nil {
		return err
	}
	info, err := os.Stat(a.Flags.Project)
	if err != nil || !info.IsDir() {
		return usage(cmd, "--project %s is not a folder", a.Flags.Project)
	}
	return nil
}

// Settings gives the project's gantry.yaml, which may be missing. A wrong one is an error: whatever a
// command did without it would not be what was meant.
func (a *App) Settings() (project.Settings, error) {
	if a.settings == nil {
		settings, ds, _ := project.ReadSettings(a.Flags.Project, a.Getenv)
		if err := ds.Err(); err != nil {
			return settings, fault.Wrap(err, fault.NotChecked, "%s", err).WithHint("`gantry check` shows what to mend")
		}
		a.settings = &settings
	}
	return *a.settings, nil
}

// Project gives the project with everything checked. The organisation variables that its workflows may
// rely on are read from the data directory, where there is one.
func (a *App) Project(ctx context.Context) (*project.Project, error) {
	if a.project != nil {
		return a.project, nil
	}
	o, err := a.known(ctx)
	if err != nil {
		return nil, err
	}
	a.project, err = project.Load(a.Flags.Project, o)
	return a.project, err
}

// dataDir is the folder of the real data; the sandbox's lies in it.
func (a *App) dataDir() (string, error) {
	if a.Flags.Data != "" {
		return a.Flags.Data, nil
	}
	settings, err := a.Settings()
	if err != nil {
		return "", err
	}
	if filepath.IsAbs(settings.Data) {
		return settings.Data, nil
	}
	return filepath.Join(a.Flags.Project, settings.Data), nil
}

// Close ends the engine, the simulators and the data, in this order.
func (a *App) Close() error {
	a.closing.Do(func() {
		var errs []error
		if a.client != nil {
			a.client.Close()
		}
		if a.engine != nil {
			a.engine.Close()
		}
		if a.runtime != nil {
			a.runtime.Close()
		}
		if a.halo != nil {
			errs = append(errs, a.halo.Close())
		}
		if a.data != nil {
			errs = append(errs, a.data.Store.Close())
		}
		a.closed = errors.Join(errs...)
	})
	return a.closed
}
