import { expect, test } from 'vitest'
import { MINIMAL_VIABLE_TRAIL } from '../../src/index.js'
import { isDeeplyFrozen } from '../support/records.js'

test('there are three tiers, and only the record is mandatory', () => {
  expect(
    MINIMAL_VIABLE_TRAIL.map(({ tier, mandatory, storage_path }) => [
      tier,
      mandatory,
      storage_path,
    ]),
  ).toEqual([
    [1, true, 'kitty-ops/{invocation_id}.jsonl'],
    [2, false, '.kittify/evidence/{invocation_id}/'],
    [3, false, 'kitty-specs/{mission_slug}/'],
  ])
  expect(MINIMAL_VIABLE_TRAIL.map(({ name }) => name)).toEqual([
    'every_invocation',
    'evidence_artifact',
    'durable_project_state',
  ])
  for (const { holds, trigger } of MINIMAL_VIABLE_TRAIL) {
    expect([holds, trigger]).toEqual(Array(2).fill(expect.stringMatching(/^[A-Z].*\.$/)))
  }
  expect(isDeeplyFrozen(MINIMAL_VIABLE_TRAIL)).toBe(true)
})
