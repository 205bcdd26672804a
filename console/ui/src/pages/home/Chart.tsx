import 'uplot/dist/uPlot.min.css'
import { Group, Text, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import type { Period } from './period'
import type { Bucket } from './RunsOverTime'
import { series, stacked } from './series'

const height = 220

/** Bars of runs over time. What it draws is in the table beside it as well. */
export function Chart({
  buckets,
  bucket,
  open,
}: {
  buckets: Bucket[]
  bucket: Period['bucket']
  open: (at: string) => void
}) {
  const { ref, width } = useElementSize()
  const scheme = useComputedColorScheme()
  const holder = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<number | null>(null)
  const opened = useRef(open)
  opened.current = open
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes what the colours' names stand for
  useEffect(() => {
    const target = holder.current
    if (!target || width < 50 || buckets.length === 0) return
    const plot = new uPlot(options(target, width, labels(buckets, bucket), setAt), dataOf(buckets), target)
    const click = () => {
      const b = buckets[plot.cursor.idx ?? -1]
      if (b) opened.current(b.at)
    }
    plot.over.addEventListener('click', click)
    return () => plot.destroy()
  }, [buckets, bucket, width, scheme])
  const shown = at === null ? null : buckets[at]
  return (
    <div ref={ref}>
      <div
        ref={holder}
        role="img"
        aria-label={`${buckets.reduce((n, b) => n + b.runs, 0)} runs in ${buckets.length} bars; the table has the figures`}
        style={{ height, cursor: 'pointer' }}
      />
      <Group gap="md" mt={4} justify="center">
        {series.map(s => (
          <Group key={s.key} gap={6}>
            <span style={{ width: 10, height: 10, borderRadius: 2, background: `var(--mantine-color-${s.color}-6)` }} />
            <Text size="xs">
              {s.label}
              {shown ? `: ${shown[s.key]}` : ''}
            </Text>
          </Group>
        ))}
      </Group>
    </div>
  )
}

function dataOf(buckets: Bucket[]): uPlot.AlignedData {
  // The tallest is drawn first, the others over it.
  const heights = stacked(series.map(s => buckets.map(b => b[s.key])))
  return [buckets.map((_, i) => i), ...heights.reverse()]
}

function options(
  target: HTMLElement,
  width: number,
  label: (tick: number) => string,
  point: (at: number | null) => void,
): uPlot.Options {
  const color = (name: string) => getComputedStyle(target).getPropertyValue(name).trim()
  const text = color('--g-quiet')
  const line = color('--g-line')
  const bars = uPlot.paths.bars?.({ size: [0.7, 60], radius: 0.08 })
  const axis = {
    stroke: text,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    font: '12px Inter, system-ui, sans-serif',
  }
  return {
    width,
    height,
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, min, max) => [min - 0.5, max + 0.5] },
      y: { range: (_, __, max) => [0, Math.max(5, max * 1.08)] },
    },
    axes: [
      { ...axis, grid: { show: false }, values: (_, ticks) => ticks.map(label) },
      {
        ...axis,
        size: 46,
        values: (_, ticks) => ticks.map(t => (Number.isInteger(t) ? t.toLocaleString('en-GB') : '')),
      },
    ],
    series: [
      {},
      ...[...series].reverse().map(s => ({
        label: s.label,
        fill: color(`--mantine-color-${s.color}-6`),
        stroke: color(`--mantine-color-${s.color}-6`),
        width: 0,
        paths: bars,
        points: { show: false },
      })),
    ],
    hooks: { setCursor: [u => point(u.cursor.idx ?? null)] },
  }
}

/** What stands below the bars: hours, days, or the first days of weeks. */
function labels(buckets: Bucket[], bucket: Period['bucket']): (tick: number) => string {
  const how: Intl.DateTimeFormatOptions =
    bucket === 'hour' ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' }
  return tick => {
    const b = buckets[tick]
    return b ? new Date(b.at).toLocaleString('en-GB', how) : ''
  }
}
