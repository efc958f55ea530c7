import { expect, test } from 'vitest'
import { isKittyError, KittyError } from '../../src/index.js'

// An error of one's own, as in a strategy or a check outside these packages.
declare module '../../src/index.js' {
  interface OwnErrorCodes {
    readonly OP_LOST: true
  }
}

test('an error has a code, a hint and a cause', () => {
  const cause = new Error('disk on fire')
  const error = new KittyError('OP_LOST', 'The Op is gone.', { hint: 'Restore it.', cause })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: 'KittyError', code: 'OP_LOST', hint: 'Restore it.', cause })
  expect(String(error)).toBe('KittyError: The Op is gone.')
})

test('as JSON it is code, message and hint, without the cause', () => {
  const error = new KittyError('OP_LOST', 'The Op is gone.', { cause: 'a secret' })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'OP_LOST',
    message: 'The Op is gone.',
    hint: '',
  })
  expect('cause' in new KittyError('OP_LOST', 'The Op is gone.')).toBe(false)
})

test('it is recognized, also as a subclass, and by another copy of the package', async () => {
  class Subclass extends KittyError {}
  const copy: { KittyError: typeof KittyError; isKittyError: typeof isKittyError } = await import(
    `${new URL('../../src/base/errors.ts', import.meta.url)}?copy`
  )
  const foreign = new copy.KittyError('OP_LOST', 'The Op is gone.')
  expect(foreign).not.toBeInstanceOf(KittyError)
  const errors = [new KittyError('OP_LOST', 'b'), new Subclass('OP_LOST', 'b'), foreign]
  expect(errors.map(isKittyError)).toEqual([true, true, true])
  expect(errors.map(copy.isKittyError)).toEqual([true, true, true])
})

test('nothing else is', () => {
  const system = Object.assign(new Error('ENOENT'), { code: 'ENOENT', hint: '' })
  const json = new KittyError('OP_LOST', 'b').toJSON()
  const others = [undefined, null, 'KittyError', 7, {}, new Error('b'), system, json, KittyError]
  expect(others.filter(isKittyError)).toEqual([])
  const whole = { name: 'x', message: 'x', code: 'x', hint: 'x', about: {}, toJSON: () => {} }
  expect(isKittyError(whole)).toBe(true)
  for (const field of Object.keys(whole)) {
    for (const value of [undefined, null, 7]) {
      expect(isKittyError({ ...whole, [field]: value })).toBe(false)
    }
  }
})
