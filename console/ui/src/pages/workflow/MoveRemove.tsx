import { Alert, Anchor, Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { to } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { Stored } from './document'
import { wrongId } from './template'
import type { WorkflowDocument } from './useDocument'
import { WhyNot } from './WhyNot'

export type Change = 'move' | 'remove'

interface MoveRemoveProps {
  workflow: string
  change: Change | null
  close: () => void
  stored: Stored
  document: WorkflowDocument
  /** Lets the page go, whatever is not kept. */
  letGo: () => void
}

/** Gives a workflow another id, or removes its file; both with a comment. */
export function MoveRemove({ change, ...rest }: MoveRemoveProps) {
  const title = change === 'move' ? `Move ${rest.workflow}` : `Remove ${rest.workflow}`
  return (
    <Modal opened={change !== null} onClose={rest.close} title={title} size="md">
      {change && <Form change={change} {...rest} />}
    </Modal>
  )
}

function Form({ workflow, change, close, stored, document, letGo }: MoveRemoveProps & { change: Change }) {
  const [id, setId] = useState(workflow)
  const [comment, setComment] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const all = query.useQuery('get', '/workflows')
  const navigate = useNavigate()
  const wrong = change === 'move' && id !== workflow ? wrongId(id, all.data?.workflows?.map(w => w.id) ?? []) : null
  const users = stored.used_by ?? []
  const required = stored.publish.comment === 'required'
  const params = { path: { workflow } }
  const act = async () => {
    if (change === 'move') {
      if (document.dirty) await document.save()
      await api.POST('/workflows/{workflow}/move', { params, body: { to: id, comment } })
      tell.done(`Moved to ${id}.`)
      return to.workflow(id)
    }
    await api.POST('/workflows/{workflow}/remove', { params, body: { base: stored.file?.version ?? '', comment } })
    tell.done(`${workflow} is removed; its versions are kept.`)
    return '/workflows'
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const next = await act()
      letGo()
      await navigate(next)
      await refresh('workflows')
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack>
        {users.length > 0 && <Users users={users} change={change} />}
        {change === 'move' ? (
          <TextInput
            label="New id"
            description="Its path below workflows/. Runs stay under the old one."
            data-autofocus
            value={id}
            error={wrong}
            onChange={e => setId(e.currentTarget.value.trim())}
            classNames={{ input: 'g-mono' }}
          />
        ) : (
          <Text size="sm">
            Its file is removed and its triggers fire no more. Runs that go on are finished. Its versions are kept, so
            that it can be brought back.
          </Text>
        )}
        <OfTheDraft change={change} stored={stored} dirty={document.dirty} />
        <Textarea
          label={change === 'move' ? 'Why is it moved?' : 'Why is it removed?'}
          required={required}
          autosize
          minRows={2}
          value={comment}
          onChange={e => setComment(e.currentTarget.value)}
        />
        <WhyNot stored={stored} />
        <Problem error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button
            type="submit"
            loading={busy}
            color={change === 'remove' ? 'red.8' : undefined}
            disabled={
              users.length > 0 ||
              !stored.publish.allowed ||
              (required && comment.trim() === '') ||
              (change === 'move' && (id === workflow || wrong !== null))
            }
          >
            {change === 'move' ? 'Move' : 'Remove'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What leads to the workflow: it goes only when nothing does. */
function Users({ users, change }: { users: string[]; change: Change }) {
  return (
    <Alert
      color="orange"
      variant="light"
      className="g-alert"
      title={`Others use it, so it cannot be ${change === 'move' ? 'moved' : 'removed'} yet`}
    >
      <Text size="sm">By a task, on_failure or a trigger. Change these first, so that they do without it:</Text>
      <ul style={{ margin: '4px 0 0' }}>
        {users.map(id => (
          <li key={id}>
            <Anchor component={Link} to={to.workflow(id)} size="sm" underline="always" className="g-mono">
              {id}
            </Anchor>
          </li>
        ))}
      </ul>
    </Alert>
  )
}

function OfTheDraft({ change, stored, dirty }: { change: Change; stored: Stored; dirty: boolean }) {
  const told =
    change === 'move'
      ? dirty
        ? 'Your unsaved changes are saved in its draft first, which moves along.'
        : stored.draft && 'Its draft moves along.'
      : [
          dirty && 'Your unsaved changes are lost.',
          stored.draft && `The draft by ${stored.draft.by} stays in the list.`,
        ]
          .filter(Boolean)
          .join(' ')
  return told ? <Text size="sm">{told}</Text> : null
}
