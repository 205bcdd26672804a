package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gantry/actions"
	"gantry/api"
	"gantry/schema"
)

func newActionsShow(app *App) *cobra.Command {
	allFields := false
	cmd := &cobra.Command{
		Use:   "show ACTION",
		Short: "Show what an action does, takes and gives",
		Long: `Shows what an action does, its endpoint, the permissions that it needs, whether repeating it is safe, its
inputs and result, and a task that uses it. Of a wide entity the described fields are shown;
--all-fields has all that the other system knows, by type.`,
		Example:           "  gantry actions show halo.list_tickets\n  gantry actions show halo.get_ticket --all-fields",
		Args:              takes("ACTION"),
		ValidArgsFunction: app.complete(actionIDs),
	}
	cmd.Flags().BoolVar(&allFields, "all-fields", false, "list the fields without a description as well")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := app.catalogue(cmd.Context())
		if err != nil {
			return err
		}
		found, err := api.ShowAction.Call(cmd.Context(), c, &api.OfAction{Action: args[0]})
		if err != nil {
			return err
		}
		return app.Show(detailOf(found.Body), func(out io.Writer) error {
			showAction(out, app.outStyle(), app.terminalWidth(), found.Body, allFields)
			return nil
		})
	}
	return cmd
}

// actionDetail is an action as `gantry actions show` gives it.
type actionDetail struct {
	actionLine
	Scopes       []string       `json:"scopes,omitempty"`
	InputSchema  map[string]any `json:"input_schema"`
	ResultSchema map[string]any `json:"result_schema,omitempty"`
	Example      string         `json:"example"`
}

func detailOf(a api.ActionDetail) actionDetail {
	return actionDetail{lineOf(a.Action), a.Scopes, a.InputSchema, a.ResultSchema, exampleOf(a)}
}

func showAction(out io.Writer, s style, width int, a api.ActionDetail, allFields bool) {
	fmt.Fprintf(out, "%s  %s\n", s.bold(a.ID), a.Title)
	hanging(out, width, "", a.Description)
	if a.Deprecated != "" {
		fmt.Fprintf(out, "%s %s\n", s.warn("Deprecated:"), a.Deprecated)
	}
	fmt.Fprintln(out)
	showFacts(out, width, a)
	fmt.Fprintf(out, "\n%s\n", s.bold("Inputs"))
	if len(a.Inputs) == 0 {
		fmt.Fprintln(out, "  none")
	}
	showFields(out, width, a.Inputs)
	for _, group := range a.OneOf {
		fmt.Fprintf(out, "  It needs %s.\n", schema.EitherOf(group))
	}
	if a.Result != nil {
		fmt.Fprintf(out, "\n%s  %s\n", s.bold("Result"), a.Result.Type)
		showEntity(out, width, a.Result.Fields, "gantry actions show "+a.ID+" --all-fields", allFields)
	}
	fmt.Fprintf(out, "\n%s\n%s", s.bold("Example"), indent(exampleOf(a)))
}

func showFacts(out io.Writer, width int, a api.ActionDetail) {
	facts := [][2]string{{"Effect", effectInWords(a)}, {"Repeat", repeatInWords(a)}, {"Verify", verifyInWords(a)}, {"Endpoint", a.Endpoint}, {"Scopes", strings.Join(a.Scopes, ", ")}}
	if a.Pages {
		facts = append(facts, [2]string{"Pages", "reads page after page and gives all of them"})
	}
	for _, f := range facts {
		if f[1] != "" {
			hanging(out, width, fmt.Sprintf("%-9s ", f[0]), f[1])
		}
	}
}

// repeatInWords says whether the action may be done once more when nobody knows whether it was done. Of reads
// there is nothing to say, nor of Gantry's own actions that touch no other system.
func repeatInWords(a api.ActionDetail) string {
	but := ""
	if a.OneTime {
		but = ". Never with fields that add or send something each time, such as new attachments"
	}
	switch {
	case a.SafeWhen != "":
		return "safe when " + a.SafeWhen + "; else not repeated when its answer is lost" + but
	case a.Effect == string(actions.Read):
		return ""
	case a.ByMethod:
		return "reads are safe to repeat, writes are not"
	case a.SafeToRepeat:
		return "safe: doing it twice does no harm" + but
	}
	return "not safe: when its answer is lost, the outcome is unknown until somebody has looked"
}

// verifyInWords says whether Gantry finds out by itself if it was done.
func verifyInWords(a api.ActionDetail) string {
	switch {
	case !a.Verifies:
		return ""
	case a.VerifyWhen == "":
		return "when its answer is lost, Gantry looks in " + a.SystemTitle + " whether it was done"
	}
	return "when its answer is lost, Gantry looks in " + a.SystemTitle + " whether it was done, if " + a.VerifyWhen
}

func effectInWords(a api.ActionDetail) string {
	switch {
	case a.Effect == string(actions.Read):
		return "reads; changes nothing"
	case a.ByMethod:
		return "reads or writes, as its method says"
	case a.Effect == string(actions.Delete):
		return "deletes in " + a.SystemTitle
	}
	return "writes to " + a.SystemTitle
}
