package workflow

import (
	"fmt"
	"testing"
)

// typicalWorkflow is what MSPs write: a webhook, ten tasks, two joins, a for_each, conditions, published
// values, a sub-workflow every now and then.
const typicalWorkflow = `title: Ticket triage %[1]d
description: Looks at a ticket and sends it on.
inputs:
  ticket_id: {type: integer, required: true}
  urgent: {type: boolean, default: false}
vars: {limit: %[1]d, prefix: "T${{ inputs.ticket_id }}"}
triggers:
  - name: new ticket
    type: webhook
    verify: none
    when: body.event == 'new ticket logged'
    inputs: {ticket_id: "${{ body.object_id }}"}
    run_for: {all_managed: true}
  - {name: nightly, type: schedule, cron: "0 3 * * *", inputs: {ticket_id: 5}}
tasks:
  get_ticket:
    action: halo.get_ticket
    with: {ticket_id: "${{ inputs.ticket_id }}"}
    retry: {attempts: 5, delay: 2s}
    follow: first
    next:
      - when: succeeded && result.?priority_id.orValue(0) == vars.limit
        publish: {team: Escalations, level: 1}
        do: [get_client, get_user]
      - when: succeeded
        publish: {team: "${{ org.vars.default_team }}", level: "${{ size(result.assets) }}"}
        do: [get_client, get_user]
      - when: failed && error.code == 'not_found'
        do: noop
      - when: failed
        do: tell_dispatch
  get_client:
    action: halo.list_clients
    with: {search: "${{ org.name }}"}
    next:
      - when: succeeded
        publish: {clients: "${{ result.map(c, c.name) }}"}
        do: assign
  get_user:
    action: desk.list_tickets
    with: {status: open, limit: 20}
    next:
      - when: succeeded && size(result) > 0
        publish: {first: "${{ result[0].summary }}"}
        do: assign
      - when: succeeded && size(result) == 0
        do: assign
  assign:
    action: halo.update_ticket
    with: {ticket_id: "${{ inputs.ticket_id }}", team: "${{ ctx.team }}", summary: "${{ vars.prefix }} ${{ ctx.?first.orValue('none') }}"}
    next: [note, tell_customer]
  note:
    for_each: {items: "${{ tasks.get_ticket.result.assets }}", as: asset, concurrency: 4, on_error: continue}
    action: halo.add_note
    with: {ticket_id: "${{ inputs.ticket_id }}", note: "Asset ${{ index }}: ${{ asset.?inventory_number.orValue('?') }}"}
    next: finish
  tell_customer:
    %[2]s
    next: finish
  finish:
    action: core.set
    with: {values: {done: true, level: "${{ ctx.level }}", notes: "${{ size(tasks.note.result) }}"}}
  tell_dispatch:
    action: desk.send_mail
    with: {to: dispatch@example.com, text: "Ticket ${{ inputs.ticket_id }}: ${{ tasks.get_ticket.error.message }}"}
outputs:
  team: ${{ ctx.?team.orValue('none') }}
  at: ${{ now }}
`

func typicalFiles(n int) []File {
	var files []File
	for i := range n {
		call := "action: desk.send_mail\n    with: {to: customer@example.com, text: \"We are on it: ${{ ctx.clients.join(', ') }}\"}"
		if i%5 == 0 && i > 0 {
			call = fmt.Sprintf("workflow: w%d\n    with: {ticket_id: \"${{ inputs.ticket_id }}\"}", i-1)
		}
		files = append(files, File{ID: fmt.Sprintf("w%d", i), Name: fmt.Sprintf("w%d.yaml", i), Text: fmt.Appendf(nil, typicalWorkflow, i, call)})
	}
	return files
}

// BenchmarkLoadAll: the bar is 2 s for 1,000 workflows on two cores.
func BenchmarkLoadAll(b *testing.B) {
	files, world := typicalFiles(1000), testWorld(b)
	for b.Loop() {
		if _, ds := LoadAll(files, world); ds.HasErrors() {
			b.Fatal(ds.Error())
		}
	}
}

func TestTypicalWorkflowsAreFine(t *testing.T) {
	if _, ds := LoadAll(typicalFiles(6), testWorld(t)); len(ds) > 0 {
		t.Fatal(ds)
	}
}
