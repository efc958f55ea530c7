// The file of a ref that holds no id, as a power loss leaves it. Git can neither move nor remove such a ref, and
// `git fetch` and `git gc` fail.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findWorkTree, replaceFile } from '@kitty/writer/internals'
import { runGit } from '../git/run-git.js'
import { tryRead } from '../repository/head.js'
import type { LedgerPlace } from './ledger-place.js'
import { readNotedTip } from './own-writer.js'

const pathIn = (folder: string, ref: string): string => join(folder, ...ref.split('/'))

/** Whether a ref has a file that holds neither an id nor the name of another ref. */
export const isBrokenRef = (commonDir: string, ref: string): boolean => {
  const text = tryRead(() => readFileSync(pathIn(commonDir, ref), 'utf8'))
  return text !== undefined && !/^(?:ref:|[0-9a-f]{40})/.test(text)
}

/** The id that the last whole line of the reflog ends with. */
const lastInReflog = (commonDir: string, ref: string): string | undefined => {
  const log = tryRead(() => readFileSync(pathIn(join(commonDir, 'logs'), ref), 'utf8')) ?? ''
  return [...log.matchAll(/^[0-9a-f]{40,64} ([0-9a-f]{40,64}) /gm)].at(-1)?.[1]
}

/**
 * Where the ref was: a crash can leave the reflog behind the note, and the note behind the reflog.
 */
const tipBefore = async ({ workTree, writer, ref }: LedgerPlace): Promise<string | undefined> => {
  const noted = readNotedTip(workTree.commonDir, writer)
  const logged = lastInReflog(workTree.commonDir, ref)
  if (noted === undefined || logged === undefined) return noted ?? logged
  const args = ['merge-base', '--is-ancestor', noted, logged]
  return (await runGit(workTree.top, args)).ok ? logged : noted
}

/**
 * Points a broken ref to where it was; removes it if that is unknown. Changes nothing if it is not broken. Caller must
 * hold the lock of the ledger. Throws what writing throws.
 */
export const restoreBrokenRef = async (place: LedgerPlace): Promise<void> => {
  const { workTree, ref } = place
  if (!isBrokenRef(workTree.commonDir, ref)) return
  const path = pathIn(workTree.commonDir, ref)
  const tip = await tipBefore(place)
  if (tip === undefined) rmSync(path)
  else await replaceFile(path, `${tip}\n`, 'power')
}

/**
 * Removes the file of a ref if it is broken: it says nothing, and git refuses to delete the ref. Returns whether it was.
 * Throws what removing throws.
 */
export const removeBrokenRef = async (root: string, ref: string): Promise<boolean> => {
  const commonDir = (await findWorkTree(root))?.commonDir
  if (commonDir === undefined || !isBrokenRef(commonDir, ref)) return false
  rmSync(pathIn(commonDir, ref))
  return true
}
