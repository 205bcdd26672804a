import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { lookOf } from '~/parts/status'
import type { Bar, Lane, Scale } from './gantt'
import styles from './gantt.module.css'
import { nameOf } from './words'

interface LaneRowProps {
  lane: Lane
  top: number
  height: number
  label: number
  room: number
  scale: Scale
  /** The position of the bar that is looked at, where one of this lane is. */
  current?: number
  onBar: (index: number) => void
  onFold?: () => void
  onOpen: () => void
}

/** The bars of one execution, or of one item. */
export function LaneRow({ lane, top, height, label, room, scale, current, onBar, onFold, onOpen }: LaneRowProps) {
  const Chevron = lane.unfolded ? IconChevronDown : IconChevronRight
  return (
    <div
      className={styles.lane}
      data-current={current !== undefined || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <div className={styles.name} style={{ width: label, paddingLeft: lane.item === undefined ? 8 : 28 }}>
        {onFold && (
          <button
            type="button"
            className={styles.fold}
            tabIndex={-1}
            aria-label={lane.unfolded ? `Fold the items of ${lane.task}` : `Show the items of ${lane.task}`}
            aria-expanded={lane.unfolded}
            onClick={onFold}
          >
            <Chevron size={14} aria-hidden />
          </button>
        )}
        <button type="button" className={styles.open} tabIndex={-1} onClick={onOpen} title={nameOf(lane)}>
          {nameOf(lane)}
        </button>
      </div>
      {lane.bars.map((bar, i) => (
        <BarShape
          // biome-ignore lint/suspicious/noArrayIndexKey: bars stand in one order
          key={i}
          bar={bar}
          left={label + scale.x(bar.from) * room}
          width={(scale.x(bar.until) - scale.x(bar.from)) * room}
          current={i === current}
          onLook={() => onBar(i)}
          onOpen={onOpen}
        />
      ))}
    </div>
  )
}

interface BarShapeProps {
  bar: Bar
  left: number
  width: number
  current: boolean
  onLook: () => void
  onOpen: () => void
}

function BarShape({ bar, left, width, current, onLook, onOpen }: BarShapeProps) {
  const color = bar.wait ? 'violet' : lookOf(bar.kind).color
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the timeline hears the keys for all bars
    <span
      className={bar.wait ? styles.wait : styles.bar}
      data-current={current || undefined}
      data-open={bar.open || undefined}
      style={{ left, width: Math.max(bar.wait ? 1 : 4, width), ['--bar' as string]: `var(--mantine-color-${color}-6)` }}
      onMouseEnter={onLook}
      onClick={onOpen}
    />
  )
}
