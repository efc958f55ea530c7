// Gives the ledger of this clone a new name: the refs move in one transaction, then the clone notes its writer and its
// tip. A note of what is going on is written first and removed last, so that whatever a crash leaves is finished, or
// taken back, by the next process that opens the ledger:
//
//   1  write the note: the old writer, the new one, the tip
//   2  create the new ref and remove the old one, in one transaction
//   3  write the new writer
//   4  note its tip, and remove the note of step 1
//
// A crash after 1 leaves everything as it was, and the note is removed. Git can be killed between the two halves of 2:
// then both refs are there, the old writer is still the writer, and the new ref is removed. A crash after 2 or 3 leaves
// the new ref alone, and steps 3 and 4 follow.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isOpId, newOpId } from '@kitty/record'
import type { CommitResult } from '@kitty/writer'
import { replaceFile, sharedFolderOf, type WorkTree, waitForLock } from '@kitty/writer/internals'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import { nullId } from '../objects/object.js'
import { fsyncSettings, hooksOff, readSettings } from '../repository/config.js'
import { readRefTip, tryRead } from '../repository/head.js'
import { ledgerRefOf } from './layout.js'
import type { OpenLedger } from './ledger-place.js'
import { forgetTip, ledgerLockOf, noteTip, readOwnWriter, renewOwnWriter } from './own-writer.js'

/** A ledger that goes on under another ref. */
export type NewWriter = {
  readonly from: string
  readonly to: string
  /** Where the new ref starts; `undefined` if the old one was gone, so that the new ledger is empty. */
  readonly tip: string | undefined
}

/** What step 1 notes. */
export type WriterMove = { readonly from: string; readonly to: string; readonly tip: string }

const notePath = (commonDir: string): string => join(sharedFolderOf(commonDir), 'new-writer')

/** Reads the note of step 1. Returns `undefined` if no move is going on. */
export const readWriterMove = (commonDir: string): WriterMove | undefined => {
  const text = tryRead(() => readFileSync(notePath(commonDir), 'utf8')) ?? ''
  const [from, to, tip] = text.trim().split(' ')
  return isOpId(from) && isOpId(to) && tip !== undefined ? { from, to, tip } : undefined
}

const endMove = (commonDir: string): void => rmSync(notePath(commonDir), { force: true })

/** Steps 3 and 4. */
const noteWriter = async (commonDir: string, writer: string, tip: string): Promise<void> => {
  await renewOwnWriter(commonDir, writer)
  await noteTip(commonDir, writer, tip)
  endMove(commonDir)
}

/** Step 2. */
const moveRefs = async (
  { workTree, repoConfig, ref }: OpenLedger,
  to: string,
  tip: string,
): Promise<CommitResult | undefined> => {
  const config = [...fsyncSettings(), ...hooksOff(repoConfig)]
  const args = ['update-ref', '--create-reflog', '-m', 'ledger: new writer', '--stdin']
  // `update` from no object creates the ref, and keeps a reflog, unlike `create` of older versions of git.
  const input = `update ${to} ${tip} ${nullId(repoConfig.objectFormat)}\ndelete ${ref} ${tip}\n`
  const answer = await runGit(workTree.top, args, { config, input })
  return answer.ok ? undefined : failureFromGit(answer)
}

/**
 * Gives the ledger of this clone a new writer, which starts at this tip. Caller must hold the lock of the ledger. Throws
 * what writing throws.
 */
export const moveToNewWriter = async (
  place: OpenLedger,
  tip: string | undefined,
): Promise<Result<NewWriter>> => {
  const { ref, writer: from } = place
  const { commonDir } = place.workTree
  const writer = newOpId()
  const to = ledgerRefOf(writer)
  if (tip === undefined) {
    await renewOwnWriter(commonDir, writer)
    forgetTip(commonDir)
    return ok({ from: ref, to, tip })
  }
  await replaceFile(notePath(commonDir), `${from} ${writer} ${tip}\n`, 'power')
  const failed = await moveRefs(place, to, tip)
  if (failed === undefined) {
    await noteWriter(commonDir, writer, tip)
    return ok({ from: ref, to, tip })
  }
  await finishMove(place.workTree)
  return stop(failed)
}

/** Removes the new ref of a move that did not happen. */
const removeNewRef = async ({ top }: WorkTree, { to, tip }: WriterMove): Promise<boolean> => {
  const settings = await readSettings(top)
  const config = settings.ok ? hooksOff(settings.value) : []
  return (await runGit(top, ['update-ref', '-d', ledgerRefOf(to), tip], { config })).ok
}

/** Finishes a move, or takes it back. Caller must hold the lock of the ledger. */
const finishMove = async (workTree: WorkTree): Promise<void> => {
  const { commonDir } = workTree
  const move = readWriterMove(commonDir)
  if (move === undefined) return endMove(commonDir)
  const [old, now] = [
    await readRefTip(workTree, ledgerRefOf(move.from)),
    await readRefTip(workTree, ledgerRefOf(move.to)),
  ]
  const isHere = readOwnWriter(commonDir) === move.to
  if (now !== undefined && (old === undefined || isHere)) {
    await noteWriter(commonDir, move.to, isHere ? now : move.tip)
  } else if (now === undefined || (await removeNewRef(workTree, move))) endMove(commonDir)
}

/**
 * Ends a move that a crash interrupted. Does nothing if there is none, or if another process holds the lock of the ledger
 * for too long.
 */
export const finishWriterMove = async (workTree: WorkTree, timeoutMs: number): Promise<void> => {
  if (!existsSync(notePath(workTree.commonDir))) return
  const lock = await waitForLock(ledgerLockOf(workTree.commonDir), { timeoutMs })
  if (lock.kind !== 'held') return
  try {
    await finishMove(workTree)
  } finally {
    lock.release()
  }
}
