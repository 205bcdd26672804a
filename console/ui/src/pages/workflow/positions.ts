// The server counts lines and columns from 1, columns in Unicode code points; the editor counts UTF-16 units from 0.

export interface Lines {
  lines: number
  line(number: number): { from: number; to: number; text: string; number: number }
  lineAt(offset: number): { from: number; to: number; text: string; number: number }
}

/** Where a place of the server lies in the text; the nearest there is, where it lies outside. */
export function offsetOf(doc: Lines, line: number, column: number): number {
  if (line < 1) return 0
  if (line > doc.lines) return doc.line(doc.lines).to
  const { from, text } = doc.line(line)
  let offset = 0
  for (let i = 1; i < column && offset < text.length; i++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  }
  return from + offset
}

/** The server's place of an offset. */
export function placeOf(doc: Lines, offset: number): { line: number; column: number } {
  const { from, text, number } = doc.lineAt(offset)
  return { line: number, column: [...text.slice(0, offset - from)].length + 1 }
}
