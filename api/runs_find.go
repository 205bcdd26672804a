package api

import (
	"context"

	"gantry/engine/inside"
)

// FindInRunIn says what is looked for.
type FindInRunIn struct {
	OfRunIn
	Text  string `query:"text" required:"true" minLength:"2" maxLength:"200" doc:"What is looked for: a part of a name or of a value; case does not matter"`
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"At most so many places, 500 where it is left out"`
}

// FindInRunOut is where it was found.
type FindInRunOut struct{ Body inside.Found }

// FindInRun looks for a text in everything that a run was given, did and gave.
var FindInRun = Operation[FindInRunIn, FindInRunOut]{ID: "find-in-run", Method: "GET", Path: "/runs/{run}/find", Tag: tagRuns,
	Summary:     "Find a text in a run: in inputs, results, errors, published values, requests and outputs",
	Description: "What is masked where it is shown is not found.",
	Policy:      readRun}

func (a *API) findInRun(ctx context.Context, in *FindInRunIn) (*FindInRunOut, error) {
	reader, err := a.inside(ctx)
	if err != nil {
		return nil, err
	}
	run := runOf(ctx)
	found, err := reader.Find(ctx, &run, in.Text, in.Limit)
	if err != nil {
		return nil, err
	}
	return &FindInRunOut{*found}, nil
}
