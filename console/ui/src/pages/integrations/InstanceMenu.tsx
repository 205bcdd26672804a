import { ActionIcon, Menu } from '@mantine/core'
import { IconDotsVertical, IconKey, IconPencil, IconStar, IconStarOff, IconTrash } from '@tabler/icons-react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { tell } from '~/parts/tell'
import { placeOf } from './instanceDialogues'

/** What is opened by the menu. */
export type Deed = 'rename' | 'rotate' | 'remove'

interface MenuProps {
  instance: Schemas['Instance']
  disabled: boolean
  open: (what: Deed) => void
}

/** What else can be done with an instance. */
export function InstanceMenu({ instance, disabled, open }: MenuProps) {
  const path = placeOf(instance).path
  const setDefault = async (on: boolean) => {
    try {
      if (on)
        await api.PUT('/organisations/{org}/instances/{integration}/default', {
          params: { path },
          body: { name: instance.name },
        })
      else await api.DELETE('/organisations/{org}/instances/{integration}/default', { params: { path } })
      tell.done(on ? `${instance.name} is the default now.` : `${instance.organisation_name} has no default now.`)
      await refresh('integrations')
    } catch (e) {
      tell.failure(e)
    }
  }
  const rotates = (instance.secret_fields ?? []).length > 0
  return (
    <Menu position="bottom-end" disabled={disabled}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} disabled={disabled} aria-label={`More for ${instance.name}`}>
          <IconDotsVertical size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => open('rename')}>
          Rename
        </Menu.Item>
        {rotates && (
          <Menu.Item leftSection={<IconKey size={15} />} onClick={() => open('rotate')}>
            Give it a new secret
          </Menu.Item>
        )}
        {instance.default ? (
          <Menu.Item leftSection={<IconStarOff size={15} />} onClick={() => void setDefault(false)}>
            Make it no longer the default
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconStar size={15} />} onClick={() => void setDefault(true)}>
            Make it the default
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => open('remove')}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
