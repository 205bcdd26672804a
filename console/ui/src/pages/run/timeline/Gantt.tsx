import { Paper, Stack, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { useNow } from '~/parts/When'
import { usePlace } from '../place'
import type { Run } from '../run'
import type { Execution } from '../steps'
import { Axis, NowLine } from './Axis'
import { GanttTools, zoomed } from './GanttTools'
import { extentOf, idlesOf, type Lane, lanesOf, millis, scaleOf, type Timeline, ticksOf } from './gantt'
import styles from './gantt.module.css'
import { LaneRow } from './LaneRow'
import { Legend } from './Legend'
import { useCursor } from './useCursor'
import { said } from './words'

interface GanttProps {
  run: Run
  timeline: Timeline
  executions: Execution[]
  /** It goes on: what is open ends with the present. */
  live: boolean
}

const rowHeight = 30
const still = new Date(0)

/** Attempts, waits and items as bars over time. Keys: up and down go through rows, left and right through bars, Enter opens. */
export function Gantt({ run, timeline, executions, live }: GanttProps) {
  const [, go] = usePlace()
  const clock = useNow()
  const now = live ? clock : still
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set())
  const [zoom, setZoom] = useState(1)
  const [short, setShort] = useState(true)
  const { ref: sized, width } = useElementSize()
  const scroll = useRef<HTMLDivElement>(null)
  const label = width < 560 ? 112 : 210
  const end = run.finished_at ? millis(run.finished_at) : now.getTime()
  const lanes = useMemo(() => lanesOf(timeline, end, unfolded, executions), [timeline, end, unfolded, executions])
  const begun = millis(run.started_at ?? run.created_at)
  const extent = useMemo(() => extentOf(lanes, begun, end), [lanes, begun, end])
  const idles = useMemo(() => idlesOf(lanes, extent), [lanes, extent])
  const scale = useMemo(() => scaleOf(extent, short ? idles : []), [extent, short, idles])
  const room = Math.max(160, (width - label - 24) * zoom)
  const ticks = useMemo(
    () => ticksOf(extent, scale.idles, Math.max(2, Math.floor(room / 110))),
    [extent, scale.idles, room],
  )
  const rows = useVirtualizer({
    count: lanes.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const fold = (l: Lane) =>
    setUnfolded(was => {
      const next = new Set(was)
      if (!next.delete(l.exec)) next.add(l.exec)
      return next
    })
  const open = (l: Lane) =>
    go({
      tab: '',
      task: l.task,
      instance: String(l.instance),
      item: l.item === undefined ? '' : String(l.item),
      part: '',
    })
  const { at, lane, bar, look, onKeyDown } = useCursor(lanes, {
    fold,
    open,
    zoom: closer => setZoom(z => zoomed(z, closer)),
    reach: index => rows.scrollToIndex(index),
  })
  return (
    <Stack gap="xs" ref={sized}>
      <GanttTools
        zoom={zoom}
        onZoom={setZoom}
        short={idles.length > 0 ? short : undefined}
        onShort={setShort}
        whole={extent[1] - extent[0]}
      />
      <Paper p={0} className={styles.frame}>
        <section
          ref={scroll}
          className={styles.scroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled and gone through by keys
          tabIndex={0}
          aria-label="Timeline: up and down go through the tasks, left and right through their bars, Enter opens one"
          aria-describedby="g-gantt-said"
          onKeyDown={onKeyDown}
          onMouseLeave={() => document.activeElement !== scroll.current && look(null)}
        >
          <div style={{ width: label + room + 24 }}>
            <Axis ticks={ticks} extent={extent} scale={scale} label={label} room={room} />
            <div className={styles.lanes} style={{ height: rows.getTotalSize() }}>
              {rows.getVirtualItems().map(v => {
                const l = lanes[v.index]
                if (!l) return null
                return (
                  <LaneRow
                    key={l.key}
                    lane={l}
                    top={v.start}
                    height={rowHeight}
                    label={label}
                    room={room}
                    scale={scale}
                    current={l.key === at?.lane ? at.bar : undefined}
                    onBar={i => look({ lane: l.key, bar: i })}
                    onFold={l.items === undefined ? undefined : () => fold(l)}
                    onOpen={() => open(l)}
                  />
                )
              })}
              {live && <NowLine x={label + scale.x(now.getTime()) * room} />}
            </div>
          </div>
        </section>
      </Paper>
      <Text id="g-gantt-said" size="sm" role="status" mih={22}>
        {lane && bar ? said(lane, bar, extent[0]) : 'Point at a bar, or go through them with the arrow keys.'}
      </Text>
      <Legend />
    </Stack>
  )
}
