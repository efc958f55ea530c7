import { join } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import { sharedFolderOf, waitForLock } from '@kitty/writer/internals'
import { ok, type Result, stop } from '../git/result.js'
import { makeFolder } from '../objects/loose.js'
import { type RepoConfig, readSettings } from '../repository/config.js'
import { gitTime, type RepoConfigReader, readCachedRepoConfig } from '../repository/config-cache.js'
import { noWorkTree, readWorkTree, type WorkTreeState } from '../repository/work-tree.js'
import { ledgerRefOf } from './layout.js'
import type { OpenLedger } from './ledger-place.js'
import { finishWriterMove } from './move-writer.js'
import { ensureOwnWriter, ledgerLockOf, readOwnWriter } from './own-writer.js'

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

/** Fills in the defaults. */
export const resolveLedgerOptions = (options: LedgerOptions = {}): ResolvedLedgerOptions => ({
  evidenceLimit: options.evidenceLimit ?? 5 * 2 ** 20,
  sign: options.sign ?? 'never',
  signTimeoutMs: options.signTimeoutMs ?? 30_000,
  lockTimeoutMs: options.lockTimeoutMs ?? 10_000,
  readRepoConfig: readCachedRepoConfig,
})

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

const placeOf = async (
  root: string,
  workTree: WorkTreeState,
  writer: string,
  { evidenceLimit, readRepoConfig }: ResolvedLedgerOptions,
): Promise<Result<OpenLedger>> => {
  const repoConfig = await configFor(workTree, writer, readRepoConfig)
  if (!repoConfig.ok) return repoConfig
  const ref = ledgerRefOf(writer)
  return ok({ root, workTree, repoConfig: repoConfig.value, writer, ref, evidenceLimit })
}

export const openLedger = async (
  root: string,
  options: ResolvedLedgerOptions,
): Promise<Result<OpenLedger>> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return stop(await noWorkTree(root))
  makeFolder(join(sharedFolderOf(workTree.commonDir), 'tokens'))
  await finishWriterMove(workTree, options.lockTimeoutMs)
  const writer = await ensureOwnWriter(workTree.commonDir, options.lockTimeoutMs)
  return placeOf(root, workTree, writer, options)
}

/** As `openLedger`, but changes nothing: `undefined` if this clone has no writer, and so no ledger, yet. */
export const seeLedger = async (
  root: string,
  options: ResolvedLedgerOptions,
): Promise<Result<OpenLedger | undefined>> => {
  const workTree = await readWorkTree(root)
  if (workTree === undefined) return stop(await noWorkTree(root))
  const writer = readOwnWriter(workTree.commonDir)
  return writer === undefined ? ok(undefined) : placeOf(root, workTree, writer, options)
}

/** Whether another process gave this clone a new writer since the ledger was opened. Its old ref is no longer there. */
export const isOutdated = ({ workTree, writer }: OpenLedger): boolean =>
  readOwnWriter(workTree.commonDir) !== writer

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
