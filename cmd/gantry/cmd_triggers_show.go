package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gantry/source"
	"gantry/triggers"
)

func newTriggersShow(app *App) *cobra.Command {
	var org string
	cmd := &cobra.Command{
		Use:   "show WORKFLOW [TRIGGER]",
		Short: "Show a trigger: for whom it fires, when, and at which address",
		Long: `Shows a trigger and, for each organisation that it covers, the next times of a schedule, the address of a
webhook with a line for curl, or where a poll stands, and the last event. The trigger's name may be left
out where the workflow has one.`,
		Example: `  gantry triggers show triage/new-ticket "new ticket"
  gantry triggers show reports/weekly --org northwind-dental`,
		Args:              takes("WORKFLOW", "[TRIGGER]"),
		ValidArgsFunction: app.complete(workflowIDs),
	}
	cmd.Flags().StringVar(&org, "org", "", "only for the organisation with this `slug`")
	app.completeOrg(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		shown, err := app.shownTrigger(cmd.Context(), args)
		if err != nil {
			return err
		}
		if org != "" {
			shown.Covers = slices.DeleteFunc(shown.Covers, func(o triggers.ShownOrganisation) bool { return o.Slug != org })
			if len(shown.Covers) == 0 {
				return notCovered(shown, org)
			}
		}
		return app.Show(shown, func(w io.Writer) error {
			(&triggerShow{app: app, out: w, style: app.outStyle(), trigger: *shown}).show()
			return nil
		})
	}
	return cmd
}

// triggerShow writes a trigger for people.
type triggerShow struct {
	app     *App
	out     io.Writer
	style   style
	trigger triggers.Shown
}

// shownCovers is of how many organisations all is told; --org tells of each.
const shownCovers = 20

func (t *triggerShow) show() {
	l := t.trigger.Listed
	fmt.Fprintln(t.out, t.style.bold(source.OneLine(l.Key.String())))
	state := t.style.good("on") + fmt.Sprintf(", for %d organisations", l.Organisations)
	if !l.Enabled {
		state = t.style.warn("off") + ": " + source.OneLine(l.Why)
	}
	t.row("", "state", state)
	t.row("", "type", l.Type)
	t.row("", "file", fmt.Sprintf("%s:%d", l.File, l.Line))
	t.row("", "when", source.OneLine(l.When))
	t.details("", l.Detail)
	shown := t.trigger.Covers[:min(len(t.trigger.Covers), shownCovers)]
	for _, o := range shown {
		t.organisation(o)
	}
	if left := len(t.trigger.Covers) - len(shown); left > 0 {
		fmt.Fprintf(t.out, "\n… and %d more organisations: --org SLUG shows one, --format json all\n", left)
	}
}

func (t *triggerShow) row(indent, label, text string) {
	if text != "" {
		fmt.Fprintf(t.out, "%s%s %s\n", indent, t.style.dim(fmt.Sprintf("%-13s", label)), text)
	}
}

func (t *triggerShow) organisation(o triggers.ShownOrganisation) {
	name := source.OneLine(o.Name) + " (" + o.Slug + ")"
	if !o.Enabled {
		name += "  " + t.style.warn("off: "+source.OneLine(o.Why))
	}
	fmt.Fprintf(t.out, "\n%s\n", t.style.bold(name))
	t.details("  ", o.Detail)
	if address, ok := o.Detail["address"].(string); ok {
		t.row("  ", "try", curlLine(address, o.Detail))
	}
	last := lastWords(t.style, o.Last, t.app.Now())
	if o.Last != nil {
		last += "  " + outcomeOf(o.Last.Decision)
	}
	t.row("  ", "last event", last)
}

// details writes what the trigger's type tells: times, address, cursor.
func (t *triggerShow) details(indent string, facts map[string]any) {
	names := map[string]string{"last_poll": "last poll", "next_poll": "next poll", "left_out": "left out"}
	for _, name := range orderedNames(facts, []string{"next", "last", "address", "methods", "verify", "status", "cursor", "last_poll", "next_poll"}) {
		label := name
		if names[name] != "" {
			label = names[name]
		}
		if name != "open_to_everybody" { // verify tells it
			t.row(indent, label, t.detail(name, facts[name]))
		}
	}
}

func (t *triggerShow) detail(name string, v any) string {
	now := t.app.Now()
	switch v := v.(type) {
	case string:
		if said := momentOf(v, now); said != "" {
			return said
		}
		return source.OneLine(v)
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, t.detail(name, one))
		}
		return strings.Join(all, ", ")
	case map[string]any:
		if name == "verify" {
			return verifyText(v)
		}
		if message, ok := v["message"].(string); ok {
			return source.OneLine(message)
		}
		if why, ok := v["why"].(string); ok { // requests that a webhook has refused
			last, _ := v["last_at"].(string)
			count, _ := v["count"].(int64)
			return fmt.Sprintf("%s, last %s: %s", counted(int(count), "time"), momentOf(last, now), source.OneLine(why))
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return source.OneLine(string(text))
}

func verifyText(v map[string]any) string {
	switch v["way"] {
	case "secret_header":
		return fmt.Sprintf("the header %v carries the secret org.vars.%v", v["header"], v["secret"])
	case "basic":
		return fmt.Sprintf("basic, as %v with the password org.vars.%v", v["user"], v["secret"])
	case "hmac":
		return fmt.Sprintf("the header %v carries a signature made with org.vars.%v", v["header"], v["secret"])
	}
	return "none: whoever knows the address may fire it"
}

// curlLine is a call of a webhook's address that can be copied; what stands in capitals is to be filled in.
func curlLine(address string, facts map[string]any) string {
	line := "curl -X POST -H 'Content-Type: application/json' -d '{}'"
	if methods, ok := facts["methods"].([]any); ok && !slices.Contains(methods, any("POST")) && len(methods) > 0 {
		line = fmt.Sprintf("curl -X %v", methods[0])
	}
	v, _ := facts["verify"].(map[string]any)
	switch v["way"] {
	case "secret_header":
		line += " -H " + shellWord(fmt.Sprintf("%v: SECRET", v["header"]))
	case "basic":
		line += " -u " + shellWord(fmt.Sprintf("%v:SECRET", v["user"]))
	case "hmac":
		line += " -H " + shellWord(fmt.Sprintf("%v: SIGNATURE", v["header"]))
	}
	if strings.HasPrefix(address, "/") {
		address = "https://YOUR-SERVER" + address
	}
	return line + " " + shellWord(address)
}

// outcomeOf says what became of an event: its run, or why there is none.
func outcomeOf(d triggers.Decision) string {
	switch {
	case d.Run != "":
		return "run " + shortID(d.Run)
	case d.Error != nil:
		return source.OneLine(d.Error.Message)
	}
	return source.OneLine(d.Why)
}
