import { join } from 'node:path'
import {
  formatLine,
  formatOpCommitMessage,
  formatTimestamp,
  newOpId,
  type OpId,
  opIdTime,
  parseOpRecord,
} from '@kitty/record'
import type { CommitRequest } from '../ports/commit-strategy.js'
import { recordPath } from '../project/paths.js'
import type { ScratchRepository } from './scratch-repository.js'

/** A closed Op on disk, and the request to commit it. */
export type PreparedOp = {
  readonly id: OpId
  /** Relative to the top of the work tree. */
  readonly path: string
  readonly text: string
  /** The project root, absolute. */
  readonly root: string
  readonly request: CommitRequest & { readonly kind: 'op' }
}

export type OpDetails = {
  /** The project root relative to the top, such as `services/api`. Default: the top. */
  readonly below?: string
  /** Other files of the Op to write, by path below the root. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

const startedLine = (id: OpId): string =>
  formatLine({
    event: 'started',
    invocation_id: id,
    profile_id: 'reviewer "R" (50 %)',
    action: 'review the café’s $(menu)',
    request_text: 'Look at it.\nTwice.',
    actor: 'operator',
    mode_of_work: 'task_execution',
    governance_context_hash: '',
    governance_context_available: false,
    started_at: formatTimestamp(opIdTime(id)),
  })

const completedLine = (id: OpId): string =>
  formatLine({
    event: 'completed',
    invocation_id: id,
    completed_at: formatTimestamp(opIdTime(id) + 1000),
    outcome: 'done',
    closed_by: 'agent',
  })

const inFolder = (folder: string, path: string): string =>
  folder === '' ? path : `${folder}/${path}`

/** Writes an Op's closed record and its other files. Returns the Op with its request. */
export const prepareOp = async (
  repository: ScratchRepository,
  { below = '', files = {} }: OpDetails = {},
): Promise<PreparedOp> => {
  const id = newOpId()
  const text = startedLine(id) + completedLine(id)
  const record = parseOpRecord(text, { opId: id })
  const written = { [recordPath(id)]: text, ...files }
  for (const [path, content] of Object.entries(written)) {
    await repository.write(inFolder(below, path), content)
  }
  const request = {
    kind: 'op',
    message: formatOpCommitMessage(record),
    record: { path: recordPath(id), bytes: Buffer.from(text), parsed: record },
    extras: Object.keys(files),
  } as const
  const root = join(repository.top, below)
  return { id, path: inFolder(below, recordPath(id)), text, root, request }
}

/** The record as it was while the Op was open. */
export const openText = ({ text }: PreparedOp): string => text.slice(0, text.indexOf('\n') + 1)
