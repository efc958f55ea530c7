import { type Ledger, ledgerDamage, repairLedger } from '@kitty/git-commit/inspect'
import type { Check, CheckContext, Finding, Fix } from '../check/check.js'
import { reasonOf } from '../check/wording.js'
import { ledgersOf, ownLedger } from '../facts/own-ledger.js'

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
      message: `${ref}, the ledger of this clone, cannot be read completely: ${damage}. ${EFFECT} The fix writes what is missing again as far as this clone has it, and otherwise steps back to the newest whole commit and adds again what can still be read and what disk and HEAD hold.`,
      fixable: true,
      next: [{ verb: deep ? 'fix-deep' : 'fix' }],
    },
  ]
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
    if (damage !== undefined) found.push(aboutOther(ledger, damage))
  }
  return found
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => [
  ...(await aboutOwn(context)),
  ...(await aboutOthers(context)),
]

const count = (ops: number): string => `${ops} Op${ops === 1 ? '' : 's'}`

const fix: Fix = {
  plan: () =>
    'Would write the missing files of the ledger of this clone again, or step back to its newest whole commit and add again what is left.',
  apply: async (_, { ops }) => {
    const repaired = await repairLedger(ops.root)
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
