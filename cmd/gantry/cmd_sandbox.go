package main

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"sync"
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
(-1: always).
` + strings.Join(wrapped("The kinds are "+strings.Join(halo.FaultKinds(), ", ")+".", 104), "\n") + `
A request can ask for one itself with the header ` + halo.FaultHeader + `.

Webhooks that are set up in it are delivered to addresses of this machine; --webhook-allow adds networks.
Below base_url/_sandbox are controls that need no login and answer this machine alone: applications and
agents with their permissions, tokens, mandatory fields, faults, webhooks, the request log, a reset.
See docs/sandbox.md.`,
		Example: `  gantry sandbox halo --addr 127.0.0.1:4010
  gantry sandbox halo --format json                         base_url, tenant, client_id, client_secret
  gantry sandbox halo --log                                 each request on standard error
  gantry sandbox halo --rate-limit 10 --rate-window 1m --retry-after date
  gantry sandbox halo --webhook-allow 192.168.0.0/16
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
	flags.StringVar(&s.retryAfter, "retry-after", "seconds", "how a 429 says when to come again: `form` seconds, date or none")
	flags.StringVar(&s.lifetime, "token-lifetime", "1h", "the `duration` for which access tokens are good")
	flags.StringArrayVar(&s.faults, "fault", nil, "make requests go wrong: `kind[:path]`; may be repeated")
	flags.IntVar(&s.fault.Skip, "fault-skip", 0, "the `number` of matching requests that go well before the first fault")
	flags.BoolVar(&s.fault.After, "fault-after", false, "do the work first, so that only the answer is lost")
	flags.StringSliceVar(&s.fault.Fields, "fault-fields", nil, "for nulls, doubles and mandatory: the `names` of the fields")
	flags.IntVar(&s.fault.RetryAfter, "fault-retry-after", 0, "for throttled: after how many `seconds` to come again")
	flags.IntVar(&s.fault.Times, "fault-times", 1, "the `number` of times that each fault comes; -1: always")
	flags.IntVar(&s.fault.DelayMS, "fault-delay", 3000, "for slow: after how many `milliseconds` the answer comes")
	flags.IntVar(&s.status, "fault-status", 500, "for status: the HTTP `status`")
	flags.StringSliceVar(&s.networks, "webhook-allow", nil, "a further `network` that webhooks may go to, such as 10.0.0.0/8; may be repeated")
	flags.BoolVar(&s.options.RemoteControls, "remote-controls", false, "let other machines use the controls at /_sandbox")
	flags.BoolVar(&s.log, "log", false, "write a line for each request and each webhook on standard error")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return s.run(cmd) }
	return cmd
}

// serving is one call of gantry sandbox halo.
type serving struct {
	app                    *App
	addr, window, lifetime string
	options                halo.Options
	faults                 []string
	fault                  halo.Fault // what all of faults have in common
	status                 int
	retryAfter             string
	networks               []string
	log                    bool
	mu                     sync.Mutex // of standard error
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
	if err := s.read(cmd); err != nil {
		return err
	}
	server := halo.New(s.options)
	for _, text := range s.faults {
		kind, path, _ := strings.Cut(text, ":")
		f := s.fault
		f.Kind, f.Path = kind, path
		f.RetryAfterDate = s.options.RetryAfterDate
		if kind == halo.FaultStatus {
			f.Status = s.status
		}
		if err := server.InjectFault(f); err != nil {
			return fault.Wrap(err, fault.Usage, "--fault %s: %s", text, err).WithHint("%s", seeHelp(cmd))
		}
	}
	if _, err := server.Start(s.addr); err != nil {
		return fault.Wrap(err, fault.Usage, "cannot listen on %s: %s", s.addr, err).WithHint("an address is HOST:PORT, and no other program may listen there; --addr 127.0.0.1:0 takes a free port")
	}
	defer server.Close()
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return s.serve(ctx, server)
}

// read turns the flags that need reading into options.
func (s *serving) read(cmd *cobra.Command) error {
	s.options.Now = s.app.Now
	switch s.retryAfter {
	case "seconds":
	case "date":
		s.options.RetryAfterDate = true
	case "none":
		s.options.OmitRetryAfter = true
	default:
		return usage(cmd, "--retry-after %q is not seconds, date or none", s.retryAfter)
	}
	for _, text := range s.networks {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return usage(cmd, "--webhook-allow %q is not a network such as 10.0.0.0/8", text)
		}
		s.options.WebhookNetworks = append(s.options.WebhookNetworks, network.Masked())
	}
	if s.log {
		lines := requestLines{mu: &s.mu, out: s.app.Err, style: s.app.errStyle()}
		s.options.OnRequest, s.options.OnDelivery = lines.take, lines.deliver
	}
	return nil
}

// note tells something while requests may be logged.
func (s *serving) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.app.Note(format, args...)
}

// destinations says where webhooks may go.
func (s *serving) destinations() string {
	all := []string{"this machine"}
	for _, network := range s.options.WebhookNetworks {
		all = append(all, network.String())
	}
	return strings.Join(all, ", ")
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
	s.note("A simulated HaloPSA is listening; /auth and /api lie below base_url. Ctrl-C stops it.")
	s.note("Its controls are at %s/_sandbox; its webhooks may go to: %s.", c.BaseURL, s.destinations())
	<-ctx.Done()
	if err := server.Close(); err != nil { // what is being answered is counted, too
		return err
	}
	s.note("Stopped after %s.", counted(len(server.Requests()), "request"))
	return nil
}
