import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { asFault } from '~/api/fault'
import { to } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { wrongId } from './template'

export type Change = 'move' | 'remove'

interface MoveRemoveProps {
  workflow: string
  change: Change | null
  close: () => void
  /** The file's version that is meant. */
  base: string
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

function Form({ workflow, change, close, base }: MoveRemoveProps & { change: Change }) {
  const [id, setId] = useState(workflow)
  const [comment, setComment] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const all = query.useQuery('get', '/workflows')
  const navigate = useNavigate()
  const wrong = change === 'move' && id !== workflow ? wrongId(id, all.data?.workflows?.map(w => w.id) ?? []) : null
  const params = { path: { workflow } }
  const act = async () => {
    if (change === 'move') {
      await api.POST('/workflows/{workflow}/move', { params, body: { to: id, comment } })
      tell.done(`Moved to ${id}.`)
      return to.workflow(id)
    }
    await api.POST('/workflows/{workflow}/remove', { params, body: { base, comment } })
    tell.done(`${workflow} is removed; its versions are kept.`)
    return '/workflows'
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const next = await act()
      close()
      await navigate(next)
      await refresh('workflows')
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const users = error ? ((asFault(error).detail as { users?: string[] } | null)?.users ?? []) : []
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack>
        {change === 'move' ? (
          <TextInput
            label="New id"
            description="Its path below workflows/. Runs and versions stay under the old one."
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
        <Textarea
          label="Comment"
          autosize
          minRows={2}
          value={comment}
          onChange={e => setComment(e.currentTarget.value)}
        />
        <Problem error={error} />
        {users.length > 0 && (
          <Text size="sm">
            Used by: <span className="g-mono">{users.join(', ')}</span>
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button
            type="submit"
            loading={busy}
            color={change === 'remove' ? 'red.8' : undefined}
            disabled={change === 'move' && (id === workflow || wrong !== null)}
          >
            {change === 'move' ? 'Move' : 'Remove'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
