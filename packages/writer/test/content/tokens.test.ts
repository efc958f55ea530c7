import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { reasonOf } from '@kitty/record'
import { describe, expect, it } from 'vitest'
import { jsonWebTokens } from '../../src/content/json-web-tokens.js'
import { redactSecrets, secretPlacesIn } from '../../src/content/redact.js'
import { TOKEN_RULES } from '../../src/content/token-rules.js'
import { contentsBelow, openStore, REQUEST } from '../support/store.js'
import { ENCRYPTED_TOKEN, SIGNED_TOKEN, TOKENS } from '../support/tokens.js'

// What programs, logs and terminals write directly before and after a token.
const AROUND: readonly (readonly [before: string, after: string])[] = [
  ['', ''],
  ['Use ', ' for it.'],
  ['(', ')'],
  ['"', '"'],
  ["'", "',"],
  ['`', '`'],
  ['<', '>'],
  ['TOKEN=', '\n'],
  ['token: ', '; next'],
  ['Authorization: Bearer ', '\\r\\n'],
  ['https://example.org/x?a=1&token=', '&b=2'],
  ['https://example.org/x?next=%3D', '#end'],
  ['{"log":"first\\n', '\\nlast"}'],
  ['\\u003d', '\\u0022'],
  ['\u001b[31m', '\u001b[0m'],
  ['ключ', 'ö'],
  ['密码是', '。'],
  ['<b>', '</b>'],
  ['_', '!'],
]

describe.each(TOKENS)('a token of kind %s', (kind, token) => {
  it.each(AROUND)('is replaced after %j and before %j', async (before, after) => {
    const { text, found } = await redactSecrets(before + token + after)
    expect(text).toContain(`[REDACTED:${kind}]`)
    expect(found).toBe(1)
    for (const part of [token.slice(8, 20), token.slice(-12)]) expect(text).not.toContain(part)
  })

  it('is replaced if words follow directly', async () => {
    const { text } = await redactSecrets(`${token}and more`)
    expect(text).not.toContain(token.slice(8))
  })

  it('leaves nothing that would be detected again', async () => {
    const { text } = await redactSecrets(`first ${token}\nthen ${token}`)
    expect(await redactSecrets(text)).toEqual({ text, found: 0 })
  })
})

it('every kind is listed in the README, and every rule is tested', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
  const shown = TOKENS.map(([kind]) => kind)
  for (const kind of shown) expect(readme).toContain(`\`${kind}\``)
  for (const { kind, pattern } of TOKEN_RULES) {
    expect(shown).toContain(kind)
    expect(TOKENS.some(([, token]) => token.search(pattern) !== -1)).toBe(true)
  }
})

it('a routable token of GitLab ends before the next sentence', async () => {
  const token = `gl${'pat'}-${'a1B2'.repeat(7)}`
  const checksum = '.01.0a1b2c3d4'
  expect((await redactSecrets(`${token}${checksum}.Then`)).text).toBe(
    '[REDACTED:gitlab-token].Then',
  )
  expect((await redactSecrets(`${token}.Then`)).text).toBe('[REDACTED:gitlab-token].Then')
})

describe('a JSON Web Token', () => {
  it('in a URL is replaced alone', async () => {
    const url = `https://example.org/callback?id_token=${SIGNED_TOKEN}&state=1`
    expect((await redactSecrets(url)).text).toBe(
      'https://example.org/callback?id_token=[REDACTED:json-web-token]&state=1',
    )
  })

  it('keeps the words that are joined to it with dots', async () => {
    expect((await redactSecrets(`See www.example.org.${SIGNED_TOKEN}.`)).text).toBe(
      'See www.example.org.[REDACTED:json-web-token].',
    )
    expect((await redactSecrets(`${ENCRYPTED_TOKEN}. More.`)).text).toBe(
      '[REDACTED:json-web-token]. More.',
    )
  })

  it('without a signature (alg: none) is replaced too', async () => {
    const [header = '', payload = ''] = SIGNED_TOKEN.split('.')
    expect((await redactSecrets(`x=${header}.${payload}.`)).text).toBe(
      'x=[REDACTED:json-web-token]',
    )
  })
})

