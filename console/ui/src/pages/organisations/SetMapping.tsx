import { Checkbox, Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { Dialogue } from '~/pages/integrations/Dialogue'
import { Coming } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'

interface SetProps {
  organisation: Schemas['OrganisationDetail']
  integration: Schemas['Integration']
  close: () => void
}

/** Says which entity of another system one organisation is. */
export function SetMapping({ organisation: o, integration: i, close }: SetProps) {
  const under = useInstanceFor(o.slug, i.id)
  const [id, setId] = useState('')
  const [shared, setShared] = useState(false)
  const target = { instance: under.instance?.name, owner: under.instance?.organisation }
  const act = async () => {
    const { data } = await api.PUT('/organisations/{org}/mappings/{integration}', {
      params: { path: { org: o.slug, integration: i.id } },
      body: { ...target, id: id.trim(), shared },
    })
    tell.done(`${o.name} is ${data?.external_name || data?.external_id} in ${i.title}.`)
    await refresh('mappings')
  }
  return (
    <Dialogue title={`What ${o.name} is in ${i.title}`} go="Save" close={close} act={act} disabled={id.trim() === ''}>
      {under.known ? (
        <PickEntity integration={i} target={target} id={id} setId={setId} />
      ) : (
        <>
          <Problem error={under.error} />
          {!under.error && <Coming lines={2} />}
        </>
      )}
      <Checkbox
        label="Another organisation may be the same entity"
        checked={shared}
        onChange={e => setShared(e.currentTarget.checked)}
      />
    </Dialogue>
  )
}

interface PickProps {
  integration: Schemas['Integration']
  target: { instance?: string; owner?: string }
  id: string
  setId: (id: string) => void
}

/** Picks among the entities that were read last; before they were read the id is written. */
function PickEntity({ integration: i, target, id, setId }: PickProps) {
  const options = query.useQuery('get', '/mapping-options/{integration}', {
    params: { path: { integration: i.id }, query: target },
  })
  const entities = options.data?.entities ?? []
  if (options.isPending) return <Coming lines={2} />
  if (options.error !== null && asFault(options.error).code !== 'missing') return <Problem error={options.error} />
  if (entities.length === 0)
    return (
      <TextInput
        label={`Its id in ${i.title}`}
        description={`${i.title} is asked for its name.`}
        data-autofocus
        value={id}
        onChange={e => setId(e.currentTarget.value)}
      />
    )
  return (
    <>
      <Select
        label="Entity"
        description="As they were last read. The table of all organisations reads them anew."
        placeholder="Search by name or id"
        searchable
        data-autofocus
        limit={60}
        data={entities.map(e => ({ value: e.id, label: `${e.name} (${e.id})` }))}
        value={id || null}
        onChange={v => setId(v ?? '')}
        nothingFoundMessage="None has this in its name"
      />
      {target.instance && (
        <Text size="xs" className="g-quiet">
          Of {target.instance}.
        </Text>
      )}
    </>
  )
}

/** The instance under which an organisation is mapped: its own, else the MSP's default one. */
function useInstanceFor(org: string, integration: string) {
  const all = query.useQuery('get', '/instances', { params: { query: { integration } } })
  const organisations = query.useQuery('get', '/organisations')
  const msp = organisations.data?.organisations?.find(o => !o.parent_id)?.slug
  const of = (slug: string | undefined) => all.data?.instances?.filter(i => i.organisation === slug) ?? []
  const own = of(org)
  return {
    known: all.data !== undefined && organisations.data !== undefined,
    error: all.error ?? organisations.error,
    instance: own.find(i => i.default) ?? own[0] ?? of(msp).find(i => i.default),
  }
}
