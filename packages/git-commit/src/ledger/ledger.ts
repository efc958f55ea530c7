// The ledger: closed records under `refs/kitty/ops/<writer>`, a history of its own outside every branch. It holds
// records and their evidence, and nothing else. A writer is a clone; its work trees take turns at the ref.
//
//   1  read where the repository is, its configuration, and its writer, which is made once     own-writer.ts
//   2  take the lock of the ledger
//   3  read the tip and the trees on the way to the records; records that are there are done   ledger-tip.ts
//   4  write the blobs, the trees and one commit for the batch, all flushed to the disk; meanwhile start the git
//      that will move the ref
//   5  tell it to move the ref, if it is still where step 3 found it
//   6  note the new tip
//
// A crash after …
//   1  leaves a writer without a ledger.
//   2, 3  leaves a lock with a dead owner, which the next process that wants it clears.
//   4  leaves unreachable objects, which git's gc removes.
//   5  leaves a ref that is ahead of the note. The next step 3 finds the noted tip among its ancestors.
// What the ref leads to is flushed in both durabilities, because a broken ref makes `git fetch` and `git gc` fail. If
// something is missing all the same, step 3 steps back to the newest whole commit and adds again what this root
// holds (repair-ledger.ts). If the ref no longer contains the noted tip, somebody rewound it, perhaps on purpose:
// every Op is then deferred, with the reason `ledger-rewound`, until a person decides.
//
// Limits: no branch, index or work tree is read or changed, so no state of them defers an Op. Evidence above the limit
// stays out, with a note.

import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import type { CommitRequest, CommitResult, CommitStrategy } from '@kitty/writer'
import { opIdOfName, sharedFolderOf, syncFile, waitForLock } from '@kitty/writer/internals'
import { failureFromError, failureFromGit } from '../git/failures.js'
import { splitPath } from '../git/paths.js'
import { ok, type Result, stop } from '../git/result.js'
import { startGit } from '../git/run-git.js'
import { type CommitContent, commitObject } from '../objects/commit.js'
import { makeFolder } from '../objects/loose.js'
import { blobId, type GitObject, nullId } from '../objects/object.js'
import { storeObjects } from '../objects/store.js'
import { treeEditor } from '../objects/tree-editor.js'
import { fsyncSettings, hooksOff, type RepoConfig, readSettings } from '../repository/config.js'
import { gitTime, type RepoConfigReader, readCachedRepoConfig } from '../repository/config-cache.js'
import { readRefTip } from '../repository/head.js'
import { blobAt } from '../repository/head-tree.js'
import { lastCommitOf } from '../repository/last-commit.js'
import { runMaintenanceDetached } from '../repository/maintenance.js'
import { signedCommit } from '../repository/signed-commit.js'
import {
  noWorkTree,
  readOnlyResult,
  readWorkTree,
  type WorkTreeState,
} from '../repository/work-tree.js'
import { type Addition, additionOf, type OpToAdd } from './addition.js'
import { ledgerPathOf, ledgerRefOf } from './layout.js'
import { type LedgerTip, readLedgerTip } from './ledger-tip.js'
import { ensureOwnWriter, ledgerLockOf, noteTip, readOwnWriter } from './own-writer.js'

export type LedgerOptions = {
  /** Evidence files above this size stay out of the ledger, in bytes. Default 5 MiB. */
  readonly evidenceLimit?: number
  /** Whether the commits of the ledger are signed. Default `'never'`. */
  readonly sign?: 'never' | 'always'
  /** How long signing one commit can take, in milliseconds. The lock of the ledger is held meanwhile. Default 30 000. */
  readonly signTimeoutMs?: number
  /** How long to wait for the lock of the ledger, in milliseconds. Default 10 000. */
  readonly lockTimeoutMs?: number
}

export type ResolvedLedgerOptions = Required<LedgerOptions> & {
  readonly readRepoConfig: RepoConfigReader
}

/** What step 1 finds. */
export type OpenLedger = {
  readonly root: string
  readonly workTree: WorkTreeState
  readonly repoConfig: RepoConfig
  readonly writer: string
  readonly ref: string
}

