// Generates a store of Ops for pictures and tests. The same numbers make the same store.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatLine, newOpId } from '@kitty/record'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const WORK = [
  [
    'implementer-ivan',
    'implement',
    'claude',
    'Add a retry with back-off to the upload of attachments',
    45,
  ],
  [
    'implementer-ivan',
    'implement',
    'codex',
    'Move the session table to the new migration tool',
    80,
  ],
  ['reviewer-renata', 'review', 'claude', 'Review the change to the token refresh', 12],
  ['debugger-debbie', 'investigate', 'claude', 'Find out why the login test fails on Mondays', 25],
  ['debugger-debbie', 'fix', 'codex', 'Fix the time zone in the weekly report', 18],
  ['architect-alba', 'advise', 'claude', 'Should the index move out of the request path?', 4],
  ['maintainer-mia', 'upgrade', 'codex', 'Upgrade the linter and fix what it finds', 35],
  ['curator-carla', 'document', 'operator', 'Describe how a release is cut', 20],
]

const OPEN = 3

/** Pseudorandom numbers from 0 to 1, from a seed. */
const numbers = (seed) => {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

const outcomeOf = (chance) => (chance < 0.82 ? 'done' : chance < 0.94 ? 'failed' : 'abandoned')

const pick = (items, chance) => items[Math.floor(chance * items.length)]

const recordOf = (from, until, next, missions, isRecent) => {
  const at = Math.floor(isRecent ? until - next() * 2 * HOUR : from + next() * (until - from))
  const [profile_id, action, actor, request_text, minutes] = pick(WORK, next())
  const invocation_id = newOpId(at)
  const isAdvice = action === 'advise'
  const mission_id = next() < 0.8 ? pick(missions, (at - from) / (until - from)) : undefined
  const started = {
    event: 'started',
    invocation_id,
    profile_id,
    action,
    request_text,
    actor,
    mode_of_work: isAdvice ? 'advisory' : 'task_execution',
    governance_context_hash: '9f2c4e1ab07d5533',
    governance_context_available: true,
    started_at: new Date(at).toISOString(),
    ...(mission_id && { mission_id, wp_id: `WP0${1 + Math.floor(next() * 3)}` }),
  }
  const end = at + Math.round(minutes * 60_000 * (0.2 + 3 * next() * next()))
  const completed = {
    event: 'completed',
    invocation_id,
    completed_at: new Date(end).toISOString(),
    outcome: outcomeOf(next()),
    closed_by: 'agent',
  }
  const isOpen = isRecent || end > until
  return { invocation_id, events: isOpen ? [started] : [started, completed] }
}

/** Writes `count` records, opened in the days before `until`. Returns their ids. */
export const writeSampleStore = (root, { count, until, days = 42, seed = 1 }) => {
  const folder = join(root, 'kitty-ops')
  mkdirSync(folder, { recursive: true })
  const next = numbers(seed)
  const from = until - days * DAY
  const missions = Array.from({ length: 5 }, (_, n) => newOpId(from + (n * days * DAY) / 5))
  return Array.from({ length: count }, (_, number) => {
    const isRecent = number < Math.min(OPEN, count / 10)
    const { invocation_id, events } = recordOf(from, until, next, missions, isRecent)
    const text = events.map(formatLine).join('')
    writeFileSync(join(folder, `${invocation_id}.jsonl`), text)
    return invocation_id
  })
}
