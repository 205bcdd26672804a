// Where expressions stand in a text, and what they are made of. The server's checker reads them for good; this is for
// colours, and for finding names while a task is renamed.

export type TokenKind = 'name' | 'string' | 'number' | 'keyword' | 'operator' | 'function'

export interface Token {
  from: number
  to: number
  kind: TokenKind
}

export interface Span {
  /** Behind the opening braces. */
  from: number
  /** Before the closing ones. */
  to: number
}

// The quotes within a YAML text may be written twice or with a backslash before them.
const pattern =
  /(?<string>'''[\s\S]*?'''|"""[\s\S]*?"""|\\"(?:(?!\\").)*\\"|''(?:(?!'')[^\n])+''|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|(?<number>\b\d[\w.]*)|(?<name>[A-Za-z_]\w*)|(?<operator>&&|\|\||[=!<>]=|[-+*/%<>!?:.,])|(?<brace>[{}])/g

const keywords = new Set(['true', 'false', 'null', 'in'])

/** The tokens of an expression; what is none of them is left out. `from` and `to` count from the text's start. */
export function tokensOf(text: string, within: Span): Token[] {
  const tokens: Token[] = []
  const part = text.slice(within.from, within.to)
  for (const match of part.matchAll(pattern)) {
    const kind = kindOf(match, part)
    if (!kind) continue
    const from = within.from + match.index
    tokens.push({ from, to: from + match[0].length, kind })
  }
  return tokens
}

function kindOf(match: RegExpExecArray, part: string): TokenKind | null {
  const groups = match.groups ?? {}
  if (groups.string !== undefined) return 'string'
  if (groups.number !== undefined) return 'number'
  if (groups.operator !== undefined) return 'operator'
  if (groups.name === undefined) return null
  if (keywords.has(groups.name)) return 'keyword'
  return part[match.index + groups.name.length] === '(' ? 'function' : 'name'
}

/**
 * The insides of the text's `${{ }}`, as the server cuts them: braces in quotes and in maps do not end one. One that is
 * not closed goes on to the end of its line.
 */
export function spansOf(text: string): Span[] {
  const spans: Span[] = []
  for (let at = text.indexOf('${{'); at >= 0; at = text.indexOf('${{', at)) {
    if (text[at - 1] === '$') {
      at += 3
      continue
    }
    const from = at + 3
    const to = closing(text, from)
    spans.push({ from, to })
    at = to
  }
  return spans
}

function closing(text: string, from: number): number {
  const reader = new RegExp(pattern)
  reader.lastIndex = from
  let depth = 0
  for (let match = reader.exec(text); match; match = reader.exec(text)) {
    const brace = match.groups?.brace
    if (brace === '{') depth++
    if (brace !== '}') continue
    if (depth === 0 && text[match.index + 1] === '}') return match.index
    depth = Math.max(0, depth - 1)
  }
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

const conditionKey = /^(?:\s*(?:- +)*\{?|.*[,{]\s*)when:[ \t]+/

/** The conditions without braces: what stands behind `when:` on a line, up to a comment or the next key. */
export function conditionsOf(line: string): Span | null {
  const key = conditionKey.exec(line)
  if (!key || line.slice(key[0].length).trimStart().startsWith('${{')) return null
  let from = key[0].length
  const quote = line[from]
  if (quote === '"' || quote === "'") {
    const end = line.indexOf(quote, from + 1)
    from++
    return { from, to: end < 0 ? line.length : end }
  }
  if (quote === undefined || '|>&*#'.includes(quote)) return null
  const comment = line.indexOf(' #', from)
  const inFlow = /[{,]\s*when:[ \t]+$/.test(key[0])
  const stop = inFlow ? line.slice(from).search(/,\s|\}\s*$/) : -1
  const ends = [line.length, comment < 0 ? line.length : comment, stop < 0 ? line.length : from + stop]
  return { from, to: Math.min(...ends) }
}