describe('a text that is no token', () => {
  it.each([
    'The token should start with glpat-, hf_ or sk_live_, and a JWT with eyJ.',
    `Use glpat-${'x'.repeat(20)} or hf_${'X'.repeat(34)} as a placeholder.`,
    'Set STRIPE_KEY=sk_live_... and GITLAB_TOKEN=glpat-<your token>.',
    'Call task_test_thisIsTheNameOfAVeryLongFunctionInCamelCase(shelf_thatIsAnotherVeryLongNameOfSomethingElse).',
    'import { eyJacket } from "./eyJ.base.component.test.js"',
    'The data: eyJhIjoxfQ.eyJhIjoxfQ.eyJhIjoxfQ has no algorithm.',
    `sha256 ${'0a1b2c3d'.repeat(8)} and ${'0A1B2C3D'.repeat(8)}`,
    `integrity sha512-${'aB3dE6gH1jK4mN7pQ0'.repeat(5).slice(0, 86)}==`,
    'risk-admin-interface-with-a-very-long-name-in-kebab-case-that-goes-on-and-on',
    'AWS writes AKIAIOSFODNN7EXAMPLE in its examples.',
    'The account ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; SKU SK1234567890.',
    'https://maps.example.org/?sig=short&AIza=1',
  ])('is unchanged: %j', async (text) => {
    expect(await redactSecrets(text)).toEqual({ text, found: 0 })
  })

  it('is unchanged if it is the source of this package or its documentation', async () => {
    for (const file of ['../../src/ops/complete-op.ts', '../../README.md', '../../package.json']) {
      const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8')
      expect((await redactSecrets(text)).found).toBe(0)
    }
  })
})

it('names the line of each secret, in order', async () => {
  const [[, one] = ['', ''], [, other] = ['', '']] = TOKENS
  const text = `first\n${one} and ${SIGNED_TOKEN}\r\n\n${other}`
  expect(await secretPlacesIn(text)).toEqual([
    { kind: 'gitlab-token', line: 2 },
    { kind: 'json-web-token', line: 2 },
    { kind: 'gitlab-token', line: 4 },
  ])
})

describe('on 1 MiB of hostile text', () => {
  const starts = TOKENS.flatMap(([, token]) => [4, 8, 16].map((length) => token.slice(0, length)))
  const header = SIGNED_TOKEN.split('.')[0] ?? ''
  const others = ['eyJ', 'eyJ.', 'eyJ-', 'a.', '.', '-', 'aB3', '0a', `${header}.`, `${header}-`]
  const more = [
    'sig=',
    'sig=%3',
    'twilio_auth_token ',
    'AZDO',
    'JQQJ99',
    '8Q~',
    '+ASt',
    '%3D',
    '\\n',
  ]

  // A pattern that takes quadratic time needs minutes for each of these.
  it.each([...new Set([...starts, ...others, ...more])])(
    '%j, the search is fast',
    async (piece) => {
      for (const text of [piece.repeat(2 ** 20 / piece.length), `${piece}${'a'.repeat(2 ** 20)}`]) {
        const before = performance.now()
        for (const { pattern } of TOKEN_RULES) for (const _ of text.matchAll(pattern));
        for (const _ of jsonWebTokens(text));
        expect(performance.now() - before).toBeLessThan(5000)
      }
    },
  )
})

describe.each([
  ['gitlab-token', TOKENS[0]?.[1] ?? ''],
  ['json-web-token', SIGNED_TOKEN],
])('in an Op, a token of kind %s', (kind, token) => {
  it('is in no file after the request and the reason had it', async () => {
    const ops = await openStore()
    const op = await ops.start({ ...REQUEST, request_text: `Use ${token}` })
    const { record } = await op.complete({ outcome: 'failed', reason: `\\n${token} expired` })
    expect(record.started?.request_text).toBe(`Use [REDACTED:${kind}]`)
    expect(reasonOf(record)).toBe(`\\n[REDACTED:${kind}] expired`)
    expect(await contentsBelow(ops.root)).not.toContain(token)
  })

  it('is refused in evidence and in links, and the Op stays open', async () => {
    const ops = await openStore()
    const op = await ops.start(REQUEST)
    const url = `https://example.org/?token=${token}`
    await writeFile(join(ops.root, 'log.txt'), `fine\n\n{"log":"\\n${token}"}\n`)
    for (const [closing, message] of [
      [{ evidence: 'log.txt' }, `The evidence seems to contain a secret: ${kind} on line 3.`],
      [{ evidence: url }, `The URL of the evidence seems to contain a secret: ${kind}.`],
      [{ artifacts: [url] }, `Artifact 1 seems to contain a secret: ${kind}.`],
      [{ artifacts: [`logs/${token}.txt`] }, `Artifact 1 seems to contain a secret: ${kind}.`],
    ] as const) {
      const closed = op.complete({ outcome: 'done', ...closing })
      await expect(closed).rejects.toMatchObject({ code: 'EVIDENCE_SECRETS', message })
    }
    expect(await ops.list({ status: 'open' })).toHaveLength(1)
  })
})
