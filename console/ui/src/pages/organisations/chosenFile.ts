import { asFault, Fault } from '~/api/fault'

/** Reads a file that was chosen. Browsers let go of one that has been changed since. */
export async function read<T>(file: File, how: (file: File) => Promise<T>): Promise<T> {
  try {
    return await how(file)
  } catch {
    throw new Fault(0, {
      code: 'unreadable',
      message: `${file.name} is not as it was when it was chosen.`,
      hint: 'choose it once more',
    })
  }
}

/** Whether it has to be chosen once more. */
export const isUnreadable = (error: unknown) => asFault(error).code === 'unreadable'
