/** Lines of a text, from 1, with the indentation that all of them share taken away. */
export function excerpt(text: string, from: number, until: number): string {
  const lines = text.split('\n').slice(from - 1, until)
  while (lines.at(-1)?.trim() === '') lines.pop()
  const shared = Math.min(...lines.filter(l => l.trim()).map(l => l.length - l.trimStart().length))
  return lines.map(l => l.slice(Number.isFinite(shared) ? shared : 0)).join('\n')
}
