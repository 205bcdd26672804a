import '@mantine/notifications/styles.css'
import { Notifications, notifications } from '@mantine/notifications'

export function Shown() {
  return <Notifications position="bottom-right" limit={4} />
}

export const show = notifications.show
