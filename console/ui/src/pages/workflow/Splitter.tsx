import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'

const key = 'gantry.workflow.split'
const least = 20
const most = 80

function stored(): number {
  const value = Number(window.localStorage.getItem(key))
  return value >= least && value <= most ? value : 46
}

/** Two panes side by side, with a bar between them that can be moved, also by arrow keys. */
export function Splitter({ left, right }: { left: ReactNode; right: ReactNode }) {
  const [part, setPart] = useState(stored)
  const box = useRef<HTMLDivElement>(null)
  const set = (value: number) => {
    const next = Math.round(Math.min(most, Math.max(least, value)))
    setPart(next)
    window.localStorage.setItem(key, String(next))
  }
  const drag = (event: PointerEvent) => {
    const room = box.current?.getBoundingClientRect()
    if (room && event.currentTarget.hasPointerCapture(event.pointerId)) {
      set(((event.clientX - room.left) / room.width) * 100)
    }
  }
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -4, ArrowRight: 4, Home: -100, End: 100 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    set(part + by)
  }
  return (
    <div className="g-split" ref={box}>
      <div style={{ width: `calc(${part}% - 5px)` }}>{left}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved */}
      <div
        className="g-split-bar"
        role="separator"
        aria-orientation="vertical"
        aria-label="How wide the graph is"
        aria-valuenow={part}
        aria-valuemin={least}
        aria-valuemax={most}
        tabIndex={0}
        onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={step}
      />
      <div style={{ width: `calc(${100 - part}% - 5px)` }}>{right}</div>
    </div>
  )
}
