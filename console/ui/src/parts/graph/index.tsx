import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { WorkflowGraphProps } from './Graph'
import { layoutWorker } from './worker'

export type { TaskState } from './flow'
export type { WorkflowGraphProps } from './Graph'
export type { Outline, OutlineTask, OutlineTransition } from './shape'

// Pages that show graphs begin with what draws them, while they still ask the server for what is drawn.
layoutWorker()
const graphPart = import('./Graph')
graphPart.catch(() => undefined) // it is told where the graph is shown

const Graph = lazy(async () => ({ default: (await graphPart).Graph }))

/** A workflow drawn, with the state of a run on it where there is one. It comes when the first graph is shown. */
export function WorkflowGraph(props: WorkflowGraphProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height} role="status" aria-label="The graph comes" />}>
      <Graph {...props} />
    </Suspense>
  )
}
