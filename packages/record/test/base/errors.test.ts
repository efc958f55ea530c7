import { expect, test } from 'vitest'
import { KittyError } from '../../src/index.js'

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
