// The ledger: closed records under `refs/kitty/ops/<writer>`, a history of its own outside every branch. It holds
// records and their evidence, and nothing else. A writer is a clone; its work trees take turns at the ref.
//
//   1  read where the repository is, its configuration, and its writer, which is made once     own-writer.ts
//   2  take the lock of the ledger
//   3  read the tip and the trees on the way to the records; records that are there are done   ledger-tip.ts
//   4  write the blobs, the trees and one commit for the batch, all flushed to the disk        write-commit.ts
//   5  move the ref, if it is still where step 3 found it                                      move-ref.ts
//   6  note the new tip
//
// A crash after …
//   1  leaves a writer without a ledger.
//   2, 3  leaves a lock with a dead owner, which the next process that wants it clears.
//   4  leaves unreachable objects, which git's gc removes.
//   the start of 5 leaves a lock of the ref made by this software, which the next step 5 clears, and a line in the reflog.
//   5  leaves a ref that is ahead of the note. The next step 3 finds the noted tip among its ancestors.
// What the ref leads to is flushed in both durabilities, because a broken ref makes `git fetch` and `git gc` fail. If
// something is missing all the same, step 3 steps back to the newest whole commit and adds again what this root
// holds (repair-ledger.ts). If the file of the ref itself is broken, step 2 restores it (broken-ref.ts). If the ref no
// longer contains the noted tip, somebody rewound it, perhaps on purpose: every Op is then deferred, with the reason
// `ledger-rewound`, until a person decides.
//
// Limits: no branch, index or work tree is read or changed, so no state of them defers an Op. Evidence above the limit
// stays out, with a note.

import type { OpId } from '@kitty/record'
import type { CommitRequest, CommitResult, CommitStrategy } from '@kitty/writer'
import { opIdOfName } from '@kitty/writer/internals'
import { failureFromError } from '../git/failures.js'
import { splitPath } from '../git/paths.js'
import { ok, type Result, stop } from '../git/result.js'
import { blobId } from '../objects/object.js'
import { blobAt } from '../repository/head-tree.js'
import { readOnlyResult } from '../repository/work-tree.js'
import { type Addition, additionOf, type OpToAdd } from './addition.js'
import { isBrokenRef, restoreBrokenRef } from './broken-ref.js'
import { findAddition } from './find-addition.js'
import { ledgerPathOf } from './layout.js'
import type { OpenLedger } from './ledger-place.js'
import { type LedgerTip, readLedgerTip, tipObstacle } from './ledger-tip.js'
import type { LedgerMoved } from './move-ref.js'
import {
  isOutdated,
  type LedgerOptions,
  lockTimeout,
  openLedger,
  type ResolvedLedgerOptions,
  resolveLedgerOptions,
  seeLedger,
  withLedgerLock,
} from './open-ledger.js'
import { addToRef, noteAdded } from './write-commit.js'

const closedInLedger = (id: OpId, ref: string): CommitResult => ({
  status: 'refused',
  code: 'CLOSED_IN_LEDGER',
  message: `The ledger holds another closed version of Op ${id}, which stays.`,
  hint: `Compare both: git show ${ref}:${ledgerPathOf(id)}`,
})

/** What the ledger says about a record already: it has these bytes, or others. Returns `undefined` if it has none. */
const knownResult = async (
  { workTree, ref, repoConfig }: OpenLedger,
  { id, bytes }: OpToAdd,
  { base, tree }: LedgerTip,
): Promise<CommitResult | undefined> => {
  const blob = blobAt(tree, ledgerPathOf(id))
  if (blob === undefined || base === undefined) return undefined
  if (blob !== blobId(bytes, repoConfig.objectFormat)) return closedInLedger(id, ref)
  const find = findAddition(workTree.top, ledgerPathOf(id), base)
  const sha = await find.catch(() => base)
  return { status: 'committed', sha, earlier: true }
}

/** The results of the requests, by Op. */
type Answers = ReadonlyMap<OpId, CommitResult>

const forAll = (ops: readonly OpToAdd[], result: CommitResult): Answers =>
  new Map(ops.map(({ id }) => [id, result]))

const MAX_ATTEMPTS = 5

const keepsMoving: CommitResult = {
  status: 'deferred',
  reason: 'ref-locked',
  message: `The ledger moved ${MAX_ATTEMPTS} times while Ops were being added.`,
  hint: 'Nothing to do: the Op stays pending and is retried when the next Op is closed.',
}

const resultOf = (
  added: Result<string, CommitResult | LedgerMoved>,
  notes: readonly string[],
): CommitResult => {
  if (added.ok) return { status: 'committed', sha: added.value, ...(notes.length > 0 && { notes }) }
  return added.result.status === 'moved' ? keepsMoving : added.result
}

