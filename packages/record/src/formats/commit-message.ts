import { KittyError } from '../base/errors.js'
import { oneLine } from '../base/one-line.js'
import { isOpId, type OpId, shortOpId } from '../base/op-id.js'
import { OUTCOMES, type Outcome } from '../events/vocabulary.js'
import { outcomeOf } from '../parse/derived.js'
import type { OpRecord } from '../parse/op-record.js'

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
  const { profile_id = 'unknown', action = 'unknown' } = record.started ?? {}
  return `op(${oneLine(profile_id)}): ${oneLine(action)} [${shortOpId(closedId(record))}]`
}

/**
 * Formats the message of an Op's commit: subject, empty line, trailers, final `\n`. Text from the record cannot
 * add a line or a trailer.
 * @throws {@link KittyError} `OP_NOT_CLOSED` if the Op is not closed: only closed Ops are committed.
 */
export function formatOpCommitMessage(record: OpRecord): string {
  const trailers = [
    ['Op-Id', closedId(record)],
    ['Op-Outcome', outcomeOf(record)],
    ['Op-Mission', oneLine(record.started?.mission_id ?? '').trim()],
    ['Op-Work-Package', oneLine(record.started?.wp_id ?? '').trim()],
  ].flatMap(([key, value]) => (value ? [`${key}: ${value}\n`] : []))
  return `${opCommitSubject(record)}\n\n${trailers.join('')}`
}

function closedId(record: OpRecord): OpId {
  if (record.status === 'closed' && record.invocation_id !== undefined) return record.invocation_id
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
