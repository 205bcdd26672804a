import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { useNow, When } from '~/parts/When'
import { usePlace } from '../place'
import { ErrorBox } from './ErrorBox'
import type { Item } from './items'
import { SubRun } from './TaskHead'

/** Which item of a for_each is looked at, and how it stands. */
export function ItemHead({ position, item }: { position: number; item?: Item }) {
  const [, go] = usePlace()
  const now = useNow()
  return (
    <Stack gap="xs">
      <Group gap="2px 12px">
        <Title order={3}>Item {position}</Title>
        {item && <Status status={item.status} />}
        {item && (
          <Text size="xs" className="g-quiet" component="span">
            <When at={item.startedAt} size="xs" /> · {item.finishedAt ? 'lasted' : 'for'}{' '}
            {took(item.startedAt, item.finishedAt, now)}
          </Text>
        )}
        {item && item.attempts > 1 && (
          <Text size="xs" className="g-quiet">
            {item.attempts} attempts
          </Text>
        )}
        {item?.run && <SubRun id={item.run} />}
        <Anchor component="button" type="button" size="sm" onClick={() => go({ item: '', part: 'items' })}>
          All items
        </Anchor>
      </Group>
      {item?.error && <ErrorBox error={item.error} />}
    </Stack>
  )
}