/** Reads the configuration. Without an identity, the writer signs as itself: nobody needs one to keep records. */
const configFor = async (
  workTree: WorkTreeState,
  writer: string,
  read: RepoConfigReader,
): Promise<Result<RepoConfig>> => {
  const known = await read(workTree)
  const isNameless =
    !known.ok && known.result.status === 'failed' && known.result.code === 'NO_IDENTITY'
  if (!isNameless) return known
  const settings = await readSettings(workTree.top)
  if (!settings.ok) return settings
  const self = `spec-kitty <${writer}@kitty.invalid> ${gitTime(new Date())}`
  return ok({ ...settings.value, author: self, committer: self })
}

export const findPlace = async (
  root: string,
  options: ResolvedLedgerOptions,
): Promise<Result<OpenLedger>> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return stop(await noWorkTree(root))
  makeFolder(join(sharedFolderOf(workTree.commonDir), 'tokens'))
  const writer = await ensureOwnWriter(workTree.commonDir, options.lockTimeoutMs)
  const repoConfig = await configFor(workTree, writer, options.readRepoConfig)
  if (!repoConfig.ok) return repoConfig
  return ok({ root, workTree, repoConfig: repoConfig.value, writer, ref: ledgerRefOf(writer) })
}

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
  const sha = (await lastCommitOf(workTree.top, ledgerPathOf(id), base)) ?? base
  return { status: 'committed', sha, earlier: true }
}

/** The subject never begins with `op(`, and there is no `Op-Id` trailer: a search over all refs finds each Op once. */
const messageFor = (count: number): string => `ledger: add ${count} ${count === 1 ? 'Op' : 'Ops'}\n`

type NewCommit = { readonly tip: LedgerTip; readonly additions: readonly Addition[] }

/** Step 4: writes everything except the ref. Returns the id of the commit. */
const writeCommit = async (
  { workTree, repoConfig, writer }: OpenLedger,
  { tip, additions }: NewCommit,
  config: readonly string[],
  options: ResolvedLedgerOptions,
): Promise<Result<string>> => {
  const objects = new Map<string, GitObject>()
  const { objectFormat } = repoConfig
  const editor = treeEditor(tip.tree.trees, objectFormat, (object) =>
    objects.set(object.id, object),
  )
  const changes = [...tip.restored, ...additions].flatMap((each) => each.changes)
  const tree = editor.apply(changes)
  const content: CommitContent = { tree, parent: tip.base, message: messageFor(additions.length) }
  const commit = options.sign === 'always' ? undefined : commitObject(repoConfig, content)
  const all = [...objects.values(), ...(commit ? [commit] : [])]
  const failed = await storeObjects(workTree, all, { durability: 'power', config })
  if (failed !== undefined) return stop(failed)
  if (commit !== undefined) return ok(commit.id)
  const email = `${writer}@kitty.invalid`
  const isNameless = repoConfig.author.includes(`<${email}>`)
  const name = 'spec-kitty'
  const env = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  }
  const timeoutMs = options.signTimeoutMs
  return signedCommit(workTree.top, content, { config, timeoutMs, ...(isNameless && { env }) })
}

/** The ref is no longer where it was read, and nothing changed. */
type LedgerMoved = { readonly status: 'moved' }

const MOVED: LedgerMoved = { status: 'moved' }

