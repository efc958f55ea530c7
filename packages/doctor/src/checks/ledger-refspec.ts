import { type CoveringSetting, coveringSettings } from '@kitty/git-commit/inspect'
import type { Check, CheckContext, Finding } from '../check/check.js'
import type { NextStep } from '../check/next-step.js'
import { ownLedger } from '../facts/own-ledger.js'

const ALL = '^refs/kitty/*'

const fetchFinding = ({ remote, value, origin, source }: CoveringSetting, ref: string): Finding => {
  // The ledgers of the remote have the same names there.
  const isPlain = value.includes('*') && source === ref
  const next: readonly NextStep[] = isPlain
    ? [{ verb: 'git-config-add', path: `remote.${remote}.fetch`, to: ALL }]
    : [{ verb: 'git-config-edit' }]
  const change = isPlain
    ? `Exclude the ledgers with one more refspec, "${ALL}".`
    : 'Change or remove the refspec.'
  return {
    id: ledgerRefspec.id,
    severity: 'warning',
    path: origin,
    message: `"${value}", a refspec of the remote ${remote} in ${origin}, covers ${ref}, the ledger of this clone: a plain \`git fetch\` can move it back, and one that prunes removes it. ${change}`,
    fixable: false,
    next,
  }
}

const pushFinding = ({ remote, value, origin }: CoveringSetting, ref: string): Finding => ({
  id: ledgerRefspec.id,
  severity: 'warning',
  path: origin,
  message: `"${value}", a refspec of the remote ${remote} in ${origin}, makes \`git push ${remote}\` publish ${ref}, the ledger of this clone. Exclude the ledgers with one more refspec, "${ALL}".`,
  fixable: false,
  next: [{ verb: 'git-config-add', path: `remote.${remote}.push`, to: ALL }],
})

const mirrorFinding = ({ remote, origin }: CoveringSetting, ref: string): Finding => ({
  id: ledgerRefspec.id,
  severity: 'warning',
  path: origin,
  message: `remote.${remote}.mirror in ${origin} makes \`git push ${remote}\` publish ${ref}, the ledger of this clone, and remove the ledgers of others from that remote. Remove the setting.`,
  fixable: false,
  next: [{ verb: 'git-config-edit' }],
})

const FINDINGS = { fetch: fetchFinding, push: pushFinding, mirror: mirrorFinding }

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const ledger = await ownLedger(context)
  if (ledger === undefined) return []
  const found = await coveringSettings(context.ops.root, ledger.ref)
  return found.map((setting) => FINDINGS[setting.kind](setting, ledger.ref))
}

/** Settings of remotes under which git's own `fetch` and `push` change the ledger. They are the user's. */
export const ledgerRefspec: Check = { id: 'ledger-refspec', run }
