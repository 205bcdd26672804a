import { notifications } from '@mantine/notifications'
import { asFault } from '~/api/fault'

/** Short words at the edge of the page about what has been done, or has not. */
export const tell = {
  done(message: string) {
    notifications.show({ message, color: 'green', autoClose: 4000 })
  },
  failure(error: unknown) {
    const fault = asFault(error)
    notifications.show({ title: fault.message, message: fault.hint ?? '', color: 'red', autoClose: 12_000 })
  },
}
