package main

import (
	"context"
	"maps"
	"slices"
	"strings"

	"gantry/engine/flow"
)

// end is how a workflow's runs end that nobody disturbs.
type end struct {
	status  flow.Status
	outputs string // JSON without n; "" where the run did not succeed: then it depends on time how far others came
	unknown string // the units whose outcome is unknown even so
}

// foresee reads how the undisturbed runs ended, and leaves out what they do not agree on.
func (h *house) foresee(ctx context.Context) error {
	v, err := h.open(ctx)
	if v != nil {
		defer v.data.Store.Close()
	}
	if err != nil {
		return err
	}
	if err := v.judgeLogs(ctx); err != nil {
		return err
	}
	h.ends, h.foretold = map[string]end{}, map[string]bool{}
	for id := range v.logs {
		workflow, is := v.rows[id].Workflow, v.endOf(id)
		if was, known := h.ends[workflow]; known && was != is {
			h.foretold[workflow] = false
		} else if !known {
			h.ends[workflow], h.foretold[workflow] = is, true
		}
	}
	return nil
}

func (v *verdict) endOf(id string) end {
	e := end{status: v.rows[id].Status, unknown: strings.Join(v.unknownOf(id), " ")}
	if e.status == flow.Succeeded {
		outputs := maps.Clone(v.logs[id].detail.Outputs)
		delete(outputs, "n")
		e.outputs = asJSON(outputs)
	}
	return e
}

// unknownOf lists the units of a run whose outcome is unknown.
func (v *verdict) unknownOf(id string) []string {
	var units []string
	for at, ended := range v.logs[id].last {
		if ended.Outcome.Unknown {
			units = append(units, v.logs[id].state.Executions()[at.Exec].Task.Name)
		}
	}
	slices.Sort(units)
	return units
}

// judgeEnds: what no crash made unknown, and nobody cancelled, ends as it does undisturbed.
func (v *verdict) judgeEnds() {
	for id, log := range v.logs {
		row := v.rows[id]
		want, known := v.h.ends[row.Workflow]
		if row.Status == flow.Cancelled && !v.mayBeCancelled(id) {
			v.wrong(id, "run %s of %s is cancelled, and nobody asked for that", id, row.Workflow)
		}
		if !known || !v.h.foretold[row.Workflow] || v.disturbed(id) || len(log.events) == 0 {
			continue
		}
		is := v.endOf(id)
		if is.status != want.status || is.outputs != want.outputs {
			v.wrong(id, "run %s of %s ended %s with %s; undisturbed it ends %s with %s", id, row.Workflow, is.status, is.outputs, want.status, want.outputs)
		}
		if n, ok := log.detail.Outputs["n"]; is.status == flow.Succeeded && row.N != nil && ok && asJSON(n) != asJSON(*row.N) {
			v.wrong(id, "run %s for %d gives n = %s", id, *row.N, asJSON(n))
		}
	}
}

// disturbed tells whether a crash has made an outcome unknown in a run or below it, somebody has cancelled it or let it go
// on after its end, or its file is now this and now that.
func (v *verdict) disturbed(id string) bool {
	if v.mayBeCancelled(id) || v.logs[id] == nil || len(v.logs[id].ends) > 1 || len(v.logs[id].said) > 0 || v.rows[id].Workflow == "mends" || strings.Join(v.unknownOf(id), " ") != v.h.ends[v.rows[id].Workflow].unknown {
		return true
	}
	return slices.ContainsFunc(v.children[id], func(child string) bool { return v.rows[child].ParentExec >= 0 && v.disturbed(child) })
}

func (v *verdict) mayBeCancelled(id string) bool {
	for {
		row := v.rows[id]
		if row.N != nil && *row.N < len(v.h.sent) && v.h.sent[*row.N].cancel {
			return true
		}
		if row.Parent == "" {
			return false
		}
		id = row.Parent
	}
}
