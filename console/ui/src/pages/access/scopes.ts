import type { Role } from '~/app/session'

/** What a token can be limited to, with the least role that it takes. The handbook (docs/access.md) has the same list. */
export const scopes: { id: string; role: Role; text: string }[] = [
  { id: 'runs:read', role: 'viewer', text: 'see runs, their tasks, outputs and errors' },
  { id: 'runs:write', role: 'operator', text: 'start, cancel, pause, resume, resolve and rerun runs' },
  { id: 'triggers:read', role: 'viewer', text: 'see triggers, when they fire next, and their last events' },
  { id: 'triggers:fire', role: 'operator', text: 'fire a trigger by hand' },
  { id: 'triggers:write', role: 'author', text: 'switch triggers on and off, renew webhook addresses' },
  { id: 'workflows:read', role: 'viewer', text: 'see workflows, crates and the catalogue of actions' },
  { id: 'workflows:write', role: 'author', text: 'change workflows' },
  { id: 'organisations:read', role: 'viewer', text: 'see organisations' },
  { id: 'organisations:write', role: 'admin', text: 'add, change, move and remove organisations' },
  { id: 'variables:read', role: 'viewer', text: 'see variables; of secrets only that they are there' },
  { id: 'variables:write', role: 'author', text: 'set and remove variables that are not secret' },
  { id: 'secrets:write', role: 'admin', text: 'set and remove secrets; nobody can read them' },
  {
    id: 'integrations:read',
    role: 'viewer',
    text: 'see instances of integrations and mappings, without their secrets',
  },
  { id: 'integrations:call', role: 'author', text: 'call one action by hand' },
  { id: 'integrations:write', role: 'admin', text: 'add, change, try and remove instances and mappings' },
  { id: 'keys:write', role: 'admin', text: 'renew the master key' },
  { id: 'backups:write', role: 'admin', text: 'make a backup of everything, and fetch it' },
  { id: 'users:read', role: 'admin', text: 'see users, what was granted to them, their sessions and tokens' },
  { id: 'users:write', role: 'admin', text: 'add, change and remove users, grants and tokens' },
  { id: 'audit:read', role: 'admin', text: 'read the audit log' },
  { id: 'settings:read', role: 'admin', text: "see the server's settings, without secrets" },
]

/** What each role may do, in a sentence. */
export const roleTexts: Record<Role, string> = {
  viewer: 'sees workflows, runs, organisations and what they have, but no secrets',
  operator: 'also starts, cancels, pauses and resumes runs, fires triggers and answers questions',
  author: 'also changes workflows, switches triggers, sets variables and calls actions by hand',
  admin: 'also changes organisations, integrations, mappings, secrets and users',
}
