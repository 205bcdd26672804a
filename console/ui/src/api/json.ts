// JSON whose whole numbers keep all their digits. JSON.parse makes doubles of them, which know about 16 digits: ids of
// other systems may have 19. What a double cannot say becomes a bigint, which prints and is written as the same digits.

// Stands before digits where a text has to go through JSON. Nobody else knows it.
const mark = `#${Math.random()}#`

/** Reads JSON. A whole number is a bigint where a number would not print the same. */
export function readJSON(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return JSON.parse(marked(text), (_, value) =>
    typeof value === 'string' && value.startsWith(mark) ? wholeOf(value.slice(mark.length)) : value,
  )
}

/** A whole number as it is kept: a bigint where a number would not print the same. */
export function wholeOf(digits: string | bigint): number | bigint {
  const n = BigInt(digits)
  return String(Number(n)) === String(n) ? Number(n) : n
}

/** The text with each long number as a marked string. What stands between quotes stays as it is. */
function marked(text: string): string {
  const quoteOrNumber = /"|(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE])/g
  let done = ''
  let from = 0
  for (let found = quoteOrNumber.exec(text); found; found = quoteOrNumber.exec(text)) {
    const [part] = found
    if (part === '"') quoteOrNumber.lastIndex = behind(text, found.index + 1)
    else {
      done += `${text.slice(from, found.index)}"${mark}${part}"`
      from = quoteOrNumber.lastIndex
    }
  }
  return done + text.slice(from)
}

/** Where a string ends, of which the first character is given: behind the quote that nothing escapes. */
function behind(text: string, first: number): number {
  for (let at = text.indexOf('"', first); at >= 0; at = text.indexOf('"', at + 1)) {
    let slash = at
    while (slash > first && text[slash - 1] === '\\') slash--
    if ((at - slash) % 2 === 0) return at + 1
  }
  return text.length
}

declare global {
  interface BigInt {
    toJSON?(): unknown
  }
}

/** Has JSON.stringify write bigints as numbers; in browsers before 2025 through marks that are taken out again. */
function writeBigints(): void {
  const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown }
  // It asks each bigint itself how it is written.
  BigInt.prototype.toJSON = function (this: bigint) {
    return rawJSON ? rawJSON(String(this)) : mark + this
  }
  if (rawJSON) return
  const written = new RegExp(`"${mark}(-?\\d+)"`, 'g')
  const plain = JSON.stringify as (...how: unknown[]) => string | undefined
  JSON.stringify = (...how: unknown[]) => plain(...how)?.replace(written, '$1') as string
}

writeBigints()
