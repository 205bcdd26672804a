package api

import (
	"encoding/json"
	"strings"
	"testing"

	"gantry/access"
	"gantry/engine/assist"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

// TestOnlyWhatCoversThem: a client's operators start what a trigger's run_for gives their organisation, and no
// other workflow of the MSP's.
func TestOnlyWhatCoversThem(t *testing.T) {
	w := newWorld(t)
	_, operator := w.program("operator", access.Operator, w.contoso)
	start := &StartRunIn{}
	start.Body.Organisation, start.Body.Workflow, start.Body.Inputs = "contoso", "greet/hello", map[string]any{"name": "Bob"}
	run := must[StartRunOut](t)(StartRun.Call(t.Context(), w.as(operator), start)).Body.ID
	if _, err := w.engine.Wait(t.Context(), run); err != nil {
		t.Error(err)
	}
	start.Body.Workflow, start.Body.Inputs = "nap", nil
	_, err := StartRun.Call(t.Context(), w.as(operator), start)
	refused(t, err, fault.Denied, "no trigger that runs for Contoso")
	nap := must[StartRunOut](t)(StartRun.Call(t.Context(), w.as(local), start)).Body.ID
	must[OneRun](t)(CancelRun.Call(t.Context(), w.as(operator), &CancelRunIn{OfRunIn: OfRunIn{nap}}))
	if status, err := w.engine.Wait(t.Context(), nap); status != "cancelled" {
		t.Error(status, err)
	}
}

// TestNoWordsForClients: people of a client see the tasks of a workflow and of its runs, and not one of the words and
// expressions in them, which name another client here. People of the MSP read the text.
func TestNoWordsForClients(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	publish := &PublishWorkflowIn{OfWorkflow: OfWorkflow{"care/printers"}}
	publish.Body.Text = `title: Look after printers
triggers:
  - {name: by hand, type: always_pass, when: "org.slug != 'northwind'", run_for: {this: true, organisations: [contoso, northwind]}}
tasks:
  look:
    title: For Northwind
    action: core.set # not for Northwind
    with: {values: {theirs: "${{ org.slug == 'northwind' }}"}}
    next:
      - {when: "org.slug == 'northwind'", label: Northwind alone, publish: {northwind: yes}, do: other}
      - {label: not Northwind, do: done}
  other: {action: core.set, with: {values: {a: Northwind}}, next: done}
  done: {join: any, action: core.noop}
`
	must[ChangedWorkflow](t)(PublishWorkflow.Call(ctx, w.as(local), publish))
	run := w.run("care/printers", w.contoso, nil)
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	_, ours := w.program("ours", access.Viewer, w.msp)
	theirs, whole := w.as(viewer), w.as(ours)
	for name, shown := range map[string]func(c *Client) (any, string, *assist.Outline){
		"the workflow": func(c *Client) (any, string, *assist.Outline) {
			body := must[ShowWorkflowOut](t)(ShowWorkflow.Call(ctx, c, &OfWorkflow{"care/printers"})).Body
			return body, body.Text, body.Outline
		},
		"the run's workflow": func(c *Client) (any, string, *assist.Outline) {
			body := must[RunWorkflowOut](t)(ShowRunWorkflow.Call(ctx, c, &OfRunIn{run})).Body
			return body, body.Text, body.Outline
		},
	} {
		all, text, o := shown(theirs)
		told, err := json.Marshal(all)
		if err != nil || text != "" || strings.Contains(strings.ToLower(string(told)), "northwind") {
			t.Errorf("%s: %s %v", name, told, err)
		}
		if len(o.Tasks) != 3 || o.Tasks[2].Join != "any" || len(o.Transitions) != 3 || o.Transitions[0].To[0].Task != "other" {
			t.Errorf("%s: %s", name, told)
		}
		if _, text, o = shown(whole); text != publish.Body.Text || o.Transitions[0].Label != "Northwind alone" {
			t.Error(name, text, o)
		}
	}
	of := &OfTrigger{"care/printers", "by hand"}
	told, err := json.Marshal([]any{must[ListTriggersOut](t)(ListTriggers.Call(ctx, theirs, &ListTriggersIn{})).Body, must[ShowTriggerOut](t)(ShowTrigger.Call(ctx, theirs, of)).Body})
	if err != nil || strings.Contains(strings.ToLower(string(told)), "northwind") {
		t.Errorf("%s %v", told, err)
	}
	if ours := must[ShowTriggerOut](t)(ShowTrigger.Call(ctx, whole, of)).Body; ours.When != "org.slug != 'northwind'" {
		t.Errorf("%+v", ours)
	}
}

// TestNobodyTakesAnOrganisationAway: to move an organisation one administers what it is taken from as well.
func TestNobodyTakesAnOrganisationAway(t *testing.T) {
	w := newWorld(t)
	_, err := w.access.AddUser(t.Context(), local, access.NewUser{Kind: access.Program, Login: "mover", Grants: []access.Grant{
		{OrganisationID: w.labs.ID, Role: access.Admin}, {OrganisationID: w.northwind.ID, Role: access.Admin}}})
	faulttest.Must(t, err)
	text, _, err := w.access.AddToken(t.Context(), local, "mover", access.NewToken{Name: "test", Scopes: []access.Scope{access.AllScopes}})
	faulttest.Must(t, err)
	mover, err := w.access.ByBearer(t.Context(), text, access.Origin{})
	faulttest.Must(t, err)
	move := &MoveOrganisationIn{OfOrganisation: OfOrganisation{"contoso-labs"}}
	move.Body.Parent = "northwind"
	_, err = MoveOrganisation.Call(t.Context(), w.as(mover), move)
	refused(t, err, fault.Denied, "those who administer the organisation above it")
	if now, err := w.orgs.ByID(t.Context(), w.labs.ID); err != nil || now.ParentID != w.contoso.ID {
		t.Error(now, err)
	}
	must[MoveOrganisationOut](t)(MoveOrganisation.Call(t.Context(), w.as(local), move))
}

// TestRestoreNamesNobodyHidden: who brings an organisation back is not told which other client has its entity now.
func TestRestoreNamesNobodyHidden(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, admin := w.program("contoso-admin", access.Admin, w.contoso)
	mapTo := func(org orgs.Organisation) {
		problems, err := w.orgs.SaveMappings(ctx, []orgs.MappingChange{{OrganisationID: org.ID, To: orgs.MappingTo{Integration: "halo", ExternalID: "12", ExternalName: "Twelve"}}}, false, false)
		faulttest.Must(t, err)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	mapTo(w.labs)
	faulttest.Must(t, w.orgs.Remove(ctx, w.labs.ID))
	mapTo(w.northwind)
	left := must[RestoreOrganisationOut](t)(RestoreOrganisation.Call(ctx, w.as(admin), &RestoreOrganisationIn{"contoso-labs"})).Body.LeftOut
	if len(left) != 1 || left[0].Holder != "" || left[0].HolderName != "" || left[0].Organisation != "contoso-labs" {
		t.Errorf("%+v", left)
	}
}

// TestFiringIsOnRecord: a client's administrators read who fired and switched triggers for them.
func TestFiringIsOnRecord(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, operator := w.program("operator", access.Operator, w.contoso)
	_, admin := w.program("contoso-admin", access.Admin, w.contoso)
	fire := &FireTriggerIn{OfTrigger: OfTrigger{"greet/hello", "by hand"}}
	fire.Body.Organisations = []string{"contoso"}
	must[FiredOut](t)(FireTrigger.Call(ctx, w.as(operator), fire))
	fire.Body.Organisations = []string{"contoso", "northwind"}
	must[FiredOut](t)(FireTrigger.Call(ctx, w.as(local), fire))
	entries := must[ListAuditOut](t)(ListAudit.Call(ctx, w.as(admin), &ListAuditIn{Operation: "fire-trigger"})).Body.Entries
	if len(entries) != 1 || entries[0].Login != "operator" || entries[0].Details["organisations"] != "contoso" {
		t.Errorf("%+v", entries)
	}
	entries = must[ListAuditOut](t)(ListAudit.Call(ctx, w.as(local), &ListAuditIn{Operation: "fire-trigger"})).Body.Entries
	if len(entries) != 2 || entries[0].Details["organisations"] != "contoso, northwind" {
		t.Errorf("%+v", entries)
	}
}

// TestTheMSPDecidesWhatRuns: tags and the switch of an organisation say which of the MSP's workflows run for it, with
// what it lends them, so who administers only that organisation does not set them.
func TestTheMSPDecidesWhatRuns(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, admin := w.program("contoso-admin", access.Admin, w.contoso)
	tag := &TagOrganisationIn{OfOrganisation: OfOrganisation{"contoso"}}
	tag.Body.Add = []string{"dental"}
	_, err := TagOrganisation.Call(ctx, w.as(admin), tag)
	refused(t, err, fault.Denied, "those who administer the MSP")
	update := &UpdateOrganisationIn{OfOrganisation: OfOrganisation{"contoso"}}
	update.Body.Tags = &[]string{"dental"}
	_, err = UpdateOrganisation.Call(ctx, w.as(admin), update)
	refused(t, err, fault.Denied, "those who administer the MSP")
	child := &CreateOrganisationIn{}
	child.Body.Slug, child.Body.Parent, child.Body.Tags = "contoso-yard", "contoso", []string{"dental"}
	_, err = CreateOrganisation.Call(ctx, w.as(admin), child)
	refused(t, err, fault.Denied, "those who administer the MSP")

	off := false
	_, err = w.orgs.Update(ctx, w.contoso.ID, orgs.Changes{Enabled: &off})
	faulttest.Must(t, err)
	on := &UpdateOrganisationIn{OfOrganisation: OfOrganisation{"contoso"}}
	yes := true
	on.Body.Enabled = &yes
	_, err = UpdateOrganisation.Call(ctx, w.as(admin), on)
	refused(t, err, fault.Denied, "those who administer the organisation above it")
	must[UpdatedOrganisation](t)(UpdateOrganisation.Call(ctx, w.as(local), on))
	must[OneOrganisation](t)(TagOrganisation.Call(ctx, w.as(local), tag))
}
