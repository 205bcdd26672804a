import { ActionIcon, Badge, Button, Group, Paper, Text } from '@mantine/core'
import { IconBuilding, IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { type CSSProperties, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Windowed } from '~/parts/Windowed'
import { type Branch, byOrganisation, foldable, type Organisation, visible } from './tree'
import classes from './tree.module.css'

interface TreeProps {
  all: Organisation[]
  search: string
  tags: string[]
  add: () => void
}

interface Belongings {
  mappings: Map<string, Schemas['Mapping'][]>
  instances: Map<string, Schemas['Instance'][]>
}

function useBelongings(): Belongings {
  const mappings = query.useQuery('get', '/mappings')
  const instances = query.useQuery('get', '/instances')
  return useMemo(
    () => ({
      mappings: byOrganisation(mappings.data?.mappings),
      instances: byOrganisation(instances.data?.instances),
    }),
    [mappings.data, instances.data],
  )
}

/** The tree, of which parts can be folded. */
export function OrganisationTree({ all, search, tags, add }: TreeProps) {
  const { mayEverywhere } = useSession()
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => visible(all, { search, tags, folded }), [all, search, tags, folded])
  const belongings = useBelongings()
  const toggle = (slug: string) =>
    setFolded(was => {
      const next = new Set(was)
      if (!next.delete(slug)) next.add(slug)
      return next
    })
  const fold = useMemo(() => foldable(all), [all])
  if (rows.length === 0)
    return (
      <Empty icon={IconBuilding} title="No organisation fits">
        Look for a part of a name or of a slug, or take a tag away.
      </Empty>
    )
  return (
    <>
      <Group justify="space-between">
        <Text size="sm" className="g-quiet" role="status">
          {rows.filter(r => !r.onlyAbove).length} of {all.length} organisations
        </Text>
        {fold.size > 0 && (
          <Group gap="xs">
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setFolded(fold)}>
              Fold all
            </Button>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setFolded(new Set())}>
              Unfold all
            </Button>
          </Group>
        )}
      </Group>
      <Paper p={0} style={{ overflow: 'hidden' }}>
        <div className={classes.head} aria-hidden>
          <span>Name</span>
          <span>Tags</span>
          <span>Mapped to</span>
          <span>Instances</span>
        </div>
        <Windowed
          label="Organisations"
          rows={rows}
          id={b => b.organisation.id}
          estimate={45}
          maxHeight="max(360px, calc(100dvh - 320px))"
          row={b => <Line branch={b} folded={folded.has(b.organisation.slug)} toggle={toggle} of={belongings} />}
        />
      </Paper>
      {all.length === 1 && mayEverywhere('viewer') && (
        <Empty
          icon={IconBuilding}
          title="No clients yet"
          actions={
            <AllowedButton needs="admin" onClick={add}>
              Add a client organisation
            </AllowedButton>
          }
        >
          The MSP stands alone so far. Add its clients one by one, make them of the clients in HaloPSA, or import a
          table.
        </Empty>
      )}
    </>
  )
}

interface LineProps {
  branch: Branch
  folded: boolean
  toggle: (slug: string) => void
  of: Belongings
}

function Line({ branch, folded, toggle, of }: LineProps) {
  const o = branch.organisation
  const mappings = of.mappings.get(o.slug) ?? []
  const instances = of.instances.get(o.slug) ?? []
  return (
    <div className={classes.line} style={{ '--depth': branch.depth } as CSSProperties}>
      <div className={classes.name}>
        {branch.below > 0 && branch.depth > 0 ? (
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-expanded={!folded}
            aria-label={`${o.name}: ${folded ? 'show' : 'hide'} the ${branch.below} below`}
            onClick={() => toggle(o.slug)}
          >
            {folded ? <IconChevronRight size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
          </ActionIcon>
        ) : (
          <span className={classes.leaf} />
        )}
        <div className={classes.words}>
          <Link className="g-link" to={to.organisation(o.slug)}>
            {o.name}
          </Link>{' '}
          <span className="g-quiet g-mono">{o.slug}</span>
          {folded && <span className="g-quiet"> · {branch.below} below</span>}
        </div>
        {!o.enabled && <Badge color="gray">switched off</Badge>}
      </div>
      <div className={classes.tags}>
        {(o.tags ?? []).map(t => (
          <Badge key={t} color="gray">
            {t}
          </Badge>
        ))}
      </div>
      <div>
        {mappings.map(m => (
          <Text key={m.integration} size="sm">
            {m.external_name || m.external_id} <span className="g-quiet">in {m.integration}</span>
          </Text>
        ))}
      </div>
      <div>
        {instances.map(i => (
          <Text key={i.id} size="sm">
            {i.name}
          </Text>
        ))}
      </div>
    </div>
  )
}
