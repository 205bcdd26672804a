import { Alert, Anchor, Group, Stack, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { CodeView } from '~/parts/code'
import { Loaded } from '~/parts/Page'
import type { RunText } from './asked'

/** The workflow's text as the run used it. */
export function TextTab({ of }: { of: UseQueryResult<RunText | null> }) {
  if (of.data && !of.data.text)
    return (
      <Alert color="gray" icon={<IconLock aria-hidden />} title="Only people of the MSP can read the text.">
        A workflow's text may name other organisations.
      </Alert>
    )
  return (
    <Loaded of={of}>
      {told =>
        told?.text && (
          <Stack gap="xs">
            <Group gap="xs">
              <Text size="sm" className="g-quiet">
                Version {told.version}, as this run used it.{' '}
                <Anchor component={Link} to={to.workflow(told.workflow)} size="sm" underline="always">
                  The workflow as it is now
                </Anchor>
              </Text>
              <Copy text={told.text} label="Copy the text" />
            </Group>
            <CodeView text={told.text} language="yaml" label="The workflow's text" maxHeight={720} />
          </Stack>
        )
      }
    </Loaded>
  )
}
