import { stringify } from 'yaml'
import { switchOff } from './edit/triggers'
import { setIn } from './edit/values'

const part = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u

/** Why a workflow cannot have this id; null: it can. */
export function wrongId(id: string, others: string[]): string | null {
  if (others.includes(id)) return 'There is a workflow of this id.'
  if (/\.ya?ml$/.test(id)) return 'Leave .yaml out: it is added to the file.'
  if (!id.split('/').every(p => part.test(p))) {
    return 'Letters, digits, dots, - and _, with / between folders.'
  }
  return null
}

/** The text that a new workflow begins with: small, right, and told what it is made of. */
export function template(id: string, title: string): string {
  const name = title.trim() || (id.split('/').at(-1) ?? id).replace(/[-_]+/g, ' ')
  return `${stringify({ title: name }, { lineWidth: 0 }).trim()}
description: Greets whoever it is given. Write here what it is for.

# What a run is given. Read it as inputs.name.
inputs:
  name: {type: string, default: world, description: Who is greeted}

# What starts it. This one is started by hand.
triggers:
  - name: by hand
    type: always_pass
    run_for: {this: true, all_managed: true}

# The steps. Those that no other leads to come first; next says what follows.
tasks:
  greet:
    action: core.set
    with:
      values:
        text: "Hello \${{ inputs.name }}, from \${{ org.name }}"

outputs:
  text: \${{ tasks.greet.result.text }}
`
}

/** The text that a copy begins with: the same, under a title of its own, and with triggers that do not fire yet. */
export function copied(text: string, title: string): string {
  const off = switchOff(text)
  return title.trim() ? setIn(off, ['title'], title.trim()) : off
}
