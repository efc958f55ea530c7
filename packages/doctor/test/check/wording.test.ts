import { KittyError, parseOpId } from '@kitty/record'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeError, formatAge, nameOf, reasonOf } from '../../src/check/wording.js'

describe('words for people', () => {
  it('never hold a control character of a record', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(text, text, (profileId, action) => {
        const name = nameOf({ id: parseOpId('01KTK4DFAS04MCX5GP1W2R6NEP'), profileId, action })
        expect(name).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
        expect(name).toMatch(/ \[01KTK4DF\]$/)
      }),
    )
  })

  it.each([
    [0, 'less than a minute'],
    [0.99 / 60, 'less than a minute'],
    [1 / 60, '1 minute'],
    [47.9, '47 hours'],
    [48, '2 days'],
    [8760, '365 days'],
  ])('say of %s hours: %s', (hours, words) => {
    expect(formatAge(hours)).toBe(words)
  })

  it('say what happened and what to do, in whole sentences', () => {
    expect(describeError(new KittyError('GIT_FAILED', 'It broke', { hint: 'Glue it' }))).toBe(
      'It broke. Glue it.',
    )
    expect(describeError(new KittyError('GIT_FAILED', 'It broke!'))).toBe('It broke!')
    expect(describeError(new TypeError('no'))).toBe('TypeError: no.')
  })

  it('say why there is no commit, and leave what to do to the next steps', () => {
    const deferred = {
      status: 'deferred',
      reason: 'rebase',
      message: 'A rebase',
      hint: 'Later',
    } as const
    expect(reasonOf(deferred)).toBe('A rebase.')
    expect(reasonOf({ status: 'skipped', reason: 'no-repository' })).toContain('no git repository')
    expect(reasonOf({ status: 'skipped', reason: 'disabled' })).toContain('turned off')
    expect(reasonOf({ status: 'committed', sha: 'abc' })).toBe('')
  })
})
