package inside

import (
	"context"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// Seen gives the published values as one execution of a run saw them: those that its way had come through when it came
// up.
func (r *Reader) Seen(ctx context.Context, run *history.Run, exec int) (map[string]any, error) {
	var values map[string]any
	found := false
	hide, err := r.see(ctx, run, func(s step) error {
		if values, found = s.state.Seen(exec); found {
			return errEnough
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, fault.New(fault.Missing, "run %s has no execution %d", run.ID, exec).WithHint("show-run gives each task's exec")
	}
	return hide.seen(values), nil
}

// SeenAtEnd gives the published values of all branches that have ended so far, merged as the run's outputs see them.
func (r *Reader) SeenAtEnd(ctx context.Context, run *history.Run) (map[string]any, error) {
	var last *flow.State
	hide, err := r.see(ctx, run, func(s step) error {
		last = s.state
		return nil
	})
	if err != nil || last == nil { // nothing has happened in it yet
		return map[string]any{}, err
	}
	return hide.seen(last.SeenAtEnd()), nil
}

// see replays a run, and gives what is not to be shown of what look sees.
func (r *Reader) see(ctx context.Context, run *history.Run, look func(step) error) (*hiding, error) {
	leave, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	hide := &hiding{}
	if _, err := r.replay(ctx, run, hide, look); err != nil {
		return nil, err
	}
	return hide, hide.secretsOf(ctx, r.Organisations, run.OrganisationID)
}

// seen gives published values as they may be shown.
func (h *hiding) seen(values map[string]any) map[string]any {
	shown := make(map[string]any, len(values))
	for name, v := range values {
		if h.knows(h.paths, "ctx", name) && v != nil {
			v = masked
		}
		shown[name] = h.redactor.Data(v)
	}
	return shown
}
