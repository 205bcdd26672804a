package actions

import (
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// WebhookPreset is what an integration knows of a webhook that its system sends: `webhooks` of its YAML. A
// trigger that names it says only what differs.
type WebhookPreset struct {
	ID, Name, Title, Description string
	// When is the condition, over body, headers, query and method, by which its events are told from others.
	When *source.Node
	// Body is the type of body: of one event, where they come in batches.
	Body *schema.Type
	// Settings are the settings of a webhook trigger where it has none of its own, named and written as there:
	// body_type, split, dedupe, verify, methods.
	Settings []source.Entry
	// Setup says how the webhook is made in the other system.
	Setup string
	Pos   source.Pos
}

// WebhookPreset gives the preset of an id such as "halo.new_ticket".
func (c *Catalogue) WebhookPreset(id string) (*WebhookPreset, bool) { return named(c.webhooks, id) }

// WebhookPresets gives all presets in the order of their ids.
func (c *Catalogue) WebhookPresets() []*WebhookPreset { return inOrder(c.webhooks) }

// readWebhooks gives the presets of a file.
func (f *folder) readWebhooks(one *file) (presets []*WebhookPreset) {
	for _, e := range f.section(one, "webhooks", "a map of names and webhooks") {
		if there, taken := f.catalogue.WebhookPreset(f.id + "." + e.Key); taken {
			f.ds.Errorf(e.KeyPos, "exists", "webhook %s is there already (%s) and is not replaced", there.ID, there.Pos).Hint = "choose another name"
		}
		if p := f.readWebhook(e); p != nil {
			presets = append(presets, p)
		}
	}
	return presets
}

func (f *folder) readWebhook(e source.Entry) *WebhookPreset {
	f.checkID(e, "webhook")
	b := source.ReadFields(e.Value, "webhook "+e.Key, f.ds)
	if !b.Ok() {
		return nil
	}
	p := &WebhookPreset{ID: f.id + "." + e.Key, Name: e.Key, Pos: e.KeyPos, Body: schema.Any()}
	b.Required("title")
	p.Title, p.Description, p.Setup = b.Text("title"), b.Text("description"), b.Text("setup")
	if n := b.Node("body"); n != nil {
		if t := schema.ParseType(n, f.types.lookup, f.ds); t != nil {
			p.Body = t
		}
		p.Settings = append(p.Settings, source.Entry{Key: "body_type", KeyPos: n.Pos, Value: n})
	}
	p.When = b.Node("when")
	b.Bool("split", false)
	for _, key := range []string{"split", "dedupe", "verify", "methods"} {
		if n := b.Node(key); n != nil {
			p.Settings = append(p.Settings, source.Entry{Key: key, KeyPos: n.Pos, Value: n})
		}
	}
	f.condition(expr.NewEnv(
		expr.Variable{Name: "body", Type: p.Body}, expr.Variable{Name: "headers", Type: schema.MapOf(schema.String())},
		expr.Variable{Name: "query", Type: schema.MapOf(schema.String())}, expr.Variable{Name: "method", Type: schema.String()},
	), p.When, "when")
	b.Close()
	return p
}
