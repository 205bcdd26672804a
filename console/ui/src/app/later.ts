/** Loads what is not needed at first, with the styles that it may need. */
export async function later<T>(load: () => Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([load(), import('./more')])
  return loaded
}
