package poll

import (
	"context"
	"encoding/json"
	"time"

	"gantry/fault"
	"gantry/store"
	"gantry/triggers"
)

// Detail gives what `triggers show` tells of polls. It also works where no Poller runs: then from what is on
// disk alone.
type Detail struct {
	Store  *store.Store
	Poller *Poller // nil: none runs
}

// Of implements triggers.Detail. Of a trigger for an organisation: status (new: not asked yet, starting: what is
// there is being noted, waiting, polling, failing, left_out), cursor, last_poll, next_poll, failures, error,
// note. Nothing of a trigger altogether.
func (d Detail) Of(ctx context.Context, key triggers.Key, orgID string) (map[string]any, error) {
	if orgID == "" {
		return nil, nil
	}
	t := target{key, orgID}
	st, stored, err := load(ctx, d.Store, t)
	if err != nil {
		return nil, err
	}
	facts := map[string]any{"status": "new"}
	if stored {
		describe(facts, &st)
	}
	if d.Poller != nil {
		d.Poller.describe(facts, t)
	}
	return facts, nil
}

func describe(facts map[string]any, st *state) {
	facts["last_poll"] = written(time.UnixMicro(st.PolledAt))
	switch {
	case st.Failures > 0:
		facts["status"], facts["failures"] = "failing", st.Failures
		facts["next_poll"] = written(time.UnixMicro(st.NextAt))
	case st.Error != "":
		facts["status"] = "left_out"
	case !st.Started:
		facts["status"] = "starting"
	default:
		facts["status"] = "waiting"
	}
	var cursor any
	if json.Unmarshal([]byte(st.Cursor), &cursor) == nil && cursor != nil {
		facts["cursor"] = cursor
	}
	var why fault.Error
	if st.Error != "" && json.Unmarshal([]byte(st.Error), &why) == nil {
		facts["error"] = map[string]any{"code": string(why.Code), "message": why.Message, "hint": why.Hint}
	}
	if st.Note != "" {
		facts["note"] = st.Note
	}
}

// describe adds what is known since the start only.
func (p *Poller) describe(facts map[string]any, t target) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.slots[t]
	if s == nil || s.gone {
		return
	}
	facts["next_poll"] = written(s.next)
	if s.busy {
		facts["status"] = "polling"
		delete(facts, "next_poll")
	}
	if !s.polled.IsZero() {
		facts["last_poll"] = written(s.polled)
	}
}

func written(t time.Time) string { return t.UTC().Format(time.RFC3339) }
