import type { APIRequestContext } from 'playwright-core'

/** Workflows of an invented MSP, beside the examples: some of them fail, and some wait. */
export const workflows: Record<string, string> = {
  'workflows/triage/new-ticket.yaml': `title: Triage a new ticket
description: Looks at a new Halo ticket, decides who takes it, and writes that into a note.
tags: [halo, service desk]
time_saved: 5m
inputs:
  ticket_id: {type: integer, required: true, description: Halo ticket number}
triggers:
  - name: new ticket
    type: webhook
    verify: none
    when: body.event == 'new ticket logged'
    inputs: {ticket_id: "\${{ body.object_id }}"}
    run_for: {all_managed: true}
    integrations: {halo: {use: default, fallback: fail_run}}
  - name: by hand
    type: always_pass
    run_for: {this: true, all_managed: true}
    integrations: {halo: {use: default}}
tasks:
  get_ticket:
    action: halo.get_ticket
    with: {ticket_id: "\${{ inputs.ticket_id }}"}
    retry: {attempts: 2, delay: 1s}
    next:
      - when: succeeded
        label: found
        publish: {summary: "\${{ result.summary }}"}
        do: [note, count]
      - when: failed
        do: tell
  note:
    action: core.set
    with: {values: {text: "Ticket \${{ inputs.ticket_id }}: \${{ ctx.summary }}"}}
    next: done
  count:
    for_each: {items: [1, 2, 3], as: step}
    action: core.delay
    with: {duration: 40ms}
    next: done
  done:
    join: all
    action: core.noop
  tell:
    action: core.fail
    with: {message: "There is no ticket \${{ inputs.ticket_id }}"}
outputs:
  summary: \${{ ctx.?summary.orValue('') }}
`,
  'workflows/onboarding/new-starter.yaml': `title: Onboard a new starter
description: Asks for a licence, then makes the account.
tags: [people]
time_saved: 45m
inputs:
  name: {type: string, required: true, description: Whose first day it is}
tasks:
  ask:
    action: core.ask
    timeout: 2d
    with:
      question: "Which licence does \${{ inputs.name }} get?"
      buttons: [Business Basic, Business Premium]
    next: make
  make:
    action: core.set
    with: {values: {name: "\${{ inputs.name }}", licence: "\${{ tasks.ask.result.button }}"}}
`,
}

/** Calls the API with the session of a page. */
export async function call(
  request: APIRequestContext,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  data?: unknown,
) {
  const answer = await request.fetch(`/api/v1${path}`, { method, ...(data === undefined ? {} : { data }) })
  const text = await answer.text()
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${text}`)
  return text ? JSON.parse(text) : undefined
}

/** Starts a run, and waits until it has ended or waits for somebody. */
export async function run(
  request: APIRequestContext,
  workflow: string,
  organisation: string,
  inputs: object = {},
): Promise<string> {
  const { id } = await call(request, 'POST', '/runs', { workflow, organisation, inputs })
  for (;;) {
    const { status } = await call(request, 'GET', `/runs/${id}?results=none`)
    if (!['queued', 'running'].includes(status)) return id
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
