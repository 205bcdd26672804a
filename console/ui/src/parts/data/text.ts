// Long texts and pages of HTML, made readable.

/** How much of a text is shown at first. */
export const cut = 400

const tags = /<(p|div|br|table|tr|td|ul|ol|li|span|html|body|a|b|strong|h[1-6]|pre)\b[^>]*>/i

/** Whether a text is HTML rather than words with an angle bracket in them. */
export function isHTML(text: string): boolean {
  return tags.test(text.slice(0, 4000))
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** What a reader of the HTML would read: no tags, paragraphs as lines. Nothing of it is carried out or loaded. */
export function textOfHTML(html: string): string {
  return html
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/\s+/g, ' ')
    .replace(/<br\s*\/?>|<\/(p|div|tr|h[1-6]|ul|ol|table|pre)\s*>/gi, '\n')
    .replace(/<li\b[^>]*>/gi, '\n- ')
    .replace(/<\/t[dh]\s*>/gi, '\t')
    .replace(/<[^>]*>/g, '')
    .replace(/&(#\d+|#x[0-9a-f]+|\w+);/gi, (whole, name: string) => character(name) ?? whole)
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function character(name: string): string | undefined {
  if (!name.startsWith('#')) return named[name.toLowerCase()]
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
