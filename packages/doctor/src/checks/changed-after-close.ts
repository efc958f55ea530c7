import { readBlobs } from '@kitty/git-commit/inspect'
import { type Check, type CheckContext, defineCheck, type Finding } from '../check/check.js'
import { isMigration } from '../check/migration.js'
import type { NextStep } from '../check/next-step.js'
import { type DiffersFromHead, differsFromHead } from '../facts/differs-from-head.js'
import { headOf } from '../facts/head.js'
import { type UnclosedInLedger, unclosedInLedger } from '../facts/unclosed-in-ledger.js'
import { type UnclosedInHead, unclosedInHead } from '../facts/unclosed-on-disk.js'
import { restoreRecordsFix } from '../fixes/restore-records.js'

const compareOrRestore = (path: string, inHead: string): readonly NextStep[] => [
  { verb: 'git-diff', path },
  { verb: 'git-checkout', path: inHead },
]

const MIGRATED =
  'The record was rewritten in the current form, as "spec-kitty upgrade" of the Python spec-kitty does, and that is not committed yet. What it says is the same.'

const ofClosed = (
  { id, path, bytes, inHead }: DiffersFromHead,
  committed: Buffer | undefined,
): readonly Finding[] => {
  const base = { id: changedAfterClose.id, invocation_id: id, path, fixable: false }
  if (inHead?.status === 'unknown') {
    const message = 'The record differs from HEAD, whose version is not in this clone.'
    return [{ ...base, severity: 'warning', message, next: [{ verb: 'git-diff', path }] }]
  }
  if (inHead?.status !== 'closed') return []
  if (committed !== undefined && isMigration(committed, bytes)) {
    const next = [
      { verb: 'git-add', path },
      { verb: 'git-commit', path },
    ] as const
    return [{ ...base, severity: 'warning', message: MIGRATED, next }]
  }
  const message =
    'The record was committed as closed and has changed since; a closed record must not change.'
  return [{ ...base, severity: 'error', message, next: compareOrRestore(path, inHead.path) }]
}

const ofUnclosed = ({ id, path, inHead, isBeginning }: UnclosedInHead): readonly Finding[] => {
  if (inHead.status !== 'closed') return []
  const how = isBeginning ? 'only its end is missing' : 'it is an older state or was cut off'
  return [
    {
      id: changedAfterClose.id,
      severity: 'error',
      invocation_id: id,
      path,
      message: `The record was committed as closed, but on disk it is not closed; ${how}.`,
      fixable: isBeginning,
      next: isBeginning ? [{ verb: 'fix' }] : compareOrRestore(path, inHead.path),
    },
  ]
}

const ofHeld = ({ id, path, ref, isBeginning }: UnclosedInLedger): Finding => {
  const how = isBeginning ? 'only its end is missing' : 'it is another one'
  return {
    id: changedAfterClose.id,
    severity: 'error',
    invocation_id: id,
    path,
    message: `The Op is closed in the ledger ${ref}, but its record on disk is not closed; ${how}.`,
    fixable: false,
    next: isBeginning ? [{ verb: 'restore', id }] : [{ verb: 'git-log', path }],
  }
}

/** Reads the closed versions in HEAD. */
const committedOf = async (context: CheckContext, closed: readonly DiffersFromHead[]) => {
  const head = await headOf(context)
  const blobOf = ({ inHead }: DiffersFromHead): string =>
    (inHead?.status === 'closed' ? head?.get(inHead.path) : undefined) ?? ''
  const blobs = await readBlobs(
    context.ops.root,
    closed.map(blobOf).filter((blob) => blob !== ''),
  )
  return (each: DiffersFromHead): Buffer | undefined => blobs.get(blobOf(each))
}

/** Records that differ from their closed version in HEAD or in a ledger. If only the end is missing in HEAD's, the fix adds it. */
export const changedAfterClose: Check = defineCheck({
  id: 'changed-after-close',
  needs: { differing: differsFromHead, notClosed: unclosedInHead, held: unclosedInLedger },
  run: async (context, { differing, notClosed, held }) => {
    const [closed, unclosed, inLedger] = await Promise.all([differing(), notClosed(), held()])
    const inHead = unclosed.flatMap(ofUnclosed)
    const reported = new Set(inHead.map((finding) => finding.invocation_id))
    const committed = await committedOf(context, closed)
    return [
      ...closed.flatMap((each) => ofClosed(each, committed(each))),
      ...inHead,
      ...inLedger.filter(({ id }) => !reported.has(id)).map(ofHeld),
    ]
  },
  fix: restoreRecordsFix,
})
