package engine_test

import (
	"context"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/sandbox/halo"
)

// A client's number of one Halo is not sent to another: there it is another client.
func TestMappingOfAnotherHalo(t *testing.T) {
	names := []string{"First", "Second"}
	server := startHalo(t, halo.Options{Applications: applicationsOf(names), RateLimit: -1})
	b := setup(t, map[string]string{
		"close":  "tasks: {ask: {action: halo.get_client, with: {client_id: '${{ org.integrations.halo.id }}'}}}",
		"nobody": "tasks: {ask: {action: halo.list_agents}}",
	})
	first := b.addHalo(server, b.msp, "First", true)
	b.addHalo(server, b.msp, "Second", false)
	if err := b.orgs.SetMapping(context.Background(), b.client.ID, "halo", first.ID, "12", "Northwind"); err != nil {
		t.Fatal(err)
	}
	run := func(workflow string, o orgs.Override) *history.Detail {
		return b.run(engine.Request{Workflow: workflow, Organisation: b.client, Integrations: map[string]*orgs.Override{"halo": &o}})
	}
	b.expect(run("close", orgs.Override{Use: orgs.UseMapping}), flow.Succeeded)
	b.expect(run("close", orgs.Override{Use: orgs.UseDefault}), flow.Succeeded)
	b.expect(run("nobody", orgs.Override{Use: orgs.UseInstance, Name: "Second"}), flow.Succeeded)

	before := len(server.Requests())
	d := run("close", orgs.Override{Use: orgs.UseInstance, Name: "Second"})
	b.expect(d, flow.Failed)
	if task := taskOf(d, "ask"); task.Error == nil || task.Error.Code != fault.Tenant {
		t.Errorf("the task's error is %v", task.Error)
	}
	if sent := len(server.Requests()) - before; sent > 0 {
		t.Errorf("%d requests were sent", sent)
	}
}
