import { Anchor } from '@mantine/core'
import { IconUserQuestion } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'react-router'
import { Empty } from '~/parts/Empty'
import { Page } from '~/parts/Page'
import { useSession } from './session'

/** Shows pages to those who have a role, and to the others what to do about it; everybody has an account of their own. */
export function WithRole({ children }: { children: ReactNode }) {
  const { me, mayAnywhere } = useSession()
  const { pathname } = useLocation()
  if (mayAnywhere('viewer') || pathname === '/me') return children
  return (
    <Page title="Welcome to Gantry">
      <Empty icon={IconUserQuestion} title="You have no role yet">
        {me.name} may sign in, and see nothing so far. Ask an administrator for a role over the MSP or over an
        organisation: it counts at once. Your password is changed under{' '}
        <Anchor component={Link} to="/me" underline="always">
          your account
        </Anchor>
        .
      </Empty>
    </Page>
  )
}
