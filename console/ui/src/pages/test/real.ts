import type { Outline } from '~/parts/graph'

// What of a test is real.

export interface Reality {
  /** Tasks that change something in another system. */
  writes: string[]
  /** Tasks that call other workflows: what those do does not stand in this one. */
  calls: string[]
  /** Tasks of which it is not known. */
  unknown: string[]
}

export function realityOf(outline: Outline | null | undefined): Reality {
  const tasks = (outline?.tasks ?? []).filter(t => !t.mocked)
  const names = (fits: (t: (typeof tasks)[number]) => boolean) => tasks.filter(fits).map(t => t.name)
  return {
    writes: names(t => t.effect === 'write' || t.effect === 'delete'),
    calls: names(t => Boolean(t.workflow)),
    unknown: names(t => !t.workflow && !t.effect),
  }
}

/** In a sentence, outside the sandbox. */
export function told({ writes, calls, unknown }: Reality): string {
  const parts = [
    writes.length > 0 ? `${list(writes)} ${writes.length === 1 ? 'writes' : 'write'} to the other systems` : '',
    calls.length > 0 ? `${list(calls)} ${calls.length === 1 ? 'calls' : 'call'} other workflows, which may write` : '',
    unknown.length > 0 ? `of ${list(unknown)} it is not known` : '',
  ].filter(Boolean)
  if (parts.length === 0) return 'It only reads: nothing is changed in other systems.'
  return `This is done for real: ${parts.join('; ')}.`
}

function list(names: string[]): string {
  const shown = names.slice(0, 6)
  const rest = names.length - shown.length
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`
  const last = shown.at(-1) ?? ''
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`
}
