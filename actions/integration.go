package actions

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// readIntegration reads integration.yaml.
func (f *folder) readIntegration(head *file) {
	b, i := f.body(head), f.integration
	i.Pos = head.root.Pos
	if n := b.Node("id"); n != nil && n.Value != f.id {
		f.ds.Errorf(n.Pos, "wrong-id", "id must be %q, the name of the folder", f.id)
	}
	if n := b.Required("title"); n != nil {
		i.Title = b.Text("title")
	}
	i.Description, i.Icon, i.Docs = b.Text("description"), b.Text("icon"), b.Text("docs")
	if n := b.Node("config"); n != nil {
		i.Config = schema.ParseFields(n, f.types.lookup, f.ds)
	}
	env := expr.NewEnv(configVariable(i.Config))
	i.addresses = f.readAddresses(b.Node("web_addresses"))
	i.BaseURL = f.text(env, b.Required("base_url"), "base_url")
	i.Headers = f.textMap(env, b.Node("headers"), "headers")
	i.Auth = f.readAuth(env, b.Node("auth"))
	i.RateLimit = f.readRateLimit(b.Node("rate_limit"))
	i.Errors = f.readErrors(b.Node("errors"))
	i.Test = f.readProbes(b.Node("test"))
	i.OneLine = f.readOneLine(b.Node("one_line"))
	i.configRules = f.readConfigRules(b.Node("config_rules"))
	i.Mapping = f.readMapping(b.Node("mapping"))
	i.oneTime = f.readOneTimeFields(b.TextNode("one_time_fields"))
	b.Node("types")
	b.Node("actions")
	b.Node("polls")
	b.Node("webhooks")
	b.Close()
}

func (f *folder) readRateLimit(n *source.Node) (limit wire.Limit) {
	if n == nil {
		return limit
	}
	b := source.ReadFields(n, "rate_limit", f.ds)
	requests, _ := b.Int("requests", 0)
	burst, _ := b.Int("burst", 0)
	per := b.TextNode("per")
	b.Close()
	limit.Requests, limit.Burst = int(requests), int(burst)
	if per != nil {
		d, err := schema.ParseDuration(per.Value.(string))
		if err != nil || d <= 0 {
			f.ds.Errorf(per.Pos, "bad-duration", "%q is not a length of time", per.Value).Hint = "write 30s, 5m or 1h"
		}
		limit.Per = d
	}
	if requests <= 0 || per == nil {
		f.ds.Errorf(n.Pos, "bad-rate-limit", "rate_limit needs requests and per").Hint = "for example {requests: 700, per: 5m}"
	}
	if limit.Burst < 0 || limit.Burst > limit.Requests {
		f.ds.Errorf(n.Pos, "bad-rate-limit", "burst must be at most requests")
	}
	return limit
}

func (f *folder) readMapping(n *source.Node) *MappingRule {
	if n == nil {
		return nil
	}
	b := source.ReadFields(n, "mapping", f.ds)
	m := &MappingRule{Pos: n.Pos, With: map[string]any{}, ID: "id", Name: "name"}
	if b.Required("action") != nil {
		m.Action = b.Text("action")
	}
	if with := b.Node("with"); with != nil {
		if data, ok := with.Data().(map[string]any); ok {
			m.With = data
		} else {
			source.WrongKind(f.ds, with, "with", "a map of inputs")
		}
	}
	if b.Has("id") {
		m.ID = b.Text("id")
	}
	if b.Has("name") {
		m.Name = b.Text("name")
	}
	switch {
	case !b.Has("id_type"):
	case f.oneOf(b, "id_type", "string", "integer") == "integer":
		m.IDType = schema.Integer()
	default:
		m.IDType = schema.String()
	}
	b.Close()
	return m
}

// checkReferences proves, once all actions are there, that test and mapping name actions that fit.
func (f *folder) checkReferences(head *file) {
	i := f.integration
	if i == nil {
		return
	}
	at := func(key string) source.Pos {
		if n := head.root.Lookup(key); n != nil {
			return n.Pos
		}
		return head.root.Pos
	}
	f.checkProbes(i.Test)
	if i.Mapping != nil {
		f.checkMapping(i.Mapping, at("mapping"))
	}
}

func (f *folder) checkMapping(m *MappingRule, at source.Pos) {
	a := f.reference(m.Action, at)
	if a == nil {
		return
	}
	f.fits(a, m.With, at)
	if a.Result == nil || a.Result.Kind != "list" || a.Result.Items == nil {
		f.ds.Errorf(at, "not-a-list", "%s does not give a list of entities", m.Action)
		return
	}
	if id, ok := a.Result.Items.Field(m.ID); ok {
		f.checkIDType(m, id.Type, at)
	}
	for _, name := range []string{m.ID, m.Name} {
		if _, ok := a.Result.Items.Field(name); !ok {
			f.ds.Errorf(at, "unknown-field", "%s has no field %q", a.Result.Items, name).Hint =
				source.DidYouMean(name, a.Result.Items.FieldNames())
		}
	}
}

// checkIDType takes the id's type from the entity where the rule does not say it. Shipped integrations say
// it: they are read without their actions.
func (f *folder) checkIDType(m *MappingRule, id *schema.Type, at source.Pos) {
	switch {
	case m.IDType == nil && id.Kind == schema.KindInteger:
		m.IDType = schema.Integer()
	case m.IDType != nil && m.IDType.Kind != id.Kind:
		f.ds.Errorf(at, "wrong-type", "id_type is not what the id is: %s", id).Hint = "leave id_type out, or write string or integer"
	}
}

func (f *folder) reference(id string, at source.Pos) *Action {
	a, ok := f.catalogue.actions[id]
	if !ok {
		f.ds.Errorf(at, "unknown-action", "there is no action %q", id).Hint = source.DidYouMean(id, f.ownIDs())
		return nil
	}
	return a()
}

func (f *folder) ownIDs() []string {
	return slices.DeleteFunc(f.catalogue.ActionIDs(), func(id string) bool { return !strings.HasPrefix(id, f.id+".") })
}

func (f *folder) fits(a *Action, with map[string]any, at source.Pos) {
	for _, p := range a.InputType().Check(with) {
		f.ds.Errorf(at, "wrong-input", "%s: %s", a.ID, problemText(p))
	}
}
