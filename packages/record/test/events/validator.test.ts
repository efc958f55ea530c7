import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isKnownName, type KnownEventName, SHAPES } from '../../src/events/events.js'
import { validatorOf } from '../../src/events/validator.js'
import { validatorOf as compiledValidatorOf } from '../../src/events/validator-compiled.js'
import {
  extraFields,
  newArtifactLink,
  newCommitLink,
  newCompleted,
  newNote,
  newStarted,
  newUsage,
} from '../support/arbitraries.js'
import { ID } from '../support/records.js'

const MORE_THAN_IT_TAKES_TO_COMPILE = 1500

/** Events with one changed field, most of them invalid. */
const changed = (events: fc.Arbitrary<object>) =>
  fc
    .tuple(events, extraFields, fc.nat(), fc.option(fc.jsonValue(), { nil: undefined }))
    .map(([event, extra, at, value]) => {
      const fields = [...Object.keys(event), 'untouched', 'untouched']
      const field = fields[at % fields.length] ?? 'untouched'
      return { ...extra, ...event, [field]: value }
    })

describe('the compiled validator agrees with the plain one', () => {
  test.each<[KnownEventName, fc.Arbitrary<object>]>([
    ['started', newStarted],
    ['completed', newCompleted(ID)],
    ['artifact_link', newArtifactLink],
    ['commit_link', newCommitLink],
    ['note', newNote],
    ['usage', newUsage],
  ])('of a %s event', (name, events) => {
    const plain = validatorOf(SHAPES[name])
    const compiled = compiledValidatorOf(SHAPES[name])
    const said = new Set<boolean>()
    fc.assert(
      fc.property(fc.oneof(events, changed(events), fc.jsonValue()), (value) => {
        const answer = plain(value)
        said.add(answer)
        expect(compiled(value)).toBe(answer)
        expect(SHAPES[name].safeParse(value).success).toBe(answer)
      }),
      { numRuns: MORE_THAN_IT_TAKES_TO_COMPILE },
    )
    expect(said).toEqual(new Set([true, false]))
  })
})

test('there is a shape for each known name, and none for inherited property names', () => {
  expect(Object.keys(SHAPES).every(isKnownName)).toBe(true)
  expect(['toString', 'constructor', '__proto__', ''].some(isKnownName)).toBe(false)
})
