import { ActionIcon, Alert, Badge, Button, Menu, Tabs, Text } from '@mantine/core'
import { IconDots, IconFlask, IconPlayerPlay } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Link, useBlocker } from 'react-router'
import type { Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { to, useAddress } from '~/parts/address'
import { useConfirm } from '~/parts/Confirm'
import { Page } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { Leaving } from './Leaving'
import { type Change, MoveRemove } from './MoveRemove'
import { PublishDialog } from './PublishDialog'
import { RunsOf } from './RunsOf'
import { Meanwhile, Standing } from './Standing'
import { TriggersOf } from './TriggersOf'
import { useCheck } from './useCheck'
import { type Stored, useDocument } from './useDocument'
import { Versions } from './Versions'
import { Writing } from './Writing'

interface AuthoringProps {
  id: string
  stored: Stored
  /** null: there is no file that ever checked. */
  shown: Schemas['ShowWorkflowOutBody'] | null
}

/** A workflow for the people of the MSP: who may, writes it; the others read. */
export function Authoring({ id, stored, shown }: AuthoringProps) {
  const { mayEverywhere } = useSession()
  const readOnly = !mayEverywhere('author')
  const [view, setView] = useAddress('view', 'edit')
  const document = useDocument(id, stored, shown?.text ?? '')
  const check = useCheck(id, document.text, !readOnly)
  const [publishing, setPublishing] = useState(false)
  const [change, setChange] = useState<Change | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const confirm = useConfirm()
  const goTo = useRef<(line: number, column: number) => void>(() => {})
  const title = check.checked?.outline?.title || shown?.title || id
  const changed = document.unpublished || document.revision > 0

  useEffect(() => {
    if (!document.dirty) return undefined
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [document.dirty])
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => document.dirty && currentLocation.pathname !== nextLocation.pathname,
  )

  const save = async () => {
    if (readOnly || busy || !document.dirty) return
    setBusy(true)
    setError(null)
    try {
      await document.save()
      tell.done('Draft saved. What runs is still the published version.')
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const discard = () =>
    confirm({
      title: 'Discard the draft',
      text: 'All changes since the file was published are lost, also those that others saved in this draft.',
      go: 'Discard it',
      danger: true,
      act: () => document.discard(),
    })
  const onWriter = useCallback((go: (line: number, column: number) => void) => {
    goTo.current = go
  }, [])

  return (
    <Page
      title={title}
      above={[{ to: '/workflows', label: 'Workflows' }]}
      about={
        <>
          <span className="g-mono">{id}</span>
          {shown?.description && <> · {shown.description}</>}
        </>
      }
      beside={<Marks shown={shown} stored={stored} />}
      actions={
        <>
          <Button
            component={Link}
            to={`${to.test(id)}${changed ? '?draft=1' : ''}`}
            variant="default"
            leftSection={<IconFlask size={16} stroke={1.6} aria-hidden />}
          >
            Test
          </Button>
          <Button
            component={Link}
            to={`/runs?workflow=${encodeURIComponent(id)}`}
            variant="default"
            leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
          >
            Runs
          </Button>
          <AllowedButton
            needs="author"
            variant="default"
            loading={busy}
            disabled={!document.dirty}
            onClick={() => void save()}
          >
            Save as draft
          </AllowedButton>
          <AllowedButton needs="author" disabled={!document.unpublished} onClick={() => setPublishing(true)}>
            Publish …
          </AllowedButton>
          {!readOnly && (
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <ActionIcon variant="default" size={36} aria-label="More">
                  <IconDots size={18} aria-hidden />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item disabled={!changed} onClick={discard}>
                  Discard the draft …
                </Menu.Item>
                <Menu.Item disabled={!stored.file} onClick={() => setChange('move')}>
                  Move …
                </Menu.Item>
                <Menu.Item disabled={!stored.file} onClick={() => setChange('remove')}>
                  Remove …
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      {readOnly && (
        <Text size="sm" className="g-quiet" role="note">
          You can read this workflow. Changing it needs the role author over the MSP; an administrator can give it to
          you.
        </Text>
      )}
      {!readOnly && !stored.publish.allowed && stored.publish.why && (
        <Alert variant="light" color="gray" title={stored.publish.why.message}>
          {stored.publish.why.hint}
        </Alert>
      )}
      <Meanwhile document={document} stored={stored} changed={shown?.changed} />
      <Problem error={error && asFault(error)} />
      <Tabs value={view} onChange={setView} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="edit">Graph and YAML</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="runs">Runs</Tabs.Tab>
          <Tabs.Tab value="triggers">Triggers</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit" pt="sm" keepMounted>
          <Standing document={document} stored={stored} changed={shown?.changed} />
          <Writing
            workflow={id}
            document={document}
            readOnly={readOnly}
            check={check}
            outline={shown?.outline ?? null}
            save={() => void save()}
            onWriter={onWriter}
          />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="sm">
          <Versions workflow={id} stored={stored} />
        </Tabs.Panel>
        <Tabs.Panel value="runs" pt="sm">
          <RunsOf workflow={id} />
        </Tabs.Panel>
        <Tabs.Panel value="triggers" pt="sm">
          <TriggersOf workflow={id} triggers={shown?.triggers ?? []} />
        </Tabs.Panel>
      </Tabs>
      <PublishDialog
        opened={publishing}
        close={() => setPublishing(false)}
        document={document}
        stored={stored}
        checked={check.checked}
        goTo={(line, column) => goTo.current(line, column)}
      />
      <MoveRemove workflow={id} change={change} close={() => setChange(null)} base={stored.file?.version ?? ''} />
      <Leaving blocker={blocker} save={() => document.save()} />
    </Page>
  )
}

function Marks({ shown, stored }: { shown: AuthoringProps['shown']; stored: Stored }) {
  return (
    <>
      {!stored.file && <Badge variant="default">draft only</Badge>}
      {shown?.broken && (
        <Badge variant="default" className="g-error">
          the file does not check
        </Badge>
      )}
      {(shown?.tags ?? []).map(t => (
        <Badge key={t} variant="default">
          {t}
        </Badge>
      ))}
    </>
  )
}
