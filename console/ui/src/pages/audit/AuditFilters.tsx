import { Select, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { spans } from '~/pages/runs/filters'
import { useAddress } from '~/parts/address'
import { OrganisationPicker } from '~/parts/OrganisationPicker'

/** What the audit log is narrowed by, as it stands in the address. */
export interface Filters {
  user: string
  operation: string
  organisation: string
  outcome: string
  when: string
}

type Change = { [F in keyof Filters]: (value: string | null) => void }

export function useFilters(): [Filters, Change] {
  const [user, setUser] = useAddress('user')
  const [operation, setOperation] = useAddress('operation')
  const [organisation, setOrganisation] = useAddress('organisation')
  const [outcome, setOutcome] = useAddress('outcome')
  const [when, setWhen] = useAddress('when')
  const filters = useMemo(
    () => ({ user, operation, organisation, outcome, when }),
    [user, operation, organisation, outcome, when],
  )
  const change = {
    ...{ user: setUser, operation: setOperation, organisation: setOrganisation },
    ...{ outcome: setOutcome, when: setWhen },
  }
  return [filters, change]
}

// Spans end now; who looks for a time long ago turns pages.
const times = spans.filter(s => s.ms > 0)

/** What the server is asked for. A span begins when it is chosen, so that pages of it follow on each other. */
export function useAsked({ user, operation, organisation, outcome, when }: Filters) {
  const from = useMemo(() => {
    const span = times.find(s => s.value === when)
    return span && new Date(Date.now() - span.ms).toISOString()
  }, [when])
  return {
    user: user.trim() || undefined,
    operation: operation.trim() || undefined,
    organisation: organisation || undefined,
    outcome: (outcome || undefined) as 'done' | undefined,
    from,
  }
}

export function AuditFilters({ filters, change }: { filters: Filters; change: Change }) {
  return (
    <search className="g-filters">
      <TextInput
        label="Who"
        placeholder="login"
        value={filters.user}
        onChange={e => change.user(e.currentTarget.value)}
        w={200}
      />
      <TextInput
        label="What"
        placeholder="such as publish-workflow"
        value={filters.operation}
        onChange={e => change.operation(e.currentTarget.value)}
        w={220}
      />
      <OrganisationPicker
        label="Organisation"
        none="all"
        value={filters.organisation}
        onChange={change.organisation}
        w={220}
      />
      <Select
        label="How it ended"
        placeholder="all"
        clearable
        data={['done', 'refused', 'failed']}
        value={filters.outcome || null}
        onChange={change.outcome}
        w={140}
      />
      <Select
        label="When"
        placeholder="any time"
        clearable
        data={times.map(({ value, label }) => ({ value, label }))}
        value={filters.when || null}
        onChange={change.when}
        w={180}
      />
    </search>
  )
}
