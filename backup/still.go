package backup

import (
	"context"
	"time"

	"gantry/access"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/poll"
	"gantry/triggers/timers"
)

// Stilled is what does not go on by itself in a database that was restored. What a backup holds as still to be done may
// have been done between the backup and its restore: nobody knows, so doing it is somebody's decision.
type Stilled struct {
	Runs     int `json:"held_runs" doc:"Runs that had not ended: each waits for runs resume or runs cancel"`
	Events   int `json:"events_set_aside" doc:"Events that were not decided: they count as failed, and can be fired again"`
	Timers   int `json:"timers_skipped" doc:"Schedules and intervals with due times since the backup, which are not caught up"`
	Polls    int `json:"polls_begun_anew" doc:"Polls: what is in the other system by now counts as seen"`
	Ends     int `json:"ends_not_told" doc:"Ends of runs that completion triggers are not told of"`
	Sessions int `json:"sessions_ended" doc:"People who have to sign in again"`
}

// still stills a database of the moment made.
func still(ctx context.Context, s *store.Store, o RestoreOptions, made time.Time) (out Stilled, err error) {
	now := o.Now()
	when := made.UTC().Format("2006-01-02 15:04:05 MST")
	h := history.New(s, orgs.NoKeys())
	type step struct {
		count *int
		do    func() (int, error)
	}
	steps := []step{{&out.Sessions, func() (int, error) { return access.EndAllSessions(ctx, s) }}}
	if !o.TakeUp {
		steps = append(steps, step{&out.Runs, func() (int, error) {
			return h.HoldUnfinished(ctx, now, "restored from the backup of "+when)
		}})
	}
	if !o.CatchUp {
		steps = append(steps,
			step{&out.Events, func() (int, error) {
				why := fault.New(fault.Interrupted, "the event was not decided when the backup of %s was made, and may have been since", when).
					WithHint("look whether what it was to start has been done; `gantry triggers refire EVENT` hands it in again")
				return triggers.SetAside(ctx, s, now, why)
			}},
			step{&out.Timers, func() (int, error) { return timers.SkipUntil(ctx, s, now) }},
			step{&out.Polls, func() (int, error) { return poll.BeginAnew(ctx, s) }},
			step{&out.Ends, func() (int, error) { return h.ForgetUntold(ctx) }})
	}
	for _, step := range steps {
		if *step.count, err = step.do(); err != nil {
			return out, err
		}
	}
	return out, nil
}
