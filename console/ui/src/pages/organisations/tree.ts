// The tree of organisations as the page shows it. Pure.
import type { Schemas } from '~/api/client'

export type Organisation = Schemas['Organisation']

export interface Branch {
  organisation: Organisation
  depth: number
  /** How many stand below it, at all depths. */
  below: number
  /** It is shown for those below it: it does not fit what is looked for itself. */
  onlyAbove: boolean
}

export interface Looking {
  search: string
  tags: string[]
  folded: ReadonlySet<string>
}

/** Those that are to be seen, in the server's order, in which each stands after the one above it. */
export function visible(all: Organisation[], { search, tags, folded }: Looking): Branch[] {
  const branches = measured(all)
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const narrowed = words.length > 0 || tags.length > 0
  if (!narrowed) return unfolded(branches, folded)
  const fits = ({ organisation: o }: Branch) =>
    words.every(w => o.name.toLowerCase().includes(w) || o.slug.includes(w)) &&
    tags.every(t => (o.tags ?? []).includes(t))
  const parents = new Map(all.map(o => [o.slug, o.parent]))
  const found = new Set(branches.filter(fits).map(b => b.organisation.slug))
  const above = new Set<string>()
  for (const slug of found)
    for (let at = parents.get(slug); at !== undefined && !above.has(at); at = parents.get(at)) above.add(at)
  return branches
    .filter(b => found.has(b.organisation.slug) || above.has(b.organisation.slug))
    .map(b => ({ ...b, onlyAbove: !found.has(b.organisation.slug) }))
}

function measured(all: Organisation[]): Branch[] {
  const bySlug = new Map<string, Branch>()
  const branches = all.map(organisation => {
    const parent = organisation.parent ? bySlug.get(organisation.parent) : undefined
    const branch = { organisation, depth: parent ? parent.depth + 1 : 0, below: 0, onlyAbove: false }
    bySlug.set(organisation.slug, branch)
    return branch
  })
  for (const { organisation } of branches)
    for (let up = bySlug.get(organisation.parent ?? ''); up; up = bySlug.get(up.organisation.parent ?? '')) up.below++
  return branches
}

function unfolded(branches: Branch[], folded: ReadonlySet<string>): Branch[] {
  const shown: Branch[] = []
  let hiddenBelow = Number.POSITIVE_INFINITY
  for (const b of branches) {
    if (b.depth > hiddenBelow) continue
    hiddenBelow = folded.has(b.organisation.slug) ? b.depth : Number.POSITIVE_INFINITY
    shown.push(b)
  }
  return shown
}

/** Those that can be folded: not the MSP, which would hide all. */
export function foldable(all: Organisation[]): Set<string> {
  const branches = measured(all)
  return new Set(branches.filter(b => b.below > 0 && b.depth > 0).map(b => b.organisation.slug))
}

/** What belongs to organisations, by their slugs. */
export function byOrganisation<T extends { organisation: string }>(all: T[] | null | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all ?? []) {
    const there = groups.get(one.organisation)
    if (there) there.push(one)
    else groups.set(one.organisation, [one])
  }
  return groups
}

/** All tags there are, by name. */
export function tagsOf(all: Organisation[]): string[] {
  return [...new Set(all.flatMap(o => o.tags ?? []))].sort((a, b) => a.localeCompare(b))
}

/** The way from the MSP down to an organisation, itself last. */
export function pathTo(all: Organisation[], slug: string): Organisation[] {
  const bySlug = new Map(all.map(o => [o.slug, o]))
  const path: Organisation[] = []
  for (let at = bySlug.get(slug); at && path.length < 32; at = bySlug.get(at.parent ?? '')) path.unshift(at)
  return path
}

/** About the slug that the server will make of a name, for a look ahead. */
export function slugOf(name: string): string {
  const letters: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'o', å: 'a' }
  return name
    .toLowerCase()
    .replace(/[äöüßæøå]/g, c => letters[c] ?? c)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
}
