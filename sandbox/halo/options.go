package halo

import (
	"net/netip"
	"time"
)

// Options says how the simulated Halo behaves. Zero values are sensible.
type Options struct {
	Tenant       string // of a hosted Halo; "acme-msp" when empty
	OnPremise    bool   // no tenant: whatever tenant is named is accepted
	ClientID     string // the ready-made application; a fixed GUID when empty
	ClientSecret string
	Applications []Application // further ones
	Agents       []Agent       // what agents may do; one that is not named may do everything

	Seed int64            // varies the invented data; the same seed and time give the same data
	Now  func() time.Time // the clock; time.Now when nil

	TokenLifetime  time.Duration // 1 hour when zero
	RateLimit      int           // API requests per window and application; 700 when zero, no limit when negative
	RateWindow     time.Duration // rolling; 5 minutes when zero
	OmitRetryAfter bool          // 429 without a Retry-After header
	RetryAfterDate bool          // Retry-After as an HTTP date in place of seconds
	PageCap        int           // largest page of the lists that Halo does not cap; none when zero

	MoveDefaultClient bool        // no actions on tickets of the default client: they must be moved to a client first
	Mandatory         []Mandatory // fields that tickets or actions must have

	WebhookNetworks []netip.Prefix                       // where webhooks may go beside this machine's own loopback addresses
	WebhookFailures int                                  // failures in a row that switch a webhook off; 10 when zero, never when negative
	After           func(time.Duration) <-chan time.Time // waits for batched webhooks; time.After when nil

	RemoteControls bool // /_sandbox answers other machines, too

	OnRequest  func(RequestLog) // told of each request when it has been answered, secrets redacted; must not block
	OnDelivery func(Delivery)   // told of each attempt to deliver a webhook, likewise

	Faults []Fault // set from the start
}

// Application is an API application as configured in Halo, with the agent it logs in as.
type Application struct {
	Name          string    `json:"name"` // shown as actionby_application_id
	ClientID      string    `json:"client_id"`
	ClientSecret  string    `json:"client_secret,omitempty"`
	SecretExpires time.Time `json:"secret_expires,omitzero"` // never when zero
	APIKey        string    `json:"api_key,omitempty"`       // for the X-Halo-Api-Key header; none when empty
	Scopes        []string  `json:"scopes"`                  // what the application may ask for; all when empty
	AgentID       int64     `json:"agent_id"`                // agent to log in as; the seeded API agent when zero
	NoAgent       bool      `json:"no_agent,omitempty"`      // no agent set: the token endpoint answers 500 with HTML
	Permissions   []string  `json:"permissions"`             // narrows what its agent may do, in the words of scopes; not at all when nil
	Disabled      bool      `json:"disabled,omitempty"`      // may not sign in; tokens that it has stay good
}

func (a Application) complete() Application {
	if a.AgentID == 0 {
		a.AgentID = apiAgentID
	}
	return a
}

// The ready-made application and tenant of the sandbox.
const (
	DefaultTenant       = "acme-msp"
	DefaultClientID     = "6a1f0c52-93d4-4be7-8f0e-2c7d51b9a430"
	DefaultClientSecret = "b2d4c6e8-sandbox-only-5f3a9d17c0e4"
	defaultApplication  = "Gantry Sandbox"
)

func (o Options) complete() Options {
	if o.Tenant == "" {
		o.Tenant = DefaultTenant
	}
	if o.OnPremise {
		o.Tenant = ""
	}
	if o.ClientID == "" {
		o.ClientID = DefaultClientID
	}
	if o.ClientSecret == "" {
		o.ClientSecret = DefaultClientSecret
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TokenLifetime <= 0 {
		o.TokenLifetime = time.Hour
	}
	if o.RateLimit == 0 {
		o.RateLimit = 700
	}
	if o.RateWindow <= 0 {
		o.RateWindow = 5 * time.Minute
	}
	if o.WebhookFailures == 0 {
		o.WebhookFailures = 10
	}
	if o.After == nil {
		o.After = time.After
	}
	own := Application{Name: defaultApplication, ClientID: o.ClientID, ClientSecret: o.ClientSecret}
	o.Applications = append([]Application{own}, o.Applications...)
	for i := range o.Applications {
		o.Applications[i] = o.Applications[i].complete()
	}
	return o
}
