import { describe, expect, test } from 'vitest'
import { inConsole, sentence } from './hint'

describe('a hint that names a command', () => {
  test.each([
    ['`gantry orgs list` shows those there are', 'the page Organisations shows those there are'],
    ['enable it with `gantry orgs enable northwind`', 'enable it on the page Organisations'],
    [
      'restore the parent first: gantry orgs restore northwind',
      'restore the parent first on the page Organisations, under Removed',
    ],
    [
      'make a new client secret if this one may have expired (`gantry integrations rotate halo`); if Halo is hosted, check the tenant, too',
      'make a new client secret if this one may have expired (on the page Integrations); if Halo is hosted, check the tenant, too',
    ],
    [
      '`gantry mappings suggest halo` compares names, `gantry mappings set halo ID --org northwind` maps it',
      'the mapping page compares names, the mapping page maps it',
    ],
    [
      'secrets do not belong in a table: leave the cell empty; `gantry vars set key --secret --org northwind` sets it',
      "secrets do not belong in a table: leave the cell empty; the organisation's page, under Variables, sets it",
    ],
    [
      'several organisations may be it: see `gantry mappings suggest halo`',
      'several organisations may be it: see the mapping page',
    ],
    ['`gantry runs resume 1a2b3c4d` lets it go on', "the run's page lets it go on"],
    [
      'look in the other system, then say what you found: `gantry runs resolve`',
      "look in the other system, then say what you found on the run's page",
    ],
  ])('%s', (said, shown) => expect(inConsole(said)).toBe(shown))
})

describe('a hint that names a flag', () => {
  test.each([
    ['change those first, or remove it all the same with --force', 'change those first, or remove it all the same'],
    ['an entity belongs to one organisation; --shared allows several', 'an entity belongs to one organisation'],
    ['workflows may rely on that; --retype changes the type on purpose', 'workflows may rely on that'],
    ['is it awake?; with --name NAME it is mapped without asking', 'is it awake?'],
    [
      'ask only for what it is allowed, with --set scope="read:tickets"',
      'ask only for what it is allowed, in the field scope: "read:tickets"',
    ],
    [
      'map them under another one first, or remove it with their mappings: --force; `gantry mappings list halo` shows them',
      'map them under another one first, or remove it with their mappings; the mapping page shows them',
    ],
  ])('%s', (said, shown) => expect(inConsole(said)).toBe(shown))
})

test('what can only be done on the server stays a command', () => {
  expect(inConsole('`gantry doctor --full` looks for damage')).toBe('`gantry doctor --full` looks for damage')
  expect(inConsole('or use `gantry users add` there')).toBe('or use `gantry users add` there')
  expect(inConsole('did you mean "contoso"?')).toBe('did you mean "contoso"?')
})

test('hints are sentences on pages', () => {
  expect(sentence('`gantry runs list` shows the ids')).toBe('The page Runs shows the ids.')
  expect(sentence('--shared allows several')).toBe('')
  expect(sentence('HaloPSA does not know this (404)')).toBe('HaloPSA does not know this (404).')
})
