package wire

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"

	"gantry/fault"
)

func TestPolicy(t *testing.T) {
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "2606:4700:4700::1111": true, "172.15.0.1": true, "172.32.0.1": true, "100.128.0.1": true,
		"64:ff9b::808:808": true, "2002:808:808::1": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "192.0.0.8": false, "198.18.0.1": false, "203.0.113.9": false,
		"224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12:3456::1": false, "fec0::1": false,
		"ff02::1": false, "2001:db8::1": false, "2001::1": false, "100::1": false,
		"::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::a00:1": false, "2002:7f00:1::1": false, "2002:c0a8:101::1": false,
	} {
		if got := (Policy{}).Permits(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: permitted %v, want %v", addr, got, want)
		}
	}
	own := Policy{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("::1/128")}}
	for addr, want := range map[string]bool{"10.1.2.3": true, "::ffff:10.1.2.3": true, "64:ff9b::a01:203": true, "::1": true,
		"10.2.0.1": false, "127.0.0.1": false} {
		if got := own.Permits(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s with an allowance: permitted %v, want %v", addr, got, want)
		}
	}
	if (Policy{}).Permits(netip.Addr{}) {
		t.Error("no address at all is permitted")
	}
}

// The guard looks at what a name resolves to, and again after a redirect.
func TestGuardAtDialTime(t *testing.T) {
	reached := 0
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer inner.Close()
	u, _ := url.Parse(inner.URL)
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		to := *u
		to.Host = host + ":" + u.Port()
		_, err := NewTransport(Policy{}).Send(context.Background(), &Request{Method: "GET", URL: &to})
		f := AsFailure(err)
		if f.Fault.Code != fault.AddressRefused || f.Sent {
			t.Errorf("%s: %v", host, err)
		}
	}
	if reached != 0 {
		t.Errorf("the server was reached %d times", reached)
	}
}

func TestRedirectIntoThePrivateNetwork(t *testing.T) {
	inner := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	inner.Start()
	defer inner.Close()
	outer := httptest.NewServer(http.RedirectHandler("http://169.254.169.254/latest/meta-data/", http.StatusFound))
	defer outer.Close()
	transport := NewTransport(Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	defer transport.CloseIdle()
	u, _ := url.Parse(outer.URL)
	_, err := Redirects(transport).Send(context.Background(), &Request{Method: "GET", URL: u})
	if f := AsFailure(err); err == nil || f.Fault.Code != fault.AddressRefused {
		t.Errorf("redirect to the metadata service: %v", err)
	}
	if !errors.As(err, new(*fault.Error)) {
		t.Error("no fault in the chain")
	}
}
