import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { to } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { template, wrongId } from './template'

/** Asks for a new workflow's id, keeps a first text as a draft, and opens it in the editor. */
export function NewWorkflow({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title="A new workflow" size="md">
      <Form close={close} />
    </Modal>
  )
}

function Form({ close }: { close: () => void }) {
  const [id, setId] = useState('')
  const [title, setTitle] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const all = query.useQuery('get', '/workflows')
  const navigate = useNavigate()
  const wrong = id === '' ? null : wrongId(id, all.data?.workflows?.map(w => w.id) ?? [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (id === '' || wrong) return
    setBusy(true)
    setError(null)
    try {
      const params = { path: { workflow: id } }
      await api.PUT('/workflows/{workflow}/draft', { params, body: { text: template(id, title) } })
      await refresh('workflows')
      close()
      await navigate(to.workflow(id))
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack>
        <Text size="sm" className="g-quiet">
          It begins as a draft with a small example in it. Nothing runs before you publish it.
        </Text>
        <TextInput
          label="Id"
          description="Its path below workflows/, such as triage/new-ticket. Others call it by this."
          placeholder="folder/name"
          required
          data-autofocus
          value={id}
          error={wrong}
          onChange={e => setId(e.currentTarget.value.trim())}
          classNames={{ input: 'g-mono' }}
        />
        <TextInput
          label="Title"
          description="What it does, in a few words"
          value={title}
          onChange={e => setTitle(e.currentTarget.value)}
        />
        <Problem error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button type="submit" loading={busy} disabled={id === '' || wrong !== null}>
            Write it
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
