import { findCommits } from '@kitty/git-commit'
import type { OpId } from '@kitty/record'
import { archivedPath, recordPath } from '@kitty/writer'
import type { Check, Examination, Finding } from '../check/check.js'
import { aboutOps } from '../check/finding.js'
import { droppedVersions, firstClosedOf, versionsById } from '../facts/history.js'
import { marksOf } from '../facts/intents.js'
import { headById } from '../facts/missing-on-disk.js'
import { placesOf } from '../facts/record-pass.js'

/** The Ops that are in dropped commits, and neither on disk, nor in HEAD or its history, nor waiting. */
const suspects = async (at: Examination): Promise<readonly OpId[]> => {
  const onDisk = new Set((await placesOf(at)).map(({ id }) => id))
  const known = await Promise.all([headById(at), versionsById(at), marksOf(at)])
  const dropped = [...(await droppedVersions(at)).keys()]
  return dropped.filter((id) => !onDisk.has(id) && !known.some((ids) => ids.has(id)))
}

const examine = async (at: Examination): Promise<readonly Finding[]> => {
  const closed = await firstClosedOf(at, await droppedVersions(at), await suspects(at))
  const ops = [...closed].map(([id, { path, bytes }]) => ({ id, path, bytes }))
  // Commits that were made anew, by a rebase say, hold the same records.
  const held = await findCommits(
    at.ops.root,
    ops.map(({ id, bytes }) => ({ paths: [recordPath(id), archivedPath(id)], bytes })),
  )
  return aboutOps(
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
export const droppedOp: Check = { id: 'dropped-op', deep: true, examine }
