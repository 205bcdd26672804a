// How times and durations are written for people. All of it is pure: what the time is comes in as a value.

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** `3 minutes ago`, `in 2 hours`; older than a week: the date. */
export function ago(at: Date, now: Date): string {
  const away = at.getTime() - now.getTime()
  const size = Math.abs(away)
  if (size < 5 * second) return 'now'
  const told = (n: number, unit: string) => {
    const text = `${n} ${unit}${n === 1 ? '' : 's'}`
    return away < 0 ? `${text} ago` : `in ${text}`
  }
  if (size < minute) return told(Math.round(size / second), 'second')
  if (size < hour) return told(Math.round(size / minute), 'minute')
  if (size < day) return told(Math.round(size / hour), 'hour')
  if (size < 7 * day) return told(Math.round(size / day), 'day')
  return at.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: at.getFullYear() === now.getFullYear() ? undefined : 'numeric',
  })
}

/** The whole time with its zone: `Sun 22 Nov 2026, 17:30:05.123 GMT`. */
export function exactly(at: Date): string {
  return at.toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  })
}

/** Milliseconds as `12 ms`, `1.4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function lasting(ms: number): string {
  if (ms < 1) return '< 1 ms'
  if (ms < second) return `${Math.round(ms)} ms`
  if (ms < 10 * second) return `${(ms / second).toFixed(1)} s`
  const [large, small, size, part] = units(ms)
  const whole = Math.floor(ms / size)
  const rest = Math.floor((ms - whole * size) / part)
  return rest > 0 ? `${whole} ${large} ${rest} ${small}` : `${whole} ${large}`
}

function units(ms: number): [string, string, number, number] {
  if (ms < minute) return ['s', 'ms', second, Number.POSITIVE_INFINITY]
  if (ms < hour) return ['min', 's', minute, second]
  if (ms < day) return ['h', 'min', hour, minute]
  return ['d', 'h', day, hour]
}

/** How long something took, or has been going on. */
export function took(from: string | undefined | null, until: string | undefined | null, now: Date): string {
  if (!from) return ''
  return lasting((until ? new Date(until) : now).getTime() - new Date(from).getTime())
}
