package actions

import (
	"context"

	"gantry/actions/wire"
	"gantry/fault"
)

// SignIn asks for an access token with the call's instance and the given scopes instead of those that are
// configured, and throws it away: it tells what an application is allowed. Of the call only the
// organisation, the instance and its secrets count. It gives nil when the sign-in is granted, and where the
// integration signs in without scopes.
func (r *Runtime) SignIn(ctx context.Context, i *Integration, call Call, scopes string) *fault.Error {
	if i.Auth.Type != AuthOAuth2 {
		return nil
	}
	a := &attempt{Runtime: r, call: call, redactor: &wire.Redactor{}, recorder: &wire.Recorder{Clock: r.clock}}
	a.call.Action = &Action{ID: i.ID, Integration: ready(i), Effect: Read}
	out := Outcome{}
	if s, f := a.unshared(); f != nil {
		out.Err = f
	} else {
		a.redactor.Under(s.redactor)
		s.credentials.scope = scopes
		if _, failure := s.signIn(ctx, a); failure != nil {
			out.Err = failure.Fault
		}
	}
	a.clean(&out)
	return out.Err
}

// unshared is a session that no other attempt uses.
func (a *attempt) unshared() (*session, *fault.Error) {
	var secrets map[string]string
	if a.call.InstanceSecrets != nil {
		var err error
		if secrets, err = a.call.InstanceSecrets(); err != nil {
			return nil, fault.From(err)
		}
	}
	return a.newSession(a.call.Action.Integration(), a.call.Instance, secrets)
}

// Forget drops what is kept of an instance: its token and its pace. Call it when the instance was removed,
// or to sign in anew after its rights were changed in the other system. A changed configuration needs no
// call: it is noticed at the next attempt.
func (r *Runtime) Forget(instanceID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.sessions, instanceID)
}
