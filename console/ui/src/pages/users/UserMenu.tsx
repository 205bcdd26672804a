import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { useConfirm } from '~/parts/Confirm'
import { tell } from '~/parts/tell'
import { ChangeUser, NewPassword } from './ChangeUser'

/** What can be done with a user. Nobody keeps themselves out, or removes themselves. */
export function UserMenu({ user }: { user: Schemas['AccessUser'] }) {
  const [open, setOpen] = useState<'change' | 'password' | null>(null)
  const confirm = useConfirm()
  const navigate = useNavigate()
  const path = { user: user.id }
  const { me } = useSession()
  const self = me.user?.id === user.id
  const disable = async (disabled: boolean) => {
    await api.PATCH('/users/{user}', { params: { path }, body: { disabled } })
    await refresh('users')
    tell.done(disabled ? `${user.login} is kept out` : `${user.login} may come in again`)
  }
  const keepOut = () =>
    confirm({
      title: `Keep ${user.login} out?`,
      text: 'Their sessions end, and their tokens do not work until they are let in again.',
      go: 'Keep out',
      danger: true,
      act: () => disable(true),
    })
  const remove = () =>
    confirm({
      title: `Remove ${user.login}?`,
      text: 'Their sessions end and their tokens are refused at once. What they did stays in the audit log.',
      go: 'Remove',
      danger: true,
      act: async () => {
        await api.DELETE('/users/{user}', { params: { path } })
        await refresh('users')
        tell.done(`${user.login} is removed`)
        void navigate('/users')
      },
    })
  return (
    <>
      <Button variant="default" onClick={() => setOpen('change')}>
        Change name or login
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" aria-label="More to do with this user" px="xs">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {user.kind !== 'service' && <Menu.Item onClick={() => setOpen('password')}>Give a new password</Menu.Item>}
          {user.disabled ? (
            <Menu.Item onClick={() => void disable(false).catch(tell.failure)}>Let in again</Menu.Item>
          ) : (
            <Menu.Item onClick={keepOut} disabled={self}>
              Keep out
            </Menu.Item>
          )}
          <Menu.Item color="red" onClick={remove} disabled={self}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ChangeUser user={user} opened={open === 'change'} close={() => setOpen(null)} />
      <NewPassword user={user} opened={open === 'password'} close={() => setOpen(null)} />
    </>
  )
}
