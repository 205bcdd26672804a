package history

import (
	"database/sql"
	"encoding/json"

	"gantry/engine/flow"
	"gantry/fault"
)

// itemEnd is the stored form of an item's end that no event tells.
type itemEnd struct {
	Status flow.Status  `json:"status"`
	Error  *fault.Error `json:"error"`
}

func itemEndsJSON(ends map[int]flow.Outcome) any {
	if len(ends) == 0 {
		return nil
	}
	out := make(map[int]itemEnd, len(ends))
	for i, o := range ends {
		out[i] = itemEnd{o.Status(), o.Error}
	}
	text, err := json.Marshal(out)
	if err != nil { // faults that flow makes hold plain data
		return nil
	}
	return string(text)
}

func readItemEnds(text sql.NullString) (map[int]flow.Outcome, error) {
	if !text.Valid {
		return nil, nil
	}
	var ends map[int]itemEnd
	if err := json.Unmarshal([]byte(text.String), &ends); err != nil {
		return nil, fault.Wrap(err, fault.Storage, "the history holds items that are not JSON: %s", err)
	}
	out := make(map[int]flow.Outcome, len(ends))
	for i, e := range ends {
		out[i] = flow.Outcome{Error: e.Error, Cancelled: e.Status == flow.Cancelled, TimedOut: e.Status == flow.TimedOut, Unknown: e.Status == flow.Unknown}
	}
	return out, nil
}
