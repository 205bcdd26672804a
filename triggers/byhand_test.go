package triggers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/triggers"
)

const byHandText = `inputs: {ticket: {type: integer, required: true}, team: {type: string, default: none}}
triggers:
  - {name: hook, type: webhook, verify: none, run_for: {all_managed: true}, inputs: {ticket: '${{ int(body.id) }}', team: '${{ org.name }}'}}
  - {name: check, type: always_pass, run_for: {organisations: [contoso]}, inputs: {team: Check}, integrations: {halo: default}}
  - {name: again, type: always_pass, run_for: {organisations: [contoso, northwind-dental]}, when: "org.slug == 'northwind-dental'"}
  - {name: idle, type: always_pass, enabled: false}
tasks: {a: {action: core.noop}}
`

func TestByHand(t *testing.T) {
	ticket := map[string]any{"ticket": int64(7)}
	cases := map[string]struct {
		org, trigger string
		inputs       map[string]any
		disable      string // the trigger that is switched off before
		note         string
		team         any
		wrong        []string
		fields       any // what the error's detail tells, for forms
	}{
		"without a trigger":            {org: "acme-msp", inputs: ticket, note: "for Acme MSP, by hand"},
		"the one that fits":            {org: "contoso", inputs: ticket, note: `for Contoso, trigger "check"`, team: "Check"},
		"the one whose when holds":     {org: "northwind-dental", inputs: ticket, note: `for Northwind Dental, trigger "again"`},
		"the one that is switched off": {org: "contoso", inputs: ticket, disable: "check", note: "for Contoso, by hand"},
		"a webhook's, ticket given":    {org: "contoso", trigger: "HOOK", inputs: ticket, note: `for Contoso, trigger "hook"`, team: "Contoso"},
		"a webhook's":                  {org: "contoso", trigger: "hook", wrong: []string{"takes ticket from its event (body.id)", "--input ticket=…"}},
		"no inputs":                    {org: "acme-msp", wrong: []string{"w cannot start", "ticket (whole number, required), team (text)"}, fields: map[string]any{"fields": map[string]any{"ticket": "is missing"}}},
		"no such trigger":              {org: "contoso", trigger: "chek", wrong: []string{`no trigger "chek"`, "check"}},
		"off in the file":              {org: "acme-msp", trigger: "idle", inputs: ticket, wrong: []string{"is switched off", "take enabled: false out of it in w.yaml:6"}},
		"switched off":                 {org: "contoso", trigger: "check", inputs: ticket, disable: "check", wrong: []string{"switched off by ana", `gantry triggers enable w "check"`}},
		"not for it":                   {org: "acme-msp", trigger: "check", inputs: ticket, wrong: []string{"does not run for Acme MSP", "run_for: {this: true}"}},
		"its when does not hold":       {org: "contoso", trigger: "again", inputs: ticket, wrong: []string{"does not hold for Contoso", "org.slug == 'northwind-dental'"}},
	}
	b := prepare(t, map[string]string{"w": byHandText}) // not started, as a command without a server
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			org, err := b.orgs.BySlug(ctx, c.org)
			faulttest.Must(t, err)
			if c.disable != "" {
				k := triggers.Switching{Key: triggers.Key{Workflow: "w", Trigger: c.disable}, By: "ana"}
				faulttest.Must(t, b.Disable(ctx, k))
				defer func() { faulttest.Must(t, b.Enable(ctx, k)) }()
			}
			wf, err := b.project.Workflow("w")
			faulttest.Must(t, err)
			req, note, err := b.ByHand(ctx, triggers.ByHand{Workflow: wf, Organisation: org, Trigger: c.trigger, Inputs: c.inputs})
			if len(c.wrong) > 0 {
				faulttest.Want(t, err, fault.Usage, c.wrong...)
				if diff := cmp.Diff(c.fields, fault.From(err).Detail); diff != "" {
					t.Error(diff)
				}
				return
			}
			faulttest.Must(t, err)
			if note != c.note || req.Inputs["ticket"] != int64(7) || req.Inputs["team"] != c.team || req.Organisation.ID != org.ID {
				t.Errorf("%q with %+v", note, req.Inputs)
			}
			if (req.Integrations["halo"] != nil) != (req.TriggerName == "check") {
				t.Errorf("the trigger %q brings %v", req.TriggerName, req.Integrations)
			}
		})
	}
}
