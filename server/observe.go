package server

import (
	"context"
	"strings"
	"sync"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
)

// observer hears of every run's updates, and makes metrics and traces of them. It is quick, and safe for
// concurrent use.
type observer struct {
	metrics *metrics
	traces  *tracer // nil: none

	mu   sync.Mutex
	runs map[string]*observed
}

// observed is a run that has not ended.
type observed struct {
	actions map[int]string // of the executions seen so far: action, or "workflow"
	ended   map[int]bool
}

func newObserver(m *metrics, t *tracer) *observer {
	o := &observer{metrics: m, traces: t, runs: map[string]*observed{}}
	m.gauge("runs_active", "Runs of this process that have begun and not ended: going on, waiting, paused.", o.active)
	return o
}

// active is how many runs this process has seen going on.
func (o *observer) active() float64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return float64(len(o.runs))
}

// observe takes an update that is on disk.
func (o *observer) observe(u engine.Update) {
	o.mu.Lock()
	defer o.mu.Unlock()
	run := o.runs[u.Run]
	if run == nil {
		if u.Started.IsZero() || u.Status == flow.Queued { // it waits to begin, or never did
			if u.Status.Ended() {
				o.ended(u)
			}
			return
		}
		run = &observed{actions: map[int]string{}, ended: map[int]bool{}}
		o.runs[u.Run] = run
		o.metrics.runsBegun.WithLabelValues(u.TriggerType).Inc()
	}
	for _, s := range u.Changed {
		o.step(run, s)
	}
	for _, r := range u.Requests {
		o.request(run, r)
	}
	if o.traces != nil {
		o.traces.update(u)
	}
	if u.Status.Ended() {
		o.ended(u)
	}
}

func (o *observer) step(run *observed, s engine.Step) {
	action := s.Action
	if s.Subrun != "" || !strings.Contains(action, ".") || strings.Contains(action, "/") {
		action = "workflow"
	}
	run.actions[s.ID] = action
	if s.Finished.IsZero() || run.ended[s.ID] {
		return
	}
	run.ended[s.ID] = true
	label := o.metrics.names.label("action", action)
	o.metrics.tasksEnded.WithLabelValues(label, string(s.Status)).Inc()
	o.metrics.taskSeconds.WithLabelValues(label).Observe(s.Finished.Sub(s.Started).Seconds())
}

func (o *observer) request(run *observed, r history.RequestOf) {
	action := run.actions[r.Unit.Exec]
	integration, _, _ := strings.Cut(action, ".")
	integration, action = o.metrics.names.label("integration", integration), o.metrics.names.label("action", action)
	o.metrics.requests.WithLabelValues(integration, action, resultOf(r.Status)).Inc()
	o.metrics.requestTimes.WithLabelValues(integration).Observe(float64(r.Micros) / 1e6)
	if r.Waited > 0 {
		o.metrics.waited.WithLabelValues(integration).Add(float64(r.Waited) / 1e6)
	}
}

// resultOf tells in a word how a request was answered.
func resultOf(status int) string {
	switch {
	case status == 0:
		return "no_answer"
	case status == 429:
		return "throttled"
	case status >= 500:
		return "failed"
	case status >= 400:
		return "refused"
	}
	return "ok"
}

func (o *observer) ended(u engine.Update) {
	delete(o.runs, u.Run)
	o.metrics.runsEnded.WithLabelValues(o.metrics.names.label("workflow", u.Workflow), string(u.Status)).Inc()
	if !u.Started.IsZero() && !u.Finished.IsZero() {
		o.metrics.runSeconds.WithLabelValues(string(u.Status)).Observe(max(0, u.Finished.Sub(u.Started)).Seconds())
	}
}

// close sends the traces that are left.
func (o *observer) close(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.traces == nil {
		return nil
	}
	return o.traces.close(ctx)
}
