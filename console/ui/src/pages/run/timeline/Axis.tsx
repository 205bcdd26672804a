import type { Scale } from './gantt'
import styles from './gantt.module.css'
import { fine } from './words'

interface AxisProps {
  ticks: number[]
  extent: [number, number]
  scale: Scale
  /** How wide the names of tasks are, in pixels. */
  label: number
  /** How wide the bars' part is. */
  room: number
}

/** The times above the bars, since the run began; and where long waits are drawn short. */
export function Axis({ ticks, extent, scale, label, room }: AxisProps) {
  return (
    <div className={styles.axis} aria-hidden>
      {ticks.map(t => (
        <span key={t} className={styles.tick} style={{ left: label + scale.x(t) * room }}>
          {t === extent[0] ? '0' : fine(t - extent[0])}
        </span>
      ))}
      {scale.idles.map(i => {
        const from = scale.x(i.from)
        return (
          <span
            key={i.from}
            className={styles.idle}
            style={{ left: label + from * room, width: (scale.x(i.until) - from) * room }}
            title={`${fine(i.until - i.from)} of waiting, drawn short`}
          >
            ⋯
          </span>
        )
      })}
    </div>
  )
}

/** Where the present is. */
export function NowLine({ x }: { x: number }) {
  return <div className={styles.now} style={{ left: x }} aria-hidden />
}
