import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { House } from './house'
import { call } from './seed'
import type { Visitor } from './visitor'

interface Version {
  number: number
  kind: string
  comment: string
  by: string
  current: boolean
}

/** Somebody who writes workflows: what they see of the editor, what they do there, and what the server says of it. */
export function author({ page, context }: Visitor) {
  const api = (method: Parameters<typeof call>[1], path: string, data?: unknown) =>
    call(context.request, method, path, data)
  const of = (id: string) => `/workflows/${encodeURIComponent(id)}`
  const editor = () => page.getByRole('textbox', { name: /^The text of/ })
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const dialogue = () => page.getByRole('dialog')
  // The text as it stands there now.
  const checked = () => page.locator('[role=status][aria-busy=false]').getByText('Checks', { exact: true }).waitFor()
  const unsaved = () => page.getByText('Unsaved changes', { exact: true })
  return {
    page,
    api,
    editor,
    button,
    dialogue,
    unsaved,
    /** Waits until a side of what is compared in the dialogue has a text. */
    compares: (side: string, text: string) =>
      dialogue()
        .getByRole('textbox', { name: new RegExp(`${side}$`) })
        .getByText(text)
        .waitFor(),
    notice: (title: string) => page.getByRole('status', { name: title }),
    checked,
    workflow: (id: string) => api('GET', of(id)),
    draftOf: async (id: string) => (await api('GET', `${of(id)}/draft`)).draft,
    versionsOf: async (id: string): Promise<Version[]> => (await api('GET', `${of(id)}/versions`)).versions,
    async open(id: string) {
      await page.goto(`/workflows/${id}`)
      await checked()
      await editor().waitFor()
    },
    /** Writes at the end of the text. */
    async write(text: string) {
      await editor().click()
      await page.keyboard.press('Control+End')
      await page.keyboard.insertText(text)
      await unsaved().waitFor()
    },
    async saveDraft() {
      await button('Save as draft').click()
      await unsaved().waitFor({ state: 'hidden' })
    },
    async publish(comment: string) {
      await button('Publish …').click()
      await dialogue().getByLabel('What is the change for?').fill(comment)
      await button('Publish').click()
      await dialogue().waitFor({ state: 'hidden' })
    },
    async more(item: string) {
      await button('More').click()
      await page.getByRole('menuitem', { name: item, exact: true }).click()
    },
  }
}

/** The files of a project, as somebody has them in an editor of their own. */
export function folder(house: House) {
  const path = (id: string) => join(house.project, `workflows/${id}.yaml`)
  return {
    path,
    read: (id: string) => readFileSync(path(id), 'utf8'),
    write(id: string, text: string) {
      mkdirSync(dirname(path(id)), { recursive: true })
      writeFileSync(path(id), text)
    },
  }
}

export const secret = 'copper-lantern-harvest-42'

/** Adds a user with a role over the MSP. */
export function addUser(admin: Visitor, login: string, role: string) {
  const grants = [{ role, organisation: '_' }]
  return call(admin.context.request, 'POST', '/users', { login, name: login, password: secret, grants })
}
