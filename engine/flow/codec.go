package flow

import (
	"encoding/json"
	"fmt"
	"time"

	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

// The kinds of events as the history names them. A kind, once written, keeps its meaning.
const (
	kindStarted         = "run_started"
	kindAttemptStarted  = "attempt_started"
	kindAttemptWaits    = "attempt_waits"
	kindAttemptEnded    = "attempt_ended"
	kindAttemptPutBack  = "attempt_put_back"
	kindTimerFired      = "timer_fired"
	kindDeadlineReached = "deadline_reached"
	kindCancelRequested = "cancel_requested"
	kindOrganisation    = "organisation_found"
	kindPauseRequested  = "pause_requested"
	kindResumeRequested = "resume_requested"
	kindAnswered        = "answered"
	kindAttemptVerified = "attempt_verified"
	kindResolved        = "resolved"
	kindReopened        = "reopened"
)

// record is the stored form of every event; each kind uses the fields it needs.
type record struct {
	RunID       string            `json:"run,omitempty"`
	URL         string            `json:"url,omitempty"`
	Inputs      value             `json:"inputs,omitzero"`
	Org         value             `json:"org,omitzero"`
	Secrets     map[string]string `json:"secrets,omitempty"` // org.vars that are secret, with the organisation that holds them
	Trigger     value             `json:"trigger,omitzero"`
	TriggerVars value             `json:"trigger_vars,omitzero"`
	Limit       int64             `json:"limit_ns,omitempty"`
	MostOutput  int               `json:"most_output,omitempty"`
	MostOutputs int               `json:"most_outputs,omitempty"`

	Exec   int        `json:"exec"`
	Item   *int       `json:"item,omitempty"`
	Subrun string     `json:"subrun,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
	Reason string     `json:"reason,omitempty"`
	AtOnce bool       `json:"at_once,omitempty"`
	Name   string     `json:"name,omitempty"`

	Result     value        `json:"result,omitzero"`
	Error      *storedFault `json:"error,omitempty"`
	TimedOut   bool         `json:"timed_out,omitempty"`
	Unknown    bool         `json:"unknown,omitempty"`
	Cancelled  bool         `json:"cancelled,omitempty"`
	FailRun    bool         `json:"fail_run,omitempty"`
	Repeatable bool         `json:"repeatable,omitempty"`
	Passing    bool         `json:"passing,omitempty"`
	RetryAfter int64        `json:"retry_after_ns,omitempty"`

	Interrupted bool   `json:"interrupted,omitempty"`
	Verifiable  bool   `json:"verifiable,omitempty"`
	Awaits      string `json:"awaits,omitempty"`
	By          string `json:"by,omitempty"`
	Verdict     string `json:"verdict,omitempty"`
	Done        bool   `json:"done,omitempty"`
	Version     string `json:"version,omitempty"`
}

// value is JSON data that keeps whole numbers whole.
type value struct{ data any }

func (v value) IsZero() bool { return v.data == nil }

// MarshalJSON gives the data as JSON.
func (v value) MarshalJSON() ([]byte, error) { return schema.Encode(v.data) }

// UnmarshalJSON reads JSON data.
func (v *value) UnmarshalJSON(text []byte) (err error) {
	v.data, err = schema.DecodeBytes(text)
	return err
}

type storedFault struct {
	Code    fault.Code `json:"code"`
	Message string     `json:"message"`
	Hint    string     `json:"hint,omitempty"`
	Detail  value      `json:"detail,omitzero"`
	Task    string     `json:"task,omitempty"`
}

// EncodeEvent gives an event's kind and its data as JSON. The time is kept beside them.
func EncodeEvent(event Event) (kind string, data []byte, err error) {
	if kind, data, ok, err := encodeQuick(event); ok {
		return kind, data, err
	}
	var r record
	switch ev := event.(type) {
	case Started:
		kind, r = kindStarted, startedRecord(ev)
	case AttemptStarted:
		kind, r.Subrun = kindAttemptStarted, ev.Subrun
		r.unit(ev.Unit)
	case AttemptWaits:
		kind = kindAttemptWaits
		r.waits(ev)
	case AttemptEnded:
		kind = kindAttemptEnded
		r.unit(ev.Unit)
		r.outcome(ev.Outcome)
	case AttemptPutBack:
		kind = kindAttemptPutBack
		r.unit(ev.Unit)
	case TimerFired:
		kind = kindTimerFired
		r.unit(ev.Unit)
	case DeadlineReached:
		kind = kindDeadlineReached
	case CancelRequested:
		kind, r.Reason, r.AtOnce = kindCancelRequested, ev.Reason, ev.AtOnce
	case OrganisationFound:
		kind, r.Name = kindOrganisation, ev.Name
		r.unit(ev.Unit)
		r.organisation(ev.Org)
		r.fault(ev.Error)
	case PauseRequested:
		kind = kindPauseRequested
	case ResumeRequested:
		kind = kindResumeRequested
	default:
		if kind = r.later(event); kind == "" {
			return "", nil, fmt.Errorf("%T is not an event that is kept", event)
		}
	}
	data, err = json.Marshal(r)
	return kind, data, err
}

// DecodeEvent is the reverse of EncodeEvent.
func DecodeEvent(kind string, at time.Time, data []byte) (Event, error) {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("event %s: %w", kind, err)
	}
	switch kind {
	case kindStarted:
		return r.started(at), nil
	case kindAttemptStarted:
		return AttemptStarted{At: at, Unit: r.unitOf(), Subrun: r.Subrun}, nil
	case kindAttemptWaits:
		return r.waitsOf(at)
	case kindAttemptEnded:
		return AttemptEnded{At: at, Unit: r.unitOf(), Outcome: r.outcomeOf()}, nil
	case kindAttemptPutBack:
		return AttemptPutBack{At: at, Unit: r.unitOf()}, nil
	case kindTimerFired:
		return TimerFired{At: at, Unit: r.unitOf()}, nil
	case kindDeadlineReached:
		return DeadlineReached{At: at}, nil
	case kindCancelRequested:
		return CancelRequested{At: at, Reason: r.Reason, AtOnce: r.AtOnce}, nil
	case kindOrganisation:
		return OrganisationFound{At: at, Unit: r.unitOf(), Name: r.Name, Org: r.organisationOf(), Error: r.faultOf()}, nil
	case kindPauseRequested:
		return PauseRequested{At: at}, nil
	case kindResumeRequested:
		return ResumeRequested{At: at}, nil
	}
	if event := r.laterOf(kind, at); event != nil {
		return event, nil
	}
	return nil, fmt.Errorf("event of unknown kind %q: was it written by a newer Gantry?", kind)
}

func (r *record) unit(id Unit) {
	r.Exec = id.Exec
	if id.Item != NoItem {
		r.Item = &id.Item
	}
}

func (r *record) unitOf() Unit {
	if r.Item == nil {
		return Unit{r.Exec, NoItem}
	}
	return Unit{r.Exec, *r.Item}
}

func (r *record) outcome(out Outcome) {
	r.Result, r.TimedOut, r.Unknown, r.Cancelled = value{out.Result}, out.TimedOut, out.Unknown, out.Cancelled
	r.FailRun, r.Repeatable, r.Passing, r.RetryAfter = out.FailRun, out.Repeatable, out.Passing, int64(out.RetryAfter)
	r.Interrupted, r.Verifiable = out.Interrupted, out.Verifiable
	r.fault(out.Error)
}

func (r *record) fault(e *fault.Error) {
	if e != nil {
		r.Error = &storedFault{e.Code, e.Message, e.Hint, value{e.Detail}, e.Task}
	}
}

func (r *record) faultOf() *fault.Error {
	e := r.Error
	if e == nil {
		return nil
	}
	return &fault.Error{Code: e.Code, Message: e.Message, Hint: e.Hint, Detail: e.Detail.data, Task: e.Task}
}

func (r *record) outcomeOf() Outcome {
	return Outcome{Result: r.Result.data, Error: r.faultOf(), TimedOut: r.TimedOut, Unknown: r.Unknown, Cancelled: r.Cancelled, FailRun: r.FailRun,
		Repeatable: r.Repeatable, Passing: r.Passing, RetryAfter: time.Duration(r.RetryAfter), Interrupted: r.Interrupted, Verifiable: r.Verifiable}
}

func startedRecord(ev Started) record {
	r := record{RunID: ev.RunID, URL: ev.URL, Inputs: value{mapOrNil(ev.Inputs)}, Trigger: value{mapOrNil(ev.Trigger)}, TriggerVars: value{mapOrNil(ev.TriggerVars)},
		Limit: int64(ev.Limit), MostOutput: ev.Most.Each, MostOutputs: ev.Most.All}
	r.organisation(ev.Org)
	return r
}

func (r *record) started(at time.Time) Started {
	return Started{At: at, RunID: r.RunID, URL: r.URL, Inputs: mapOf(r.Inputs), Org: r.organisationOf(), Trigger: mapOf(r.Trigger), TriggerVars: mapOf(r.TriggerVars),
		Limit: time.Duration(r.Limit), Most: MostOutputs{r.MostOutput, r.MostOutputs}}
}

// organisation keeps secrets as names: their values never come near the history.
func (r *record) organisation(facts map[string]any) {
	org := map[string]any{}
	for name, v := range facts {
		org[name] = v
	}
	if vars, ok := org["vars"].(map[string]any); ok {
		plain := map[string]any{}
		for name, v := range vars {
			if secret, ok := v.(expr.Secret); ok {
				if r.Secrets == nil {
					r.Secrets = map[string]string{}
				}
				r.Secrets[name] = secret.Organisation
				continue
			}
			plain[name] = v
		}
		org["vars"] = plain
	}
	r.Org = value{org}
}

func (r *record) organisationOf() map[string]any {
	org := mapOf(r.Org)
	if len(r.Secrets) == 0 {
		return org
	}
	if org == nil {
		org = map[string]any{}
	}
	vars, _ := org["vars"].(map[string]any)
	if vars == nil {
		vars = map[string]any{}
		org["vars"] = vars
	}
	for name, organisation := range r.Secrets {
		vars[name] = expr.Secret{Organisation: organisation, Name: name}
	}
	return org
}

func mapOf(v value) map[string]any {
	m, _ := v.data.(map[string]any)
	return m
}

func mapOrNil(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}
