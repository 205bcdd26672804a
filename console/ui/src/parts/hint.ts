import { placeOf, readCommand } from './places'

// Hints of the server name commands. In the console they name the page on which the same is done, and lead to it. Pure.

const commands = /(\bwith |\bby |: )?(?:`gantry ([^`]+)`|\bgantry ((?:orgs|mappings|triggers) [^;,`]*))(?=(.?))/g

/** A hint as the console says it: `with`, `by` or a colon before a command become "on" its page. */
export function inConsole(hint: string): string {
  return hint
    .split('; ')
    .map(withoutCommands)
    .map(withoutFlags)
    .filter(clause => clause !== '')
    .join('; ')
}

function withoutCommands(clause: string): string {
  return clause.replace(commands, (whole, before: string | undefined, quoted: string, bare: string, next: string) => {
    const page = placeOf(quoted ?? bare)?.says
    if (page === undefined) return whole
    // What follows a word goes on about the page: "`gantry runs list` shows the ids".
    const subject = next === ' ' && before !== 'with ' && before !== 'by '
    if (subject) return (before ?? '') + page
    return (before === ': ' ? ' on ' : before || next === ')' ? 'on ' : '') + page.replace(/,$/, '')
  })
}

/** What is said of a flag is said of the field of that name, or not at all: pages have their own boxes for it. */
function withoutFlags(clause: string): string {
  const said = clause.replace(/\bwith --set (\w+)=/g, 'in the field $1: ')
  if (/^(say which with |with |or )?--\w/.test(said)) return ''
  const outside = said.split(/(`[^`]*`)/) // commands that stay keep theirs
  return outside.map((s, i) => (i % 2 ? s : s.replace(/(:|,? (with|add|leave))? --\w[\w-]*( [A-Z]+\b)?/g, ''))).join('')
}

/** A hint as a sentence of its own. */
export function sentence(text: string): string {
  const said = inConsole(text)
  const begun = said.charAt(0).toUpperCase() + said.slice(1)
  if (begun === '') return ''
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}

/** A piece of a hint; with an address it names the page there. */
export interface Piece {
  text: string
  to?: string
}

/** A hint as a sentence in which the pages that it names are links. */
export function linked(hint: string): Piece[] {
  const pieces: Piece[] = []
  let rest = sentence(hint)
  for (const [, , quoted, bare] of hint.matchAll(commands)) {
    const command = quoted ?? bare ?? ''
    const place = placeOf(command)
    const says = place?.says.replace(/,.*$/, '') ?? ''
    const at = place ? rest.toLowerCase().indexOf(says.toLowerCase()) : -1
    if (!place || at < 0) continue
    pieces.push(
      { text: rest.slice(0, at) },
      { text: rest.slice(at, at + says.length), to: place.at(readCommand(command)) },
    )
    rest = rest.slice(at + says.length)
  }
  return [...pieces, { text: rest }].filter(p => p.text !== '')
}
