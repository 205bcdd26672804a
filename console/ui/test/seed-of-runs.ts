import { createServer, type Server, type ServerResponse } from 'node:http'

const byHand = `triggers:
  - name: by hand
    type: always_pass
    run_for: {this: true, all_managed: true}
    integrations: {halo: {use: default}}
`

/** Workflows of which runs go wrong, wait, and call others. */
export const workflowsOfRuns: Record<string, string> = {
  'workflows/service/note.yaml': `title: Write a note
inputs:
  ticket_id: {type: integer, default: 2045}
${byHand}tasks:
  note:
    action: halo.add_note
    with: {ticket_id: "\${{ inputs.ticket_id }}", note: Called back.}
    next: keep
  keep:
    action: core.set
    with: {values: "\${{ tasks.note.result.id }}"}
outputs: {number: "\${{ tasks.keep.result }}"}
`,
  'workflows/service/notes.yaml': `title: Write several notes
${byHand}tasks:
  notes:
    for_each: {items: [2045, 2123, 2046], as: ticket, concurrency: 1}
    action: halo.add_note
    with: {ticket_id: "\${{ ticket }}", note: Called back.}
`,
  'workflows/service/round.yaml': `title: Have a note written
${byHand}tasks:
  call:
    workflow: service/note
`,
  'workflows/service/duty.yaml': `title: Who is on duty
inputs:
  team: {type: string, default: 1st line}
  day: {type: string, required: true}
tasks:
  look:
    action: core.set
    with: {values: {team: "\${{ inputs.team }}", day: "\${{ inputs.day }}"}}
    next:
      - when: "inputs.team != 'nobody'"
        do: tell
      - when: "inputs.team == 'nobody'"
        do: stop
  tell:
    action: core.noop
  stop:
    action: core.fail
    with: {message: "Nobody is on duty on \${{ inputs.day }}."}
on_failure: service/alarm
`,
  'workflows/service/alarm.yaml': `title: What to do when a run has failed
inputs:
  failed_run: {type: any, required: true}
tasks:
  note:
    action: core.set
    with: {values: "\${{ inputs.failed_run.error.message }}"}
outputs: {text: "\${{ tasks.note.result }}"}
`,
  'workflows/service/look.yaml': `title: Look at tickets
${byHand}tasks:
  tickets:
    for_each: {items: [2045, 999999], as: ticket, on_error: continue}
    action: halo.get_ticket
    with: {ticket_id: "\${{ ticket }}"}
    next: count
  count:
    action: core.set
    with: {values: "\${{ tasks.tickets.result.filter(t, t.status == 'succeeded').map(t, t.result.id) }}"}
`,
  'workflows/service/newcomers.yaml': `title: Prepare for newcomers
tasks:
  prepare:
    workflow: onboarding/new-starter
    with: {name: Robin Hale}
`,
  'workflows/service/held.yaml': `title: Wait for an answer
inputs:
  server: {type: string, required: true}
tasks:
  hold:
    action: core.http_request
    with: {url: "\${{ inputs.server }}/hold"}
    next: after
  after:
    action: core.set
    with: {values: done}
`,
}

/** It reads a secret variable, so it does not check before there is that. */
export const askAround = `title: Ask around
inputs:
  server: {type: string, required: true}
${byHand}tasks:
  ask:
    action: core.http_request
    with:
      url: \${{ inputs.server }}/weather
      query: {key: "\${{ org.vars.weather_key }}"}
      headers: {X-Key: "\${{ org.vars.weather_key }}"}
    retry: {attempts: 3, delay: 10ms}
    next:
      - label: it answered
        publish: {weather: "\${{ result.body.weather }}"}
        do: tickets
  tickets:
    for_each: {items: [2045, 999999, 2123], as: ticket, on_error: continue}
    action: halo.get_ticket
    with: {ticket_id: "\${{ ticket }}"}
    next: lost
  lost:
    action: halo.get_ticket
    with: {ticket_id: 999999}
`

/** Another system, which answers when it is let. */
export interface Outside {
  url: string
  /** Waits until somebody waits for an answer. */
  asked(): Promise<void>
  answer(): void
  close(): Promise<void>
}

export async function openOutside(): Promise<Outside> {
  let calls = 0
  let waiting: ServerResponse | undefined
  let arrived = () => {}
  const server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://outside')
    if (pathname === '/hold') {
      waiting = response
      return arrived()
    }
    if (calls++ === 0) return response.writeHead(503).end('come again')
    const told = { weather: 'rain', key: searchParams.get('key'), header: request.headers['x-key'] }
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(told))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  return {
    url: `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}`,
    async asked() {
      if (!waiting) await new Promise<void>(resolve => (arrived = resolve))
    },
    answer() {
      waiting?.end('{}')
      waiting = undefined
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
