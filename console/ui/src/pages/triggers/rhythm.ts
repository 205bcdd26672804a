// How often a trigger fires, in words. What cannot be said shortly is left to the cron expression itself.

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]
const named: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

/** `at 08:00, Monday to Friday`; undefined where there are no short words for it. */
export function cronInWords(cron: string): string | undefined {
  const fields = (named[cron.trim().toLowerCase()] ?? cron).trim().toLowerCase().split(/\s+/)
  const [minute, hour, day, month, weekday] = fields
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday) return undefined
  const time = timeOf(minute, hour)
  const when = daysOf(day, weekday)
  const within = month === '*' ? '' : entriesIn(month, monthOf)
  if (time === undefined || when === undefined || within === undefined) return undefined
  return [time, when, within && `in ${within}`].filter(Boolean).join(', ')
}

/** What a trigger says of its times, such as `every 15 min` or `at 08:00, Monday to Friday (Europe/London)`. */
export function rhythmInWords(of: { cron?: string; timezone?: string; every?: string }): string {
  if (of.cron) return `${cronInWords(of.cron) ?? of.cron}${of.timezone ? ` (${of.timezone})` : ' (UTC)'}`
  return of.every ? `every ${of.every}` : ''
}

const isNumber = (text: string) => /^\d+$/.test(text)
const two = (text: string | number) => String(text).padStart(2, '0')

function timeOf(minute: string, hour: string): string | undefined {
  const each = /^\*\/(\d+)$/.exec(minute)
  const span = /^(\d+)-(\d+)$/.exec(hour)
  if (minute === '*' && hour === '*') return 'every minute'
  if (each && hour === '*') return `every ${each[1]} minutes`
  if (each && span) return `every ${each[1]} minutes from ${two(span[1] ?? '')}:00 to ${two(span[2] ?? '')}:59`
  const minutes = minute.split(',')
  if (!minutes.every(isNumber)) return undefined
  const past = and(minutes.map(m => `:${two(m)}`))
  if (hour === '*') return minute === '0' ? 'every hour' : `at ${past} of every hour`
  const step = /^\*\/(\d+)$/.exec(hour)
  if (step) return `every ${step[1]} hours${minute === '0' ? '' : ` at ${past}`}`
  if (span && minutes.length === 1)
    return `every hour from ${two(span[1] ?? '')}${past} to ${two(span[2] ?? '')}${past}`
  const hours = hour.split(',')
  if (!hours.every(isNumber) || hours.length * minutes.length > 6) return undefined
  return `at ${and(hours.flatMap(h => minutes.map(m => `${two(h)}:${two(m)}`)))}`
}

function daysOf(day: string, weekday: string): string | undefined {
  const ofMonth = day === '*' ? '' : daysOfMonth(day)
  const ofWeek = weekday === '*' ? '' : entriesIn(weekday, weekdayOf)
  if (ofMonth === undefined || ofWeek === undefined) return undefined
  if (!ofMonth || !ofWeek) return ofMonth || ofWeek
  return day.startsWith('*') || weekday.startsWith('*') ? undefined : `${ofMonth} or ${ofWeek}`
}

function daysOfMonth(day: string): string | undefined {
  if (day === 'l') return 'on the last day of the month'
  if (day === 'lw') return 'on the last weekday of the month'
  const before = /^l-(\d+)$/.exec(day)
  if (before) return `${before[1]} days before the end of the month`
  const near = /^(\d+)w$/.exec(day)
  if (near) return `on the weekday nearest to the ${ordinal(Number(near[1]))}`
  const list = entriesIn(day, d => (isNumber(d) ? ordinal(Number(d)) : undefined))
  return list && `on the ${list} of the month`
}

// A list of single values and ranges.
function entriesIn(field: string, name: (one: string) => string | undefined): string | undefined {
  const told: string[] = []
  for (const part of field.split(',')) {
    const [from, until, ...more] = part.split('-')
    const first = name(from ?? '')
    const last = until === undefined ? '' : name(until)
    if (!first || last === undefined || more.length > 0) return undefined
    told.push(last ? `${first} to ${last}` : first)
  }
  return and(told)
}

function monthOf(text: string): string | undefined {
  return isNumber(text)
    ? months[Number(text) - 1]
    : months.find(m => m.toLowerCase().startsWith(text) && text.length === 3)
}

function weekdayOf(text: string): string | undefined {
  const nth = /^([a-z]+|\d)#(\d)$/.exec(text)
  if (nth) return prefixed(`the ${ordinal(Number(nth[2]))}`, nth[1] ?? '')
  const last = /^([a-z]{3}|\d)l$/.exec(text)
  if (last) return prefixed('the last', last[1] ?? '')
  return isNumber(text) ? days[Number(text)] : days.find(d => d.toLowerCase().startsWith(text) && text.length === 3)
}

function prefixed(before: string, day: string): string | undefined {
  const name = weekdayOf(day)
  return name && `${before} ${name}`
}

function ordinal(n: number): string {
  const end = n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${end}`
}

/** `a, b and c` */
export const and = (texts: string[]) => listed(texts, 'and')

/** `a, b or c` */
export function listed(texts: string[], last: 'and' | 'or'): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} ${last} ${texts.at(-1)}`
}
