import { describe, expect, it } from 'vitest'
import { jsonWebTokens } from '../../src/content/json-web-tokens.js'
import { inOrder } from '../../src/content/secret.js'

const segment = (header: object): string =>
  Buffer.from(JSON.stringify(header)).toString('base64url')

const SIGNED = `${segment({ alg: 'HS256' })}.cGF5bG9hZA.c2ln`
const ENCRYPTED = `${segment({ alg: 'dir', enc: 'A128GCM' })}..aXY.dGV4dA.dGFn`
const SHORTEST = `${segment({ alg: 'no' })}.e30.`

const tokensIn = (text: string): string[] =>
  [...jsonWebTokens(text)].map(([from, to]) => text.slice(from, to))

describe('a JSON Web Token', () => {
  it.each([SIGNED, ENCRYPTED, SHORTEST])('%s is found, whatever is around it', (token) => {
    for (const before of ['', 'Use ', 'www.example.org.', 'a.b.', '"', '.', '-.', 'xyz']) {
      for (const after of ['', ' .', '.more', '.a.b.c', '"', '..']) {
        expect(tokensIn(`${before}${token}${after}`)).toEqual([token])
      }
    }
  })

  it('is found beside others', () => {
    const text = `${SIGNED}.${ENCRYPTED} and a.${SIGNED}.x.${SIGNED}`
    expect(tokensIn(text)).toEqual([SIGNED, ENCRYPTED, SIGNED, SIGNED])
  })

  it.each([
    '',
    'eyJ',
    'eyJ.eyJ.eyJ',
    // No algorithm.
    `${segment({ typ: 'JWT', a: 'x' })}.cGF5bG9hZA.c2ln`,
    // Too few segments.
    SIGNED.split('.').slice(0, 2).join('.'),
    ENCRYPTED.split('.').slice(0, 4).join('.'),
    // Shorter than any header.
    `${Buffer.from('{"alg"').toString('base64url')}.cGF5bG9hZA.c2ln`,
    `${segment({ alg: 'HS256' })} cGF5bG9hZA c2ln`,
  ])('is not %j', (text) => {
    expect(tokensIn(text)).toEqual([])
  })
})

describe('secrets', () => {
  const secret = (from: number, to: number, kind = 'k') => ({ from, to, kind })

  it('are in the order of their places, and those that overlap are one', () => {
    expect(inOrder([])).toEqual([])
    expect(inOrder([secret(5, 9), secret(0, 3)])).toEqual([secret(0, 3), secret(5, 9)])
    expect(inOrder([secret(0, 5, 'a'), secret(4, 9, 'b')])).toEqual([secret(0, 9, 'a')])
    expect(inOrder([secret(0, 9, 'a'), secret(4, 6, 'b')])).toEqual([secret(0, 9, 'a')])
    expect(inOrder([secret(2, 3, 'a'), secret(2, 9, 'b')])).toEqual([secret(2, 9, 'b')])
  })

  it('that only touch stay apart', () => {
    expect(inOrder([secret(0, 5), secret(5, 9)])).toEqual([secret(0, 5), secret(5, 9)])
  })
})
