import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

// Each colour has the contrast that WCAG AA asks for on its ground, in both schemes.
const highlight = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName), tags.attributeName],
    color: 'light-dark(#0b4a8f, #8fc3f2)',
  },
  { tag: [tags.string, tags.special(tags.string)], color: 'light-dark(#2b6a30, #a6d9a0)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: 'light-dark(#9a3412, #f0b58a)' },
  { tag: [tags.comment, tags.lineComment], color: 'light-dark(#4f5661, #a3adba)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.labelName, tags.meta], color: 'light-dark(#7c2d8e, #dcb1ea)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'light-dark(#4b5563, #b6bdc8)' },
])

const surface = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'var(--mantine-color-body)', color: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--mantine-color-text)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    backgroundColor: 'light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-8))',
    color: 'light-dark(#5f6672, #9aa4b2)',
    borderRight: '1px solid var(--g-line)',
  },
  '.cm-activeLine': { backgroundColor: 'light-dark(rgb(0 0 0 / 4%), rgb(255 255 255 / 4%))' },
  '.cm-activeLineGutter': { backgroundColor: 'light-dark(rgb(0 0 0 / 6%), rgb(255 255 255 / 7%))' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    { backgroundColor: 'light-dark(#c9dff5, #274a70) !important' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'light-dark(#cfe8d0, #2f5433)',
    outline: '1px solid light-dark(#2b6a30, #7fb782)',
  },
  '.cm-foldPlaceholder': {
    background: 'light-dark(var(--mantine-color-gray-2), var(--mantine-color-dark-5))',
    color: 'inherit',
    border: '1px solid var(--g-line)',
  },
  '.cm-panels': {
    backgroundColor: 'light-dark(var(--mantine-color-gray-1), var(--mantine-color-dark-6))',
    color: 'var(--mantine-color-text)',
  },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--g-line)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--g-line)' },
  '.cm-panel.cm-search label': { fontSize: '12px' },
  '.cm-textfield': { backgroundColor: 'var(--mantine-color-body)', borderColor: 'var(--g-line)', color: 'inherit' },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--mantine-color-body)',
    borderColor: 'var(--g-line)',
    color: 'inherit',
  },
  '.cm-searchMatch': {
    backgroundColor: 'light-dark(#ffe8a3, #5d4c12)',
    outline: '1px solid light-dark(#b88a00, #a98d31)',
  },
  '.cm-searchMatch-selected': { backgroundColor: 'light-dark(#ffc46b, #86610a)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--mantine-color-body)',
    border: '1px solid var(--g-line)',
    borderRadius: '6px',
    boxShadow: 'var(--mantine-shadow-md)',
    maxWidth: 'min(560px, 92vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mantine-font-family-monospace)', maxHeight: '16em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'light-dark(#d3e4f5, #204468)',
    color: 'var(--mantine-color-text)',
  },
  '.cm-completionDetail': { color: 'var(--g-quiet)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-completionInfo': { padding: '8px 10px', maxWidth: '380px', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', padding: '6px 10px' },
  '.cm-diagnosticAction': { backgroundColor: 'light-dark(#0e59a5, #a5c8ea)', color: 'light-dark(#fff, #10233a)' },
  '.cm-diagnosticSource': { color: 'var(--g-quiet)', opacity: 1 },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { backgroundColor: 'light-dark(#d3e4f5, #204468)' },
})

/** How texts look in the editor: by the console's variables, so that it follows the scheme. */
export const look: Extension = [surface, syntaxHighlighting(highlight)]
