import '@mantine/notifications/styles.css'
import { Notifications, notifications } from '@mantine/notifications'

export function Shown() {
  return <Notifications position="bottom-right" limit={4} />
}

/** Shows a message; its cross has a name. */
export const show: typeof notifications.show = message =>
  notifications.show({ closeButtonProps: { 'aria-label': 'Close this message' }, ...message })
