import { appendFileSync, linkSync, lstatSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CommitResult } from '@kitty/writer'
import {
  sharedFolderOf,
  shareLikeGit,
  syncFile,
  tryUnlink,
  writeNewFile,
} from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import { makeFolder } from '../objects/loose.js'
import { nullId } from '../objects/object.js'
import { fsyncSettings, hooksOff } from '../repository/config.js'
import { readRefTip, tryRead } from '../repository/head.js'
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

type Paths = { readonly ref: string; readonly lock: string; readonly draft: string }

const pathsOf = ({ workTree: { commonDir }, ref }: OpenLedger): Paths => {
  const path = join(commonDir, ref)
  return { ref: path, lock: `${path}.lock`, draft: join(sharedFolderOf(commonDir), 'ledger-ref') }
}

/** The identity of a file, or `undefined` if there is none. */
const identityOf = (path: string): string | undefined => {
  const info = tryRead(() => lstatSync(path, { bigint: true }))
  return info && `${info.dev}:${info.ino}`
}

/** Removes what a crash left: a lock of the ref is ours if it is the same file as the draft. */
const clearLeftovers = ({ lock, draft }: Paths): void => {
  const left = identityOf(draft)
  if (left === undefined) return
  if (identityOf(lock) === left) tryUnlink(lock)
  tryUnlink(draft)
}

/** Whether git keeps the ref in a file with nothing but an id, or would. */
const isPlainFile = ({ workTree: { commonDir } }: OpenLedger, { ref }: Paths): boolean => {
  if (identityOf(join(commonDir, 'reftable')) !== undefined) return false
  const info = tryRead(() => lstatSync(ref))
  return info === undefined || (info.isFile() && !readFileSync(ref, 'utf8').startsWith('ref:'))
}

/** Creates the lock of the ref, whole: with the new id. Returns `false` if only git can find out why not. */
const lockRef = async ({ ref, lock, draft }: Paths, to: string): Promise<boolean> => {
  try {
    makeFolder(dirname(ref))
    await writeNewFile(draft, `${to}\n`, 'power')
    linkSync(draft, lock)
    return true
  } catch {
    tryUnlink(draft)
    return false
  }
}

/**
 * Moves a ref that is a file as git does: under its lock, and with a line in its reflog. Saves a process, which takes
 * longer than everything else. Returns `undefined` if git must do it: for the reftable format, a symbolic ref, a lock
 * that another process holds, or a file system without hard links.
 */
const moveFile = async (
  place: OpenLedger,
  { from, to, message }: RefMove,
): Promise<Result<string, LedgerMoved> | undefined> => {
  const { workTree, ref, repoConfig } = place
  const paths = pathsOf(place)
  clearLeftovers(paths)
  if (!isPlainFile(place, paths) || !(await lockRef(paths, to))) return undefined
  try {
    if ((await readRefTip(workTree, ref)) !== from) return stop(MOVED)
    const log = join(workTree.commonDir, 'logs', ref)
    makeFolder(dirname(log))
    const old = from ?? nullId(repoConfig.objectFormat)
    const isNew = identityOf(log) === undefined
    appendFileSync(log, `${old} ${to} ${repoConfig.committer}\t${message}\n`)
    if (isNew) shareLikeGit(log)
    renameSync(paths.lock, paths.ref)
    return ok(to)
  } finally {
    clearLeftovers(paths)
  }
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
): Promise<Result<string, CommitResult | LedgerMoved>> =>
  (await moveFile(place, move)) ?? (await moveWithGit(place, move))
