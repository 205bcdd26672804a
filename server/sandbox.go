package server

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"gantry/fault"
	"gantry/orgs"
	"gantry/sandbox/halo"
)

// The sandbox's MSP and its Halo instance.
const (
	sandboxSlug     = "acme-msp"
	sandboxName     = "Acme MSP"
	sandboxInstance = "Acme Halo (sandbox)"
)

// StartSandbox starts the simulated Halo for as long as the process lives, and tells the sandbox's instance where
// it is. It gives the block of its one address, which workflows must be allowed to reach. The caller closes it.
func StartSandbox(ctx context.Context, o *orgs.Service, now func() time.Time) (*halo.Server, netip.Prefix, error) {
	root, err := o.Root(ctx)
	if err != nil {
		return nil, netip.Prefix{}, err
	}
	server := halo.New(halo.Options{Now: now})
	base, err := server.Start("127.0.0.1:0")
	if err != nil {
		return nil, netip.Prefix{}, fault.Wrap(err, fault.Network, "the simulated Halo cannot listen on 127.0.0.1: %s", err)
	}
	config, secrets := haloConfig(server.Credentials())
	_, err = o.UpdateInstance(ctx, root.ID, "halo", sandboxInstance, config, secrets)
	if err != nil && fault.From(err).Code == fault.Missing { // somebody removed it
		_, err = o.AddInstance(ctx, root.ID, "halo", sandboxInstance, config, secrets, true)
	}
	if err != nil {
		return nil, netip.Prefix{}, errors.Join(err, server.Close())
	}
	return server, addressOf(base), nil
}

// addressOf gives the block of the one address that a simulator listens on.
func addressOf(base string) netip.Prefix {
	u, err := url.Parse(base)
	if err != nil {
		return netip.Prefix{}
	}
	addr, err := netip.ParseAddrPort(u.Host)
	if err != nil {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(addr.Addr(), addr.Addr().BitLen())
}

func haloConfig(c halo.Credentials) (config map[string]any, secrets map[string]string) {
	return map[string]any{"resource_server": c.BaseURL, "client_id": c.ClientID, "tenant": c.Tenant, "on_premise": false},
		map[string]string{"client_secret": c.ClientSecret}
}

// seedSandbox gives a new sandbox its organisations: the MSP with its Halo instance and variables, and a
// client organisation for each client of the simulated Halo. The MSP's own mapping comes last and marks
// that all is there: seeding that was cut off is done again, and leaves what is there already.
func seedSandbox(ctx context.Context, o *orgs.Service) error {
	root, err := makeOrganisation(ctx, o, orgs.NewOrganisation{Slug: sandboxSlug, Name: sandboxName})
	if err != nil {
		return err
	}
	if _, _, mapped, err := o.Mapping(ctx, root.ID, "halo"); err != nil || mapped {
		return err
	}
	server := halo.New(halo.Options{})
	config, secrets := haloConfig(server.Credentials())
	config["resource_server"] = "http://127.0.0.1:1" // each use sets where the simulator listens then
	if _, err := o.AddInstance(ctx, root.ID, "halo", sandboxInstance, config, secrets, true); unlessExists(err) != nil {
		return err
	}
	for _, v := range []orgs.Variable{
		{Name: "default_team", Type: orgs.TypeString, Value: "Service Desk"},
		{Name: "stale_after_days", Type: orgs.TypeNumber, Value: 14.0},
		{Name: "send_digest", Type: orgs.TypeBoolean, Value: true},
		{Name: "portal_password", Type: orgs.TypeSecret, Value: "sandbox-only"},
	} {
		if err := o.SetVariable(ctx, root.ID, v); err != nil {
			return err
		}
	}
	own := ""
	for _, client := range server.Clients() {
		id := strconv.FormatInt(client.ID, 10)
		if client.Name == sandboxName { // the MSP is a client in its own Halo, too
			own = id
			continue
		}
		org, err := makeOrganisation(ctx, o, orgs.NewOrganisation{Slug: orgs.SlugOf(client.Name), Name: client.Name, Parent: sandboxSlug})
		if err != nil && unlessExists(err) == nil {
			continue // it was removed since
		} else if err != nil {
			return err
		}
		if err := o.SetMapping(ctx, org.ID, "halo", "", id, client.Name); err != nil {
			return err
		}
	}
	return o.SetMapping(ctx, root.ID, "halo", "", own, sandboxName)
}

// makeOrganisation gives the organisation of a slug, which it makes if need be.
func makeOrganisation(ctx context.Context, o *orgs.Service, wanted orgs.NewOrganisation) (orgs.Organisation, error) {
	org, err := o.BySlug(ctx, wanted.Slug)
	if err == nil || fault.From(err).Code != fault.Missing {
		return org, err
	}
	return o.Create(ctx, wanted)
}

func unlessExists(err error) error {
	if err != nil && fault.From(err).Code == fault.Exists {
		return nil
	}
	return err
}
