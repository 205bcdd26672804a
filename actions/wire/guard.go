package wire

import (
	"context"
	"net/netip"
	"syscall"

	"gantry/fault"
)

// Policy says which addresses may be dialled beside the public internet. The zero value allows none.
type Policy struct {
	// Allow lists what the operator permits (`network: {allow: […]}`), such as 127.0.0.0/8.
	Allow []netip.Prefix
}

// refused are the special-purpose blocks of RFC 6890 and its successors that lead into the machine, into
// the network around it, or nowhere.
var refused = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/96", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
	"fec0::/10", "ff00::/8",
)

// embedding are the IPv6 blocks that carry an IPv4 address, and the byte at which it starts: NAT64
// (RFC 6052, RFC 8215) and 6to4 (RFC 3056). What counts is where the packet ends up.
var embedding = []struct {
	prefix netip.Prefix
	at     int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},
	{netip.MustParsePrefix("64:ff9b:1::/48"), 12},
	{netip.MustParsePrefix("2002::/16"), 2},
}

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// Permits tells whether the address may be dialled.
func (p Policy) Permits(addr netip.Addr) bool {
	addr = addr.WithZone("").Unmap()
	if !addr.IsValid() {
		return false
	}
	if within(addr, p.Allow) {
		return true
	}
	for _, e := range embedding {
		if e.prefix.Contains(addr) {
			bytes := addr.As16()
			return p.Permits(netip.AddrFrom4([4]byte(bytes[e.at : e.at+4])))
		}
	}
	return !within(addr, refused)
}

func within(addr netip.Addr, blocks []netip.Prefix) bool {
	for _, block := range blocks {
		if block.Contains(addr) {
			return true
		}
	}
	return false
}

// control is called by the dialler for every address it is about to connect to, after name resolution:
// a name that resolves to a private address gets no further than one that is written as one.
func (p Policy) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fault.Wrap(err, fault.AddressRefused, "the address %s cannot be judged, so it is not called", address)
	}
	if p.Permits(to.Addr()) {
		return nil
	}
	addr := to.Addr().WithZone("").Unmap()
	return fault.New(fault.AddressRefused, "%s is a private or otherwise special address and is not called", addr).
		WithHint("if this is meant, the operator allows it with `network: {allow: [%s/%d]}` in gantry.yaml or GANTRY_ALLOW_NETWORKS",
			addr, addr.BitLen())
}
