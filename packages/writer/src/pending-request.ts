import { lstat } from 'node:fs/promises'
import { formatOpCommitMessage, type OpRecord, parseOpRecord } from '@kitty/record'
import type { CommitRequest, CommitResult } from './commit-strategy.js'
import { appendWhole, createExclusive, ensureFolder } from './durable-file.js'
import { isAttended, type Mark } from './intents.js'
import { ATTRIBUTES_PATH, INDEX_PATH, OPS_DIR, recordPath, toAbsolute } from './layout.js'
import { readRecord } from './op-store.js'

/** A mark that is ready to be committed, or the reason why it is left for now. */
export type Prospect =
  | { readonly request: CommitRequest }
  | { readonly left: CommitResult | 'busy' }

export type ProspectOptions = {
  readonly root: string
  readonly commitIndex: boolean
  /** Whether `.gitattributes` has still to reach a commit. */
  readonly withAttributes: boolean
}

const changedMeanwhile = (path: string): CommitResult => ({
  status: 'deferred',
  reason: 'record-changed',
  message: `${path} is no longer what it was when the Op was closed; it was left as it is.`,
  hint: 'Run: spec-kitty doctor ops',
})

const isThere = (root: string, path: string): Promise<boolean> =>
  lstat(toAbsolute(root, path)).then(
    (info) => info.isFile(),
    () => false,
  )

/**
 * Finishes a close that a crash cut off: what the mark holds and the record lacks is written. True
 * when the record is now as the mark says.
 */
const finishClose = async (root: string, mark: Mark): Promise<boolean> => {
  const path = recordPath(mark.invocation_id)
  const file = await readRecord(root, mark.invocation_id)
  if (file === undefined) {
    await ensureFolder(root, OPS_DIR, mark.durability)
    await createExclusive(toAbsolute(root, path), mark.bytes, mark.durability)
    return true
  }
  if (file.bytes.equals(mark.bytes)) return true
  const isBeginning = mark.bytes.subarray(0, file.bytes.length).equals(file.bytes)
  if (!isBeginning || file.path !== path) return false
  const rest = mark.bytes.subarray(file.bytes.length)
  await appendWhole(toAbsolute(root, path), rest, mark.durability)
  return true
}

const isClosedOnDisk = async (root: string, mark: Mark): Promise<boolean> => {
  const file = await readRecord(root, mark.invocation_id)
  return file?.bytes.equals(mark.bytes) === true
}

const requestOf = async (
  mark: Mark,
  record: OpRecord,
  options: ProspectOptions,
): Promise<CommitRequest> => {
  const { root } = options
  const extras = [...mark.evidence, ...(options.withAttributes ? [ATTRIBUTES_PATH] : [])]
  const present = await Promise.all(extras.map((path) => isThere(root, path)))
  return {
    kind: 'op',
    root,
    message: formatOpCommitMessage(record),
    write: [recordPath(mark.invocation_id), ...extras.filter((_, number) => present[number])],
    remove: [],
    op: record,
    durability: mark.durability,
    ...(options.commitIndex && { index: INDEX_PATH }),
  }
}

/** Turns a mark into a request. Whoever calls holds the commit lock. */
export const prospectOf = async (mark: Mark, options: ProspectOptions): Promise<Prospect> => {
  const path = recordPath(mark.invocation_id)
  // While its closer lives, the record is the closer's to write.
  const whole = isAttended(mark) ? isClosedOnDisk : finishClose
  if (!(await whole(options.root, mark))) {
    return { left: isAttended(mark) ? 'busy' : changedMeanwhile(path) }
  }
  const record = parseOpRecord(mark.bytes, { opId: mark.invocation_id })
  if (record.status !== 'closed') return { left: changedMeanwhile(path) }
  return { request: await requestOf(mark, record, options) }
}
