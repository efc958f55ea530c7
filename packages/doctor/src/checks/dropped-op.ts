import { findCommits } from '@kitty/git-commit'
import type { OpId } from '@kitty/record'
import { archivedPath, recordPath } from '@kitty/writer'
import type { Check, CheckContext, Finding } from '../check/check.js'
import { findingAbout } from '../check/finding.js'
import { droppedVersions, firstClosedOf, versionsById } from '../facts/history.js'
import { intentsOf } from '../facts/intents.js'
import { headById } from '../facts/missing-on-disk.js'
import { placesOf } from '../facts/record-pass.js'

/** The Ops that are in dropped commits, and neither on disk, nor in HEAD or its history, nor waiting. */
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
  // Commits that were made anew, by a rebase say, hold the same records.
  const held = await findCommits(
    context.ops.root,
    ops.map(({ id, bytes }) => ({ paths: [recordPath(id), archivedPath(id)], bytes })),
  )
  return findingAbout(
    ops.filter((_, number) => held[number] === undefined),
    {
      id: droppedOp.id,
      severity: 'info',
      fixable: false,
      one: (path, op) =>
        `${path} was committed, and no branch holds it any more: a reset, an aborted rebase or the end of a branch took it away. To have it back, while a reflog knows it: spec-kitty ops restore ${op}`,
      many: (count) =>
        `${count} Ops were committed, and no branch holds them any more: a reset, an aborted rebase or the end of a branch took them away. To have one back, while a reflog knows it: spec-kitty ops restore ID`,
    },
  )
}

/** Closed Ops whose commits no branch leads to any more. It may have been meant so. */
export const droppedOp: Check = { id: 'dropped-op', deep: true, run }
