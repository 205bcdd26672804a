import { Button } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'
import { Empty } from '~/parts/Empty'
import { Page } from '~/parts/Page'

export function NotFound() {
  const { pathname } = useLocation()
  return (
    <Page title="There is nothing here">
      <Empty
        icon={IconMapOff}
        title={`No page is at ${pathname}`}
        actions={
          <Button component={Link} to="/">
            To the first page
          </Button>
        }
      >
        The link may be wrong, or what it led to was removed.
      </Empty>
    </Page>
  )
}
