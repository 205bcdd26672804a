package halo

import (
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
)

// foreign tells whether a web page of somewhere else makes the request: one that names another origin than the
// address it calls, or that calls by a name which whoever owns it may point at this machine. Programs send no
// Origin; browsers do with every POST.
func foreign(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	return origin != "http://"+r.Host && origin != "https://"+r.Host || !plainHost(r.Host)
}

// mayControl tells whether a request may use the simulator's controls, which need no login: it comes from this
// machine (or others are allowed), from no foreign page, and by an address rather than a name.
func (s *Server) mayControl(r *http.Request) bool {
	return !foreign(r) && plainHost(r.Host) && (s.options.RemoteControls || fromHere(r.RemoteAddr))
}

// plainHost accepts IP addresses, localhost and this machine's own name: no DNS server elsewhere can redefine them.
func plainHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	own, err := os.Hostname()
	return strings.EqualFold(host, "localhost") || err == nil && strings.EqualFold(host, own)
}

func fromHere(remote string) bool {
	at, err := netip.ParseAddrPort(remote)
	return err == nil && at.Addr().Unmap().IsLoopback()
}
