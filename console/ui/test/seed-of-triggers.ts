/** A trigger of each type, for whom and verified in each way, and workflows with every type of input. */
export const triggers: Record<string, string> = {
  'workflows/hooks/order.yaml': `title: Take an order of the portal
inputs:
  number: {type: integer, default: 0}
triggers:
  - name: keyed
    type: webhook
    verify: {secret_header: {header: X-Portal-Key, secret: portal_password}}
    when: body.kind == 'order'
    inputs: {number: "\${{ body.number }}"}
    run_for: {this: true, all_managed: true}
  - name: basic
    type: webhook
    verify: {basic: {user: portal, secret: portal_password}}
  - name: signed
    type: webhook
    verify: {hmac: {header: X-Signature, prefix: "sha256=", secret: portal_password}}
  - name: with the time
    type: webhook
    verify: {stripe: {secret: portal_password}}
  - name: standard
    type: webhook
    verify: {standard: {secret: whsec_key}}
  - name: open
    type: webhook
    verify: none
tasks:
  look: {action: core.noop}
outputs:
  number: \${{ inputs.number }}
`,
  'workflows/clock/report.yaml': `title: The daily report
inputs:
  day: {type: string, default: ''}
triggers:
  - name: every morning
    type: schedule
    cron: 0 8 * * mon-fri
    timezone: Europe/London
    run_for: {all_managed: true}
    inputs: {day: "\${{ due }}"}
  - name: often
    type: interval
    every: 15m
  - name: not yet
    type: schedule
    enabled: false
    cron: 0 3 * * *
  - name: new tickets
    type: poll
    poll: halo.new_ticket
    every: 5s
    integrations: {halo: {use: default}}
  - name: after an order
    type: completion
    workflow: hooks/order
    run_for: {this: true, all_managed: true}
    inputs: {day: "\${{ string(completed.outputs.number) }}"}
tasks:
  look: {action: core.noop}
outputs:
  day: \${{ inputs.day }}
`,
  'workflows/people/starter.yaml': `title: A new starter
inputs:
  name: {type: string, default: nobody}
  devices: {type: integer, default: 9}
triggers:
  - name: starter form
    type: form
    fields:
      name: {type: string, required: true, title: Whose first day it is}
      licence: {type: string, enum: [basic, premium], default: basic, title: Licence}
      devices: {type: integer, minimum: 1, maximum: 5, default: 2, title: Devices}
      remote: {type: boolean, default: false, title: Works from home}
    run_for: {this: true, all_managed: true}
  - name: by hand
    type: always_pass
    run_for: {this: true, all_managed: true}
    inputs: {devices: 4}
tasks:
  look: {action: core.noop}
outputs:
  said: "\${{ inputs.name + ' ' + string(inputs.devices) }}"
`,
  'workflows/people/everything.yaml': `title: Every type of input
inputs:
  name: {type: string, required: true, description: A text that is needed.}
  licence: {type: string, enum: [basic, premium], default: basic}
  count: {type: integer, minimum: 1, maximum: 5, default: 2}
  price: {type: number}
  active: {type: boolean, default: true}
  maybe: {type: boolean}
  words: {type: list of string}
  numbers: {type: list of integer}
  day: {type: string, format: date}
  at: {type: string, format: date-time}
  wait: {type: string, format: duration}
  address: {type: object, fields: {city: {type: string, required: true}, zip: string}}
  rows: {type: list, items: {type: object, fields: {id: {type: integer, required: true}, note: string}}}
  extra: {type: map}
tasks:
  keep: {action: core.set, with: {values: "\${{ inputs }}"}, next: rest}
  rest: {action: core.delay, with: {duration: 1s}}
outputs:
  given: \${{ tasks.keep.result }}
`,
  'workflows/tickets/close.yaml': `title: Close a ticket
inputs:
  ticket_id: {type: integer, required: true}
tasks:
  read: {action: halo.get_ticket, with: {ticket_id: "\${{ inputs.ticket_id }}"}, next: note}
  note: {action: halo.add_note, with: {ticket_id: "\${{ inputs.ticket_id }}", note: Closed.}}
`,
}
