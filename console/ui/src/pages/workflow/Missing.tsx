import { Anchor } from '@mantine/core'
import { IconRoute } from '@tabler/icons-react'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Coming, Page } from '~/parts/Page'
import { sentence } from '~/parts/Problem'
import type { Stored } from './document'
import { useVersions, Versions } from './Versions'

/** What there is no file of: where it went, and the versions that it had. */
export function Missing({ id, stored }: { id: string; stored: Stored }) {
  const { versions, rows } = useVersions(id)
  const last = rows?.[0]
  const { why } = stored.publish
  return (
    <Page title={id} above={[{ to: '/workflows', label: 'Workflows' }]}>
      {versions.isPending && <Coming lines={4} />}
      {!versions.isPending && !last && (
        <Empty icon={IconRoute} title="There is no workflow of this id">
          {why ? sentence(why.message) : 'And there never was one.'} Look for it in the list of workflows.
        </Empty>
      )}
      {last?.kind === 'moved' && last.other && (
        <Empty icon={IconRoute} title="This workflow was moved">
          It is{' '}
          <Anchor component={Link} to={to.workflow(last.other)} inherit className="g-mono">
            {last.other}
          </Anchor>{' '}
          now. Its versions until then are kept here.
        </Empty>
      )}
      {last && last.kind !== 'moved' && (
        <Empty icon={IconRoute} title="This workflow was removed">
          Its versions are kept; an author can bring one back.
        </Empty>
      )}
      {last && <Versions workflow={id} stored={stored} />}
    </Page>
  )
}
