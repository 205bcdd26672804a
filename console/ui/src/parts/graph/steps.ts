import type { Layout } from './layout'

/** The task that an arrow key leads to from a box: along the ways up and down, in the same row left and right. */
export function beside({ shape, placed }: Pick<Layout, 'shape' | 'placed'>, from: string, key: string): string | null {
  const tasks = new Set(shape.boxes.filter(b => b.kind === 'task').map(b => b.id))
  if (key === 'ArrowDown') return shape.ways.find(w => w.source === from && tasks.has(w.target))?.target ?? null
  if (key === 'ArrowUp') return shape.ways.find(w => w.target === from && tasks.has(w.source))?.source ?? null
  const way = { ArrowLeft: -1, ArrowRight: 1 }[key]
  const here = placed.boxes.get(from)
  if (!way || !here) return null
  let nearest: { id: string; away: number } | null = null
  for (const [id, at] of placed.boxes) {
    const away = (at.x - here.x) * way
    if (!tasks.has(id) || away <= 0 || Math.abs(at.y - here.y) > 60) continue
    if (!nearest || away < nearest.away) nearest = { id, away }
  }
  return nearest?.id ?? null
}
