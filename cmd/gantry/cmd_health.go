package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gantry/fault"
	"gantry/project"
)

// healthPatience is how long gantry health waits for an answer.
const healthPatience = 5 * time.Second

func newHealth(app *App) *cobra.Command {
	var address string
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a server whether it is ready",
		Long: `Asks the server of this machine, or another one, whether it is ready to take work. It is made for
containers and monitoring.

Exit codes: 0 it is ready, 1 it is not, or does not answer.`,
		Example: "  gantry health\n  gantry health --url https://gantry.example.com",
		GroupID: groupLook,
		Args:    takes(),
	}
	cmd.Flags().StringVar(&address, "url", "", "the server's `address` (default where gantry.yaml has it listen)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if address == "" {
			settings, err := app.Settings()
			if err != nil {
				return err
			}
			address = localAddress(settings.Server)
		}
		return app.health(cmd, address)
	}
	return cmd
}

// localAddress is how the server that the settings describe is reached on its own machine.
func localAddress(s project.Server) string {
	listen := s.Listen
	if listen == "" {
		listen = project.DefaultListen
	}
	host, port, _ := net.SplitHostPort(listen) // the settings are checked
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && addr.IsUnspecified() {
		host = "127.0.0.1"
	}
	if s.TLS.Cert != "" {
		return "https://" + net.JoinHostPort(host, port)
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (a *App) health(cmd *cobra.Command, address string) error {
	u, err := url.Parse(strings.TrimSuffix(address, "/") + "/healthz/ready")
	if err != nil || u.Host == "" {
		return usage(cmd, "--url %q is not an address such as http://127.0.0.1:8080", address)
	}
	request, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return usage(cmd, "--url %q is not an address such as http://127.0.0.1:8080", address)
	}
	client := http.Client{Timeout: healthPatience, Transport: &http.Transport{TLSClientConfig: trusting(u.Hostname())}}
	defer client.CloseIdleConnections()
	answer, err := client.Do(request)
	if err != nil {
		return workError{fault.Wrap(err, fault.Network, "no server answers at %s", address).WithHint("start one with `gantry serve`; one that listens elsewhere is asked with --url")}
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 4<<10)) // only shown
	if answer.StatusCode != http.StatusOK {
		return workError{fault.New(fault.Failed, "the server at %s is not ready (%d): %s", address, answer.StatusCode, strings.TrimSpace(string(text)))}
	}
	return a.Show(map[string]any{"status": "ready", "url": address}, func(out io.Writer) error {
		fmt.Fprintf(out, "The server at %s is ready.\n", address)
		return nil
	})
}

// trusting takes any certificate of this machine's own server: it is made out to another name than 127.0.0.1, and
// nothing secret is sent.
func trusting(host string) *tls.Config {
	addr, err := netip.ParseAddr(host)
	return &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: err == nil && addr.IsLoopback()}
}
