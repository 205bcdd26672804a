import { SegmentedControl } from '@mantine/core'
import type { ReactNode } from 'react'
import { Splitter } from './Splitter'

export type Pane = 'graph' | 'text' | 'found'

interface PanesProps {
  phone: boolean
  /** Which is shown where there is room for one. */
  pane: Pane
  onPane: (pane: Pane) => void
  graph: ReactNode
  text: ReactNode
  /** What the checker found; null: it is not asked. */
  found: ReactNode | null
  /** How much that is. */
  count: number
}

/** The graph and the text side by side, or one of them on a phone. */
export function Panes({ phone, pane, onPane, graph, text, found, count }: PanesProps) {
  if (!phone)
    return (
      <div className="g-panes">
        <Splitter left={graph} right={text} />
      </div>
    )
  return (
    <>
      <SegmentedControl
        fullWidth
        size="xs"
        value={pane}
        onChange={value => onPane(value as Pane)}
        aria-label="What is shown"
        data={[
          { value: 'graph', label: 'Graph' },
          { value: 'text', label: 'YAML' },
          ...(found ? [{ value: 'found', label: `Diagnostics (${count})` }] : []),
        ]}
      />
      <div className="g-panes">
        {pane === 'graph' && graph}
        {/* The editor stays, so that the other panes can go to a line of it. */}
        <div style={{ height: '100%', display: pane === 'text' ? undefined : 'none' }}>{text}</div>
        {pane === 'found' && <div className="g-pane">{found}</div>}
      </div>
    </>
  )
}
