import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayHoldSecrets, redactSecrets, secretKindsIn } from '../../src/content/redact.js'
import { findSecrets, secretKind } from '../../src/content/secret-detector.js'
import { SECRETS } from '../support/secrets.js'

const TOKEN = `gh${'p'}_${'a1B2'.repeat(9)}`

// A key file is detected only if it is the whole text.
const inWords = (kind: string, text: string): string =>
  kind === 'gcp-private-key' ? text : `Please look at ${text} \nand tell me why 🤷 it fails.`

describe.each(SECRETS)('a secret of kind %s', (kind, text, secret) => {
  it('is replaced completely, and the words around it stay', async () => {
    const request = inWords(kind, text)
    const { text: redacted, found } = await redactSecrets(request)
    expect(found).toBe(1)
    expect(redacted).toContain(`[REDACTED:${kind}]`)
    for (const part of [secret.slice(8, 16), secret.slice(-8)]) {
      expect(redacted).not.toContain(part)
    }
    if (redacted !== `[REDACTED:${kind}]`) {
      expect(redacted).toMatch(/^Please look at [\s\S]* \nand tell me why 🤷 it fails\.$/)
    }
  })

  it('leaves nothing that would be detected again', async () => {
    const { text: redacted } = await redactSecrets(inWords(kind, text))
    expect(await secretKindsIn(redacted)).toEqual([])
  })
})

it('every kind is listed in the README', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
  for (const [kind] of SECRETS) expect(readme).toContain(`\`${kind}\``)
})

it('every rule of the detector is tested above', async () => {
  const { rules } = await import('@secretlint/secretlint-rule-preset-recommend')
  const shown = new Set(SECRETS.map(([kind]) => kind))
  const messageIds = rules
    .flatMap(({ messages }) => Object.keys(messages))
    .filter((id) => !['AWSAccountID', 'PrivateKeyP12', 'IGNORE_MESSAGE'].includes(id))
  expect(messageIds.length).toBeGreaterThan(15)
  for (const id of messageIds) expect([...shown]).toContain(secretKind(id))
})

describe('a text with several secrets', () => {
  it('has each of them replaced, in its place', async () => {
    const text = `first ${TOKEN}, then https://ursula:${'hunter'}2x@example.org, then ${TOKEN}.`
    expect(await redactSecrets(text)).toEqual({
      text: 'first [REDACTED:github-token], then [REDACTED:basic-auth], then [REDACTED:github-token].',
      found: 3,
    })
  })

  it('counts one if one contains another', async () => {
    const text = `postgres://ursula:${TOKEN}@db.example.net/app`
    expect(await redactSecrets(text)).toEqual({ text: '[REDACTED:postgresql-url]', found: 1 })
  })
})

describe('a text without secrets', () => {
  it.each([
    '',
    'Fix the flaky test in packages/writer, please.',
    'The password is correct horse.',
    'The token should start with ghp_ or github_pat_.',
    'Connect to postgres://localhost:5432/app and see https://example.org:8080/x@y.',
    'Set AWS_SECRET_ACCESS_KEY=$SECRET and `_authToken=$NPM_TOKEN` in the .npmrc.',
    'The account 123456789012 is no secret: account_id=123456789012.',
    'https://user:password@example.org/ is how it looks.',
    '{"a": 1}',
    '-----BEGIN CERTIFICATE-----',
  ])('is unchanged: %j', async (text) => {
    expect(await redactSecrets(text)).toEqual({ text, found: 0 })
  })

  it('is never changed, whatever it is', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(text, async (words) => {
        expect(await redactSecrets(words)).toEqual({ text: words, found: 0 })
      }),
    )
  })
})

it('a comment cannot turn the detector off', async () => {
  const text = `// secretlint-disable\n${TOKEN} // secretlint-disable-line`
  expect((await redactSecrets(text)).found).toBe(1)
})

it('in a line with an npm token, only the token is replaced', async () => {
  const text = `set _authToken=${'abcd-efgh'} and publish again`
  expect((await redactSecrets(text)).text).toBe('set [REDACTED:npm-token] and publish again')
  expect((await redactSecrets('_authToken=  \n')).found).toBe(1)
})

describe('the patterns that rule out secrets without the detector', () => {
  it.each(SECRETS)('match a secret of kind %s', (kind, text) => {
    expect(mayHoldSecrets(text)).toBe(true)
    expect(mayHoldSecrets(inWords(kind, text))).toBe(true)
  })

  it('never miss what the detector finds in a damaged secret', async () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(...SECRETS),
        fc.nat(),
        fc.constantFrom('', ' ', 'x', '-', '"', '=', '\n'),
      )
      .map(([[, text], at, put]) => {
        const place = at % (text.length + 1)
        return text.slice(0, place) + put + text.slice(place + (at % 2))
      })
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        const found = await findSecrets(text)
        expect(found.length === 0 || mayHoldSecrets(text)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('are fast on a text of the maximum length', () => {
    const hostile = ['://', 'a:', 'SG.a', 'xoxb-', '{', ' ', 'AKIA', '-----BEGIN', 'gh', '://a:b']
    for (const piece of hostile) {
      const text = `x${piece.repeat(2 ** 20 / piece.length)}`
      const before = performance.now()
      mayHoldSecrets(text)
      expect(performance.now() - before).toBeLessThan(1000)
    }
  })
})

it('an unknown message id still gets a name', () => {
  expect(secretKind('NewVendor_KEY')).toBe('newvendor-key')
})