/** Makes one attempt on the tip as it is now. Returns `undefined` if the ref has moved by then. */
const attempt = async (
  place: OpenLedger,
  ops: readonly OpToAdd[],
  options: ResolvedLedgerOptions,
): Promise<Answers | undefined> => {
  const paths = ops.map(({ id }) => ledgerPathOf(id))
  const read = await readLedgerTip(place, paths)
  if (!read.ok) return forAll(ops, read.result)
  const tip = read.value
  const answers = new Map<OpId, CommitResult>()
  const additions: Addition[] = []
  for (const op of ops) {
    const known = await knownResult(place, op, tip)
    if (known === undefined) additions.push(await additionOf(place.root, op, options.evidenceLimit))
    else answers.set(op.id, known)
  }
  if (additions.length === 0 && tip.restored.length === 0) return answers
  const added = await addToRef(place, { tip, additions }, options)
  if (!added.ok && added.result.status === 'moved') return undefined
  for (const { id, notes } of additions) answers.set(id, resultOf(added, notes))
  if (added.ok) await noteAdded(place, added.value)
  return answers
}

const addAll = async (
  root: string,
  ops: readonly OpToAdd[],
  options: ResolvedLedgerOptions,
): Promise<Answers> => {
  const place = await openLedger(root, options)
  if (!place.ok) return forAll(ops, place.result)
  const answers = await withLedgerLock(place.value, options, async () => {
    if (isOutdated(place.value)) return 'outdated'
    await restoreBrokenRef(place.value)
    for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
      const found = await attempt(place.value, ops, options)
      if (found !== undefined) return found
    }
    return forAll(ops, keepsMoving)
  })
  if (answers === 'outdated') return addAll(root, ops, options)
  return answers ?? forAll(ops, lockTimeout)
}

const addSafely = async (
  root: string,
  ops: readonly OpToAdd[],
  options: ResolvedLedgerOptions,
): Promise<Answers> => {
  const answers = await addAll(root, ops, options).catch((error: unknown) =>
    forAll(ops, failureFromError(error)),
  )
  const isFailed = [...answers.values()].some(({ status }) => status === 'failed')
  const readOnly = isFailed ? await readOnlyResult(root) : undefined
  return readOnly === undefined ? answers : forAll(ops, readOnly)
}

const openRecord = (path: string): CommitResult => ({
  status: 'refused',
  code: 'OPEN_RECORD',
  message: `${path} is an open Op's record, which is never committed.`,
  hint: 'Close the Op first.',
})

const NOT_FOR_LEDGER: CommitResult = { status: 'skipped', reason: 'disabled' }

/** What to add for a request, or the result that it already has. */
const planAddition = (request: CommitRequest): Result<OpToAdd> => {
  if (request.kind !== 'op') return stop(NOT_FOR_LEDGER)
  const { record, extras } = request
  const id = opIdOfName(splitPath(record.path).name)
  const { status, beside } = record.parsed
  const isClosed = status === 'closed' && beside === undefined
  return id !== undefined && isClosed
    ? ok({ id, bytes: record.bytes, extras })
    : stop(openRecord(record.path))
}

const commitToLedger = async (
  root: string,
  requests: readonly CommitRequest[],
  options: ResolvedLedgerOptions,
): Promise<readonly CommitResult[]> => {
  const planned = requests.map(planAddition)
  const ops = planned.flatMap((each) => (each.ok ? [each.value] : []))
  // Each Op once, however often it is requested.
  const distinct = [...new Map(ops.map((op) => [op.id, op])).values()]
  const answers: Answers =
    distinct.length === 0 ? new Map() : await addSafely(root, distinct, options)
  return planned.map((each) =>
    each.ok ? (answers.get(each.value.id) ?? keepsMoving) : each.result,
  )
}

/** What keeps every Op from being added now, as far as that can be known without adding one. Changes nothing. */
const findBlocker = async (
  root: string,
  options: ResolvedLedgerOptions,
): Promise<CommitResult | undefined> => {
  const place = await seeLedger(root, options)
  if (!place.ok) return place.result
  const readOnly = await readOnlyResult(root)
  if (readOnly !== undefined || place.value === undefined) return readOnly
  // The next Op restores it.
  if (isBrokenRef(place.value.workTree.commonDir, place.value.ref)) return undefined
  return tipObstacle(place.value)
}

/** The strategy of the ledger, with the options that it uses. */
export type LedgerStrategy = CommitStrategy & { readonly ledgerOptions: LedgerOptions }

/** The options that a strategy of the ledger uses; `undefined` for another strategy. */
export const ledgerOptionsOf = (strategy: CommitStrategy): LedgerOptions | undefined =>
  isLedgerStrategy(strategy) ? strategy.ledgerOptions : undefined

const isLedgerStrategy = (strategy: CommitStrategy): strategy is LedgerStrategy =>
  'ledgerOptions' in strategy

/**
 * Creates the strategy of the ledger: keeps closed records under a ref of this clone, outside every branch. No branch,
 * index or work tree changes, and no operation in progress defers it. Runs no hooks.
 *
 * It can be the only strategy, or the second home of another one: see `withLedger`.
 */
export const ledger = (options: LedgerOptions = {}): LedgerStrategy => {
  const resolved = resolveLedgerOptions(options)
  return {
    name: 'ledger',
    options: { sign: resolved.sign },
    ledgerOptions: options,
    home: 'ref',
    commitsOnlyItsPaths: true,
    commit: (root, requests) => commitToLedger(root, requests, resolved),
    blockedBy: (root) => findBlocker(root, resolved).catch(failureFromError),
    heldRecord: async (root, id) => (await import('./held-record.js')).heldRecord(root, id),
  }
}
