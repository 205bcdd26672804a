package poll

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"gantry/engine/workflow"
	"gantry/expr"
)

// point is a cursor in a form whose texts stand in the order of what they mean: times as nanoseconds, numbers
// and texts apart from each other. "" is before all of them.
type point string

// Times are counted from long before any, so that none is negative.
const beforeTimes = int64(1) << 62

// pointOf gives the point of a field's value. ok is false for what is no cursor: null, lists, and of a field
// that holds times, what is none.
func pointOf(v any, kind workflow.CursorKind) (p point, ok bool) {
	switch v := v.(type) {
	case string:
		if kind == workflow.CursorTime || kind == workflow.CursorByValue {
			if t, isTime := expr.ReadTime(v); isTime {
				return timePoint(t), true
			}
		}
		return point("u" + v), kind != workflow.CursorTime
	case time.Time:
		return timePoint(v), true
	case int64:
		return numberPoint(float64(v), v), true
	case json.Number:
		f, err := strconv.ParseFloat(v.String(), 64)
		return numberPoint(f, 0), err == nil
	case float64:
		return numberPoint(v, 0), !math.IsNaN(v)
	}
	return "", false
}

func timePoint(t time.Time) point {
	return point(fmt.Sprintf("t%019d", uint64(t.UnixMicro()+beforeTimes))) + point(fmt.Sprintf(".%03d", t.Nanosecond()%1000))
}

// time gives back the time of a point made of one.
func (p point) time() (time.Time, bool) {
	if len(p) < 21 || p[0] != 't' {
		return time.Time{}, false
	}
	micros, err := strconv.ParseUint(string(p[1:20]), 10, 64)
	nanos, err2 := strconv.ParseInt(string(p[21:]), 10, 64)
	return time.UnixMicro(int64(micros) - beforeTimes).Add(time.Duration(nanos)).UTC(), err == nil && err2 == nil
}

// numberPoint orders numbers by their bits, and whole numbers that are too long for that by themselves.
func numberPoint(f float64, whole int64) point {
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return point(fmt.Sprintf("n%016x%016x", bits, uint64(whole)^(1<<63)))
}

// back gives the point that lies so long before, of one made of a time; any other is its own.
func (p point) back(late time.Duration) point {
	if t, ok := p.time(); ok {
		return timePoint(t.Add(-late))
	}
	return p
}
