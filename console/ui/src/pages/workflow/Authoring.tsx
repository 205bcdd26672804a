import { Alert, Badge, Tabs, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useCallback, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { useSession } from '~/app/session'
import { useAddress } from '~/parts/address'
import { useConfirm } from '~/parts/Confirm'
import { Page } from '~/parts/Page'
import { Problem, sentence } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { Actions } from './Actions'
import type { Stored } from './document'
import { Leaving } from './Leaving'
import { Meanwhile } from './Meanwhile'
import { Missing } from './Missing'
import { type Change, MoveRemove } from './MoveRemove'
import { PublishDialog } from './PublishDialog'
import { RunsOf } from './RunsOf'
import { Standing } from './Standing'
import { TriggersOf } from './TriggersOf'
import { useCheck } from './useCheck'
import { useDocument } from './useDocument'
import { useLeaving } from './useLeaving'
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
  const mayWrite = mayEverywhere('author')
  // What runs is no file that is changed here: it is a crate's, or a link.
  const given = shown !== null && !stored.file
  const readOnly = !mayWrite || given
  const [view, setView] = useAddress('view', 'edit')
  const document = useDocument(id, stored, shown?.text ?? '')
  const check = useCheck(id, document.text, !readOnly)
  const [publishing, setPublishing] = useState(false)
  const [change, setChange] = useState<Change | null>(null)
  const [error, setError] = useState<unknown>(null)
  const confirm = useConfirm()
  const navigate = useNavigate()
  const { blocker, letGo } = useLeaving(document.dirty)
  const goTo = useRef<(line: number, column: number) => void>(() => {})

  const save = async () => {
    if (readOnly || document.busy || !document.dirty) return
    setError(null)
    try {
      const kept = (await document.save()) === 'saved'
      tell.done(kept ? 'Draft saved. What runs is still the published version.' : 'There is no draft any more.')
    } catch (e) {
      setError(e)
    }
  }
  useHotkeys([['mod+S', () => void save()]], [], true)
  const discard = () =>
    confirm({
      title: 'Discard the draft',
      text: 'All changes since the file was published are lost, also those that others saved in this draft.',
      go: 'Discard it',
      danger: true,
      act: async () => {
        await document.discard()
        if (!stored.file) await navigate('/workflows')
      },
    })
  const onWriter = useCallback((go: (line: number, column: number) => void) => {
    goTo.current = go
  }, [])

  if (!shown && !stored.file && !stored.draft && !document.dirty) return <Missing id={id} stored={stored} />
  const title = check.checked?.outline?.title || shown?.title || id
  const conflict = error !== null && asFault(error).status === 409 && document.meanwhile !== null
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
        <Actions
          workflow={id}
          title={title}
          document={document}
          file={stored.file !== null}
          given={given}
          mayWrite={mayWrite}
          save={() => void save()}
          publish={() => setPublishing(true)}
          discard={discard}
          change={setChange}
        />
      }
    >
      {!mayWrite && (
        <Text size="sm" className="g-quiet" role="note">
          You can read this workflow. Changing it needs the role author over the MSP; an administrator can give it to
          you.
        </Text>
      )}
      {mayWrite && !stored.publish.allowed && stored.publish.why && (
        <Alert variant="light" color="gray" title={sentence(stored.publish.why.message)}>
          {stored.publish.why.hint && sentence(stored.publish.why.hint)}
        </Alert>
      )}
      <Meanwhile document={document} stored={stored} changed={shown?.changed} />
      {!conflict && <Problem error={error && asFault(error)} />}
      <Tabs value={view} onChange={setView} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="edit">Graph and YAML</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="runs">Runs</Tabs.Tab>
          <Tabs.Tab value="triggers">Triggers</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit" pt="sm" keepMounted>
          {!given && <Standing document={document} stored={stored} changed={shown?.changed} />}
          <Writing
            workflow={id}
            document={document}
            readOnly={readOnly}
            check={check}
            outline={shown?.outline ?? null}
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
          <TriggersOf workflow={id} triggers={shown?.triggers ?? []} usedBy={stored.used_by ?? []} />
        </Tabs.Panel>
      </Tabs>
      <PublishDialog
        opened={publishing}
        close={() => setPublishing(false)}
        document={document}
        stored={stored}
        changed={shown?.changed}
        checked={check.checked}
        goTo={(line, column) => goTo.current(line, column)}
      />
      <MoveRemove
        workflow={id}
        change={change}
        close={() => setChange(null)}
        stored={stored}
        document={document}
        letGo={letGo}
      />
      <Leaving blocker={blocker} save={document.save} />
    </Page>
  )
}

function Marks({ shown, stored }: { shown: AuthoringProps['shown']; stored: Stored }) {
  return (
    <>
      {!stored.file && !shown && <Badge variant="default">draft only</Badge>}
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
