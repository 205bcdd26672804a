import { Anchor, Highlight, Text } from '@mantine/core'
import { type Column, List } from '~/parts/List'
import { usePlace } from '../place'
import styles from '../run.module.css'
import { goal, type Match, whose } from './found'

/** The places at which a text stands; each leads there. */
export function FoundList({ matches, sought }: { matches: Match[]; sought: string }) {
  const [, go] = usePlace()
  const columns: Column<Numbered>[] = [
    {
      label: 'Of',
      width: '22%',
      cell: m => (
        <Anchor component="button" type="button" size="sm" ta="left" onClick={() => go(goal(m), true)}>
          {whose(m)}
        </Anchor>
      ),
    },
    { label: 'In', width: 120, cell: m => <Text size="sm">{m.in}</Text> },
    {
      label: 'Where',
      width: '26%',
      cell: m => (
        <Highlight size="sm" component="span" className={`g-mono ${styles.anywhere}`} highlight={sought}>
          {m.path}
        </Highlight>
      ),
    },
    {
      label: 'What stands there',
      cell: m => (
        <Highlight size="sm" component="span" className={styles.anywhere} highlight={sought}>
          {m.text}
        </Highlight>
      ),
    },
  ]
  const rows = matches.map((m, i) => ({ ...m, key: String(i) }))
  return <List label="Where it stands" rows={rows} columns={columns} id={m => m.key} />
}

type Numbered = Match & { key: string }
