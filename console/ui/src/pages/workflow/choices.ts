import type { Schemas } from '~/api/client'

/** What a new task can call. */
export interface Choice {
  kind: 'action' | 'workflow'
  id: string
  title: string
  description: string
  effect?: string
  deprecated?: string
}

/** All that there is: actions, then the other workflows. */
export function choicesOf(actions: Schemas['Action'][], workflows: Schemas['Workflow'][], but: string): Choice[] {
  return [
    ...actions.map(({ id, title, description, effect, deprecated }): Choice => {
      return { kind: 'action', id, title, description, effect, deprecated }
    }),
    ...workflows
      .filter(w => w.id !== but && !w.draft_only)
      .map(({ id, title, description }): Choice => {
        return { kind: 'workflow', id, title: title || id, description: description ?? '' }
      }),
  ]
}

/** Those in which every word stands; in the name before in the description, what is not for new tasks last. */
export function fitting(choices: Choice[], typed: string): Choice[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const ranked = choices.flatMap(choice => {
    const name = `${choice.id} ${choice.title}`.toLowerCase().replace(/[._/-]/g, ' ')
    const exact = choice.id.toLowerCase()
    const all = `${name} ${exact} ${choice.description.toLowerCase()}`
    if (!words.every(w => all.includes(w))) return []
    const inName = words.filter(w => name.includes(w) || exact.includes(w)).length
    return [{ choice, rank: inName - (choice.deprecated ? 100 : 0) }]
  })
  return ranked.sort((a, b) => b.rank - a.rank).map(r => r.choice)
}
