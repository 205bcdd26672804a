// The periods that the first page can show.

export interface Period {
  id: string
  label: string
  bucket: 'hour' | 'day' | 'week'
  days: number
}

const week: Period = { id: '7d', label: '7 days', bucket: 'day', days: 7 }

export const periods: Period[] = [
  { id: '24h', label: '24 hours', bucket: 'hour', days: 1 },
  week,
  { id: '30d', label: '30 days', bucket: 'day', days: 30 },
  { id: '90d', label: '13 weeks', bucket: 'week', days: 91 },
]

export function periodOf(id: string): Period {
  return periods.find(p => p.id === id) ?? week
}

/** When a period began that ends now: at the beginning of an hour or a day, so that what was asked stays the same for a while. */
export function beginOf(p: Period, now: Date): Date {
  const at = new Date(now)
  if (p.bucket === 'hour') {
    at.setMinutes(0, 0, 0)
    at.setHours(at.getHours() - 23)
    return at
  }
  at.setHours(0, 0, 0, 0)
  at.setDate(at.getDate() - (p.days - 1))
  if (p.bucket === 'week') at.setDate(at.getDate() - ((at.getDay() + 6) % 7))
  return at
}

/** When the bucket ends that begins then. */
export function endOf(bucket: Period['bucket'], at: Date): Date {
  const end = new Date(at)
  if (bucket === 'hour') end.setHours(end.getHours() + 1)
  else end.setDate(end.getDate() + (bucket === 'day' ? 1 : 7))
  return end
}

/** Seconds of people's time as they say it: `45 min`, `12 h`, `1,240 h`. */
export function saved(seconds: number): string {
  if (seconds < 60) return seconds === 0 ? 'none' : `${seconds} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  const hours = seconds / 3600
  return hours < 10 ? `${hours.toFixed(1)} h` : `${Math.round(hours).toLocaleString('en-GB')} h`
}
