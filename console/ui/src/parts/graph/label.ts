import type { OutlineTransition } from './shape'

const longest = 30

/** What stands at a transition: its label, its condition in short, or when it is taken. */
export function labelOf({ label, when, kind }: Pick<OutlineTransition, 'label' | 'when' | 'kind'>): string {
  if (label) return cut(label)
  const condition = bare(when ?? '')
  if (condition === '' || ['succeeded', 'failed', 'true'].includes(condition)) return plain(kind)
  return cut(condition.replace(/^succeeded\s*&&\s*/, ''))
}

function plain(kind: OutlineTransition['kind']): string {
  return kind === 'condition' ? 'sometimes' : kind
}

/** A condition without the braces around it, on one line. */
export function bare(when: string): string {
  const inside = /^\$\{\{([\s\S]*)\}\}$/.exec(when.trim())
  return (inside?.[1] ?? when).trim().replace(/\s+/g, ' ')
}

function cut(text: string): string {
  const characters = [...text]
  return characters.length > longest
    ? `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
    : text
}
