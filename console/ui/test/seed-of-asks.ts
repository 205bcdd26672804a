/** Workflows that ask people in every way, a crate of the project's own, and an action that should not be used any more. */
export const asks: Record<string, string> = {
  'workflows/people/licence.yaml': `title: Buy a licence
timeout: 4d
inputs: {who: {type: string, default: Dana Reyes}}
tasks:
  ask:
    action: core.ask
    timeout: 2d
    with:
      question: "What does \${{ inputs.who }} get?"
      details: {Client: Northwind Dental, Price: 20.60 a month}
      who: {link: true}
      buttons:
        - {value: buy, label: Buy it, style: primary}
        - {value: leave, label: Leave it, skips_fields: true, style: danger}
      fields:
        order: {type: string, required: true, title: Purchase order}
        licence: {type: string, enum: [basic, premium], title: Licence}
        amount: {type: integer, default: 1, minimum: 1, maximum: 5, title: Amount}
        price: {type: number, title: Price}
        urgent: {type: boolean, default: false, title: Urgent}
        first_day: {type: string, format: date, title: First day}
        at: {type: string, format: date-time, title: Starts at}
        tags: {type: list of string, title: Tags}
        address: {type: object, fields: {city: {type: string, required: true}, zip: string}}
    next: order
  order: {action: core.noop}
outputs:
  given: \${{ tasks.ask.result }}
`,
  'workflows/people/short.yaml': `title: Ask for a moment
tasks:
  ask:
    action: core.ask
    timeout: 3s
    with: {question: Is anybody there?}
    next:
      - {when: timed_out, do: noop}
`,
  'workflows/people/for-vera.yaml': `title: Ask Vera
tasks:
  ask:
    action: core.ask
    with:
      question: Shall it go on?
      who: {users: [vera@example.com]}
outputs:
  by: \${{ tasks.ask.result.by }}
`,
  'workflows/people/each.yaml': `title: Ask for each
tasks:
  ask:
    for_each: {items: [laptop, phone], as: device}
    action: core.ask
    with: {question: "Order a \${{ device }}?"}
outputs:
  said: "\${{ tasks.ask.result.map(r, r.result.button) }}"
`,
  'crates/birthday/crate.yaml': `title: Birthday greetings
description: Greets people. An example of a crate.
version: 1.2.0
settings:
  wish:
    type: string
    title: Wish
    description: What is said.
    default: Many happy returns
  times: {type: integer, default: 1, minimum: 1, maximum: 3, description: How often.}
`,
  'crates/birthday/workflows/greet.yaml': `title: Greet somebody
inputs:
  wish: {type: string, required: true}
triggers:
  - name: every morning
    type: schedule
    enabled: false
    cron: 0 8 * * *
    inputs: {wish: Good morning}
tasks:
  greet: {action: core.set, with: {values: "\${{ inputs.wish }}!"}}
`,
  'actions/halo/old.yaml': `actions:
  list_agents_old:
    title: List Agents the Old Way
    description: Lists the agents as Halo did before.
    deprecated: use List Agents (halo.list_agents)
    effect: read
    request: {method: GET, path: /Agent}
`,
}
