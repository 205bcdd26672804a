// Package inside tells what happened inside a run: its timeline, what its tasks were given, the published values as they
// saw them, and where a text stands. All of it is read from the run's log, by taking the log through the state machine
// once more; nothing is changed, and what a workflow or an organisation keeps secret is masked in everything that is told.
package inside

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
)

// Workflows compiles the versions that runs name: the project's library.
type Workflows interface {
	// Workflow gives the newest version; the error tells an admin why there is none.
	Workflow(id string) (*workflow.Workflow, error)
	// Compile checks a version that the history kept.
	Compile(id string, text []byte) (*workflow.Workflow, error)
}

// Reader reads runs of one data directory. Its parts are all needed.
type Reader struct {
	History       *history.History
	Workflows     Workflows
	Organisations *orgs.Service
	Log           *slog.Logger
}

// sideBySide is how many logs are taken through the state machine at the same time: each holds its run's results.
const sideBySide = 2

var room = make(chan struct{}, sideBySide)

// enter waits for room, and gives what leaves it.
func enter(ctx context.Context) (leave func(), err error) {
	select {
	case room <- struct{}{}:
		return func() { <-room }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// errEnough ends a replay that has come far enough.
var errEnough = errors.New("enough")

// step is one event with what the state machine made of it.
type step struct {
	history.Inside
	commands []flow.Command
	state    *flow.State
}

// replay takes a run's log through the state machine, event by event; what the workflow redacts is added to hide.
// look may end it with errEnough. The state is as far as it came.
func (r *Reader) replay(ctx context.Context, run *history.Run, hide *hiding, look func(step) error) (state *flow.State, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("a defect: panic", "in", "the inside of run "+run.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			state, err = nil, fault.New(fault.Internal, "a defect in Gantry: what happened in run %s cannot be told", run.ID).WithHint("please report this; the log has more")
		}
	}()
	wf, err := r.version(ctx, run, run.FirstVersion())
	if err != nil {
		return nil, err
	}
	state = flow.New(wf)
	hide.reads(wf)
	err = r.History.EachEvent(ctx, run.ID, -1, func(in history.Inside) error {
		hide.opened(in.Opened)
		if reopened, ok := in.Event.(flow.Reopened); ok && reopened.Version != "" {
			if reopened.Workflow, err = r.version(ctx, run, reopened.Version); err != nil {
				return err
			}
			hide.reads(reopened.Workflow)
			in.Event = reopened
		}
		commands, err := state.Apply(in.Event)
		if err != nil {
			return fault.Wrap(err, fault.Storage, "run %s cannot be rebuilt from its history: %s", run.ID, err).WithHint("`gantry doctor` looks through the history")
		}
		return look(step{in, commands, state})
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return state, err
}

// version gives the workflow as the run used it.
func (r *Reader) version(ctx context.Context, run *history.Run, version string) (*workflow.Workflow, error) {
	if wf, err := r.Workflows.Workflow(run.Workflow); err == nil && wf.Version == version {
		return wf, nil
	}
	text, err := r.History.Version(ctx, run.Workflow, version)
	if err != nil {
		return nil, err
	}
	wf, err := r.Workflows.Compile(run.Workflow, text)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotChecked, "what run %s was given can no longer be worked out: version %s of its workflow %s does not check any more: %s", run.ID, version, run.Workflow, fault.From(err).Message).
			WithHint("it is worked out anew from the run's log, which takes what the workflow used then: bring back the actions, workflows or variables that are gone")
	}
	return wf, nil
}
