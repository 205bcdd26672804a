import { Alert } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import type { Role } from '~/app/session'
import { Page } from './Page'

/** In place of a page, for those who lack its role: what they lack. The server is not asked what it would refuse. */
export function NotForYou({ title, needs, over = '' }: { title: string; needs: Role; over?: string }) {
  return (
    <Page title={title}>
      <Alert color="gray" icon={<IconLock aria-hidden />} title={`This page needs the role ${needs}${over}.`}>
        An administrator can give it to you.
      </Alert>
    </Page>
  )
}
