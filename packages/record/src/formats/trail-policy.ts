import { deepFreeze } from '../base/freeze.js'

/** One tier of the trail that an Op leaves. Paths are relative to the project root, with `/`. */
export type TrailTier = Readonly<{
  tier: 1 | 2 | 3
  name: string
  mandatory: boolean
  /** What the tier holds. */
  holds: string
  /** Where it is stored; `{invocation_id}` and `{mission_slug}` are placeholders. */
  storage_path: string
  /** What makes an Op reach this tier. */
  trigger: string
}>

/** The minimal trail of an Op, as data: always the record, the other tiers when triggered. */
export const MINIMAL_VIABLE_TRAIL: readonly [TrailTier, TrailTier, TrailTier] = [
  {
    tier: 1,
    name: 'every_invocation',
    mandatory: true,
    holds: 'The record of the Op.',
    storage_path: 'kitty-ops/{invocation_id}.jsonl',
    trigger: 'Every Op, from the moment it is opened.',
  },
  {
    tier: 2,
    name: 'evidence_artifact',
    mandatory: false,
    holds: 'What was made or found and can be checked.',
    storage_path: '.kittify/evidence/{invocation_id}/',
    trigger: 'The Op is closed with evidence.',
  },
  {
    tier: 3,
    name: 'durable_project_state',
    mandatory: false,
    holds: 'Changes to the mission itself: its specification, plan and tasks.',
    storage_path: 'kitty-specs/{mission_slug}/',
    trigger: 'The action is specify, plan, tasks, merge or accept.',
  },
]
deepFreeze(MINIMAL_VIABLE_TRAIL)
