package actions_test

import (
	"context"
	"strings"
	"time"

	"gantry/actions"
	"gantry/orgs"
	"gantry/sandbox/halo"
)

// lose makes a call whose answer is lost, and looks whether it was done.
func (r *scenarioRun) lose(s step, inputs map[string]any) {
	r.t.Helper()
	drop := halo.Fault{Method: "POST", Path: "/api/*", Kind: halo.FaultDrop, After: s.lost == "done"}
	if err := r.halo.InjectFault(drop); err != nil {
		r.t.Fatal(err)
	}
	if out := r.call(s.call, inputs); out.Err == nil || !out.Unknown {
		r.t.Fatalf("%s: the answer is lost, and yet it is known: %+v", s.pos, out)
	}
	action, _ := actions.Builtin().Action(s.call)
	if looks := action.Verifies(inputs); looks != (s.verified != "never") {
		r.t.Fatalf("%s: verifies: %v", s.pos, looks)
	}
	v := r.verify(action, inputs)
	if s.verified == "never" {
		if v.Verdict != actions.Unsure || v.Err == nil || len(v.Requests) > 0 {
			r.t.Errorf("%s: somebody looked: %+v", s.pos, v)
		}
		return
	}
	if string(v.Verdict) != s.verified || (v.Err != nil) != (s.verified == "unsure") || len(v.Requests) == 0 {
		r.t.Fatalf("%s: %s, %v: %+v", s.pos, v.Verdict, v.Err, v)
	}
	for _, request := range v.Requests {
		if request.Method != "GET" && !strings.HasSuffix(request.URL, "/auth/token") {
			r.t.Errorf("%s: a look wrote: %+v", s.pos, request)
		}
	}
	if v.Verdict != actions.Done {
		return
	}
	for _, p := range action.Result.Check(v.Result) {
		r.t.Errorf("%s: what was found is not as the type says: %s", s.pos, p)
	}
	succeeded := r.succeeded[s.call]
	r.mustHold(s, v.Result)
	if !succeeded { // its answer was never seen
		delete(r.succeeded, s.call)
	}
}

func (b *bench) verify(action *actions.Action, inputs map[string]any) actions.Verification {
	ctx, cancel := context.WithTimeout(b.t.Context(), 10*time.Second)
	defer cancel()
	return b.runtime.Verify(ctx, actions.Call{
		Action: action, Inputs: inputs, Organisation: orgs.Organisation{ID: "o1", Name: "Acme MSP"},
		Instance:        &orgs.Instance{ID: "i1", Integration: "halo", Name: "Halo", Config: b.config},
		InstanceSecrets: func() (map[string]string, error) { return b.secrets, nil },
	})
}
