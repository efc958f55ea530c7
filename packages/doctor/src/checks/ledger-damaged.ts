import { join, relative } from 'node:path'
import {
  type Ledger,
  ledgerDamage,
  ledgerOptionsOf,
  removeBrokenRef,
  repairLedger,
} from '@kitty/git-commit/inspect'
import { ledgerOf } from '@kitty/writer/internals'
import type { Check, CheckContext, Finding, Fix, FixOutcome } from '../check/check.js'
import { reasonOf } from '../check/wording.js'
import { ledgersOf, ownLedger } from '../facts/own-ledger.js'
import { workTreeOf } from '../facts/work-tree.js'

const EFFECT = '`git fetch`, `git gc` and `git log --all` can fail until that is repaired.'

const aboutOwn = async (context: CheckContext): Promise<readonly Finding[]> => {
  const ledger = await ownLedger(context)
  if (ledger?.tip === undefined) return []
  const { ref, tip } = ledger
  const { deep = false, ops } = context
  const damage = await ledgerDamage(ops.root, [tip], { deep })
  if (damage === undefined) return []
  return [
    {
      id: ledgerDamaged.id,
      severity: 'error',
      message: `${ref}, the ledger of this clone, cannot be read completely: ${damage}. ${EFFECT} The fix writes again what is missing, if this clone has it. Otherwise it steps back to the newest whole commit, and adds again what can still be read and what the disk and HEAD hold.`,
      fixable: true,
      next: [{ verb: deep ? 'fix-deep' : 'fix' }],
    },
  ]
}

/** Where the part of a path begins that is the name of a ref. */
const REFS = 'refs/kitty/'

/** A ref without an id: git cannot delete it, nor fetch over it. The path of its file says to the fix which one. */
const aboutBroken = async (
  context: CheckContext,
  { ref, remote, writer }: Ledger,
  damage: string,
): Promise<Finding> => {
  const { commonDir = '' } = (await workTreeOf(context)) ?? {}
  const file = relative(context.ops.root, join(commonDir, ref)).replaceAll('\\', '/')
  const from = remote === undefined ? 'an earlier ledger of this clone' : `fetched from ${remote}`
  const again =
    remote === undefined
      ? ''
      : ` Then fetch it again: git fetch ${remote} refs/kitty/ops/${writer}:${ref}`
  return {
    id: ledgerDamaged.id,
    severity: 'error',
    path: file,
    message: `${ref}, ${from}, cannot be read: ${damage}. ${EFFECT} The fix removes the file of the ref, which git refuses to do.${again}`,
    fixable: true,
    next: [{ verb: 'fix' }],
  }
}

const aboutOther = ({ ref, remote, writer }: Ledger, damage: string): Finding => {
  const base = { id: ledgerDamaged.id, severity: 'error', fixable: false } as const
  if (remote === undefined) {
    const message = `${ref}, an earlier ledger of this clone, cannot be read completely: ${damage}. ${EFFECT}`
    return { ...base, message, next: [{ verb: 'git-fsck' }] }
  }
  const message = `${ref}, fetched from ${remote}, cannot be read completely: ${damage}. ${EFFECT} Delete the ref and fetch it again from ${remote}.`
  const refspec = `refs/kitty/ops/${writer}:${ref}`
  return {
    ...base,
    message,
    next: [
      { verb: 'git-delete-ref', path: ref },
      { verb: 'git-fetch', path: remote, to: refspec },
    ],
  }
}

/** The other ledgers: one question for all of them, and one for each only if something is wrong. */
const aboutOthers = async (context: CheckContext): Promise<readonly Finding[]> => {
  const { deep = false, ops } = context
  const others = (await ledgersOf(context)).filter(({ isOwn }) => !isOwn)
  const tips = others.map(({ tip }) => tip)
  if (tips.length === 0 || (await ledgerDamage(ops.root, tips, { deep })) === undefined) return []
  const found: Finding[] = []
  for (const ledger of others) {
    const damage = await ledgerDamage(ops.root, [ledger.tip], { deep })
    if (damage === undefined) continue
    const isBroken = ledger.tip === ''
    found.push(isBroken ? await aboutBroken(context, ledger, damage) : aboutOther(ledger, damage))
  }
  return found
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => [
  ...(await aboutOwn(context)),
  ...(await aboutOthers(context)),
]

const REPAIR_PLAN =
  'Would write the missing files of the ledger of this clone again, or step back to its newest whole commit and add again what is left.'

const count = (ops: number): string => `${ops} Op${ops === 1 ? '' : 's'}`

const removeRef = async (root: string, path: string): Promise<FixOutcome> => {
  const ref = path.slice(path.lastIndexOf(REFS))
  const message = (await removeBrokenRef(root, ref))
    ? `Removed ${ref}, which held no commit.`
    : `${ref} is not broken any more.`
  return { done: true, message }
}

const fix: Fix = {
  plan: ({ path }) =>
    path !== undefined ? `Would remove ${path}, which holds no commit.` : REPAIR_PLAN,
  apply: async ({ path }, { ops }) => {
    if (path !== undefined) return removeRef(ops.root, path)
    const own = ledgerOf(ops.strategy)
    const repaired = await repairLedger(ops.root, own && ledgerOptionsOf(own))
    if (!repaired.ok) return { done: false, message: `Not fixed: ${reasonOf(repaired.result)}` }
    if (repaired.value === undefined) return { done: true, message: 'The ledger is whole.' }
    const { ref, from, to, restored } = repaired.value
    if (to === from) {
      return {
        done: true,
        message: `Wrote the missing files of ${ref} again; it is whole, and where it was.`,
      }
    }
    const where =
      to === undefined ? 'Nothing of it could be kept' : `It is at ${to.slice(0, 10)} now`
    return {
      done: true,
      message: `Stepped back from ${from.slice(0, 10)}, which is damaged, to the newest whole commit of ${ref}, and added ${count(restored)} again. ${where}.`,
    }
  },
}

/** Ledgers that lead to something that is missing or cannot be read. */
export const ledgerDamaged: Check = { id: 'ledger-damaged', run, fix }
