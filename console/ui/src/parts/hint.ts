// Hints of the server name commands. In the console they name the page on which the same is done. Pure.

// By how commands begin. What can only be done on the server, such as `gantry doctor`, stays a command.
const pages: [RegExp, string][] = [
  [/^orgs (restore|purge|list .*--deleted)/, 'the page Organisations, under Removed,'],
  [/^orgs\b/, 'the page Organisations'],
  [/^vars\b/, "the organisation's page, under Variables,"],
  [/^integrations\b/, 'the page Integrations'],
  [/^mappings\b/, 'the mapping page'],
  [/^actions\b/, 'the page Actions'],
  [/^runs list\b/, 'the page Runs'],
  [/^runs\b/, "the run's page"],
  [/^asks\b/, 'the page Waiting for you'],
  [/^triggers\b/, 'the page Triggers'],
  [/^workflows\b/, 'the page Workflows'],
  [/^users\b/, 'the page Users and roles'],
  [/^tokens\b/, 'the page of your profile'],
]

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
    const page = pages.find(([begins]) => begins.test(quoted ?? bare))?.[1]
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
  return said.replace(/(:|,? (with|add|leave))? --\w[\w-]*( [A-Z]+\b)?/g, '')
}
