package api

import (
	"cmp"
	"context"

	"gantry/triggers"
)

// ListSchedulesIn narrows the list.
type ListSchedulesIn struct {
	Types []string `query:"type,explode" enum:"schedule,interval,poll" doc:"Only triggers of one of these types; may be repeated"`
	Limit int      `query:"limit" minimum:"0" maximum:"500" doc:"At most so many, 20 where it is left out"`
}

// ListSchedulesOut are triggers that fire by the time, soonest first.
type ListSchedulesOut struct {
	Body struct {
		Schedules []triggers.Scheduled `json:"schedules"`
	}
}

// ListSchedules tells which triggers fire next by the time.
var ListSchedules = Operation[ListSchedulesIn, ListSchedulesOut]{ID: "list-schedules", Method: "GET", Path: "/schedules", Tag: tagTriggers,
	Summary:     "When schedules, intervals and polls are due next, soonest first",
	Description: "Each trigger is there once, with the first of its organisations. Those that fire for nobody are left out, and intervals and polls that no server has seen yet.", Policy: readTriggers}

func (a *API) listSchedules(ctx context.Context, in *ListSchedulesIn) (*ListSchedulesOut, error) {
	t, reach, err := a.triggersAndReach(ctx)
	if err != nil {
		return nil, err
	}
	out := &ListSchedulesOut{}
	out.Body.Schedules, err = t.Schedules(ctx, triggers.ScheduleFilter{Types: in.Types, Limit: cmp.Or(in.Limit, 20), Reach: reach})
	return out, err
}
