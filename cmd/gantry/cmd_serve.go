package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/engine"
	"gantry/fault"
	"gantry/project"
	"gantry/schema"
	"gantry/server"
	"gantry/source"
)

func newServe(app *App) *cobra.Command {
	s := &serve{app: app}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Fire triggers, run workflows and answer the API, until stopped",
		Long: `Serves the project: schedules, webhooks and the other triggers fire, runs go on, and the HTTP API answers.
Edited workflows are taken up at once; one that has become wrong goes on in its last good version, and
the log says what is wrong.

The first start prints a link, which holds for a day, on which the first administrator is made. Until
there is one nothing else is answered but /healthz (with --sandbox also webhooks).

The server listens on 127.0.0.1:8080 unless gantry.yaml or --listen says otherwise. Other machines are
served only with TLS, or behind a proxy that ends it; see docs/server.md.

Ctrl-C or SIGTERM ends it: nothing new is taken, what is under way may end within --grace, and the rest
goes on at the next start. A second Ctrl-C ends it at once, which loses nothing either.

Exit codes: 0 it was stopped, 1 it could not serve, 2 it was called wrongly.`,
		Example: `  gantry serve --sandbox                      a try, with simulated systems and organisations
  gantry serve
  gantry serve --listen :8443                 with TLS, see docs/server.md
  gantry serve --listen 127.0.0.1:0 --format json --grace 5s --log-level debug`,
		GroupID: groupRun,
		Args:    takes(),
	}
	cmd.Flags().StringVar(&s.listen, "listen", "", "`address` and port to listen on (default 127.0.0.1:8080, or what gantry.yaml says)")
	cmd.Flags().StringVar(&s.grace, "grace", schema.FormatDuration(server.DefaultGrace), "the `duration` for which work under way may go on when it is stopped")
	cmd.Flags().StringVar(&s.level, "log-level", "", "what is logged: `level` debug, info, warn or error (default info, or what gantry.yaml says)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return s.run(cmd) }
	return cmd
}

// serve is one call of gantry serve.
type serve struct {
	app                  *App
	listen, grace, level string
}

func (s *serve) run(cmd *cobra.Command) error {
	o, err := s.options(cmd)
	if err != nil {
		return err
	}
	ctx, hurry, stop := endings(cmd.Context())
	defer stop()
	o.Hurry = hurry
	var shown error
	o.Serving = func(info server.Serving) { shown = s.show(o, info) }
	srv, err := server.New(ctx, o)
	if err != nil {
		return err
	}
	engine.CollectSeldom() // only now: what stays of the start would lie far apart in what it leaves behind
	if err := srv.Run(ctx); err != nil {
		return err
	}
	return shown
}

func (s *serve) options(cmd *cobra.Command) (o server.Options, err error) {
	settings, err := s.app.Settings()
	if err != nil {
		return o, err
	}
	if s.listen != "" {
		if err := project.CheckListen(s.listen); err != nil {
			return o, usage(cmd, "--listen %s: %s", s.listen, fault.From(err).Message).WithHint("%s", fault.From(err).Hint)
		}
		settings.Server.Listen = s.listen
	}
	grace, err := schema.ParseDuration(s.grace)
	if err != nil {
		return o, usage(cmd, "--grace %q is not a duration such as 30s", s.grace)
	}
	if grace == 0 {
		grace = -1 // none; zero is the default
	}
	level := settings.Server.Log.Level
	if s.level != "" {
		if !slices.Contains(project.LogLevels, s.level) {
			return o, usage(cmd, "--log-level is one of %s, not %q", strings.Join(project.LogLevels, ", "), s.level).WithHint("%s", source.DidYouMean(s.level, project.LogLevels))
		}
		_ = level.UnmarshalText([]byte(s.level)) // it is one of the words
	}
	dir, err := s.app.dataDir()
	if err != nil {
		return o, err
	}
	if s.app.Flags.Sandbox {
		dir = filepath.Join(dir, sandboxFolder)
	}
	v := buildVersion()
	return server.Options{Project: s.app.Flags.Project, Data: dir, Sandbox: s.app.Flags.Sandbox, Settings: settings, Getenv: s.app.Getenv, Now: s.app.Now,
		Log: s.log(level, settings.Server.Log.Format), Grace: grace, Version: api.Version{Version: v.Version, Commit: v.Commit, Go: v.Go, StartedAt: s.app.Now(), Server: true},
		Patience: s.app.LockPatience, Waiting: s.app.saysItWaits,
		Migrated: func(slug, name string) {
			s.app.Note("Made the organisation %s (%s) and the data folder %s.", slug, name, dir)
		}}, nil
}

