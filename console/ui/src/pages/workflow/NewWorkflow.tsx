import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { to } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { copied, template, wrongId } from './template'

/** What a new workflow is a copy of. */
export interface Original {
  id: string
  title: string
  text: string
}

interface NewWorkflowProps {
  opened: boolean
  close: () => void
  /** Without it the workflow begins with an example. */
  copyOf?: Original
}

/** Asks for a new workflow's id, keeps a first text as a draft, and opens it in the editor. */
export function NewWorkflow({ opened, ...rest }: NewWorkflowProps) {
  const title = rest.copyOf ? `Copy ${rest.copyOf.id}` : 'A new workflow'
  return (
    <Modal opened={opened} onClose={rest.close} title={title} size="md">
      <Form {...rest} />
    </Modal>
  )
}

function Form({ close, copyOf }: Omit<NewWorkflowProps, 'opened'>) {
  const [id, setId] = useState(copyOf ? `${copyOf.id}-copy` : '')
  const [title, setTitle] = useState(copyOf ? `${copyOf.title} (copy)` : '')
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
      await api.PUT('/workflows/{workflow}/draft', {
        params,
        body: { text: copyOf ? copied(copyOf.text, title) : template(id, title) },
      })
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
          {copyOf
            ? 'The copy begins as a draft. Its triggers are switched off, so that nothing fires twice when you publish it.'
            : 'It begins as a draft with a small example in it. Nothing runs before you publish it.'}
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
