import type { Schemas } from '~/api/client'

export type Workflow = Schemas['Workflow']

/** A folder as it lies on disk: its workflows and the folders in it, each in alphabetical order. */
export interface Folder {
  /** "" for the top one. */
  path: string
  name: string
  folders: Folder[]
  workflows: Workflow[]
}

/** Puts workflows into folders by their ids. */
export function foldersOf(workflows: Workflow[]): Folder {
  const top: Folder = { path: '', name: '', folders: [], workflows: [] }
  const known = new Map<string, Folder>([['', top]])
  const folder = (path: string): Folder => {
    const there = known.get(path)
    if (there) return there
    const cut = path.lastIndexOf('/')
    const made: Folder = { path, name: path.slice(cut + 1), folders: [], workflows: [] }
    known.set(path, made)
    folder(path.slice(0, Math.max(cut, 0))).folders.push(made)
    return made
  }
  for (const w of [...workflows].sort((a, b) => a.id.localeCompare(b.id))) {
    const cut = w.id.lastIndexOf('/')
    folder(w.id.slice(0, Math.max(cut, 0))).workflows.push(w)
  }
  return top
}

export interface Filter {
  search: string
  tag: string
  /** "" all, broken, drafts, failed (its last run), triggered (it has a trigger that is on). */
  only: string
}

/** Tells whether a workflow is looked for. */
export function fits(w: Workflow, f: Filter): boolean {
  const text = `${w.id} ${w.title ?? ''} ${w.description ?? ''} ${(w.tags ?? []).join(' ')}`.toLowerCase()
  if (
    !f.search
      .toLowerCase()
      .split(/\s+/)
      .every(word => text.includes(word))
  )
    return false
  if (f.tag && !w.tags?.includes(f.tag)) return false
  switch (f.only) {
    case 'broken':
      return w.broken !== undefined
    case 'drafts':
      return w.draft !== undefined
    case 'failed':
      return ['failed', 'timed_out'].includes(w.last_run?.status ?? '')
    case 'triggered':
      return (w.triggers ?? []).some(t => t.enabled)
    default:
      return true
  }
}

/** All tags, in alphabetical order. */
export function tagsOf(workflows: Workflow[]): string[] {
  return [...new Set(workflows.flatMap(w => w.tags ?? []))].sort()
}
