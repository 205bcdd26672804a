package history

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"gantry/engine/flow"
	"gantry/fault"
)

// Resumption is that somebody let a run go on that had ended.
type Resumption struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Version string    `json:"version,omitempty"` // what it went on with, where somebody asked for the newest
	Edited  []string  `json:"edited,omitempty"`  // tasks whose inputs were replaced
}

// Resolution is what somebody said of a write whose outcome was unknown.
type Resolution struct {
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Task     string    `json:"task"`
	Instance int       `json:"instance"`
	Item     *int      `json:"item,omitempty"` // of a for_each
	Done     bool      `json:"done"`
}

// peoplesWords adds to a run what people did about it.
func (h *History) peoplesWords(ctx context.Context, row *runRow, d *Detail) error {
	var set struct {
		RerunOf string `json:"rerun_of"`
	}
	if err := json.Unmarshal([]byte(row.Settings), &set); err != nil {
		return fault.Wrap(err, fault.Storage, "the run's settings are damaged: %s", err)
	}
	d.RerunOf = set.RerunOf
	var rows []struct {
		At   int64  `db:"at"`
		Kind string `db:"kind"`
		Data []byte `db:"data"`
	}
	err := h.db.Read().SelectContext(ctx, &rows, `SELECT at, kind, data FROM events WHERE run = ? AND kind IN ('reopened', 'resolved') ORDER BY seq`, row.ID)
	if err != nil {
		return readFault(err)
	}
	for _, r := range rows {
		event, err := flow.DecodeEvent(r.Kind, timeOf(r.At), r.Data)
		if err != nil {
			return fault.Wrap(err, fault.Storage, "the history of run %s is damaged: %s", row.ID, err)
		}
		switch ev := event.(type) {
		case flow.Reopened:
			d.Resumptions = append(d.Resumptions, Resumption{At: ev.At, By: ev.By, Version: ev.Version, Edited: slices.Sorted(maps.Keys(ev.Inputs))})
		case flow.Resolved:
			d.Resolutions = append(d.Resolutions, resolution(ev, d.Tasks))
		}
	}
	return nil
}

func resolution(ev flow.Resolved, tasks []Task) Resolution {
	out := Resolution{At: ev.At, By: ev.By, Done: ev.Done}
	if ev.Item != flow.NoItem {
		out.Item = &ev.Item
	}
	for i := range tasks {
		if tasks[i].Exec == ev.Exec {
			out.Task, out.Instance = tasks[i].Name, tasks[i].Instance
		}
	}
	return out
}
