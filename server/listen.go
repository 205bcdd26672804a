package server

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"strconv"

	"github.com/coreos/go-systemd/v22/activation"

	"gantry/api"
	"gantry/crates"
	"gantry/fault"
	"gantry/project"
)

// checkExposure refuses to serve plain HTTP to other machines: passwords and tokens would pass in the clear.
func checkExposure(s project.Server, addr net.Addr) error {
	if s.TLS.Cert != "" || s.BehindProxy || isLoopback(addr.String()) {
		return nil
	}
	return fault.New(fault.Usage, "%s can be reached by other machines, and there is no TLS: passwords would be sent in the clear", addr).
		WithHint("name a certificate in gantry.yaml (server: {tls: {cert: …, key: …}}), or say behind_proxy: true where a proxy in front ends TLS, or listen on 127.0.0.1")
}

// isLoopback tells whether host:port is of this machine alone.
func isLoopback(hostPort string) bool {
	addr, err := netip.ParseAddrPort(hostPort)
	return err == nil && addr.Addr().Unmap().IsLoopback()
}

// listenTCP listens where the settings say, or takes over the socket that systemd holds for this process.
func listenTCP(ctx context.Context, s project.Server, dir string) (net.Listener, error) {
	listener, err := inherited()
	if err != nil {
		return nil, err
	}
	if listener == nil {
		address := s.Listen
		if address == "" {
			address = project.DefaultListen
		}
		var config net.ListenConfig
		if listener, err = config.Listen(ctx, "tcp", address); err != nil {
			return nil, fault.Wrap(err, fault.Conflict, "Gantry cannot listen on %s: %s", address, crates.Reason(err)).
				WithHint("another program may listen there; choose another address with --listen")
		}
	}
	if err := checkExposure(s, listener.Addr()); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if s.TLS.Cert == "" {
		return listener, nil
	}
	certificate, err := openCertificate(project.InFolder(dir, s.TLS.Cert), project.InFolder(dir, s.TLS.Key))
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return tls.NewListener(listener, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: certificate.get}), nil
}

// inherited gives the socket that systemd passed on (Type=socket units), nil where there is none.
func inherited() (net.Listener, error) {
	listeners, err := activation.Listeners()
	if err != nil || len(listeners) == 0 || listeners[0] == nil {
		return nil, err
	}
	return listeners[0], nil
}

// listen takes the addresses, so that it is known at once where they are taken already. Nobody is answered yet.
func (s *Server) listen(ctx context.Context) (err error) {
	settings := s.o.Settings.Server
	if s.tcp, err = listenTCP(ctx, settings, s.o.Project); err != nil {
		return err
	}
	if s.socket, err = api.Listen(s.data.Dir); err != nil {
		return err
	}
	if s.url = settings.URL; s.url == "" {
		s.url = urlOf(s.tcp.Addr(), settings.TLS.Cert != "")
	}
	return nil
}

// urlOf is the address under which a browser on this machine reaches a listener.
func urlOf(addr net.Addr, secure bool) string {
	scheme := "http"
	if secure {
		scheme = "https"
	}
	at, err := netip.ParseAddrPort(addr.String())
	if err == nil && at.Addr().IsUnspecified() {
		return scheme + "://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(int(at.Port())))
	}
	return scheme + "://" + addr.String()
}
