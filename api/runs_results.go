package api

import (
	"cmp"
	"context"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/source"
)

// smallResult is up to how many bytes a result is small.
const smallResult = 64 << 10

var resultWords = []string{"full", "small", "none"}

// largestShown is how large results are shown, in bytes; less than 0: all are.
func largestShown(word string) (int, error) {
	switch word {
	case "", "full":
		return -1, nil
	case "small":
		return smallResult, nil
	case "none":
		return 0, nil
	}
	return 0, fault.New(fault.Usage, "results is full, small or none, not %q", word).WithHint("%s", source.DidYouMean(word, resultWords))
}

// ShowResultIn names an execution of a task, or an item of its for_each.
type ShowResultIn struct {
	OfRunIn
	Task     string `path:"task" doc:"The task's name"`
	Instance int    `query:"instance" minimum:"0" doc:"Which execution of the task, from 1; the first where it is left out"`
	Item     int    `query:"item" minimum:"0" doc:"Of a for_each: which item, from 0"`
	Each     bool   `query:"each" doc:"Whether item is meant: the task has a for_each"`
}

// ShowResultOut is a result.
type ShowResultOut struct {
	Body struct {
		Result any `json:"result"`
	}
}

// ShowResult gives one result, whatever its size.
var ShowResult = Operation[ShowResultIn, ShowResultOut]{ID: "show-result", Method: "GET", Path: "/runs/{run}/tasks/{task}/result", Tag: tagRuns,
	Summary: "What one task of a run gave, whatever its size", Policy: readRun}

func (a *API) showResult(ctx context.Context, in *ShowResultIn) (*ShowResultOut, error) {
	item := flow.NoItem
	if in.Each {
		item = in.Item
	}
	out := &ShowResultOut{}
	var err error
	out.Body.Result, err = a.house.History().ResultOf(ctx, runOf(ctx).ID, in.Task, cmp.Or(in.Instance, 1), item)
	return out, err
}
