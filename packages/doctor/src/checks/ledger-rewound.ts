import { hasCommit, type OwnLedger, takeNewWriter } from '@kitty/git-commit/inspect'
import type { Check, CheckContext, Finding, Fix } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { reasonOf } from '../check/wording.js'
import { ownLedger } from '../facts/own-ledger.js'

const short = (sha: string): string => sha.slice(0, 10)

const nextFor = async (
  { ops }: CheckContext,
  { ref, tip }: OwnLedger,
  noted: string,
): Promise<readonly NextStep[]> => {
  const isHere = await hasCommit(ops.root, noted)
  return [
    ...(tip === undefined ? [] : [{ verb: 'git-reflog', path: ref } as const]),
    ...(isHere ? [{ verb: 'git-update-ref', path: ref, sha: noted } as const] : []),
    { verb: 'fix-check', path: ledgerRewound.id },
  ]
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const ledger = await ownLedger(context)
  const noted = ledger?.rewoundFrom
  if (ledger === undefined || noted === undefined) return []
  const { ref, tip } = ledger
  const now = tip === undefined ? 'it is gone' : `it is at ${short(tip)}`
  const start =
    tip === undefined ? 'starts a new, empty ledger' : 'continues under a new ref from there'
  const next = await nextFor(context, ledger, noted)
  const canMove = next.some(({ verb }) => verb === 'git-update-ref')
  const back = canMove
    ? 'If that was a mistake, move the ref back. If'
    : `The commit ${short(noted)} is not in this clone any more, so the ref cannot be moved back. If`
  const message = `${ref}, the ledger of this clone, was moved or removed: it was at ${short(noted)}, and now ${now}. Until a person decides, no Op is added to the ledger. ${back} it was on purpose, as when an Op was erased, the fix ${start}.`
  return [{ id: ledgerRewound.id, severity: 'error', message, fixable: true, next }]
}

const fix: Fix = {
  plan: () =>
    'Would continue the ledger of this clone under a new ref, from where it is now, and remove the old ref.',
  apply: async (_, { ops }) => {
    const taken = await takeNewWriter(ops.root)
    if (!taken.ok) return { done: false, message: `Not fixed: ${reasonOf(taken.result)}` }
    if (taken.value === undefined) {
      return { done: true, message: 'The ledger of this clone is not rewound any more.' }
    }
    const { from, to, tip } = taken.value
    const start = tip === undefined ? 'is empty' : `starts at ${short(tip)}`
    return {
      done: true,
      message: `The ledger of this clone is now ${to}, which ${start}; ${from} is gone.`,
    }
  },
}

/** A ledger whose ref no longer contains what this clone gave it: an accident, or an erasure on purpose. */
export const ledgerRewound: Check = {
  id: 'ledger-rewound',
  fixOnlyIfSelected: true,
  run,
  fix,
}
