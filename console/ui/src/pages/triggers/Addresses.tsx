import { Badge, Group, Paper, Select, Stack, Table, Text, Textarea, Title } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { useConfirm } from '~/parts/Confirm'
import { Copy } from '~/parts/Copy'
import { CodeView } from '~/parts/code'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import { asProof, curlOf, proofInWords } from './curl'
import type { Cover, Shown } from './shown'

/** Where a webhook's requests go, one address for each organisation, and how one is sent. */
export function Addresses({ trigger }: { trigger: Shown }) {
  const [slug, setSlug] = useAddress('address')
  const covers = trigger.covers ?? []
  const cover = covers.find(c => c.slug === slug) ?? covers[0]
  if (!cover)
    return (
      <Text size="sm" className="g-quiet">
        Its run_for covers no organisation, so it has no address.
      </Text>
    )
  return (
    <Stack gap="md">
      <Paper>
        <Stack gap="sm">
          <Select
            label="Address for"
            description="Each organisation has an address of its own, so that a request is known to be its."
            data={covers.map(c => ({ value: c.slug, label: c.name }))}
            value={cover.slug}
            onChange={setSlug}
            searchable
            allowDeselect={false}
            limit={60}
            maw={420}
          />
          <OneAddress trigger={trigger} cover={cover} />
        </Stack>
      </Paper>
      <Sending key={cover.slug} trigger={trigger} cover={cover} />
      <Refused cover={cover} />
    </Stack>
  )
}

/** The whole address; the server gives its path alone where it does not know its own name. */
function addressOf(cover: Cover): string | undefined {
  const told = cover.details?.address
  if (typeof told !== 'string') return undefined
  return told.startsWith('/') ? window.location.origin + told : told
}

function methodsOf(trigger: Shown): string[] {
  const told = trigger.details?.methods
  return Array.isArray(told) ? told.map(String) : []
}

function OneAddress({ trigger, cover }: { trigger: Shown; cover: Cover }) {
  const confirm = useConfirm()
  const address = addressOf(cover)
  const rotate = () =>
    confirm({
      title: `A new address for ${cover.name}?`,
      text: 'The old address is gone at once: whoever sends there gets 404 until the new one is entered in the other system.',
      go: 'Make a new address',
      danger: true,
      act: async () => {
        const params = { path: { workflow: trigger.workflow, trigger: trigger.trigger } }
        await api.POST('/triggers/{workflow}/{trigger}/rotate', { params, body: { organisation: cover.slug } })
        tell.done(`${cover.name} has a new address`)
        await refresh('triggers')
      },
    })
  if (!address)
    return (
      <Text size="sm" className="g-quiet">
        Addresses are shown to those who have the role author: whoever knows one may be able to fire the trigger.
      </Text>
    )
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap" align="start">
        <Text size="sm" className="g-mono" style={{ overflowWrap: 'anywhere' }} data-testid="address">
          {address}
        </Text>
        <Copy text={address} label="Copy the address" />
      </Group>
      <Group gap="xs">
        {methodsOf(trigger).map(m => (
          <Badge key={m} variant="default">
            {m}
          </Badge>
        ))}
        <Text size="sm">{proofInWords(asProof(trigger.details?.verify))}</Text>
      </Group>
      {!cover.enabled && <Text size="sm">It answers 404 at present: the trigger does not fire for {cover.name}.</Text>}
      <AllowedButton
        needs="author"
        everywhere={false}
        variant="default"
        size="xs"
        onClick={rotate}
        leftSection={<IconRefresh size={14} aria-hidden />}
        style={{ alignSelf: 'start' }}
      >
        Make a new address
      </AllowedButton>
    </Stack>
  )
}

function Sending({ trigger, cover }: { trigger: Shown; cover: Cover }) {
  const last = query.useQuery('get', '/trigger-events', {
    params: { query: { workflow: trigger.workflow, trigger: trigger.trigger, limit: 1 } },
  })
  const came = last.data?.events?.[0]?.data?.body
  const example = came !== undefined && came !== null ? JSON.stringify(came) : '{"id": 7, "event": "example"}'
  const [typed, setTyped] = useState<string | null>(null)
  const address = addressOf(cover)
  if (!address) return null
  const body = typed ?? example
  const proof = asProof(trigger.details?.verify)
  const script = curlOf({ address, methods: methodsOf(trigger), proof, body })
  return (
    <Paper component="section" aria-label="Send an event">
      <Stack gap="sm">
        <Title order={2} size="h3">
          Send one with curl
        </Title>
        <Textarea
          label="Body"
          description={came !== undefined ? 'That of the last event. Change it as you like.' : 'Change it as you like.'}
          autosize
          minRows={1}
          maxRows={10}
          classNames={{ input: 'g-mono' }}
          value={body}
          onChange={e => setTyped(e.currentTarget.value)}
        />
        <Group gap="xs" wrap="nowrap" align="start">
          <div style={{ flex: 1, minWidth: 0 }}>
            <CodeView text={script} language="text" label="A call with curl" />
          </div>
          <Copy text={script} label="Copy the call" />
        </Group>
        <Text size="sm" className="g-quiet">
          {proof.way !== 'none' &&
            `Put the value of the variable ${proof.secret} between the quotes of SECRET; Gantry never shows it. `}
          202 means that the event is kept. It appears under Events at once.
        </Text>
      </Stack>
    </Paper>
  )
}

interface Refusal {
  kind: string
  why: string
  count: number
  last_at: string
}

/** Requests that were turned away, which makes no event. */
function Refused({ cover }: { cover: Cover }) {
  const refused = (Array.isArray(cover.details?.refused) ? cover.details.refused : []) as Refusal[]
  if (refused.length === 0) return null
  return (
    <Paper component="section" aria-label="Requests that were turned away">
      <Stack gap="xs">
        <Title order={2} size="h3">
          Turned away
        </Title>
        <Text size="sm" className="g-quiet">
          Requests that made no event. Their senders were told no more than that.
        </Text>
        <Table className="g-list" aria-label="Requests that were turned away">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Why, the last time</Table.Th>
              <Table.Th>How often</Table.Th>
              <Table.Th>Last</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {refused.map(r => (
              <Table.Tr key={r.kind}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{r.why}</Table.Td>
                <Table.Td data-label="How often">{r.count}</Table.Td>
                <Table.Td data-label="Last">
                  <When at={r.last_at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Paper>
  )
}
