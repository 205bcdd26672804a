import { ActionIcon, Button, Group, Paper, Stack, Switch, Text, Tooltip } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useNow } from '~/parts/When'
import { usePlace } from '../place'
import type { Run } from '../run'
import { Axis, NowLine } from './Axis'
import { type Bar, extentOf, idlesOf, type Lane, lanesOf, millis, scaleOf, type Timeline, ticksOf } from './gantt'
import styles from './gantt.module.css'
import { LaneRow } from './LaneRow'
import { Legend } from './Legend'
import { fine, said } from './words'

interface GanttProps {
  run: Run
  timeline: Timeline
  /** It goes on: what is open ends with the present. */
  live: boolean
}

const rowHeight = 30
const still = new Date(0)

/** Attempts, waits and items as bars over time. Keys: up and down go through rows, left and right through bars, Enter opens. */
export function Gantt({ run, timeline, live }: GanttProps) {
  const [, go] = usePlace()
  const clock = useNow()
  const now = live ? clock : still
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set())
  const [zoom, setZoom] = useState(1)
  const [short, setShort] = useState(true)
  const [at, setAt] = useState<{ lane: string; bar: number } | null>(null)
  const { ref: sized, width } = useElementSize()
  const scroll = useRef<HTMLDivElement>(null)
  const label = width < 560 ? 112 : 210
  const end = run.finished_at ? millis(run.finished_at) : now.getTime()
  const lanes = useMemo(() => lanesOf(timeline, end, unfolded), [timeline, end, unfolded])
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
  const index = Math.max(
    0,
    lanes.findIndex(l => l.key === at?.lane),
  )
  const lane = at ? lanes[index] : undefined

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
  const move = (by: number) => {
    const next = Math.min(lanes.length - 1, Math.max(0, (at ? index : -1) + by))
    const to = lanes[next]
    if (!to) return
    setAt({ lane: to.key, bar: 0 })
    rows.scrollToIndex(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    const bars = lane?.bars.length ?? 0
    const step = (by: number) =>
      lane && setAt({ lane: lane.key, bar: Math.min(bars - 1, Math.max(0, (at?.bar ?? 0) + by)) })
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'ArrowRight') lane?.items !== undefined && !lane.unfolded ? fold(lane) : step(1)
    else if (event.key === 'ArrowLeft') lane?.items !== undefined && lane.unfolded ? fold(lane) : step(-1)
    else if (event.key === 'Enter' && lane) open(lane)
    else if (event.key === '+' || event.key === '-') setZoom(z => zoomed(z, event.key === '+'))
    else return
    event.preventDefault()
  }
  const bar: Bar | undefined = lane?.bars[at?.bar ?? 0]
  return (
    <Stack gap="xs" ref={sized}>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Tooltip label="Closer">
            <ActionIcon variant="default" aria-label="Closer" onClick={() => setZoom(z => zoomed(z, true))}>
              <IconZoomIn size={16} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Further away">
            <ActionIcon
              variant="default"
              aria-label="Further away"
              disabled={zoom === 1}
              onClick={() => setZoom(z => zoomed(z, false))}
            >
              <IconZoomOut size={16} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Button size="compact-sm" variant="default" disabled={zoom === 1} onClick={() => setZoom(1)}>
            Fit
          </Button>
          {idles.length > 0 && (
            <Switch
              size="xs"
              label="Draw long waits short"
              checked={short}
              onChange={event => setShort(event.currentTarget.checked)}
            />
          )}
        </Group>
        <Text size="xs" className="g-quiet">
          {fine(extent[1] - extent[0])} in all
        </Text>
      </Group>
      <Paper p={0} className={styles.frame}>
        <section
          ref={scroll}
          className={styles.scroll}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled and gone through by keys
          tabIndex={0}
          aria-label="Timeline: up and down go through the tasks, left and right through their bars, Enter opens one"
          aria-describedby="g-gantt-said"
          onKeyDown={onKeyDown}
          onMouseLeave={() => document.activeElement !== scroll.current && setAt(null)}
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
                    onBar={i => setAt({ lane: l.key, bar: i })}
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

function zoomed(zoom: number, closer: boolean): number {
  return Math.min(64, Math.max(1, closer ? zoom * 1.6 : zoom / 1.6))
}
