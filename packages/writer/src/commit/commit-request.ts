import {
  type ClosedRecord,
  formatOpCommitMessage,
  type OpRecord,
  parseOpRecord,
} from '@kitty/record'
import { isOwnFile } from '../content/evidence-paths.js'
import type { CommitRequest, CommitResult } from '../ports/commit-strategy.js'
import { ATTRIBUTES_PATH, INDEX_PATH, recordPath } from '../project/paths.js'
import { type ClosedOpFile, readRecordBytes } from '../records/record-file.js'
import type { CloseIntent } from '../state/intent.js'
import { replayIntent } from '../state/replay-intent.js'

/** Where a closed record is that is missing on disk: in a commit, usually on another branch, or nowhere. */
export type VanishedLocation =
  | { readonly kind: 'commit'; readonly result: CommitResult }
  | { readonly kind: 'nowhere' }

/**
 * What to do with an intent: make a request, use a result, use the result of another branch that has the record, or leave
 * it to the live owner, who is still closing.
 */
export type Decision =
  | {
      readonly kind: 'request'
      readonly request: CommitRequest
      /** Evidence that belongs to the commit and is missing on disk. */
      readonly missing: readonly string[]
    }
  | { readonly kind: 'result' | 'elsewhere'; readonly result: CommitResult }
  | { readonly kind: 'being-closed' }

type DecisionOptions = {
  readonly root: string
  readonly commitOpsIndex: boolean | undefined
  /** Whether `.gitattributes` must still be committed. */
  readonly withAttributes: boolean
}

const recordChangedResult = (path: string): CommitResult => ({
  status: 'deferred',
  reason: 'record-changed',
  message: `${path} has changed since the Op was closed; it was not overwritten.`,
  hint: 'Check what changed the record. The Op stays pending.',
})

const closedOnDisk = async (root: string, intent: CloseIntent): Promise<string | undefined> => {
  const file = await readRecordBytes(root, intent.id)
  return file?.bytes.equals(intent.bytes) === true ? file.path : undefined
}

const requestOf = (
  intent: CloseIntent,
  path: string,
  record: ClosedRecord,
  options: DecisionOptions,
): CommitRequest => {
  const { root, commitOpsIndex: commit } = options
  const extras = [...intent.evidence, ...(options.withAttributes ? [ATTRIBUTES_PATH] : [])]
  return {
    kind: 'op',
    message: formatOpCommitMessage(record),
    record: { path, bytes: intent.bytes, parsed: record },
    extras: extras.filter((extra) => isOwnFile(root, extra)),
    index: { path: INDEX_PATH, ...(commit !== undefined && { commit }) },
    durability: intent.durability,
  }
}

export const resultDecision = (result: CommitResult): Decision => ({ kind: 'result', result })

/** What a batch knows about an intent. */
type Knowledge = {
  /** Whether the owner is still closing the Op; only the owner writes the record then. */
  readonly hasLiveOwner: boolean
  /** Where the record is, if it is missing on disk. */
  readonly location: VanishedLocation | undefined
  /** The closed record, if this store closed the Op. */
  readonly closed: ClosedOpFile | undefined
}

/** The closed record of an intent. Reuses the closer's parsed record if it has the same bytes. */
const recordIn = ({ id, bytes }: CloseIntent, closed: ClosedOpFile | undefined): OpRecord =>
  closed?.bytes.equals(bytes) === true ? closed.record : parseOpRecord(bytes, { opId: id })

/** Turns an intent into a commit request. Caller must hold the commit lock. */
export const decide = async (
  intent: CloseIntent,
  { hasLiveOwner, location, closed }: Knowledge,
  options: DecisionOptions,
): Promise<Decision> => {
  if (!hasLiveOwner && location?.kind === 'commit') {
    return { kind: 'elsewhere', result: location.result }
  }
  const path = hasLiveOwner
    ? await closedOnDisk(options.root, intent)
    : await replayIntent(options.root, intent, { mayRecreate: location?.kind === 'nowhere' })
  if (path === undefined && hasLiveOwner) return { kind: 'being-closed' }
  if (path === undefined) return resultDecision(recordChangedResult(recordPath(intent.id)))
  const record = recordIn(intent, closed)
  if (record.status !== 'closed') return resultDecision(recordChangedResult(path))
  return {
    kind: 'request',
    request: requestOf(intent, path, record, options),
    missing: intent.evidence.filter((each) => !isOwnFile(options.root, each)),
  }
}
