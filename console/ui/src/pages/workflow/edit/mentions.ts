import { type Scalar, visit } from 'yaml'
import { spansOf, tokensOf } from '~/parts/code/cel'
import { isScalar, type Source, type Splice } from './source'

const mention =
  /\b(?:tasks|run\s*\.\s*links)\b(?:\s*\.\s*\??\s*(?<field>[A-Za-z_]\w*)|\s*\[\s*\??\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)')\s*\])/dg

/** Where expressions of the text name a task: `tasks.name`, `tasks["name"]`, `run.links.name`. Texts in quotes do not. */
export function mentionsOf(src: Source, name: string): Splice[] {
  const found: Splice[] = []
  visit(src.doc, {
    Scalar(key, node, path) {
      if (key === 'key' || typeof node.value !== 'string' || !node.range) return
      const keys = path.flatMap(p => ('key' in p && isScalar(p.key) ? [String(p.key.value)] : []))
      found.push(...within(src, node, isCondition(keys), name))
    },
  })
  return found
}

// Conditions are expressions without braces.
function isCondition(keys: string[]): boolean {
  if (keys.at(-1) !== 'when') return false
  if (keys[0] === 'triggers') return keys.length === 2
  return keys[0] === 'tasks' && keys.length === 4 && (keys[2] === 'next' || keys[2] === 'retry')
}

function within(src: Source, node: Scalar, condition: boolean, name: string): Splice[] {
  const { text, at } = unquoted(src, node)
  const braces = spansOf(text)
  const spans = condition && braces.length === 0 ? [{ from: 0, to: text.length }] : braces
  return spans.flatMap(span => {
    const names = new Set(tokensOf(text, span).flatMap(t => (t.kind === 'name' ? [t.from] : [])))
    return [...text.slice(span.from, span.to).matchAll(mention)].flatMap(match => {
      const begins = span.from + match.index
      if (!names.has(begins) || /[.\w]\s*\??\s*$/.test(text.slice(span.from, begins).match(/\.\s*\??\s*$/)?.[0] ?? ''))
        return []
      const groups = match.indices?.groups ?? {}
      const place = groups.field ?? groups.double ?? groups.single
      if (!place || text.slice(span.from + place[0], span.from + place[1]) !== name) return []
      const from = at(span.from + place[0])
      return [{ from, to: from + name.length, insert: '' }]
    })
  })
}

/** A text as it is meant, and where in the file each of its characters stands. */
function unquoted(src: Source, node: Scalar): { text: string; at: (index: number) => number } {
  const [from, to] = node.range ?? [0, 0]
  const written = src.text.slice(from, to)
  const pattern = { QUOTE_DOUBLE: /\\(?:x..|u.{4}|U.{8}|[\s\S])|[\s\S]/g, QUOTE_SINGLE: /''|[\s\S]/g }[
    node.type as string
  ]
  if (!pattern) return { text: written, at: index => from + index }
  const places: number[] = []
  let text = ''
  for (const match of written.slice(1, -1).matchAll(pattern)) {
    const [piece] = match
    // Of what is written with a backslash only quotes matter to expressions.
    text += piece === "''" ? "'" : piece.length > 1 && piece[0] === '\\' ? (piece[1] === '"' ? '"' : '\u00a0') : piece
    places.push(from + 1 + match.index)
  }
  return { text, at: index => places[index] ?? to - 1 }
}
