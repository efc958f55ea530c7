import { formatOpCommitMessage, type OpRecord, parseOpRecord } from '@kitty/record'
import { isOwnFile } from '../content/evidence-paths.js'
import type { CommitRequest, CommitResult } from '../ports/commit-strategy.js'
import { ATTRIBUTES_PATH, INDEX_PATH, recordPath } from '../project/paths.js'
import { type OpFile, readRecordBytes } from '../records/record-file.js'
import type { CloseIntent } from '../state/intent.js'
import { replayIntent } from '../state/replay-intent.js'

/** Where a closed record is that is gone from disk: in a commit, of another branch mostly, or nowhere. */
export type VanishedLocation = CommitResult | 'nowhere'

/** A mark that is ready to be committed, or the reason why it is left for now. */
export type Decision =
  | {
      readonly request: CommitRequest
      /** What belongs to the commit and is not there. */
      readonly missing: readonly string[]
    }
  | { readonly notNow: CommitResult | 'busy' }

type DecisionOptions = {
  readonly root: string
  readonly commitOpsIndex: boolean
  /** Whether `.gitattributes` has still to reach a commit. */
  readonly withAttributes: boolean
}

const recordChangedResult = (path: string): CommitResult => ({
  status: 'deferred',
  reason: 'record-changed',
  message: `${path} is no longer what it was when the Op was closed; it was left as it is.`,
  hint: 'Run: spec-kitty doctor ops',
})

const closedOnDisk = async (root: string, intent: CloseIntent): Promise<string | undefined> => {
  const file = await readRecordBytes(root, intent.invocation_id)
  return file?.bytes.equals(intent.bytes) === true ? file.path : undefined
}

const requestOf = (
  intent: CloseIntent,
  path: string,
  record: OpRecord,
  options: DecisionOptions,
): CommitRequest => {
  const { root } = options
  const extras = [...intent.evidence, ...(options.withAttributes ? [ATTRIBUTES_PATH] : [])]
  return {
    kind: 'op',
    root,
    message: formatOpCommitMessage(record),
    write: [path, ...extras.filter((extra) => isOwnFile(root, extra))],
    remove: [],
    op: record,
    bytes: intent.bytes,
    durability: intent.durability,
    ...(options.commitOpsIndex && { index: INDEX_PATH }),
  }
}

/** What is known of a mark when a turn looks at it. */
type Knowledge = {
  /** Whether its closer is at work: the record is the closer's to write then. */
  readonly hasLiveOwner: boolean
  /** Of a record that is gone from disk. */
  readonly location: VanishedLocation | undefined
  /** The record that its closer in this store has made, if it did. */
  readonly closed: OpFile | undefined
}

/** The closed record of a mark; the closer has parsed these bytes already. */
const recordIn = ({ invocation_id, bytes }: CloseIntent, closed: OpFile | undefined): OpRecord =>
  closed?.bytes.equals(bytes) === true
    ? closed.record
    : parseOpRecord(bytes, { opId: invocation_id })

/** Turns a mark into a request. Whoever calls holds the commit lock. */
export const decide = async (
  intent: CloseIntent,
  { hasLiveOwner, location, closed }: Knowledge,
  options: DecisionOptions,
): Promise<Decision> => {
  if (!hasLiveOwner && typeof location === 'object') return { notNow: location }
  const path = hasLiveOwner
    ? await closedOnDisk(options.root, intent)
    : await replayIntent(options.root, intent, { mayRecreate: location === 'nowhere' })
  if (path === undefined) {
    return { notNow: hasLiveOwner ? 'busy' : recordChangedResult(recordPath(intent.invocation_id)) }
  }
  const record = recordIn(intent, closed)
  if (record.status !== 'closed') return { notNow: recordChangedResult(path) }
  return {
    request: requestOf(intent, path, record, options),
    missing: intent.evidence.filter((each) => !isOwnFile(options.root, each)),
  }
}
