// A call of a webhook that can be pasted into a shell, signed as its trigger wants it.

/** How senders prove who they are, as the API tells it: the keys of `verify: {hmac: …}`, resolved. */
export interface Proof {
  way: 'none' | 'secret_header' | 'basic' | 'hmac'
  /** The name of the organisation's variable. */
  secret?: string
  header?: string
  user?: string
  algorithm?: string
  encoding?: string
  prefix?: string
  separator?: string
  content?: string
  secret_encoding?: string
  id_header?: string
  timestamp_header?: string
  timestamp_prefix?: string
  timestamp_format?: string
}

export interface Call {
  address: string
  methods: string[]
  proof: Proof
  /** As it is sent; not sent with methods that have none. */
  body: string
}

/** A text that the shell takes as it is. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

// A text in which `$NAME`s of ours are replaced by the shell, and nothing else is.
function filled(text: string, names: Record<string, string>): string {
  const parts = text.split(/(\{[a-z]+\})/)
  return `"${parts.map(p => names[p] ?? p.replaceAll(/["$`\\]/g, c => `\\${c}`)).join('')}"`
}

const bodiless = ['GET', 'HEAD', 'DELETE', 'OPTIONS']

/** The lines of a shell script. */
export function curlOf({ address, methods, proof, body }: Call): string {
  const method = methods.includes('POST') || methods.length === 0 ? 'POST' : (methods[0] ?? 'POST')
  const sends = !bodiless.includes(method)
  const lines = proof.way === 'none' ? [] : [`SECRET=${quoted(`the secret ${proof.secret ?? ''}`)}`]
  if (proof.way === 'hmac') lines.push(...signing(proof, address, method, sends ? body : ''))
  const options = [`curl${method === 'POST' ? '' : ` -X ${method}`} ${quoted(address)}`]
  if (sends)
    options.push("-H 'Content-Type: application/json'", `-d ${proof.way === 'hmac' ? '"$BODY"' : quoted(body)}`)
  options.push(...proving(proof))
  return [...lines, options.join(' \\\n  ')].join('\n')
}

const clocks: Record<string, string> = {
  seconds: 'date +%s',
  milliseconds: 'date +%s000',
  rfc3339: 'date -u +%Y-%m-%dT%H:%M:%SZ',
}

function signing(proof: Proof, address: string, method: string, body: string): string[] {
  const content = proof.content ?? '{body}'
  const lines = [`BODY=${quoted(body)}`]
  const timed = proof.timestamp_header !== undefined || content.includes('{timestamp}')
  if (timed) lines.push(`TIME=$(${clocks[proof.timestamp_format ?? 'seconds'] ?? clocks.seconds})`)
  if (proof.id_header || content.includes('{id}')) lines.push('ID=delivery-$(date +%s)')
  const names = {
    '{body}': '$BODY',
    '{timestamp}': '$TIME',
    '{id}': '$ID',
    '{url}': quotedWithin(address),
    '{method}': method,
  }
  const key = proof.secret_encoding === 'whsec'
  if (key) lines.push(`KEY=$(printf %s "\${SECRET#whsec_}" | openssl base64 -d -A | od -An -vtx1 | tr -d ' \\n')`)
  const by = key ? '-mac HMAC -macopt hexkey:"$KEY"' : '-hmac "$SECRET"'
  const hash = `openssl dgst -${proof.algorithm ?? 'sha256'} ${by}`
  const shown = proof.encoding === 'base64' ? `${hash} -binary | openssl base64 -A` : `${hash} | sed 's/.* //'`
  lines.push(`SIGNATURE=$(printf %s ${filled(content, names)} | ${shown})`)
  return lines
}

const quotedWithin = (text: string) => text.replaceAll(/["$`\\]/g, c => `\\${c}`)

function proving(proof: Proof): string[] {
  const header = proof.header ?? 'X-Signature'
  switch (proof.way) {
    case 'secret_header':
      return [`-H ${filled(`${header}: {secret}`, { '{secret}': '$SECRET' })}`]
    case 'basic':
      return [`-u ${filled(`${proof.user ?? ''}:{secret}`, { '{secret}': '$SECRET' })}`]
    case 'hmac':
      return signed(proof, header)
    default:
      return []
  }
}

function signed(proof: Proof, header: string): string[] {
  const names = { '{time}': '$TIME', '{id}': '$ID', '{signature}': '$SIGNATURE' }
  const options: string[] = []
  const clock = proof.timestamp_header
  const time = `${proof.timestamp_prefix ?? ''}{time}`
  // Some send the time as one more entry of the signature's header.
  const together = clock !== undefined && clock.toLowerCase() === header.toLowerCase()
  if (clock && !together) options.push(`-H ${filled(`${clock}: ${time}`, names)}`)
  if (proof.id_header) options.push(`-H ${filled(`${proof.id_header}: {id}`, names)}`)
  const signature = `${proof.prefix ?? ''}{signature}`
  const value = together ? `${time}${proof.separator || ','}${signature}` : signature
  options.push(`-H ${filled(`${header}: ${value}`, names)}`)
  return options
}

/** How senders prove who they are, in words. */
export function proofInWords(proof: Proof): string {
  switch (proof.way) {
    case 'secret_header':
      return `The header ${proof.header} carries the secret ${proof.secret}.`
    case 'basic':
      return `Basic authentication as ${proof.user}, with the secret ${proof.secret} as the password.`
    case 'hmac':
      return `The header ${proof.header} carries a signature (${proof.algorithm}) that is made with the secret ${proof.secret}.`
    default:
      return 'Nobody has to prove anything: whoever knows the address is accepted.'
  }
}

/** What the API tells of a webhook, as a proof. */
export function asProof(told: unknown): Proof {
  const facts = (told ?? {}) as Record<string, unknown>
  const ways = ['secret_header', 'basic', 'hmac']
  return ways.includes(String(facts.way)) ? (facts as unknown as Proof) : { way: 'none' }
}
