package halo

import (
	"crypto/subtle"
	"slices"
	"sync"
	"time"
)

// Agent says what one of Halo's agents may do, for applications that log in as it.
type Agent struct {
	ID          int64    `json:"id"`
	Permissions []string `json:"permissions"` // in the words of scopes; everything when nil, nothing when empty
	Clients     []int64  `json:"clients"`     // the clients it may use; all when nil ("Allow use of all Customers")
}

// directory is who may sign in: the API applications, and what the agents behind them may do.
type directory struct {
	mu     sync.RWMutex
	apps   []*Application // never changed once here, only replaced
	agents map[int64]Agent
}

func newDirectory(o Options) *directory {
	d := &directory{}
	d.reset(o)
	return d
}

func (d *directory) reset(o Options) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.apps, d.agents = nil, map[int64]Agent{}
	for _, app := range o.Applications {
		d.apps = append(d.apps, &app)
	}
	for _, agent := range o.Agents {
		d.agents[agent.ID] = agent
	}
}

// put adds an application, or replaces the one with its client id.
func (d *directory) put(app Application) {
	app = app.complete()
	d.mu.Lock()
	defer d.mu.Unlock()
	at := slices.IndexFunc(d.apps, func(a *Application) bool { return a.ClientID == app.ClientID })
	if at < 0 {
		d.apps = append(d.apps, &app)
		return
	}
	d.apps[at] = &app
}

func (d *directory) remove(clientID string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := len(d.apps)
	d.apps = slices.DeleteFunc(d.apps, func(a *Application) bool { return a.ClientID == clientID })
	return len(d.apps) < before
}

func (d *directory) putAgent(agent Agent) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.agents[agent.ID] = agent
}

// find gives the application with an id; nil if there is none.
func (d *directory) find(clientID string) *Application {
	return d.first(func(a *Application) bool { return a.ClientID == clientID })
}

// bySecret gives the application that may sign in with id and secret now: not a disabled one, nor one whose
// secret has run out.
func (d *directory) bySecret(clientID, secret string, now time.Time) *Application {
	return d.first(func(a *Application) bool {
		return a.ClientID == clientID && equal(a.ClientSecret, secret) && !a.Disabled && (a.SecretExpires.IsZero() || now.Before(a.SecretExpires))
	})
}

func (d *directory) byKey(key string) *Application {
	return d.first(func(a *Application) bool { return equal(a.APIKey, key) && !a.Disabled })
}

// equal compares secrets in constant time. The empty one fits nothing.
func equal(want, given string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(given)) == 1
}

func (d *directory) first(fits func(*Application) bool) *Application {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if at := slices.IndexFunc(d.apps, fits); at >= 0 {
		return d.apps[at]
	}
	return nil
}

// principal is who an application acts as, with the agent's permissions as they are now.
func (d *directory) principal(app *Application, scopes []string) principal {
	d.mu.RLock()
	defer d.mu.RUnlock()
	agent := d.agents[app.AgentID]
	p := principal{app: app, scopes: scopes, clients: slices.Clone(agent.Clients)}
	for _, rights := range [][]string{app.Permissions, agent.Permissions} {
		if rights != nil {
			p.rights = append(p.rights, slices.Clone(rights))
		}
	}
	return p
}

func (d *directory) list() ([]Application, []Agent) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	apps, agents := []Application{}, []Agent{}
	for _, app := range d.apps {
		apps = append(apps, *app)
	}
	for _, agent := range d.agents {
		agents = append(agents, agent)
	}
	slices.SortFunc(agents, func(a, b Agent) int { return int(a.ID - b.ID) })
	return apps, agents
}

// secrets are what must never be shown.
func (d *directory) secrets() []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var all []string
	for _, app := range d.apps {
		for _, secret := range []string{app.ClientSecret, app.APIKey} {
			if secret != "" {
				all = append(all, secret)
			}
		}
	}
	return all
}
