package poll

import (
	"context"
	"time"

	"gantry/fault"
	"gantry/orgs"
	"gantry/triggers"
)

// Result is how a poll ended.
type Result struct {
	Found int
	More  bool
	Err   *fault.Error
	Left  bool
}

// Once polls once, as Run would.
func (p *Poller) Once(ctx context.Context, a *triggers.Active, org orgs.Organisation) Result {
	r := p.poll(ctx, a, org, target{a.Key, org.ID})
	return Result{r.found, r.more, r.err, r.left}
}

// Moment gives a target's next own moment.
func Moment(key triggers.Key, org string, now time.Time, every time.Duration) time.Time {
	return target{key, org}.regular(now, every)
}

// Pause is pause.
var Pause = pause
