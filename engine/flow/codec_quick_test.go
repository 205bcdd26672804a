package flow

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gantry/fault"
	"gantry/schema"
)

// What is written quickly is what the record writes, to the last field.
func TestQuickFormIsTheRecords(t *testing.T) {
	at := time.Unix(1, 0).UTC()
	for _, event := range []Event{
		AttemptStarted{At: at, Unit: Unit{0, NoItem}},
		AttemptStarted{At: at, Unit: Unit{7, 0}, Subrun: `r-"1"`},
		AttemptEnded{At: at, Unit: Unit{0, NoItem}},
		AttemptEnded{At: at, Unit: Unit{3, 12}, Outcome: Outcome{Result: map[string]any{"whole": int64(1), "float": 1.0, "text": "<a> & \"b\" \u2028", "list": []any{nil, true}}}},
		AttemptEnded{At: at, Unit: Unit{3, NoItem}, Outcome: Outcome{Result: ""}},
	} {
		kind, data, ok, err := encodeQuick(event)
		if !ok || err != nil {
			t.Fatalf("%#v: ok %v, %v", event, ok, err)
		}
		var r record
		var want string
		switch ev := event.(type) {
		case AttemptStarted:
			want, r.Subrun = kindAttemptStarted, ev.Subrun
			r.unit(ev.Unit)
		case AttemptEnded:
			want = kindAttemptEnded
			r.unit(ev.Unit)
			r.outcome(ev.Outcome)
		}
		slow, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(decoded(t, slow), decoded(t, data)); kind != want || diff != "" {
			t.Errorf("%s, want %s; %s", kind, want, diff)
		}
		if back, err := DecodeEvent(kind, at, data); err != nil || !cmp.Equal(event, back, cmpopts.EquateEmpty()) {
			t.Errorf("%v: %s", err, cmp.Diff(event, back))
		}
	}
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	v, err := schema.DecodeBytes(data)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return v
}

// Whatever else an outcome tells, in fields of today or to come, is left to the record.
func TestQuickFormLeavesOthersAlone(t *testing.T) {
	kind := reflect.TypeFor[Outcome]()
	for i := range kind.NumField() {
		var out Outcome
		field := reflect.ValueOf(&out).Elem().Field(i)
		switch field.Interface().(type) {
		case bool:
			field.SetBool(true)
		case time.Duration:
			field.SetInt(1)
		case *fault.Error:
			field.Set(reflect.ValueOf(fault.New(fault.Failed, "x")))
		default:
			if kind.Field(i).Name != "Result" {
				t.Fatalf("a field %s of a kind that this test does not know", kind.Field(i).Name)
			}
			continue
		}
		if _, _, ok, _ := encodeQuick(AttemptEnded{Outcome: out}); ok {
			t.Errorf("%s would be lost", kind.Field(i).Name)
		}
	}
	if _, _, ok, _ := encodeQuick(TimerFired{}); ok {
		t.Error("a timer is not written quickly")
	}
}
