import { Anchor } from '@mantine/core'
import { IconUserQuestion } from '@tabler/icons-react'
import { Link } from 'react-router'
import { Empty } from '~/parts/Empty'
import { Page } from '~/parts/Page'
import { useSession } from './session'

/** What stands in place of every page for those who may see nothing: what to do about it. */
export function NoRole() {
  const { me } = useSession()
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
