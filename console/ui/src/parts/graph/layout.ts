import ELK, { type ElkNode } from 'elkjs/lib/elk-api'
import { useEffect, useMemo, useState } from 'react'
import { shortened } from './chains'
import { elkOf, many } from './elk'
import { type Placed, placedOf } from './place'
import type { Shape } from './shape'
import { layoutWorker } from './worker'

let elk: InstanceType<typeof ELK> | undefined

function layout(graph: ElkNode): Promise<ElkNode> {
  elk ??= new ELK({ workerFactory: layoutWorker })
  return elk.layout(graph)
}

// It begins with something small, so that it is there when the first workflow is.
void layout({ id: 'root', children: [{ id: 'a', width: 1, height: 1 }] }).catch(() => undefined)

// Layouts run one at a time; of those that wait only the newest is done, since the others are of older texts.
let running: Promise<unknown> | null = null
let waiting: (() => void) | null = null

async function inTurn(graph: ElkNode): Promise<ElkNode | null> {
  waiting?.()
  waiting = null
  if (running) {
    const before = running
    const mine = await new Promise<boolean>(resolve => {
      waiting = () => resolve(false)
      void before.finally(() => resolve(true))
    })
    if (!mine) return null
    waiting = null
  }
  const work = layout(graph).finally(() => {
    if (running === work) running = null
  })
  running = work
  return work
}

const same = (done: ElkNode) => done

export interface Layout {
  shape: Shape
  placed: Placed
}

/** Where the shape's parts are; of what was shown before as long as the new one is worked out. */
export function useLayout(shape: Shape): { layout: Layout | null; error: unknown } {
  const graph = useMemo(() => elkOf(shape), [shape])
  const key = useMemo(() => JSON.stringify(graph), [graph])
  const [found, setFound] = useState<{ key: string; placed: Placed; shape: Shape } | null>(null)
  const [error, setError] = useState<unknown>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the graph and the shape
  useEffect(() => {
    let current = true
    const begun = performance.now()
    const { graph: drawn, expand } = shape.boxes.length > many ? shortened(graph) : { graph, expand: same }
    inTurn(drawn).then(
      done => {
        if (!current || !done) return
        setError(null)
        // Seen in the browser's own tools, and by the tests that hold it to its bound.
        performance.measure('gantry graph layout', { start: begun })
        setFound({ key, placed: placedOf(expand(done)), shape })
      },
      e => current && setError(e),
    )
    return () => {
      current = false
    }
  }, [key])
  const result = useMemo(
    // The same drawing with other lines of the file or titles needs no new layout.
    () => found && { placed: found.placed, shape: found.key === key ? shape : found.shape },
    [found, key, shape],
  )
  return { layout: result, error }
}
