package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/sandbox/halo"
	"gantry/source"
)

// overrideRow is a row of testdata/overrides.yaml, which explains it.
type overrideRow struct {
	Title   string
	Has     []string
	Default string
	Mapped  string
	Task    map[string]string
	Trigger *struct{ Use, Name, Fallback string }
	With    string
	Fails   string
	Hint    string
	Run     flow.Status
}

var overrideInstances = []string{"Acme production", "Acme test", "Acme old", "Northwind own"}

func TestOverrides(t *testing.T) {
	text, err := os.ReadFile("testdata/overrides.yaml")
	if err != nil {
		t.Fatal(err)
	}
	root, ds := source.Parse("overrides.yaml", text)
	if ds.HasErrors() {
		t.Fatal(ds.Err())
	}
	var rows []overrideRow
	raw, _ := json.Marshal(root.Data())
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	server := startHalo(t, halo.Options{RateLimit: -1, Applications: applicationsOf(overrideInstances)})
	seen := map[string]bool{}
	for _, row := range rows {
		t.Run(row.Title, func(t *testing.T) { row.check(t, server) })
		for _, o := range []string{row.Task["use"] + "/" + row.Task["fallback"]} {
			seen[o] = true
		}
	}
	for _, use := range []string{"default", "instance", "search", "mapping"} {
		for _, fallback := range []string{"default", "fail_run", "fail_task"} {
			if !seen[use+"/"+fallback] {
				t.Errorf("no row has use: %s, fallback: %s", use, fallback)
			}
		}
	}
}

func applicationsOf(names []string) []halo.Application {
	var apps []halo.Application
	for _, name := range names {
		apps = append(apps, halo.Application{Name: name, ClientID: "app of " + name, ClientSecret: "secret of " + name})
	}
	return apps
}

func startHalo(t *testing.T, o halo.Options) *halo.Server {
	t.Helper()
	server := halo.New(o)
	if _, err := server.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// addHalo adds an instance whose application has the instance's name.
func (b *bench) addHalo(server *halo.Server, org orgs.Organisation, name string, isDefault bool) orgs.Instance {
	b.t.Helper()
	in, err := b.orgs.AddInstance(context.Background(), org.ID, "halo", name,
		map[string]any{"resource_server": server.Credentials().BaseURL, "client_id": "app of " + name, "tenant": server.Credentials().Tenant},
		map[string]string{"client_secret": "secret of " + name}, isDefault)
	if err != nil {
		b.t.Fatal(err)
	}
	return in
}

func (row overrideRow) check(t *testing.T, server *halo.Server) {
	override := ""
	if row.Task != nil {
		flow, _ := json.Marshal(row.Task)
		override = "integration: " + string(flow)
	}
	b := setup(t, map[string]string{"ask": fmt.Sprintf(`
tasks:
  ask:
    action: halo.get_current_agent
    next: [{when: failed, publish: {why: "${{ error.message }}", hint: "${{ error.hint }}"}, do: noop}, {when: succeeded, do: noop}]
    %s
outputs: {why: "${{ ctx.?why.orValue('') }}", hint: "${{ ctx.?hint.orValue('') }}"}
`, override)})
	row.furnish(b, server)
	req := engine.Request{Workflow: "ask", Organisation: b.client}
	if o := row.Trigger; o != nil {
		req.Integrations = map[string]*orgs.Override{"halo": {Use: o.Use, Name: o.Name, Fallback: o.Fallback}}
	}
	before := len(server.Requests())
	d := b.run(req)
	var seen []string
	for _, r := range server.Requests()[before:] {
		if r.Application != "" && !slices.Contains(seen, r.Application) {
			seen = append(seen, r.Application)
		}
	}
	if row.With != "" {
		b.expect(d, flow.Succeeded)
		if len(seen) != 1 || seen[0] != row.With {
			t.Errorf("worked with %q, want %q (%v)", seen, row.With, d.Outputs)
		}
		return
	}
	b.expect(d, row.Run)
	why, hint := d.Outputs["why"], d.Outputs["hint"]
	if row.Run == flow.Failed {
		why, hint = d.Error.Message, d.Error.Hint
	}
	if len(seen) > 0 || !strings.Contains(fmt.Sprint(why), row.Fails) || !strings.Contains(fmt.Sprint(hint), row.Hint) {
		t.Errorf("worked with %q; says %v, hint %v", seen, why, hint)
	}
	if task := taskOf(d, "ask"); task.Error == nil || task.Error.Code != fault.NotInstalled {
		t.Errorf("the task's error is %v", task.Error)
	}
}

// furnish makes the instances and the mapping that the row begins with.
func (row overrideRow) furnish(b *bench, server *halo.Server) {
	ctx := context.Background()
	ids := map[string]string{"unnamed": ""}
	for _, name := range overrideInstances {
		if row.Has != nil && !slices.Contains(row.Has, name) {
			continue
		}
		owner := b.msp
		if strings.HasPrefix(name, "Northwind") {
			owner = b.client
		}
		ids[name] = b.addHalo(server, owner, name, name == row.Default).ID
	}
	if row.Default == "none" {
		if err := b.orgs.ClearDefault(ctx, b.msp.ID, "halo"); err != nil {
			b.t.Fatal(err)
		}
	}
	if row.Mapped != "" {
		if err := b.orgs.SetMapping(ctx, b.client.ID, "halo", ids[row.Mapped], "12", "Northwind"); err != nil {
			b.t.Fatal(err)
		}
	}
}
