import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hashOfState, stateOfHash } from '../../report-page/url-state.js'

const NOTHING = { text: '', outcomes: [], profile: '', mission: '', by: undefined }

it('keeps the filters, whatever is in them', () => {
  const text = fc.string({ unit: 'grapheme' })
  const state = fc.record({
    text,
    outcomes: fc.subarray(['done', 'failed', 'open']),
    profile: text,
    mission: text,
    by: fc.constantFrom('mission' as const, 'profile' as const, 'actor' as const, undefined),
  })
  fc.assert(
    fc.property(state, (some) => {
      expect(stateOfHash(`#${hashOfState(some)}`)).toEqual(some)
    }),
  )
})

it('is empty without filters, and ignores what is no filter', () => {
  expect(hashOfState(NOTHING)).toBe('')
  expect(stateOfHash('')).toEqual(NOTHING)
  expect(stateOfHash('#by=nothing&x=y&outcome=,,&%')).toEqual(NOTHING)
})
