// The filters of the list of runs, as they stand in the address.

export const filterNames = [
  'workflow',
  'organisation',
  'status',
  'type',
  'when',
  'from',
  'to',
  'search',
  'all',
] as const
export type Filters = Record<(typeof filterNames)[number], string>

/** Spans of time that can be chosen by one press. */
export const spans = [
  { value: '1h', label: 'The last hour', ms: 3_600_000 },
  { value: '24h', label: 'The last 24 hours', ms: 86_400_000 },
  { value: '7d', label: 'The last 7 days', ms: 7 * 86_400_000 },
  { value: '30d', label: 'The last 30 days', ms: 30 * 86_400_000 },
  { value: 'own', label: 'From … until …', ms: 0 },
]

/** The types of triggers by which runs are started. */
export const triggerTypes = [
  { value: 'always_pass', label: 'By hand' },
  { value: 'schedule', label: 'Schedule' },
  { value: 'interval', label: 'Interval' },
  { value: 'webhook', label: 'Webhook' },
  { value: 'form', label: 'Form' },
  { value: 'poll', label: 'Poll' },
  { value: 'completion', label: 'Completion' },
]

export const none = Object.fromEntries(filterNames.map(name => [name, ''])) as Filters

export function filtersOf(params: URLSearchParams): Filters {
  return Object.fromEntries(filterNames.map(name => [name, params.get(name) ?? ''])) as Filters
}

/** Whether the list is not the whole list. */
export function narrowed(f: Filters): boolean {
  return filterNames.some(name => name !== 'all' && name !== 'from' && name !== 'to' && f[name] !== '')
}

/** What list-runs is asked for. Times that people write are those of their own clock. */
export function askedOf(f: Filters, now: number) {
  const span = spans.find(s => s.value === f.when && s.ms > 0)
  const own = f.when === 'own'
  return {
    workflow: f.workflow || undefined,
    organisation: f.organisation || undefined,
    status: f.status || undefined,
    trigger_type: f.type || undefined,
    search: f.search.trim() || undefined,
    all: f.all === 'yes' || undefined,
    since: span ? new Date(now - span.ms).toISOString() : own ? time(f.from) : undefined,
    until: own ? time(f.to) : undefined,
  }
}

function time(text: string): string | undefined {
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
