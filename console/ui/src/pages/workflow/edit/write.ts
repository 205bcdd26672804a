import { Document, isScalar, type Scalar, visit } from 'yaml'

// What other readers of YAML take for numbers and words is written in quotes.
const looksOther = /^(?:[-+.]?[\d][\d_.,:xobeE+-]*|yes|no|on|off|~)$/i

function documentOf(value: unknown, style: 'block' | 'flow'): Document {
  const doc = new Document(value, { aliasDuplicateObjects: false })
  visit(doc, {
    Scalar(_, node) {
      // Empty lines at the end of a text would be mixed up with those behind it.
      if (typeof node.value === 'string' && (looksOther.test(node.value) || /\n\s*\n$/.test(node.value))) {
        node.type = 'QUOTE_DOUBLE'
      }
    },
    Collection(_, node) {
      node.flow = style === 'flow' || node.items.length === 0
    },
  })
  return doc
}

/** A value on one line, as it may stand within braces. */
export function inFlow(value: unknown): string {
  // Within a list, since what may stand there without quotes is less than what may stand alone.
  const text = documentOf([value], 'flow').toString({ lineWidth: 0, flowCollectionPadding: false })
  return text.trim().slice(1, -1).trim()
}

/** `key: value` as lines of a block, of which all but the first begin with as many spaces as `indent` says. */
export function pairInBlock(key: string, value: unknown, indent: number, eol: string): string {
  const text = documentOf({ [key]: value }, 'block').toString({ lineWidth: 0, indent: 2 })
  return indented(text.replace(/\n$/, ''), indent, eol)
}

/** `- value` as lines of a block. */
export function itemInBlock(value: unknown, indent: number, eol: string): string {
  const text = documentOf([value], 'block').toString({ lineWidth: 0, indent: 2 })
  return indented(text.replace(/\n$/, ''), indent, eol)
}

function indented(text: string, indent: number, eol: string): string {
  const space = ' '.repeat(indent)
  return text
    .split('\n')
    .map((line, i) => (i === 0 || line === '' ? line : space + line))
    .join(eol)
}

/** `key: value` as it may stand within braces. */
export function pairInFlow(key: string, value: unknown): string {
  return `${inFlow(key)}: ${inFlow(value)}`
}

/** Whether a text is written over several lines. */
export function isLong(node: unknown): boolean {
  return isScalar(node) && ['BLOCK_LITERAL', 'BLOCK_FOLDED'].includes((node as Scalar).type ?? '')
}
