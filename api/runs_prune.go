package api

import (
	"context"
	"time"

	"gantry/access"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
)

// PruneRunsIn says which runs are to be removed.
type PruneRunsIn struct {
	Body struct {
		OlderThan    string `json:"older_than,omitempty" doc:"Those created longer ago than this, such as 90d"`
		Keep         int    `json:"keep,omitempty" minimum:"0" doc:"All but so many of each organisation, the newest"`
		Organisation string `json:"organisation,omitempty" doc:"Only of the organisation with this slug, and those below it"`
		Plan         bool   `json:"plan,omitempty" doc:"Only tell what would be removed"`
	}
}

// PrunedRuns is what was removed of one organisation, or would be.
type PrunedRuns struct {
	Organisation string    `json:"organisation" doc:"A slug; the id of one that was removed"`
	Runs         int       `json:"runs"`
	Children     int       `json:"runs_they_led_to"`
	Oldest       time.Time `json:"oldest"`
	Newest       time.Time `json:"newest"`
}

// PruneRunsOut is what was removed.
type PruneRunsOut struct {
	Body struct {
		Removed []PrunedRuns `json:"removed"`
		More    bool         `json:"more,omitempty" doc:"There is more to remove than one call does: call again"`
	}
}

// PruneRuns removes old runs.
var PruneRuns = Operation[PruneRunsIn, PruneRunsOut]{ID: "prune-runs", Method: "POST", Path: "/runs/prune", Tag: tagRuns,
	Summary: "Remove old runs that have ended, with all they led to", Policy: Policy{Role: access.Admin, Scope: access.RunsWrite, Where: ByHandler}}

// pruneTime is how long one call goes on removing.
const pruneTime = time.Minute

func (a *API) pruneRuns(ctx context.Context, in *PruneRunsIn) (*PruneRunsOut, error) {
	top, err := requireSlug(ctx, access.Admin, access.RunsWrite, in.Body.Organisation)
	if err != nil {
		if in.Body.Organisation == "" && fault.From(err).Code == fault.Missing { // who does not see the MSP is not told of it
			return nil, fault.New(fault.Missing, "say of which organisation runs are to be removed").WithHint("give organisation the slug of one that you administer")
		}
		return nil, err
	}
	rule := history.Rule{Runs: in.Body.Keep}
	if in.Body.OlderThan != "" {
		if rule.For, err = schema.ParseDuration(in.Body.OlderThan); err != nil || rule.For < 0 {
			return nil, fault.New(fault.Usage, "older_than is not a duration: %q", in.Body.OlderThan).WithHint("write it as 90d or 8w")
		}
	}
	if rule == (history.Rule{}) {
		return nil, fault.New(fault.Usage, "it is not said which runs are to be removed").WithHint("say how old they are (older_than), how many are to stay (keep), or both")
	}
	slugs, err := a.slugsBelow(ctx, top, in.Body.Organisation == "")
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(ctx, pruneTime)
	defer cancel()
	removed, err := a.house.History().Prune(within, history.Retention{Now: a.house.Now(), Plan: in.Body.Plan, Rule: func(id string) history.Rule {
		if _, ok := slugs[id]; ok || in.Body.Organisation == "" {
			return rule
		}
		return history.Rule{}
	}})
	out := &PruneRunsOut{}
	if err != nil && within.Err() != nil && ctx.Err() == nil {
		out.Body.More, err = true, nil
	}
	out.Body.Removed = make([]PrunedRuns, len(removed))
	for i, r := range removed {
		slug, ok := slugs[r.Organisation]
		if !ok {
			slug = r.Organisation
		}
		out.Body.Removed[i] = PrunedRuns{slug, r.Runs, r.Children, r.Oldest, r.Newest}
	}
	return out, err
}

// slugsBelow gives the slugs of an organisation and those below it by their ids, removed ones as well.
func (a *API) slugsBelow(ctx context.Context, top orgs.Organisation, all bool) (map[string]string, error) {
	slugs := map[string]string{}
	for _, removed := range []bool{false, true} {
		list, err := a.house.Orgs().Find(ctx, orgs.Filter{Removed: removed})
		if err != nil {
			return nil, err
		}
		for _, org := range list {
			chain, err := a.house.Orgs().Chain(ctx, org.ID)
			if err != nil {
				return nil, err
			}
			for _, above := range chain {
				if all || above == top.ID {
					slugs[org.ID] = org.Slug
				}
			}
		}
	}
	return slugs, nil
}