func (s *serve) log(level slog.Level, format string) *slog.Logger {
	return server.NewLog(s.app.Err, level, format, isTerminal(s.app.Err))
}

// endings gives a context that the first signal to end ends, and a channel that the second one closes.
func endings(parent context.Context) (ctx context.Context, hurry <-chan struct{}, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals, second := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ended := make(chan struct{})
	go func() {
		for heard := 0; heard < 2; heard++ {
			select {
			case <-signals:
				cancel()
			case <-ended:
				return
			}
		}
		close(second)
	}()
	return ctx, second, func() {
		signal.Stop(signals)
		close(ended)
		cancel()
	}
}

// shownServing is what `gantry serve --format json` prints.
type shownServing struct {
	Address       string     `json:"address"`
	URL           string     `json:"url"`
	Socket        string     `json:"socket"`
	Project       string     `json:"project"`
	Data          string     `json:"data"`
	Sandbox       bool       `json:"sandbox"`
	Organisations int        `json:"organisations"`
	Workflows     int        `json:"workflows"`
	Broken        []string   `json:"broken_files"`
	Triggers      int        `json:"triggers"`
	NextFire      *time.Time `json:"next_fire"`
	NextTrigger   string     `json:"next_trigger,omitempty"`
	Resumed       int        `json:"resumed_runs"`
	SetUpLink     string     `json:"set_up_link,omitempty"`
}

// show says how the server can be reached, once it can.
func (s *serve) show(o server.Options, info server.Serving) error {
	doc := shownServing{Address: info.Address, URL: info.URL, Socket: info.Socket, Project: o.Project, Data: o.Data, Sandbox: o.Sandbox,
		Organisations: info.Organisations, Workflows: info.Workflows, Broken: []string{}, Triggers: info.Triggers, Resumed: info.Resumed, SetUpLink: info.SetUpLink}
	for _, b := range info.Broken {
		doc.Broken = append(doc.Broken, b.File)
	}
	if !info.NextFire.IsZero() {
		doc.NextFire, doc.NextTrigger = &info.NextFire, info.NextTrigger.String()
	}
	return s.app.Show(doc, func(out io.Writer) error {
		s.describe(out, doc)
		return nil
	})
}

func (s *serve) describe(out io.Writer, doc shownServing) {
	where := doc.Project
	if full, err := filepath.Abs(where); err == nil {
		where = full
	}
	if doc.Sandbox {
		where += " (sandbox)"
	}
	fmt.Fprintf(out, "Gantry serves %s at %s\n", where, doc.URL)
	fires := "fire"
	if doc.Triggers == 1 {
		fires = "fires"
	}
	fmt.Fprintf(out, "  %s, %s, %s that %s\n", counted(doc.Workflows, "workflow"), counted(doc.Organisations, "organisation"), counted(doc.Triggers, "trigger"), fires)
	if doc.NextFire != nil {
		fmt.Fprintf(out, "  next: %s, %s\n", doc.NextTrigger, doc.NextFire.Local().Format("2006-01-02 15:04:05 MST"))
	}
	if doc.Resumed > 0 {
		fmt.Fprintf(out, "  %s taken up that an earlier process left\n", counted(doc.Resumed, "run"))
	}
	for _, file := range doc.Broken {
		fmt.Fprintf(out, "  broken: %s; `gantry check` shows what to mend\n", file)
	}
	if doc.SetUpLink != "" {
		fmt.Fprintf(out, "\nNobody administers Gantry yet. Open this link, once and within a day:\n  %s\n\n", doc.SetUpLink)
	}
	fmt.Fprintln(out, "Ctrl-C stops it.")
}
