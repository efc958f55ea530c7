import { areOnBranches } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { asMissing } from '../facts/head.js'
import { droppedVersions, firstClosedOf, versionsById } from '../facts/history.js'
import { intentsOf } from '../facts/intents.js'
import { headById } from '../facts/missing-on-disk.js'
import { placesOf } from '../facts/record-pass.js'

/** Returns the Ops in dropped commits that are neither on disk, nor in HEAD or its history, nor pending. */
const suspects = async (context: CheckContext): Promise<readonly OpId[]> => {
  const onDisk = new Set((await placesOf(context)).map(({ id }) => id))
  const known = await Promise.all([headById(context), versionsById(context), intentsOf(context)])
  const dropped = [...(await droppedVersions(context)).keys()]
  return dropped.filter((id) => !onDisk.has(id) && !known.some((ids) => ids.has(id)))
}

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const closed = await firstClosedOf(
    context,
    await droppedVersions(context),
    await suspects(context),
  )
  const ops = [...closed].map(([id, { path, bytes }]) => ({ id, path, bytes }))
  // A rebase makes new commits with the same records.
  const held = await areOnBranches(context.ops.root, ops.map(asMissing))
  return findingAbout(
    ops.filter((_, number) => held[number] !== true),
    {
      id: droppedOp.id,
      severity: 'info',
      fixable: false,
      one: 'The Op was committed, but no branch contains its commit: a reset, an aborted rebase or a deleted branch dropped it. It can be restored from the ledger, or else while a reflog has the commit.',
      many: (count) =>
        `${count} Ops were committed, but no branch contains their commits: a reset, an aborted rebase or a deleted branch dropped them. Each can be restored by its id from the ledger, or else while a reflog has the commit.`,
      next: (op) => (op === undefined ? [] : [{ verb: 'restore', id: op.id }]),
    },
  )
}

/** Closed Ops whose commits are in no branch. It may have been on purpose. */
export const droppedOp: Check = { id: 'dropped-op', deep: true, run }
