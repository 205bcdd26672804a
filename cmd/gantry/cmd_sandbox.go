package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/sandbox/halo"
	"gantry/schema"
)

func newSandbox(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "sandbox",
		Short:   "Serve a simulated system on its own",
		Example: "  gantry sandbox halo --addr 127.0.0.1:4010",
		GroupID: groupRun,
	}
	return group(cmd, newSandboxHalo(app))
}

func newSandboxHalo(app *App) *cobra.Command {
	s := &serving{app: app}
	cmd := &cobra.Command{
		Use:   "halo",
		Short: "Serve a simulated HaloPSA",
		Long: `Serves a HaloPSA with the data of an invented MSP until it is stopped with Ctrl-C, and prints where it
is and how to sign in. What is written to it is kept in memory for as long as it runs.

(Commands with --sandbox need none of this: they start one of their own.)

Faults are asked for with --fault, as kind or kind:path, and come once unless --fault-times says more
(-1: always). The kinds are status, unauthorised, forbidden, throttled, error_page, slow, hang, drop and
half. A request can ask for one itself with the header ` + halo.FaultHeader + `.`,
		Example: `  gantry sandbox halo --addr 127.0.0.1:4010
  gantry sandbox halo --format json                         base_url, tenant, client_id, client_secret
  gantry sandbox halo --rate-limit 10 --rate-window 1m
  gantry sandbox halo --fault error_page:/api/tickets --fault-times 2`,
		Args: takes(),
	}
	flags := cmd.Flags()
	flags.StringVar(&s.addr, "addr", "127.0.0.1:4010", "`address` and port to listen on; port 0 takes a free one")
	flags.StringVar(&s.options.Tenant, "tenant", "", "the `tenant` (default acme-msp)")
	flags.StringVar(&s.options.ClientID, "client-id", "", "the application's `id` (default a fixed one)")
	flags.StringVar(&s.options.ClientSecret, "client-secret", "", "the application's `secret` (default a fixed one)")
	flags.BoolVar(&s.options.OnPremise, "on-premise", false, "accept whatever tenant is named, as an installation of one's own does")
	flags.Int64Var(&s.options.Seed, "seed", 0, "a `number` that varies the invented data")
	flags.IntVar(&s.options.RateLimit, "rate-limit", 0, "the `number` of API requests per window (default 700, -1: no limit)")
	flags.StringVar(&s.window, "rate-window", "5m", "the limit's `duration`")
	flags.StringVar(&s.lifetime, "token-lifetime", "1h", "the `duration` for which access tokens are good")
	flags.StringArrayVar(&s.faults, "fault", nil, "make requests go wrong: `kind[:path]`; may be repeated")
	flags.IntVar(&s.times, "fault-times", 1, "the `number` of times that each fault comes; -1: always")
	flags.IntVar(&s.delay, "fault-delay", 3000, "for slow: after how many `milliseconds` the answer comes")
	flags.IntVar(&s.status, "fault-status", 500, "for status: the HTTP `status`")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return s.run(cmd) }
	return cmd
}

// serving is one call of gantry sandbox halo.
type serving struct {
	app                    *App
	addr, window, lifetime string
	options                halo.Options
	faults                 []string
	times, delay, status   int
}

func (s *serving) run(cmd *cobra.Command) error {
	for _, d := range []struct {
		flag, text string
		into       *time.Duration
	}{{"--rate-window", s.window, &s.options.RateWindow}, {"--token-lifetime", s.lifetime, &s.options.TokenLifetime}} {
		value, err := schema.ParseDuration(d.text)
		if err != nil || value == 0 {
			return usage(cmd, "%s %q is not a duration such as 5m", d.flag, d.text)
		}
		*d.into = value
	}
	s.options.Now = s.app.Now
	server := halo.New(s.options)
	for _, text := range s.faults {
		kind, path, _ := strings.Cut(text, ":")
		f := halo.Fault{Kind: kind, Path: path, Times: s.times, DelayMS: s.delay}
		if kind == halo.FaultStatus {
			f.Status = s.status
		}
		if err := server.InjectFault(f); err != nil {
			return fault.Wrap(err, fault.Usage, "--fault %s: %s", text, err).WithHint("%s", seeHelp(cmd))
		}
	}
	if _, err := server.Start(s.addr); err != nil {
		return fault.Wrap(err, fault.Usage, "cannot listen on %s: %s", s.addr, err).WithHint("is it taken? --addr 127.0.0.1:0 takes a free port")
	}
	defer server.Close()
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return s.serve(ctx, server)
}

func (s *serving) serve(ctx context.Context, server *halo.Server) error {
	c := server.Credentials()
	err := s.app.Show(c, func(out io.Writer) error {
		fmt.Fprintf(out, "base_url       %s\ntenant         %s\nclient_id      %s\nclient_secret  %s\n", c.BaseURL, c.Tenant, c.ClientID, c.ClientSecret)
		return nil
	})
	if err != nil {
		return err
	}
	s.app.Note("A simulated HaloPSA is listening; /auth and /api lie below base_url. Ctrl-C stops it.")
	<-ctx.Done()
	if err := server.Close(); err != nil { // what is being answered is counted, too
		return err
	}
	s.app.Note("Stopped after %s.", counted(len(server.Requests()), "request"))
	return nil
}
