package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/source"
)

func newAsksAnswer(app *App) *cobra.Command {
	var which whichAsk
	var pairs []string
	cmd := &cobra.Command{
		Use:   "answer RUN [BUTTON]",
		Short: "Answer a question that a run waits for",
		Long: `Answers a question. Of several answers one counts, the first; this says so only when the answer is on disk.

Where no server works with the data, the run that was left waiting goes on here, and this shows it, as
gantry runs resume does.`,
		Example: `  gantry asks answer 3f2a91bc approve
  gantry asks answer 3f2a91bc approve --value amount=3 --value note="As agreed"
  gantry asks answer 3f2a91bc yes --task check --item 2`,
		Args: takes("RUN", "[BUTTON]"),
	}
	which.add(cmd)
	cmd.Flags().StringArrayVar(&pairs, "value", nil, "what a field is filled in with, as `name=value`; may be repeated")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		texts := map[string]string{}
		for _, pair := range pairs {
			name, text, ok := strings.Cut(pair, "=")
			if !ok || name == "" {
				return usage(cmd, "--value %q is not name=value", pair)
			}
			texts[name] = text
		}
		if _, err := app.Client(ctx, Writing); err != nil {
			return err
		}
		ask, err := which.find(ctx, app, cmd, args[0])
		if err != nil {
			return err
		}
		in := &api.AnswerAskIn{OfAsk: api.OfAsk{OfRunIn: api.OfRunIn{Run: ask.Run}, Task: ask.Task}}
		in.Body.Item, in.Body.Texts = ask.Item, texts
		if len(args) > 1 {
			in.Body.Button = args[1]
		}
		return app.answerAsk(ctx, in)
	}
	return cmd
}

func (a *App) answerAsk(ctx context.Context, in *api.AnswerAskIn) error {
	out, err := api.AnswerAsk.Call(ctx, a.client, in)
	if err != nil {
		return err
	}
	said := fmt.Sprintf("Answered %s of run %s: %s.", source.OneLine(in.Task), shortID(out.Body.Run.ID), source.OneLine(out.Body.Button))
	if a.served() {
		return a.Show(out.Body, func(w io.Writer) error {
			fmt.Fprintln(w, said)
			return nil
		})
	}
	a.Note("%s", said)
	run, err := a.readRun(ctx, out.Body.Run.ID, false)
	for err == nil && run.Parent != "" { // who called it waits for it
		parent, readErr := a.readRun(ctx, run.Parent, false)
		if readErr != nil || parent.Status.Ended() {
			break
		}
		run = parent
	}
	if err != nil {
		return err
	}
	w := a.watchRun().of(run.ID, "for "+run.forWhom()+", answered")
	a.grow(ctx, w.view.tree(), &run.Detail, "", 0) // what it had done before
	return w.finish(ctx)
}
