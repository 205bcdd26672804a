package server

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientAddresses puts the client's own address into RemoteAddr where a request came through proxies that are
// trusted. The header X-Forwarded-For is read from its end: what stands before the first untrusted address was
// written by whoever sent the request. Without trusted proxies the header is not looked at. It also notes which
// requests came from this machine itself.
func clientAddresses(trusted []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil && isTrusted(trusted, peer.Addr()) {
			if client, ok := forwardedFor(trusted, r.Header.Values("X-Forwarded-For")); ok {
				r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
			}
		}
		next.ServeHTTP(w, r)
	})
}

func isTrusted(trusted []netip.Prefix, addr netip.Addr) bool {
	addr = addr.Unmap()
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

func forwardedFor(trusted []netip.Prefix, headers []string) (client netip.Addr, ok bool) {
	hops := strings.Split(strings.Join(headers, ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return client, ok
		}
		client, ok = addr.Unmap(), true
		if !isTrusted(trusted, client) {
			return client, true
		}
	}
	return client, ok
}

// fromThisMachine tells whether a request was made on this machine, by no proxy for somebody else, and not by a
// web page that lured a browser here under another name.
func fromThisMachine(r *http.Request, behindProxy bool) bool {
	if behindProxy || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" || r.Header.Get("X-Real-Ip") != "" {
		return false
	}
	host := r.Host
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	host = strings.Trim(host, "[]")
	addr, err := netip.ParseAddr(host)
	return isLoopback(r.RemoteAddr) && (host == "localhost" || err == nil && addr.IsLoopback())
}
