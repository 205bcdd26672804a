import { Paper, Text } from '@mantine/core'
import { useState } from 'react'
import { Windowed } from '~/parts/Windowed'
import { MappingLine } from './MappingLine'
import type { MappingRow } from './mapping'
import classes from './mapping.module.css'
import type { Mapping } from './useMapping'

interface LinesProps {
  title: string
  shown: MappingRow[]
  mapping: Mapping
  may: boolean
}

/** The rows of the table; what one of them is can be picked. */
export function MappingLines({ title, shown, mapping, may }: LinesProps) {
  const [picking, setPicking] = useState<string | null>(null)
  const { entities, taken, choose, problems } = mapping
  const line = (row: MappingRow) => (
    <MappingLine
      row={row}
      entities={entities}
      taken={taken}
      picking={picking === row.slug}
      pick={setPicking}
      choose={choose}
      problem={problems.get(row.slug)}
      may={may}
    />
  )
  return (
    <Paper p={0} style={{ overflow: 'hidden' }}>
      <div className={classes.head} aria-hidden>
        <span>Organisation</span>
        <span>In {title}</span>
        <span />
      </div>
      {shown.length > 0 ? (
        <Windowed
          label={`Organisations and what they are in ${title}`}
          rows={shown}
          id={r => r.slug}
          row={line}
          estimate={41}
          maxHeight="max(320px, calc(100dvh - 330px))"
        />
      ) : (
        <Text size="sm" className="g-quiet" p="md">
          Nothing fits what is looked for.
        </Text>
      )}
    </Paper>
  )
}
