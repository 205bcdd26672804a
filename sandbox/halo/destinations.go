package halo

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// webhookTimeout is how long a webhook's destination has to answer.
const webhookTimeout = 30 * time.Second

// destinations is where webhooks may go. Whoever may use the API can make the simulator send requests, and it
// runs on somebody's machine: without further networks it reaches that machine's loopback addresses alone.
type destinations []netip.Prefix

func (d destinations) allow(at netip.Addr) bool {
	at = at.Unmap().WithZone("")
	return at.IsLoopback() || slices.ContainsFunc(d, func(p netip.Prefix) bool { return p.Contains(at) })
}

// control refuses an address when it is dialled, after names have been resolved.
func (d destinations) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !d.allow(at.Addr()) {
		return fmt.Errorf("webhooks of the simulator may not go to %s: allow its network first", at.Addr())
	}
	return nil
}

// client sends webhooks: to allowed addresses, by no proxy, following no redirection.
func (d destinations) client() *http.Client {
	dialer := &net.Dialer{Timeout: webhookTimeout, Control: d.control}
	return &http.Client{
		Timeout: webhookTimeout,
		Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
