package server

import (
	"strings"

	"gantry/access"
	"gantry/api"
	"gantry/fault"
)

// doors are the ways in over the network.
func (s *Server) doors() (api.Doors, error) {
	settings := s.o.Settings.Server
	d := api.Doors{Access: func() *access.Service { return s.access },
		PlainHTTP: settings.TLS.Cert == "" && isLoopback(s.tcp.Addr().String()) && strings.HasPrefix(s.url, "http://")}
	if !settings.OIDC.On() {
		return d, nil
	}
	config := settings.OIDC.OIDC
	if settings.OIDC.Secret.Set() {
		secret, err := settings.OIDC.Secret.Read(s.o.Project, s.o.Getenv)
		if err != nil {
			return d, err
		}
		config.ClientSecret = secret
	}
	if settings.URL == "" {
		return d, fault.New(fault.NotChecked, "people cannot sign in through %s: gantry.yaml does not say under which address it sends them back", config.Issuer).
			WithHint("add server: {url: https://…}, and register that address with " + api.ProviderCallback + " behind it at the provider")
	}
	var err error
	d.Provider, err = access.NewProvider(s.access, config, s.url+api.ProviderCallback, nil)
	return d, err
}
