import { IconArrowBackUp, IconCheck, IconX } from '@tabler/icons-react'
import { memo } from 'react'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { EntityPicker } from './EntityPicker'
import { type Choice, type Entity, likeness, type MappingRow } from './mapping'
import classes from './mapping.module.css'

export interface LineProps {
  row: MappingRow
  entities: Entity[]
  taken: (id: string) => string[]
  picking: boolean
  pick: (slug: string | null) => void
  choose: (slug: string, choice: Choice | undefined) => void
  problem?: string
  may: boolean
}

// Thousands of these may be scrolled through, so they are made of plain elements.
/** An organisation, and what it is in the other system. */
export const MappingLine = memo(function MappingLine(props: LineProps) {
  const { row, problem } = props
  return (
    <div className={classes.line} data-changed={row.changed ?? undefined}>
      <div className={classes.organisation} style={{ paddingInlineStart: row.depth * 16 }}>
        <Link className="g-link" to={to.organisation(row.slug)}>
          {row.name}
        </Link>
      </div>
      <div className={classes.entity}>
        <EntityCell {...props} />
      </div>
      <div className={classes.said}>
        <Said {...props} />
        {problem && (
          <div className={`${classes.words} ${classes.wrong}`} role="alert">
            {problem}
          </div>
        )}
      </div>
    </div>
  )
})

function EntityCell({ row, entities, taken, picking, pick, choose, may }: LineProps) {
  const { slug, name, entity, current, changed } = row
  if (picking)
    return (
      <EntityPicker
        label={`What ${name} is`}
        entities={entities}
        value={entity}
        taken={id => taken(id).filter(other => other !== name)}
        onPick={e => choose(slug, e)}
        close={() => pick(null)}
      />
    )
  const unmapped = changed === 'removed' ? `no longer ${current?.name}` : 'not mapped'
  const locked = !may || entities.length === 0 || current?.under !== undefined
  return (
    <div className={classes.cell}>
      <button
        type="button"
        className={classes.pick}
        disabled={locked}
        aria-label={`${name}: ${entity ? `${entity.name || 'without a name'} ${entity.id}` : unmapped}. Pick what it is`}
        onClick={() => pick(slug)}
      >
        {entity ? (
          <>
            {entity.name || 'without a name'} <span className="g-quiet g-mono">{entity.id}</span>
          </>
        ) : (
          <span className="g-quiet">{unmapped}</span>
        )}
      </button>
      {changed !== null && (
        <button
          type="button"
          className={classes.icon}
          aria-label={`${name}: as it was`}
          onClick={() => choose(slug, undefined)}
        >
          <IconArrowBackUp size={15} aria-hidden />
        </button>
      )}
      {changed === null && entity && !locked && (
        <button type="button" className={classes.icon} aria-label={`${name}: clear`} onClick={() => choose(slug, null)}>
          <IconX size={15} aria-hidden />
        </button>
      )}
    </div>
  )
}

const changeWords = { added: 'new', changed: 'changed', removed: 'to be removed' }

function Said({ row, choose, may, problem }: LineProps) {
  const { slug, name, current, changed, suggestion, conflict, entity } = row
  if (changed)
    return (
      <div className={classes.words}>
        <b>{changeWords[changed]}</b>
        {changed === 'changed' && <>, was {current?.name}</>}
        {conflict.length > 0 && !problem && (
          <div className={classes.wrong}>
            {conflict.join(', ')} would be the same. An entity belongs to one organisation.
          </div>
        )}
      </div>
    )
  if (entity) return <Standing row={row} />
  const automatic = suggestion?.automatic
  if (automatic)
    return (
      <Offer
        automatic
        of={name}
        words={`${automatic.name}: ${likeness(automatic.rung, automatic.confidence)}`}
        disabled={!may}
        accept={() => choose(slug, automatic)}
      />
    )
  if (!suggestion) return null
  return (
    <div className={classes.offers}>
      {suggestion.alternatives.slice(0, 2).map(a => (
        <Offer
          key={a.id}
          of={name}
          words={`${a.name}? ${likeness(undefined, a.confidence)}`}
          disabled={!may}
          accept={() => choose(slug, { id: a.id, name: a.name })}
        />
      ))}
    </div>
  )
}

function Standing({ row: { current } }: { row: MappingRow }) {
  if (!current) return null
  const said = [
    current.under && `mapped under another instance, ${current.under}`,
    current.gone && 'not listed any more',
    current.sharedWith.length > 0 && `shared with ${current.sharedWith.join(', ')}`,
  ].filter(Boolean)
  return said.length === 0 ? null : <div className={`${classes.words} g-quiet`}>{said.join('; ')}</div>
}

interface OfferProps {
  /** The organisation. */
  of: string
  words: string
  automatic?: boolean
  disabled: boolean
  accept: () => void
}

function Offer({ of, words, automatic, disabled, accept }: OfferProps) {
  return (
    <button
      type="button"
      className={automatic ? classes.sure : classes.offer}
      disabled={disabled}
      aria-label={`${of}: ${words}. Accept it`}
      onClick={accept}
    >
      {automatic && <IconCheck size={13} aria-hidden />}
      {words}
    </button>
  )
}
