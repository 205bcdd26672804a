import { ActionIcon, Menu } from '@mantine/core'
import { IconArrowsDiff, IconDots, IconPlayerPlay, IconRoute, IconTestPipe } from '@tabler/icons-react'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { usePlace } from '../place'
import type { Run } from '../run'
import type { Execution } from '../steps'
import { copyMocks } from './copyMocks'

interface MoreMenuProps {
  run: Run
  executions: Execution[]
  ended: boolean
}

/** What is done more seldom with a run. */
export function MoreMenu({ run, executions, ended }: MoreMenuProps) {
  const [, go] = usePlace()
  const organisation = encodeURIComponent(run.organisation)
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More about this run">
          <IconDots size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ended && (
          <Menu.Item
            leftSection={<IconArrowsDiff size={16} stroke={1.6} aria-hidden />}
            onClick={() => go({ tab: 'compare' })}
          >
            Compare with the last success
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconTestPipe size={16} stroke={1.6} aria-hidden />}
          onClick={() => void copyMocks(run.id, executions)}
        >
          Copy its tasks as mocks
        </Menu.Item>
        <Menu.Item
          component={Link}
          to={`${to.test(run.workflow)}?organisation=${organisation}`}
          leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
        >
          Test the workflow
        </Menu.Item>
        <Menu.Item
          component={Link}
          to={`/runs?workflow=${encodeURIComponent(run.workflow)}&organisation=${organisation}`}
          leftSection={<IconRoute size={16} stroke={1.6} aria-hidden />}
        >
          Its other runs for this organisation
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
