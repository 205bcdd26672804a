import { Button, Group, Stack, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { CodeView } from '~/parts/code'
import { Loaded } from '~/parts/Page'
import { excerpt } from './excerpt'
import type { Shown } from './shown'

/** A trigger as its workflow's file has it. */
export function TriggerText({ trigger: t }: { trigger: Shown }) {
  const workflow = query.useQuery('get', '/workflows/{workflow}', { params: { path: { workflow: t.workflow } } })
  return (
    <Stack gap="sm">
      <Group gap="sm" justify="space-between">
        <Text size="sm" className="g-quiet g-mono">
          {t.file}:{t.line}
        </Text>
        <Button
          renderRoot={props => <Link {...props} to={`${to.workflow(t.workflow)}?view=edit&line=${t.line}`} />}
          variant="default"
          size="xs"
          leftSection={<IconPencil size={14} aria-hidden />}
        >
          Open in the editor
        </Button>
      </Group>
      <Loaded of={workflow}>
        {w => {
          const at = w.outline?.triggers?.find(o => o.name === t.trigger)
          if (!w.text || !at)
            return (
              <Text size="sm" className="g-quiet">
                The file can be read by people of the MSP alone, since it may name its clients.
              </Text>
            )
          const text = excerpt(w.text, at.line, at.end_line)
          return (
            <Group gap="xs" align="start" wrap="nowrap">
              <div style={{ flex: 1, minWidth: 0 }}>
                <CodeView text={text} language="yaml" label={`The trigger ${t.trigger} as YAML`} />
              </div>
              <Copy text={text} label="Copy the YAML" />
            </Group>
          )
        }}
      </Loaded>
    </Stack>
  )
}
