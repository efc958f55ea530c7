// What the doctor asks about ledgers. Nothing here changes anything.

import { findWorkTree, type WorkTree } from '@kitty/writer/internals'
import { runGit } from '../git/run-git.js'
import { readRefTip } from '../repository/head.js'
import { isBrokenRef } from './broken-ref.js'
import { ledgerRefOf } from './layout.js'
import { readWriterMove } from './move-writer.js'
import { readNotedTip, readOwnWriter } from './own-writer.js'

/** The ledger that this clone writes. */
export type OwnLedger = {
  readonly writer: string
  readonly ref: string
  /** What the ref points to; `undefined` if there is no such ref, empty if its file is broken. */
  readonly tip: string | undefined
  /** The tip that this clone noted, if the ref no longer contains it. */
  readonly rewoundFrom?: string
}

/** The first line in which git says what is wrong. */
const complaintIn = (words: string): string =>
  words
    .split('\n')[0]
    ?.replace(/^(?:error|fatal): /, '')
    .trim() || 'git says no more'

/**
 * Returns in git's words what keeps the tips of ledgers from being read, or their trees and files; `undefined` if
 * nothing does. An empty tip is that of a broken ref. With `deep`, also checks their whole histories.
 */
export const ledgerDamage = async (
  root: string,
  tips: readonly string[],
  { deep = false }: { readonly deep?: boolean } = {},
): Promise<string | undefined> => {
  if (tips.includes('')) return 'the file of the ref holds no commit'
  const top = (await findWorkTree(root))?.top ?? root
  const walk = deep ? [] : ['--no-walk']
  const args = ['rev-list', '--objects', '--no-object-names', ...walk, '--stdin']
  const listed = await runGit(top, args, { input: tips.map((tip) => `${tip}\n`).join('') })
  if (!listed.ok) return complaintIn(listed.stderr)
  const answer = await runGit(top, ['cat-file', '--batch-check'], { input: listed.stdout })
  const [missing] = /^.* missing$/m.exec(answer.stdout.toString()) ?? []
  if (answer.ok && missing === undefined) return undefined
  return answer.stderr === '' ? missing : complaintIn(answer.stderr)
}

/** Whether the ref no longer contains a commit. A tip that cannot be read says nothing about that. */
const isRewound = async (
  { top }: WorkTree,
  noted: string,
  tip: string | undefined,
): Promise<boolean> => {
  if (tip === undefined) return true
  if (tip === noted) return false
  const answer = await runGit(top, ['merge-base', '--is-ancestor', noted, tip])
  if (answer.ok) return false
  return answer.exitCode === 1 || (await runGit(top, ['cat-file', '-e', `${tip}^{tree}`])).ok
}

/** The writer of this clone; if a crash ended a move to a new one after the refs had moved, that one. */
const currentWriter = async (workTree: WorkTree): Promise<string | undefined> => {
  const writer = readOwnWriter(workTree.commonDir)
  const move = readWriterMove(workTree.commonDir)
  if (move === undefined || move.from !== writer) return writer
  const [old, now] = [
    await readRefTip(workTree, ledgerRefOf(move.from)),
    await readRefTip(workTree, ledgerRefOf(move.to)),
  ]
  return old === undefined && now !== undefined ? move.to : writer
}

/** Returns the ledger of this clone, or `undefined` outside git and if this clone has no writer yet. */
export const readOwnLedger = async (root: string): Promise<OwnLedger | undefined> => {
  const workTree = await findWorkTree(root)
  const writer = workTree && (await currentWriter(workTree))
  if (workTree === undefined || writer === undefined) return undefined
  const ref = ledgerRefOf(writer)
  // In this order: an Op that is added meanwhile moves the ref before it notes the tip.
  const noted = readNotedTip(workTree.commonDir, writer)
  if (isBrokenRef(workTree.commonDir, ref)) return { writer, ref, tip: '' }
  const tip = await readRefTip(workTree, ref)
  const rewound = noted !== undefined && (await isRewound(workTree, noted, tip))
  return { writer, ref, tip, ...(rewound && { rewoundFrom: noted }) }
}

/** Whether a commit is in this clone, so that a ref can be moved to it. */
export const hasCommit = async (root: string, commit: string): Promise<boolean> =>
  (await runGit(root, ['cat-file', '-e', `${commit}^{commit}`])).ok
