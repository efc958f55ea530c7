import { describe, expect, it } from 'vitest'
import { isToSign } from '../../src/transaction/commit-set.js'

describe('a commit is signed', () => {
  it.each(['true', 'YES', 'on', '1', '+1', '-2', '010'])('if commit.gpgSign is %s', (value) => {
    expect(isToSign('auto', new Map([['commit.gpgsign', value]]))).toBe(true)
  })

  it.each(['false', 'no', 'off', '0', '00', '', 'untrue', 'ones', 'x1'])(
    'not if it is %j',
    (value) => {
      expect(isToSign('auto', new Map([['commit.gpgsign', value]]))).toBe(false)
    },
  )

  it('always or never if the caller says so', () => {
    const on = new Map([['commit.gpgsign', 'true']])
    expect(isToSign('always', new Map())).toBe(true)
    expect(isToSign('never', on)).toBe(false)
    expect(isToSign('auto', new Map())).toBe(false)
  })
})
