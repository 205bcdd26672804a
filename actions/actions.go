package actions

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// Catalogue holds integrations, actions, polls and webhooks by id, and entity types by name. It does not change once made: Load
// makes a new one. What ships is read when it is first asked for; the names cost nothing.
type Catalogue struct {
	integrations map[string]func() *Integration
	actions      map[string]func() *Action
	types        map[string]func() *schema.Type
	polls        map[string]func() *Poll
	webhooks     map[string]func() *WebhookPreset
}

func newCatalogue() *Catalogue {
	return &Catalogue{integrations: map[string]func() *Integration{}, actions: map[string]func() *Action{}, types: map[string]func() *schema.Type{},
		polls: map[string]func() *Poll{}, webhooks: map[string]func() *WebhookPreset{}}
}

// ready is what has been read already.
func ready[T any](v *T) func() *T { return func() *T { return v } }

// named gives what a map has under a name. What cannot be read is not there.
func named[T any](m map[string]func() *T, name string) (*T, bool) {
	get, ok := m[name]
	if !ok {
		return nil, false
	}
	v := get()
	return v, v != nil
}

// inOrder gives all of a map in the order of the names. What has to be read is read side by side.
func inOrder[T any](m map[string]func() *T) []*T {
	all := make([]*T, len(m))
	var reading sync.WaitGroup
	for i, name := range slices.Sorted(maps.Keys(m)) {
		reading.Go(func() { all[i] = m[name]() })
	}
	reading.Wait()
	return slices.DeleteFunc(all, func(v *T) bool { return v == nil })
}

// Action gives the action of an id such as "halo.list_agents".
func (c *Catalogue) Action(id string) (*Action, bool) { return named(c.actions, id) }

// ActionIDs gives all ids in alphabetical order.
func (c *Catalogue) ActionIDs() []string { return slices.Sorted(maps.Keys(c.actions)) }

// Actions gives all actions in the order of their ids.
func (c *Catalogue) Actions() []*Action { return inOrder(c.actions) }

// Integration gives the integration of an id such as "halo".
func (c *Catalogue) Integration(id string) (*Integration, bool) { return named(c.integrations, id) }

// IntegrationIDs gives all ids in alphabetical order.
func (c *Catalogue) IntegrationIDs() []string { return slices.Sorted(maps.Keys(c.integrations)) }

// Integrations gives all integrations in the order of their ids.
func (c *Catalogue) Integrations() []*Integration { return inOrder(c.integrations) }

// Type gives a named entity type such as "halo.Ticket".
func (c *Catalogue) Type(name string) (*schema.Type, bool) { return named(c.types, name) }

// Types gives all named entity types in the order of their names.
func (c *Catalogue) Types() []*schema.Type { return inOrder(c.types) }

// Integration is how one outside system is reached and signed in to: integration.yaml.
type Integration struct {
	ID, Title, Description, Icon, Docs string
	// Config is the set-up form. Fields of kind secret are kept apart from the rest of an instance's configuration.
	Config    []schema.Field
	Auth      Auth
	BaseURL   *expr.Template
	Headers   *expr.Template // a map; nil without
	RateLimit wire.Limit
	Errors    []ErrorRule
	// OneLine is another way to give some of Config; nil without.
	OneLine *OneLine
	// Test are the calls that prove a configuration works, in order.
	Test    []Probe
	Mapping *MappingRule
	Pos     source.Pos

	oneTime     *regexp.Regexp         // fields that do something each time they are written; nil: none
	addresses   map[string]addressRule // config fields that hold a web address
	configRules []configRule
}

// ConfigType is the set-up form as one closed object.
func (i *Integration) ConfigType() *schema.Type {
	return schema.Object(i.ID+" configuration", i.Config...)
}

// MappingRule tells which list action gives the entities that an organisation can be mapped to, and which of
// their fields are the id and the name.
type MappingRule struct {
	// IDType is what the id is, text (also when nil) or a whole number: mappings keep text, and expressions see this.
	IDType   *schema.Type
	Action   string
	With     map[string]any
	ID, Name string
	Pos      source.Pos
}

// Effect is what an action does to the other system.
type Effect string

// A Read changes nothing there. A Write and a Delete do, and are not repeated blindly.
const (
	Read   Effect = "read"
	Write  Effect = "write"
	Delete Effect = "delete"
)

// byMethod is the word in the YAML for an effect that follows from the input method, GET unless it is given.
const byMethod = "by_method"

func methodOf(inputs map[string]any) string {
	if m, ok := inputs["method"].(string); ok {
		return strings.ToUpper(m)
	}
	return http.MethodGet
}

func effectOf(inputs map[string]any) Effect {
	switch methodOf(inputs) {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return Read
	case http.MethodDelete:
		return Delete
	}
	return Write
}

// Action is one operation.
type Action struct {
	ID, Name, Title, Description string
	Integration                  func() *Integration // nil for core actions
	Effect                       Effect
	Inputs                       []schema.Field
	Result                       *schema.Type
	Deprecated                   string // what to use instead; empty when it is not deprecated
	Examples                     []Example
	// Scopes are the permissions that the other system wants for it.
	Scopes []string
	Pos    source.Pos
	Core   *Core // the Go behind a core action; nil for those of integrations

	// SafeWhen is the expression over inputs that tells whether doing it twice does no harm; without one
	// it is the same for all inputs.
	SafeWhen string

	// VerifyAfter is how long the other system may take until a write that was done can be seen there; zero when
	// the action declares no way to look, see Verifies.
	VerifyAfter time.Duration
	// VerifyWhen is the expression over inputs that tells whether there is something to look for; "": always.
	VerifyWhen string

	endpoint   string
	pages      bool
	operation  func() *operation    // compiled when it is first carried out
	verifying  func() *verification // likewise, when it is first asked for; gives nil without `verify`
	alwaysSafe bool
	byMethod   bool // the effect follows from the input method
	inputType  *schema.Type
}

// Example is a way to use the action, for the handbook: with is a task's `with`.
type Example struct {
	Title string
	With  map[string]any
}

// InputType is the closed object of the action's inputs.
func (a *Action) InputType() *schema.Type { return a.inputType }

// ResultFor is the type of the result when the inputs have the given type: core.set gives back what it is
// given; every other action has one result type.
func (a *Action) ResultFor(inputs *schema.Type) *schema.Type {
	if a.Core != nil && a.Core.ResultFor != nil && inputs != nil {
		return a.Core.ResultFor(inputs)
	}
	return a.Result
}

// EffectFor is the effect with these inputs: core.http_request reads with GET and writes with POST.
func (a *Action) EffectFor(inputs map[string]any) Effect {
	if a.byMethod {
		return effectOf(inputs)
	}
	return a.Effect
}

// Instant tells that the action never leaves the process, so that it need not be queued or waited for.
func (a *Action) Instant() bool { return a.Core != nil && a.Core.Instant }

// NeedsInstance tells whether a task needs an instance of the integration.
func (a *Action) NeedsInstance() bool { return a.Integration != nil }

// IntegrationID is the id of the integration; empty for core actions.
func (a *Action) IntegrationID() string {
	if a.Integration == nil {
		return ""
	}
	id, _, _ := strings.Cut(a.ID, ".")
	return id
}

// Endpoint is the method and path as the YAML writes them, "GET /Tickets/{ticket_id}"; empty for core actions.
func (a *Action) Endpoint() string { return a.endpoint }

// Pages tells whether the action reads page after page.
func (a *Action) Pages() bool { return a.pages }
