package triggers_test

import (
	"strings"
	"testing"

	"gantry/fault"
	"gantry/triggers"
)

func TestAnEventStartsARun(t *testing.T) {
	b := setup(t, map[string]string{"w": hook(`, when: "body.kind == 'new'", inputs: {n: '${{ int(body.n) }}'}, vars: {greeting: 'hi ${{ org.name }}'}`)})
	d := b.decide(b.event(map[string]any{"kind": "new", "n": int64(7)}))
	if d.Status != triggers.Started || d.Run == "" {
		t.Fatalf("decided as %+v", d)
	}
	run := b.run(d.Run)
	if run.Status != "succeeded" || run.Outputs["n"] != int64(7) || run.Outputs["org"] != "northwind-dental" || run.Outputs["greeting"] != "hi Northwind Dental" {
		t.Errorf("the run is %s with %v: %v", run.Status, run.Outputs, run.Error)
	}
	if run.TriggerType != "webhook" || run.TriggerName != "hook" {
		t.Errorf("it says trigger %s %q", run.TriggerType, run.TriggerName)
	}
}

func TestWhatBecomesOfEvents(t *testing.T) {
	cases := map[string]struct {
		keys   string
		body   any
		change func(*bench, *triggers.Event)
		status triggers.Status
		why    []string
		code   fault.Code
	}{
		"condition does not hold": {
			keys: `, when: "body.kind == 'new' && body.priority < 3"`, body: map[string]any{"kind": "old", "priority": int64(3)},
			status: triggers.Filtered, why: []string{"body.kind == 'new' && body.priority < 3", `body.kind = "old"`, "body.priority = 3"},
		},
		"condition looks at the organisation": {
			keys: `, when: "'gold' in org.tags"`, status: triggers.Filtered, why: []string{`org.tags = []`},
		},
		"what it looked at is not there": {
			keys: `, when: "body.?kind.orValue('') == 'new'"`, body: map[string]any{}, status: triggers.Filtered, why: []string{"body.kind = (not set)"},
		},
		"condition fails":       {keys: `, when: "body.kind == 'new'"`, body: map[string]any{}, status: triggers.Failed, code: fault.Expression},
		"inputs fail":           {keys: `, inputs: {n: '${{ int(body.n) }}'}`, body: map[string]any{"n": "many"}, status: triggers.Failed, code: fault.Expression},
		"inputs do not fit":     {keys: `, inputs: {n: '${{ body.n }}'}`, body: map[string]any{"n": "many"}, status: triggers.Failed, code: fault.InvalidInput},
		"the workflow has gone": {change: func(_ *bench, e *triggers.Event) { e.Key.Workflow = "gone" }, status: triggers.Failed, code: fault.Missing},
		"the trigger has gone":  {change: func(_ *bench, e *triggers.Event) { e.Key.Trigger = "gone" }, status: triggers.Failed, code: fault.Missing},
		"not for this organisation": {
			change: func(b *bench, e *triggers.Event) { e.OrganisationID = b.msp.ID }, status: triggers.Skipped, why: []string{"does not fire for"},
		},
		"a circle":         {change: func(_ *bench, e *triggers.Event) { e.Causes = []string{"w", "x"} }, status: triggers.Skipped, why: []string{"w → x → w"}},
		"a circle of subs": {change: func(_ *bench, e *triggers.Event) { e.Causes = []string{"x", "x"} }, status: triggers.Skipped, why: []string{"x → x → w"}},
		"a long chain": {
			change: func(_ *bench, e *triggers.Event) { e.Causes = strings.Split("abcdefghijklmnopqrst", "") }, status: triggers.Skipped, why: []string{"more than 20"},
		},
		"whatever the condition says": {
			keys: `, when: "false"`, change: func(_ *bench, e *triggers.Event) { e.SkipWhen = true }, status: triggers.Started,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := setup(t, map[string]string{"w": hook(c.keys)})
			e := b.event(c.body)
			if c.change != nil {
				c.change(b, &e)
			}
			d := b.decide(e)
			if d.Status != c.status {
				t.Fatalf("decided as %+v %v, want %s", d, d.Error, c.status)
			}
			for _, word := range c.why {
				if !strings.Contains(d.Why, word) {
					t.Errorf("%q does not say %q", d.Why, word)
				}
			}
			if c.code != "" && (d.Error == nil || d.Error.Code != c.code) {
				t.Errorf("error %v, want code %s", d.Error, c.code)
			}
			if (d.Run != "") != (c.status == triggers.Started) {
				t.Errorf("run %q", d.Run)
			}
		})
	}
}
