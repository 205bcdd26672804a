package flow

import (
	"strconv"

	"gantry/schema"
)

// encodeQuick writes the events of which every run has several, as record does, in a fraction of the time: an attempt's
// start, and its end where nothing is told but the result. Of all others ok is false.
func encodeQuick(event Event) (kind string, data []byte, ok bool, err error) {
	switch ev := event.(type) {
	case AttemptStarted:
		data = appendUnit(make([]byte, 0, 64), ev.Unit)
		if ev.Subrun != "" {
			data = schema.AppendText(append(data, `,"subrun":`...), ev.Subrun)
		}
		return kindAttemptStarted, append(data, '}'), true, nil
	case AttemptEnded:
		result := ev.Outcome.Result
		ev.Outcome.Result = nil
		if ev.Outcome != (Outcome{}) {
			return "", nil, false, nil
		}
		data = appendUnit(make([]byte, 0, 512), ev.Unit)
		if result != nil {
			if data, err = schema.Append(append(data, `,"result":`...), result); err != nil {
				return "", nil, true, err
			}
		}
		return kindAttemptEnded, append(data, '}'), true, nil
	}
	return "", nil, false, nil
}

// appendUnit begins the object.
func appendUnit(b []byte, id Unit) []byte {
	b = strconv.AppendInt(append(b, `{"exec":`...), int64(id.Exec), 10)
	if id.Item != NoItem {
		b = strconv.AppendInt(append(b, `,"item":`...), int64(id.Item), 10)
	}
	return b
}
