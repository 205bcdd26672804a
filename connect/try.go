package connect

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gantry/actions"
	"gantry/fault"
	"gantry/orgs"
)

// Trial is a configuration to be tried, saved or not: Secrets are its secret fields in the clear.
type Trial struct {
	Integration  *actions.Integration
	Organisation orgs.Organisation
	Instance     orgs.Instance
	Secrets      map[string]string
}

// Successful is the message of a report on a configuration that works.
const Successful = "Connection successful"

// Report is what trying a configuration has shown. Nothing in it holds a secret.
type Report struct {
	OK      bool         `json:"ok"`      // every required probe succeeded
	Message string       `json:"message"` // Successful, or why not
	Error   *fault.Error `json:"error"`   // of the first required probe that failed
	Probes  []Probed     `json:"probes"`
	// Missing are the permissions that are known to be lacking, in the other system's words.
	Missing  []string       `json:"missing"`
	Warnings []*fault.Error `json:"warnings"` // beside those of the probes
}

// The statuses of a probe.
const (
	ProbeOK      = "ok"
	ProbeWarning = "warning" // it succeeded and something is odd, or it failed and is not required
	ProbeFailed  = "failed"
	ProbeSkipped = "skipped" // what came before leaves no doubt
)

// Probed is one probe and how it went.
type Probed struct {
	Title    string         `json:"title"`
	Action   string         `json:"action"`
	Required bool           `json:"required"`
	Status   string         `json:"status"`
	Error    *fault.Error   `json:"error"`
	Warnings []*fault.Error `json:"warnings"`
}

// Warned counts the probes that warn, and the report's own warnings.
func (r *Report) Warned() int {
	n := len(r.Warnings)
	for _, p := range r.Probes {
		if p.Status == ProbeWarning {
			n++
		}
	}
	return n
}

// Try tests a configuration by the integration's probes, in their order. The context brings the deadline.
// What the other system, or the way there, has against the configuration stands in the report; the error is
// anything else, and fault.Conflict for an integration that has no test.
func (s *Service) Try(ctx context.Context, t Trial) (Report, error) {
	if len(t.Integration.Test) == 0 {
		return Report{}, fault.New(fault.Conflict, "%s has no test of its connection", t.Integration.Title)
	}
	try := &trying{Service: s, Trial: t, report: Report{Message: Successful, OK: true, Missing: []string{}, Warnings: []*fault.Error{}}}
	for i := range t.Integration.Test {
		if err := try.probe(ctx, &t.Integration.Test[i]); err != nil {
			return Report{}, err
		}
	}
	return try.report, nil
}

// trying is one Try under way.
type trying struct {
	*Service
	Trial
	report Report
	over   bool // nothing more can be learnt
}

func (t *trying) probe(ctx context.Context, p *actions.Probe) error {
	done := Probed{Title: p.Title, Action: p.Action, Required: p.Required, Status: ProbeSkipped, Warnings: []*fault.Error{}}
	if t.over {
		t.report.Probes = append(t.report.Probes, done)
		return nil
	}
	out, err := t.CallWith(ctx, p.Action, p.With, t.Organisation, t.Instance, t.Secrets)
	if err != nil {
		return err
	}
	t.compareClocks(out.Requests)
	if out.Err != nil {
		done.Error = t.explain(ctx, p, out.Err)
		done.Status = ProbeWarning
		if p.Required || t.over {
			done.Status = ProbeFailed
			t.fail(done.Error)
		}
	} else if done.Warnings = append(done.Warnings, p.Warnings(out.Result)...); len(done.Warnings) > 0 {
		done.Status = ProbeWarning
	} else {
		done.Status = ProbeOK
	}
	t.report.Probes = append(t.report.Probes, done)
	return nil
}

func (t *trying) fail(why *fault.Error) {
	if t.report.OK {
		t.report.OK, t.report.Error, t.report.Message = false, why, why.Message
	}
}

// explain makes of a probe's fault what helps the one who configures.
func (t *trying) explain(ctx context.Context, p *actions.Probe, f *fault.Error) *fault.Error {
	e := *f
	switch e.Code {
	case fault.Forbidden:
		if p.Needs != "" {
			t.lacks(p.Needs)
			e.Message = fmt.Sprintf("%s does not allow it: %s is missing (403)", t.Integration.Title, p.Needs)
		}
		if p.Hint != "" {
			e.Hint = p.Hint
		}
	case fault.NotFound:
		if p.Required && p.Hint != "" {
			e.Hint = p.Hint
		}
	case fault.LoginFailed:
		t.over = true
		if actions.OAuthError(f) == "invalid_scope" {
			t.explainScopes(ctx, &e)
		}
	case fault.Network, fault.AddressRefused, fault.Timeout, fault.Unauthorised, fault.RateLimited, fault.InvalidInput, fault.Cancelled:
		t.over = true
	}
	return &e
}

func (t *trying) lacks(permission string) {
	if !slices.Contains(t.report.Missing, permission) {
		t.report.Missing = append(t.report.Missing, permission)
	}
}

// explainScopes asks for every permission that the integration's actions want by itself, to say which ones
// the application lacks.
func (t *trying) explainScopes(ctx context.Context, e *fault.Error) {
	call := actions.Call{Organisation: t.Organisation, Instance: &t.Instance,
		InstanceSecrets: func() (map[string]string, error) { return t.Secrets, nil }}
	var granted []string
	for _, scope := range t.wantedScopes() {
		f := t.runtime.SignIn(ctx, t.Integration, call, scope)
		switch {
		case f == nil:
			granted = append(granted, scope)
		case actions.OAuthError(f) == "invalid_scope":
			t.lacks(scope)
		default:
			return // something else is wrong, too: what was found so far is not the whole
		}
	}
	if len(t.report.Missing) > 0 {
		e.Message += ": it lacks " + strings.Join(t.report.Missing, ", ")
		e.Hint, _, _ = strings.Cut(e.Hint, "; `gantry integrations test") // it has just been said
	}
	if len(granted) > 0 {
		e.Hint += fmt.Sprintf("; or, if that is meant, ask only for what it is allowed, with --set scope=\"%s\" (of one that is saved: `gantry integrations update %s --set scope=…`)",
			strings.Join(granted, " "), t.Integration.ID)
	}
}

// wantedScopes are the permissions that the integration's actions declare.
func (t *trying) wantedScopes() []string {
	var all []string
	for _, a := range t.catalogue.Actions() {
		if a.IntegrationID() == t.Integration.ID {
			all = append(all, a.Scopes...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// tolerableSkew is how far apart two clocks may be before that is worth a word: tokens and signatures of
// most systems allow five minutes.
const tolerableSkew = 5 * time.Minute

// compareClocks warns, once, when the other side's clock says something else than ours.
func (t *trying) compareClocks(requests []actions.RequestRecord) {
	for _, r := range requests {
		if r.Date.IsZero() || len(t.report.Warnings) > 0 {
			continue
		}
		skew := r.StartedAt.Add(r.Duration).Sub(r.Date)
		if skew.Abs() < tolerableSkew {
			continue
		}
		word := "ahead of"
		if skew < 0 {
			word = "behind"
		}
		t.report.Warnings = append(t.report.Warnings, fault.New(fault.Failed, "this machine's clock is %s %s that of %s", skew.Abs().Round(time.Minute), word, t.Integration.Title).
			WithHint("set the clock (NTP): tokens seem expired or not yet valid otherwise, and schedules are off"))
	}
}
