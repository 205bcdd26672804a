import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Call, curlOf, type Proof, proofInWords, quoted } from './curl'

const call = (proof: Proof, more: Partial<Call> = {}) =>
  curlOf({ address: 'https://g.example/hooks/abc', methods: ['POST'], proof, body: '{"n": 5}', ...more })

describe('a call', () => {
  test('of an address that is open to everybody', () =>
    expect(call({ way: 'none' })).toBe(
      "curl 'https://g.example/hooks/abc' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"n\": 5}'",
    ))
  test('with a secret in a header', () =>
    expect(call({ way: 'secret_header', header: 'X-Key', secret: 'key' })).toContain('-H "X-Key: $SECRET"'))
  test('with Basic', () => expect(call({ way: 'basic', user: 'halo', secret: 'pw' })).toContain('-u "halo:$SECRET"'))
  test('without a body', () => {
    const text = call({ way: 'none' }, { methods: ['GET'] })
    expect(text).toBe("curl -X GET 'https://g.example/hooks/abc'")
  })
  test('quotes', () => expect(call({ way: 'none' }, { body: "it's" })).toContain("-d 'it'\\''s'"))
})

// What the shell makes of it is what counts: curl prints its arguments here.
function sent(text: string, secret: string): string[] {
  const script = text.replace(/^SECRET=.*$/m, `SECRET=${quoted(secret)}`)
  const out = execFileSync('bash', ['-c', `curl() { printf '%s\\0' "$@"; }\n${script}`], { encoding: 'utf8' })
  return out.split('\0')
}

describe('a signature', () => {
  const body = `{"text": "it's \\"5\\" $HOME \`x\`"}`
  const hex = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest('hex')

  test('over the body', () => {
    const proof: Proof = {
      way: 'hmac',
      header: 'X-Sig',
      prefix: 'sha256=',
      algorithm: 'sha256',
      encoding: 'hex',
      secret: 'k',
    }
    const args = sent(call(proof, { body }), "se'cret $1")
    expect(args).toContain(body)
    expect(args).toContain(`X-Sig: sha256=${hex("se'cret $1", body)}`)
  })

  test('with the time in the same header, as Stripe sends it', () => {
    const args = sent(
      call(
        {
          ...{ way: 'hmac', header: 'Stripe-Signature', prefix: 'v1=', separator: ',', content: '{timestamp}.{body}' },
          ...{ timestamp_header: 'Stripe-Signature', timestamp_prefix: 't=', secret: 'k' },
        },
        { body },
      ),
      'key',
    )
    const header = args.find(a => a.startsWith('Stripe-Signature'))
    const time = /t=(\d+),/.exec(header ?? '')?.[1]
    expect(header).toBe(`Stripe-Signature: t=${time},v1=${hex('key', `${time}.${body}`)}`)
  })

  test('with a key in base64 and an id, as Standard Webhooks have it', () => {
    const key = Buffer.from('some bytes \u0000\u0001 of a key')
    const args = sent(
      call(
        {
          ...{ way: 'hmac', header: 'Webhook-Signature', prefix: 'v1,', encoding: 'base64', secret_encoding: 'whsec' },
          ...{ content: '{id}.{timestamp}.{body}', id_header: 'Webhook-Id', timestamp_header: 'Webhook-Timestamp' },
        },
        { body },
      ),
      `whsec_${key.toString('base64')}`,
    )
    const value = (name: string) => args.find(a => a.startsWith(`${name}: `))?.slice(name.length + 2)
    const text = `${value('Webhook-Id')}.${value('Webhook-Timestamp')}.${body}`
    expect(value('Webhook-Signature')).toBe(`v1,${createHmac('sha256', key).update(text).digest('base64')}`)
  })

  test('over method and address', () => {
    const proof: Proof = { way: 'hmac', header: 'S', content: '{method}{url}{body}', secret: 'k' }
    const args = sent(call(proof, { body: 'b', address: 'https://g.example/hooks/a?b=$c' }), 'key')
    expect(args).toContain(`S: ${hex('key', 'POSThttps://g.example/hooks/a?b=$cb')}`)
  })
})

test('in words', () => {
  expect(proofInWords({ way: 'none' })).toContain('whoever knows the address')
  expect(proofInWords({ way: 'hmac', header: 'S', algorithm: 'sha1', secret: 'k' })).toContain('sha1')
})
