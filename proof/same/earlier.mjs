// Makes earlier Ops: records that exist before a build runs, the same for both.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { formatLine, formatOpCommitMessage, newOpId, parseOpRecord } from '@kitty/record'
import { git } from '../lib/repository.mjs'

const HOUR = 3_600_000

const KINDS = [
  {
    name: 'old',
    hours: 70 * 24 + 5.4,
    took: 10.2,
    outcome: 'done',
    profile_id: 'architect-alphonso',
  },
  { name: 'aged', hours: 40 * 24 + 5.4, took: 2.5, outcome: 'failed', wp_id: 'WP02' },
  { name: 'twin', hours: 40 * 24 + 5.4, took: 3.5, outcome: 'done', wp_id: 'WP01' },
  { name: 'open', hours: 3 * 24 + 5.4 },
]
const MISSION = '01K6ZP4W3M8Q2V5X7Y9A1B3C5D'

const started = (id, at, { profile_id = 'debugger-debbie', wp_id }) => ({
  event: 'started',
  invocation_id: id,
  profile_id,
  action: 'investigate',
  request_text: 'Why does the login test fail on Mondays?',
  actor: 'claude',
  mode_of_work: 'task_execution',
  governance_context_hash: '',
  governance_context_available: false,
  started_at: at.toISOString(),
  ...(wp_id && { mission_id: MISSION, wp_id }),
})

const completed = (id, at, { took, outcome }) => ({
  event: 'completed',
  invocation_id: id,
  completed_at: new Date(at.getTime() + took * HOUR).toISOString(),
  outcome,
  closed_by: 'agent',
})

const opOf = (kind, id, at) => {
  const events = [started(id, at, kind), ...(kind.outcome ? [completed(id, at, kind)] : [])]
  const text = events.map(formatLine).join('')
  const record = parseOpRecord(text, { opId: id })
  const message = record.status === 'closed' ? formatOpCommitMessage(record) : undefined
  return { id, text, message, path: `kitty-ops/${id}.jsonl` }
}

/** Returns the Ops by name. Two ids share a prefix, so that short ids have the same length in every run. */
export const earlierOps = (now) => {
  const ops = {}
  for (const kind of KINDS) {
    const at = new Date(now - kind.hours * HOUR)
    const id = newOpId(at.getTime())
    const twin = ops.aged?.id.slice(0, 14)
    ops[kind.name] = opOf(kind, kind.name === 'twin' ? twin + id.slice(14) : id, at)
  }
  return ops
}

const put = (root, { path, text }) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** Writes all of them, and commits none. */
export const writeEarlier = (root, ops) => {
  for (const op of Object.values(ops)) put(root, op)
}

/** Commits the closed ones, each in its own commit. The open one is only written. */
export const commitEarlier = (root, ops) => {
  for (const op of Object.values(ops)) {
    put(root, op)
    if (op.message === undefined) continue
    git(root, 'add', '--', op.path)
    git(root, 'commit', '--quiet', '-m', op.message)
  }
}
