import { IconArrowBackUp, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { EntityPicker } from './EntityPicker'
import type { LineProps } from './MappingLine'
import classes from './mapping.module.css'

/** What an organisation is, and its change: another one, none, or as it was. */
export function EntityCell({ row, entities, taken, picking, pick, choose, may }: LineProps) {
  const { slug, name, entity, current, changed } = row
  const button = useRef<HTMLButtonElement>(null)
  const picked = useRef(false)
  useEffect(() => {
    if (picked.current && !picking && document.activeElement === document.body) button.current?.focus()
    picked.current = picking
  }, [picking])
  if (picking)
    return (
      <EntityPicker
        label={`What ${name} is`}
        entities={entities}
        value={entity}
        taken={id => taken(id).filter(other => other !== name)}
        onPick={e => choose(row, e)}
        close={() => pick(null)}
      />
    )
  const unmapped = changed === 'removed' ? `no longer ${current?.name}` : 'not mapped'
  const locked = !may || entities.length === 0 || current?.under !== undefined
  return (
    <div className={classes.cell}>
      <button
        type="button"
        ref={button}
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
          onClick={() => choose(row, undefined)}
        >
          <IconArrowBackUp size={15} aria-hidden />
        </button>
      )}
      {changed === null && entity && !locked && (
        <button type="button" className={classes.icon} aria-label={`${name}: clear`} onClick={() => choose(row, null)}>
          <IconX size={15} aria-hidden />
        </button>
      )}
    </div>
  )
}
