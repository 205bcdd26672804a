import { Badge, Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { DiffView } from '~/parts/code'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { Loaded } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import type { Stored } from './useDocument'

type Version = Schemas['WorkflowVersion']

const kinds = { published: 'published', file: 'file changed outside', moved: 'moved', removed: 'removed' }

/** Every version that a workflow had: compared with each other, and brought back. */
export function Versions({ workflow, stored }: { workflow: string; stored: Stored }) {
  const params = { path: { workflow } }
  const versions = query.useQuery('get', '/workflows/{workflow}/versions', { params })
  return (
    <Loaded of={versions}>
      {data =>
        data.versions?.length ? (
          <Known workflow={workflow} versions={data.versions} stored={stored} />
        ) : (
          <Empty icon={IconHistory} title="There are no versions yet">
            Each time the workflow is published, or its file is changed outside, a version is kept here: with who did
            it, when and what for. Any of them can be compared and brought back.
          </Empty>
        )
      }
    </Loaded>
  )
}

function Known({ workflow, versions, stored }: { workflow: string; versions: Version[]; stored: Stored }) {
  const [compared, setCompared] = useAddress('compare')
  const [reverting, setReverting] = useState<Version | null>(null)
  const [older, newer] = compared.split('-')
  return (
    <Stack>
      <List
        label="Versions"
        rows={versions}
        id={v => String(v.number)}
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
          { label: 'What', cell: v => `${kinds[v.kind]}${v.other ? ` (${v.other})` : ''}` },
          { label: 'Comment', cell: v => v.comment },
          {
            label: '',
            align: 'right',
            cell: v =>
              v.version ? (
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <Button size="compact-sm" variant="subtle" onClick={() => setCompared(`${v.number}-now`)}>
                    Compare
                  </Button>
                  {!v.current && (
                    <AllowedButton needs="author" size="compact-sm" variant="subtle" onClick={() => setReverting(v)}>
                      Bring back
                    </AllowedButton>
                  )}
                </Group>
              ) : null,
          },
        ]}
      />
      {older && newer && (
        <Compare
          workflow={workflow}
          versions={versions}
          stored={stored}
          older={older}
          newer={newer}
          choose={(a, b) => setCompared(a && b ? `${a}-${b}` : null)}
        />
      )}
      <Revert workflow={workflow} version={reverting} stored={stored} close={() => setReverting(null)} />
    </Stack>
  )
}

interface CompareProps {
  workflow: string
  versions: Version[]
  stored: Stored
  older: string
  newer: string
  choose: (older: string | null, newer: string | null) => void
}

function Compare({ workflow, versions, stored, older, newer, choose }: CompareProps) {
  const names = useMemo(
    () => [
      { value: 'now', label: 'the file now' },
      ...versions.filter(v => v.version).map(v => ({ value: String(v.number), label: `version ${v.number}` })),
    ],
    [versions],
  )
  const before = useText(workflow, older, stored)
  const after = useText(workflow, newer, stored)
  const label = (value: string) => names.find(n => n.value === value)?.label ?? value
  return (
    <section aria-label="What differs">
      <Group mb="xs" align="flex-end">
        <Select
          label="From"
          data={names}
          value={older}
          onChange={v => choose(v, newer)}
          allowDeselect={false}
          size="xs"
        />
        <Select
          label="To"
          data={names}
          value={newer}
          onChange={v => choose(older, v)}
          allowDeselect={false}
          size="xs"
        />
        <Button size="xs" variant="subtle" onClick={() => choose(null, null)}>
          Close
        </Button>
      </Group>
      <Problem error={before.error ?? after.error} />
      {before.text !== undefined && after.text !== undefined && (
        <DiffView
          before={before.text}
          after={after.text}
          language="yaml"
          label="What differs"
          titles={[label(older), label(newer)]}
          maxHeight={560}
        />
      )}
    </section>
  )
}

/** The text of a version, or of the file as it lies. */
function useText(workflow: string, which: string, stored: Stored): { text?: string; error?: unknown } {
  const number = Number(which)
  const shown = query.useQuery(
    'get',
    '/workflows/{workflow}/versions/{number}',
    { params: { path: { workflow, number } } },
    { enabled: which !== 'now' && Number.isInteger(number) && number > 0, staleTime: Number.POSITIVE_INFINITY },
  )
  if (which === 'now') return { text: stored.file?.text ?? '' }
  return { text: shown.data?.text, error: shown.error ?? undefined }
}

interface RevertProps {
  workflow: string
  version: Version | null
  stored: Stored
  close: () => void
}

function Revert({ version, ...rest }: RevertProps) {
  return (
    <Modal
      opened={version !== null}
      onClose={rest.close}
      title={`Bring version ${version?.number ?? ''} back`}
      size="min(1100px, 96vw)"
    >
      {version && <RevertBody version={version} {...rest} />}
    </Modal>
  )
}

function RevertBody({ workflow, version, stored, close }: RevertProps & { version: Version }) {
  const [comment, setComment] = useState(`Back to version ${version.number}`)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const old = useText(workflow, String(version.number), stored)
  const revert = async () => {
    if (old.text === undefined) return
    setBusy(true)
    setError(null)
    try {
      await api.POST('/workflows/{workflow}/publish', {
        params: { path: { workflow } },
        body: { text: old.text, comment, base: stored.file?.version ?? '' },
      })
      tell.done(`Version ${version.number} is in use again.`)
      await refresh('workflows')
      close()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Text size="sm">Its text is published as a new version. The one in use now stays among the versions.</Text>
      {old.text !== undefined && (
        <DiffView
          before={stored.file?.text ?? ''}
          after={old.text}
          language="yaml"
          label="What changes"
          titles={['the file now', `version ${version.number}`]}
          maxHeight={360}
        />
      )}
      <Textarea
        label="Comment"
        value={comment}
        onChange={e => setComment(e.currentTarget.value)}
        data-autofocus
        autosize
      />
      <Problem error={error ?? old.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Leave it
        </Button>
        <Button loading={busy} disabled={old.text === undefined} onClick={() => void revert()}>
          Bring it back
        </Button>
      </Group>
    </Stack>
  )
}