/** Steps 4 and 5. Returns the new tip. */
export const addToRef = async (
  place: OpenLedger,
  commit: NewCommit,
  options: ResolvedLedgerOptions,
): Promise<Result<string, CommitResult | LedgerMoved>> => {
  const { workTree, repoConfig, ref } = place
  const config = [...fsyncSettings(), ...hooksOff(repoConfig)]
  const args = [
    'update-ref',
    '--create-reflog',
    '-m',
    messageFor(commit.additions.length).trim(),
    '--stdin',
  ]
  const git = startGit(workTree.top, args, { config })
  let answer: Awaited<ReturnType<typeof git.finish>> | undefined
  try {
    const written = await writeCommit(place, commit, config, options)
    if (!written.ok) return written
    const from = commit.tip.now ?? nullId(repoConfig.objectFormat)
    answer = await git.finish(`update ${ref} ${written.value} ${from}\n`)
    // Git before 2.36 does not flush the ref, and step 6 must not be ahead of it after a power loss.
    await syncFile(join(workTree.commonDir, ref)).catch(() => undefined)
    if (answer.ok) return written
    const now = await readRefTip(workTree, ref)
    // A git that was killed can still have moved the ref.
    if (now === written.value) return written
    return stop(now === commit.tip.now ? failureFromGit(answer) : MOVED)
  } finally {
    if (answer === undefined) await git.finish('').catch(() => undefined)
  }
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

/** Step 6. If the note fails, the next step 3 finds the older tip among the ancestors. */
export const noteAdded = async (
  { workTree, writer, repoConfig }: OpenLedger,
  tip: string,
): Promise<void> => {
  await noteTip(workTree.commonDir, writer, tip).catch(() => undefined)
  runMaintenanceDetached(workTree.top, repoConfig, [tip])
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

export const lockTimeout: CommitResult = {
  status: 'deferred',
  reason: 'lock-timeout',
  message: 'Another process has been changing the ledger for too long.',
  hint: 'Nothing to do: the Op stays pending and is retried when the next Op is closed.',
}

/** Runs a function under the lock of the ledger. Returns `undefined` if other processes hold it for too long. */
export const withLedgerLock = async <T>(
  { workTree }: OpenLedger,
  options: ResolvedLedgerOptions,
  run: () => Promise<T>,
): Promise<T | undefined> => {
  const wait = { timeoutMs: options.lockTimeoutMs }
  const lock = await waitForLock(ledgerLockOf(workTree.commonDir), wait)
  if (lock.kind !== 'held') return undefined
  try {
    return await run()
  } finally {
    lock.release()
  }
}

const addAll = async (
  root: string,
  ops: readonly OpToAdd[],
  options: ResolvedLedgerOptions,
): Promise<Answers> => {
  const place = await findPlace(root, options)
  if (!place.ok) return forAll(ops, place.result)
  const answers = await withLedgerLock(place.value, options, async () => {
    for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
      const found = await attempt(place.value, ops, options)
      if (found !== undefined) return found
    }
    return forAll(ops, keepsMoving)
  })
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
  const isClosed = id !== undefined && record.parsed.status === 'closed'
  return isClosed ? ok({ id, bytes: record.bytes, extras }) : stop(openRecord(record.path))
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

/** What keeps every Op from being added now, as far as that can be known without adding one. */
const findBlocker = async (
  root: string,
  options: ResolvedLedgerOptions,
): Promise<CommitResult | undefined> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return noWorkTree(root)
  const readOnly = await readOnlyResult(root)
  if (readOnly !== undefined) return readOnly
  // Without a writer there is no ledger yet, and to look must not make one.
  if (readOwnWriter(workTree.commonDir) === undefined) return undefined
  const place = await findPlace(root, options)
  if (!place.ok) return place.result
  const tip = await readLedgerTip(place.value, [])
  return tip.ok ? undefined : tip.result
}

/** Fills in the defaults. */
export const resolveLedgerOptions = (options: LedgerOptions = {}): ResolvedLedgerOptions => ({
  evidenceLimit: options.evidenceLimit ?? 5 * 2 ** 20,
  sign: options.sign ?? 'never',
  signTimeoutMs: options.signTimeoutMs ?? 30_000,
  lockTimeoutMs: options.lockTimeoutMs ?? 10_000,
  readRepoConfig: readCachedRepoConfig,
})

/**
 * Creates the strategy of the ledger: keeps closed records under a ref of this clone, outside every branch. No branch,
 * index or work tree changes, and no operation in progress defers it. Runs no hooks.
 *
 * It can be the only strategy, or the second home of another one: see `withLedger`.
 */
export const ledger = (options: LedgerOptions = {}): CommitStrategy => {
  const resolved = resolveLedgerOptions(options)
  return {
    name: 'ledger',
    options: { sign: resolved.sign },
    home: 'ref',
    commitsOnlyItsPaths: true,
    commit: (root, requests) => commitToLedger(root, requests, resolved),
    blockedBy: (root) => findBlocker(root, resolved).catch(failureFromError),
  }
}
