// Paths into values, as expressions write them: tasks.get_ticket.result.assets[0].name

/** A step down into a value: a name, or a position. */
export type Step = string | number

const plain = /^[A-Za-z_][A-Za-z0-9_]*$/

// What CEL keeps for itself: such a name is no field, but can be looked up.
const reserved = new Set([
  ...['as', 'break', 'const', 'continue', 'else', 'false', 'for', 'function', 'if', 'import', 'in', 'let', 'loop'],
  ...['namespace', 'null', 'package', 'return', 'true', 'var', 'void', 'while'],
])

/** A text as a literal of an expression. */
export function literal(text: string): string {
  return `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')}'`
}

/** The expression of what lies below another one. */
export function below(expression: string, step: Step): string {
  if (typeof step === 'number') return `${expression}[${step}]`
  if (expression === '') return step
  return plain.test(step) && !reserved.has(step) ? `${expression}.${step}` : `${expression}[${literal(step)}]`
}
