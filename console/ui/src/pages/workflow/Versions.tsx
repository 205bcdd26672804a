import { Badge, Button, Group, Stack } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { query, type Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { Loaded } from '~/parts/Page'
import { When } from '~/parts/When'
import { BringBack } from './BringBack'
import { Compare } from './Compare'
import type { Stored } from './document'

export type Version = Schemas['WorkflowVersion']

const kinds = { published: 'published', file: 'file changed outside', moved: 'moved', removed: 'removed' }

/** The versions of a workflow, the newest first, page by page. */
export function useVersions(workflow: string) {
  const versions = query.useInfiniteQuery(
    'get',
    '/workflows/{workflow}/versions',
    { params: { path: { workflow }, query: { limit: 50 } } },
    { pageParamName: 'before', initialPageParam: 0, getNextPageParam: last => last.next, retry: false },
  )
  return { versions, rows: versions.data?.pages.flatMap(p => p.versions ?? []) }
}

interface VersionsProps {
  workflow: string
  stored: Stored
}

/** Every version that a workflow had: compared with each other, and brought back. */
export function Versions({ workflow, stored }: VersionsProps) {
  const { versions, rows } = useVersions(workflow)
  const [compared, setCompared] = useAddress('compare')
  const [back, setBack] = useState<Version | null>(null)
  const [older, newer] = compared.split('-')
  return (
    <Loaded of={{ ...versions, data: rows }}>
      {all =>
        all.length === 0 ? (
          <Empty icon={IconHistory} title="There are no versions yet">
            Each time the workflow is published, or its file is changed outside, a version is kept here: with who did
            it, when and what for. Any of them can be compared and brought back.
          </Empty>
        ) : (
          <Stack>
            {older && newer && (
              <Compare
                key={workflow}
                workflow={workflow}
                versions={all}
                stored={stored}
                older={older}
                newer={newer}
                choose={(a, b) => setCompared(a && b ? `${a}-${b}` : null)}
              />
            )}
            <Rows
              rows={all}
              more={versions.hasNextPage ? () => void versions.fetchNextPage() : undefined}
              loadingMore={versions.isFetchingNextPage}
              compare={v => setCompared(`${v.number}-now`)}
              bringBack={setBack}
            />
            <BringBack workflow={workflow} version={back} stored={stored} close={() => setBack(null)} />
          </Stack>
        )
      }
    </Loaded>
  )
}

interface RowsProps {
  rows: Version[]
  more?: () => void
  loadingMore: boolean
  compare: (version: Version) => void
  bringBack: (version: Version) => void
}

function Rows({ rows, more, loadingMore, compare, bringBack }: RowsProps) {
  return (
    <List
      label="Versions"
      rows={rows}
      id={v => String(v.number)}
      more={more}
      loadingMore={loadingMore}
      columns={[
        {
          label: 'Version',
          cell: v => (
            <Group gap="xs">
              <b>{v.number}</b>
              {v.current && <Badge variant="default">in use</Badge>}
            </Group>
          ),
        },
        { label: 'When', cell: v => <When at={v.at} /> },
        { label: 'Who', cell: v => v.by || <span className="g-quiet">not known</span> },
        { label: 'What', cell: whatOf },
        { label: 'Comment', cell: v => v.comment },
        {
          label: '',
          align: 'right',
          cell: v =>
            v.version ? (
              <Group gap={4} justify="flex-end" wrap="nowrap">
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`Compare version ${v.number}`}
                  onClick={() => compare(v)}
                >
                  Compare
                </Button>
                {!v.current && (
                  <AllowedButton
                    needs="author"
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Bring back version ${v.number}`}
                    onClick={() => bringBack(v)}
                  >
                    Bring back
                  </AllowedButton>
                )}
              </Group>
            ) : null,
        },
      ]}
    />
  )
}

function whatOf(v: Version): string {
  if (v.kind === 'moved' && v.other) return v.version ? `moved here from ${v.other}` : `moved to ${v.other}`
  return kinds[v.kind]
}
