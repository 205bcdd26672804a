import { to } from './address'

// Where in the console what a command does is done.

/** A command as it was written: `mappings set halo ID --org northwind`. */
interface Command {
  verb?: string
  /** What follows the verb, without flags and without placeholders such as ID. */
  of: string[]
  /** The value of a flag. */
  flag: (name: string) => string | undefined
}

interface Place {
  /** How its commands begin. */
  begins: RegExp
  says: string
  /** The address; undefined where the command does not say of what. */
  at: (command: Command) => string | undefined
}

const organisation = (c: Command, tab: string) => {
  const slug = c.flag('org')
  return slug && `${to.organisation(slug)}?tab=${tab}`
}
const named = (c: Command, place: (name: string) => string) => (c.of[0] === undefined ? undefined : place(c.of[0]))

// What can only be done on the server, such as `gantry doctor`, or before anybody can sign in, stays a command.
export const places: Place[] = [
  {
    begins: /^orgs (restore|purge|list .*--deleted)/,
    says: 'the page Organisations, under Removed,',
    at: () => '/organisations?show=removed',
  },
  {
    begins: /^orgs\b/,
    says: 'the page Organisations',
    at: c => (c.verb === 'add' || c.verb === 'list' ? undefined : named(c, to.organisation)) ?? '/organisations',
  },
  {
    begins: /^vars\b/,
    says: "the organisation's page, under Variables,",
    at: c => organisation(c, 'variables') ?? '/organisations',
  },
  {
    begins: /^integrations\b/,
    says: 'the page Integrations',
    at: c => named(c, to.integration) ?? organisation(c, 'integrations') ?? '/integrations',
  },
  {
    begins: /^mappings\b/,
    says: 'the mapping page',
    at: c => named(c, to.mapping) ?? organisation(c, 'mappings') ?? '/integrations',
  },
  { begins: /^actions\b/, says: 'the page Actions', at: c => named(c, to.action) ?? '/actions' },
  {
    begins: /^runs list\b/,
    says: 'the page Runs',
    at: c => `/runs${c.flag('status') ? `?status=${c.flag('status')}` : ''}`,
  },
  { begins: /^runs\b(?! prune)/, says: "the run's page", at: c => named(c, to.run) },
  { begins: /^asks\b/, says: 'the page Waiting for you', at: () => '/waiting' },
  {
    begins: /^triggers\b/,
    says: 'the page Triggers',
    at: c => (c.of[0] && c.of[1] ? to.trigger(c.of[0], c.of[1]) : '/triggers'),
  },
  {
    begins: /^workflows\b/,
    says: 'the page Workflows',
    at: c => named(c, id => to.workflow(id) + (c.verb === 'versions' ? '?view=versions' : '')) ?? '/workflows',
  },
  { begins: /^users\b(?! add)/, says: 'the page Users and roles', at: () => '/users' },
  { begins: /^tokens\b/, says: 'the page of your profile', at: () => '/me?tab=tokens' },
]

/** Words as a shell reads them; "quoted ones" hold spaces. */
export function readCommand(text: string): Command {
  const words = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole)
  const at = words.findIndex((word, i) => i > 0 && word.startsWith('--'))
  const [, verb, ...of] = at < 0 ? words : words.slice(0, at)
  return {
    verb,
    of: of.filter(word => !/^[A-Z_]+$/.test(word)),
    flag: name => {
      const i = words.indexOf(`--${name}`)
      const value = i < 0 ? undefined : words[i + 1]
      return value && !/^[A-Z_]+$/.test(value) ? value : undefined
    },
  }
}

export const placeOf = (command: string) => places.find(p => p.begins.test(command))
