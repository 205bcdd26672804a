import { Group, Text } from '@mantine/core'
import styles from './gantt.module.css'

const shown = [
  { label: 'succeeded', color: 'green', wait: false },
  { label: 'failed', color: 'red', wait: false },
  { label: 'at work', color: 'blue', wait: false },
  { label: 'outcome unknown or timed out', color: 'orange', wait: false },
  { label: 'waits', color: 'violet', wait: true },
]

/** What the colours and shapes of the bars mean. */
export function Legend() {
  return (
    <Group gap="2px 16px">
      {shown.map(s => (
        <Group key={s.label} gap={6} wrap="nowrap">
          <span
            className={s.wait ? styles.waitSample : styles.barSample}
            style={{ ['--bar' as string]: `var(--mantine-color-${s.color}-6)` }}
          />
          <Text size="xs" className="g-quiet">
            {s.label}
          </Text>
        </Group>
      ))}
    </Group>
  )
}
