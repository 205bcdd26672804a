import { type CSSProperties, memo, useRef } from 'react'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { EntityCell } from './EntityCell'
import { MappingSaid } from './MappingSaid'
import type { Entity, MappingRow, Proposed } from './mapping'
import classes from './mapping.module.css'

export interface LineProps {
  row: MappingRow
  entities: Entity[]
  taken: (id: string) => string[]
  picking: boolean
  pick: (slug: string | null) => void
  choose: (row: MappingRow, entity: Proposed | null | undefined) => void
  problem?: string
  may: boolean
}

// Thousands of these may be scrolled through, so they are made of plain elements.
/** An organisation, and what it is in the other system. */
export const MappingLine = memo(function MappingLine(props: LineProps) {
  const { row, problem, may, choose } = props
  const cell = useRef<HTMLDivElement>(null)
  // What was pressed goes away with what it did: the keyboard goes on from what the organisation is.
  const take: LineProps['choose'] = (...what) => {
    choose(...what)
    cell.current?.querySelector('button')?.focus()
  }
  return (
    <div
      className={classes.line}
      data-changed={row.changed ?? undefined}
      style={{ '--depth': row.depth } as CSSProperties}
    >
      <div className={classes.organisation}>
        <Link className="g-link" to={to.organisation(row.slug)}>
          {row.name}
        </Link>
      </div>
      <div className={classes.entity} ref={cell}>
        <EntityCell {...props} choose={take} />
      </div>
      <div className={classes.said}>
        <MappingSaid row={row} refused={problem !== undefined} choose={take} may={may} />
        {problem && (
          <div className={`${classes.words} ${classes.wrong}`} role="alert">
            {problem}
          </div>
        )}
      </div>
    </div>
  )
})
