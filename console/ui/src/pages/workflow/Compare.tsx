import { Button, Group, Select, Title } from '@mantine/core'
import { useEffect, useMemo, useRef } from 'react'
import { DiffView } from '~/parts/code'
import { Problem } from '~/parts/Problem'
import type { Stored } from './document'
import { useText } from './useText'
import type { Version } from './Versions'

interface CompareProps {
  workflow: string
  versions: Version[]
  stored: Stored
  /** The number of a version, or now for the file as it lies. */
  older: string
  newer: string
  choose: (older: string | null, newer: string | null) => void
}

const nameOf = (which: string) => (which === 'now' ? 'the file now' : `version ${which}`)

/** What differs between two versions, or between one and the file. */
export function Compare({ workflow, versions, stored, older, newer, choose }: CompareProps) {
  const box = useRef<HTMLElement>(null)
  const names = useMemo(() => {
    const known = ['now', ...versions.filter(v => v.version).map(v => String(v.number))]
    const others = [older, newer].filter(which => !known.includes(which)) // further down than the list is shown
    return [...known, ...others].map(value => ({ value, label: nameOf(value) }))
  }, [versions, older, newer])
  const before = useText(workflow, older, stored)
  const after = useText(workflow, newer, stored)
  // It was asked for in a row that may be far below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time something else is asked for
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [older, newer])
  const choice = { data: names, allowDeselect: false, size: 'xs' } as const
  return (
    <section aria-labelledby="g-compare" ref={box} style={{ scrollMarginTop: 80 }}>
      <Group mb="xs" align="flex-end">
        <Title order={2} size="h4" id="g-compare" mr="auto">
          What differs
        </Title>
        <Select {...choice} label="From" value={older} onChange={v => choose(v, newer)} />
        <Select {...choice} label="To" value={newer} onChange={v => choose(older, v)} />
        <Button size="xs" variant="subtle" onClick={() => choose(null, null)}>
          Close
        </Button>
      </Group>
      <Problem error={before.error ?? after.error} />
      {before.text !== undefined && after.text !== undefined && (
        <DiffView
          before={before.text}
          after={after.text}
          language="yaml"
          label="What differs"
          titles={[nameOf(older), nameOf(newer)]}
          maxHeight={560}
        />
      )}
    </section>
  )
}
