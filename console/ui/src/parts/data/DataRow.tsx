import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import {
  IconBraces,
  IconCheck,
  IconChevronDown,
  IconChevronRight,
  IconCopy,
  IconSquareRoundedPlus,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './data.module.css'
import { TextValue } from './TextValue'
import { type Row, summary } from './tree'

export interface RowProps {
  row: Row
  /** The one row that the Tab key comes to. */
  current: boolean
  onCurrent: () => void
  onFold: () => void
  onPick?: (path: string, value: unknown) => void
}

/** One value of a tree: its name, what it is, and what can be done with it. */
export function DataRow({ row, current, onCurrent, onFold, onPick }: RowProps) {
  const folds = row.size > 0
  const Chevron = row.open ? IconChevronDown : IconChevronRight
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys for all its rows
    <div
      role="treeitem"
      data-row={row.key}
      aria-level={row.depth + 1}
      aria-expanded={folds ? row.open : undefined}
      aria-selected={current}
      tabIndex={current ? 0 : -1}
      className={styles.row}
      style={{ paddingLeft: row.depth * 16 }}
      onFocus={onCurrent}
      onClick={folds ? onFold : undefined}
    >
      <span className={styles.fold}>{folds && <Chevron size={14} aria-hidden />}</span>
      {row.step !== undefined && <span className={`g-mono ${styles.name}`}>{row.step}</span>}
      <span className={`${styles.value} ${styles[row.kind]}`}>
        <Shown row={row} />
      </span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: only keeps a press on a button from folding the row */}
      <span className={styles.acts} onClick={event => event.stopPropagation()}>
        {onPick && row.step !== undefined && (
          <Act label={`Use ${row.path}`} current={current} onClick={() => onPick(row.path, row.value)}>
            <IconSquareRoundedPlus size={15} />
          </Act>
        )}
        {row.path !== '' && <CopyAct label="Copy as expression" text={row.path} current={current} icon="braces" />}
        <CopyAct label="Copy the value" text={asText(row.value)} current={current} icon="copy" />
      </span>
    </div>
  )
}

function Shown({ row }: { row: Row }) {
  switch (row.kind) {
    case 'text':
      return <TextValue text={String(row.value)} />
    case 'object':
    case 'list':
      if (row.size === 0) return row.kind === 'list' ? 'empty list' : 'empty'
      if (row.open && row.kind === 'object') return row.step === undefined ? told(row.size) : ''
      return summary(row.value)
    default:
      return String(row.value ?? null)
  }
}

function told(size: number): string {
  return size === 1 ? '1 name' : `${size} names`
}

/** What is copied: texts as they are, all else as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'null')
}

interface ActProps {
  label: string
  current: boolean
  onClick: () => void
  color?: string
  children: ReactNode
}

function Act({ label, current, onClick, color = 'gray', children }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        size={20}
        color={color}
        aria-label={label}
        tabIndex={current ? 0 : -1}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

interface CopyActProps {
  label: string
  text: string
  current: boolean
  icon: 'copy' | 'braces'
}

function CopyAct({ label, text, current, icon }: CopyActProps) {
  const Glyph = icon === 'copy' ? IconCopy : IconBraces
  return (
    <CopyButton value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Act
          label={copied ? 'Copied' : label}
          current={current}
          color={copied ? 'green' : 'gray'}
          onClick={() => copy()}
        >
          {copied ? <IconCheck size={15} /> : <Glyph size={15} />}
        </Act>
      )}
    </CopyButton>
  )
}
