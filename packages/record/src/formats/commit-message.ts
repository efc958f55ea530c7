import { KittyError } from '../base/errors.js'
import { oneLine } from '../base/one-line.js'
import { isOpId, shortOpId } from '../base/op-id.js'
import type { OpId } from '../base/op-id-type.js'
import { OUTCOMES, type Outcome } from '../events/vocabulary.js'
import { outcomeOf } from '../parse/derived.js'
import type { ClosedRecord, OpRecord } from '../parse/op-record.js'

/** The parts of the commit message of an Op. */
export type OpCommitParts = Readonly<{
  subject: string
  op_id: OpId
  outcome: Outcome | 'unknown'
  mission_id?: string
  wp_id?: string
}>

/**
 * Formats the subject of an Op's commit: `op(<profile>): <action> [<short id>]`, always one line.
 * @throws {@link KittyError} `OP_NOT_CLOSED` if the Op is not closed: only closed Ops are committed.
 */
export function opCommitSubject(record: OpRecord): string {
  const { invocation_id, started } = closedRecord(record)
  const { profile_id = 'unknown', action = 'unknown' } = started ?? {}
  return `op(${oneLine(profile_id)}): ${oneLine(action)} [${shortOpId(invocation_id)}]`
}

/**
 * Formats the message of an Op's commit: subject, empty line, trailers, final `\n`. Text from the record cannot
 * add a line or a trailer.
 * @throws {@link KittyError} `OP_NOT_CLOSED` if the Op is not closed: only closed Ops are committed.
 */
export function formatOpCommitMessage(record: OpRecord): string {
  const closed = closedRecord(record)
  const trailers = [
    ['Op-Id', closed.invocation_id],
    ['Op-Outcome', outcomeOf(closed)],
    ['Op-Mission', oneLine(closed.started?.mission_id ?? '').trim()],
    ['Op-Work-Package', oneLine(closed.started?.wp_id ?? '').trim()],
  ].flatMap(([key, value]) => (value ? [`${key}: ${value}\n`] : []))
  return `${opCommitSubject(closed)}\n\n${trailers.join('')}`
}

function closedRecord(record: OpRecord): ClosedRecord {
  if (record.status === 'closed') return record
  throw new KittyError('OP_NOT_CLOSED', 'Only a closed Op has a commit message.', {
    hint: 'Close the Op first.',
  })
}

/** Whether this is the commit message of a record; only trailing newlines can differ. */
export const isCommitMessageOf = (message: string, record: OpRecord): boolean =>
  record.status === 'closed' && withoutEnd(message) === withoutEnd(formatOpCommitMessage(record))

const withoutEnd = (message: string): string => message.replace(/\n+$/, '')

/**
 * Parses the message of an Op's commit. Returns `undefined` if it is not the message of exactly one Op. Ignores
 * other trailers.
 */
export function parseOpCommitMessage(message: string): OpCommitParts | undefined {
  const [subject = '', ...rest] = withoutEnd(message).split('\n')
  const trailers = rest[0] === '' ? readTrailers(rest.slice(rest.lastIndexOf('') + 1)) : NONE
  const op_id = trailers.get('Op-Id')
  const outcome = OUTCOME_WORDS.find((word) => word === trailers.get('Op-Outcome'))
  if (!subject.startsWith('op(') || !isOpId(op_id) || outcome === undefined) return undefined
  const mission_id = trailers.get('Op-Mission')
  const wp_id = trailers.get('Op-Work-Package')
  return { subject, op_id, outcome, ...(mission_id && { mission_id }), ...(wp_id && { wp_id }) }
}

const NONE: ReadonlyMap<string, string> = new Map()
const OUTCOME_WORDS = [...OUTCOMES, 'unknown'] as const

function readTrailers(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of lines) {
    const [, key, value] = /^(Op-[A-Za-z-]+): *(.*)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) {
      // A squash repeats trailers: the message then belongs to more than one Op.
      found.set(key, found.has(key) ? '' : value.trimEnd())
    }
  }
  return found
}

/** Formats the subject of a commit that moves closed Ops to the archive. */
export const archiveSubject = (ops: number): string => `chore(kitty-ops): archive ${ops} Ops`

/** Formats the subject of a commit that takes a file out of a branch. */
export const untrackSubject = (path: string): string => `chore(kitty-ops): untrack ${path}`
