import { IconCheck } from '@tabler/icons-react'
import type { LineProps } from './MappingLine'
import type { MappingRow } from './mapping'
import classes from './mapping.module.css'
import { likeness } from './mappingFilter'

interface SaidProps extends Pick<LineProps, 'row' | 'choose' | 'may'> {
  /** The server has said what is wrong with it already. */
  refused: boolean
}

/** What is to be known of a row beside what it is: its change, what stands against that, or what it may be. */
export function MappingSaid({ row, refused, choose, may }: SaidProps) {
  const { name, changed, suggestion, entity } = row
  if (changed) return <Change row={row} refused={refused} />
  if (entity) return <Standing row={row} />
  const automatic = suggestion?.automatic
  if (automatic)
    return (
      <Offer
        automatic
        of={name}
        words={`${automatic.name}: ${likeness(automatic.rung, automatic.confidence)}`}
        disabled={!may}
        accept={() => choose(row, automatic)}
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
          accept={() => choose(row, { id: a.id, name: a.name })}
        />
      ))}
    </div>
  )
}

const changeWords = { added: 'new', changed: 'changed', removed: 'to be removed' }

function Change({ row, refused }: { row: MappingRow; refused: boolean }) {
  const { changed, current, conflict, meanwhile } = row
  if (!changed) return null
  return (
    <div className={classes.words}>
      <b>{changeWords[changed]}</b>
      {changed === 'changed' && !meanwhile && <>, was {current?.name}</>}
      {meanwhile && !refused && <div className={classes.wrong}>{meanwhileWords(row)}</div>}
      {conflict.length > 0 && !refused && (
        <div className={classes.wrong}>
          {conflict.join(', ')} would be the same. An entity belongs to one organisation.
        </div>
      )}
    </div>
  )
}

/** What somebody else has made of it since it was chosen, and what to do. */
export function meanwhileWords({ name, current }: MappingRow): string {
  const who = current?.by ? `${current.by} has` : 'Somebody has'
  return current
    ? `${who} saved ${current.name} for ${name} meanwhile. Leave that, or pick it again.`
    : `Somebody has removed the mapping of ${name} meanwhile. Leave that, or pick it again.`
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
