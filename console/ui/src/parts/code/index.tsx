import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { DiffViewProps } from './Diff'
import type { CodeEditorProps } from './Editor'
import type { CodeViewProps } from './View'
import './code.css'

export type { DiffViewProps } from './Diff'
export type { CodeEditorProps } from './Editor'
export type { Language } from './language'
export type { CodeViewProps } from './View'

// The editor is heavy: it comes when the first text is shown.
const Editor = lazy(async () => ({ default: (await import('./Editor')).Editor }))
const View = lazy(async () => ({ default: (await import('./View')).View }))
const Diff = lazy(async () => ({ default: (await import('./Diff')).Diff }))

function Coming({ height }: { height?: number | string }) {
  return (
    <Skeleton
      height={typeof height === 'number' || height === '100%' ? height : 160}
      role="status"
      aria-label="The text comes"
    />
  )
}

/** An editor of a text: colours, folding, search, undo. It fills its height; the border is whose it stands in. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Coming height={props.height} />}>
      <Editor {...props} />
    </Suspense>
  )
}

/** A text that is only read, with colours. */
export function CodeView(props: CodeViewProps) {
  return (
    <Suspense fallback={<Coming />}>
      <View {...props} />
    </Suspense>
  )
}

/** What differs between two texts. */
export function DiffView(props: DiffViewProps) {
  return (
    <Suspense fallback={<Coming />}>
      <Diff {...props} />
    </Suspense>
  )
}
