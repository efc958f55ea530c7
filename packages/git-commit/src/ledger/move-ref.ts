import { join } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import { syncFile } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import { nullId } from '../objects/object.js'
import { isPlainRef, moveRefFile } from '../refs/move-ref-file.js'
import { clearDeadRefLocks } from '../refs/ref-locks.js'
import { fsyncSettings, hooksOff } from '../repository/config.js'
import { readRefTip } from '../repository/head.js'
import type { OpenLedger } from './ledger-place.js'

/** A move of the ledger's ref. */
export type RefMove = {
  /** Where the ref is now; `undefined` if it does not exist. */
  readonly from: string | undefined
  readonly to: string
  /** One line for the reflog. */
  readonly message: string
}

/** The ref is no longer where it was read, and nothing changed. */
export type LedgerMoved = { readonly status: 'moved' }

const MOVED: LedgerMoved = { status: 'moved' }

/**
 * Moves a ref that is a file without git, which takes longer than everything else. Returns `undefined` if git must do it:
 * for the reftable format, a symbolic ref, a lock that another process holds, or after an error.
 */
const moveFile = async (
  { workTree, ref, repoConfig }: OpenLedger,
  { from, to, message }: RefMove,
): Promise<Result<string, LedgerMoved> | undefined> => {
  const { commonDir } = workTree
  const file = join(commonDir, ref)
  if (!isPlainRef(commonDir, file)) return undefined
  const answer = await moveRefFile({
    commonDir,
    file,
    logs: [join(commonDir, 'logs', ref)],
    from: from ?? nullId(repoConfig.objectFormat),
    to,
    committer: repoConfig.committer,
    message,
    durability: 'power',
    isUnchanged: async () => (await readRefTip(workTree, ref)) === from,
  }).catch(() => undefined)
  return answer && (answer === 'moved' ? ok(to) : stop(MOVED))
}

const moveWithGit = async (
  { workTree, repoConfig, ref }: OpenLedger,
  { from, to, message }: RefMove,
): Promise<Result<string, CommitResult | LedgerMoved>> => {
  const config = [...fsyncSettings(), ...hooksOff(repoConfig)]
  const args = ['update-ref', '--create-reflog', '-m', message, ref, to]
  const answer = await runGit(workTree.top, [...args, from ?? nullId(repoConfig.objectFormat)], {
    config,
  })
  // Git before 2.36 does not flush the ref, and the noted tip must not be ahead of it after a power loss.
  await syncFile(join(workTree.commonDir, ref)).catch(() => undefined)
  if (answer.ok) return ok(to)
  const now = await readRefTip(workTree, ref)
  // A git that was killed can still have moved the ref.
  if (now === to) return ok(to)
  return stop(now === from ? failureFromGit(answer) : MOVED)
}

/** Moves the ref of a ledger, if it is still where it was. Returns where it is. Caller must hold the lock of the ledger. */
export const moveLedgerRef = async (
  place: OpenLedger,
  move: RefMove,
): Promise<Result<string, CommitResult | LedgerMoved>> => {
  clearDeadRefLocks(place.workTree.commonDir)
  return (await moveFile(place, move)) ?? (await moveWithGit(place, move))
}
