import type { OpId } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import { resolveOpId } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import type { RestoreReport } from '../check/wire.js'
import { droppedVersions, versionsById } from '../facts/history.js'
import { intentsOf, interruptedCloses } from '../facts/intents.js'
import { headById, missingOnDisk } from '../facts/missing-on-disk.js'
import { restoreRecords } from './restore-record.js'
import { historicCopies, storedCopies } from './sources.js'

const allMissing = async (context: CheckContext): Promise<readonly OpId[]> => {
  const [gone, cutOff] = await Promise.all([missingOnDisk(context), interruptedCloses(context)])
  const inHead = gone.filter(({ skipWorktree }) => !skipWorktree).map(({ id }) => id)
  return [...new Set([...inHead, ...cutOff.map(({ intent }) => intent.id)])].sort()
}

const named = async (context: CheckContext, ids: readonly string[]): Promise<readonly OpId[]> => {
  const [head, intents] = await Promise.all([headById(context), intentsOf(context)])
  const known = [...new Set([...head.keys(), ...intents.keys()])]
  const resolve = async (id: string): Promise<OpId> => {
    const [prefix, root] = [id.trim().toUpperCase(), context.ops.root]
    const exact = known.find((each) => each === prefix)
    if (exact !== undefined) return exact
    if (known.some((each) => each.startsWith(prefix))) return resolveOpId(root, id, known)
    // Walking the history takes long: only for an Op that is nowhere else.
    const earlier = [await versionsById(context), await droppedVersions(context)]
    return resolveOpId(root, id, [...new Set(earlier.flatMap((all) => [...all.keys()]))])
  }
  const found = await Promise.all(ids.map(resolve))
  return [...new Set(found)]
}

/**
 * Restores missing records byte for byte: from HEAD, and from the intents of closes that are not committed yet. A
 * record named in `ids` is also restored from history, if a later commit deleted it, and from commits that no
 * branch contains while a reflog has them. Never overwrites a file; if only the end of a record is missing, adds it.
 *
 * @throws KittyError `OP_NOT_FOUND`, `AMBIGUOUS_ID`, and the errors of reading the folder and git.
 */
export const restoreOps = async ({
  ops,
  ids,
}: {
  readonly ops: Ops
  /** Ids, or unique prefixes of ids. Default: every missing record. */
  readonly ids?: readonly string[]
}): Promise<RestoreReport> => {
  const context = { ops, now: Date.now(), thresholdHours: 0 }
  const wanted = ids === undefined ? await allMissing(context) : await named(context, ids)
  const kept = await storedCopies(context, wanted)
  const known = new Set(kept.map(({ id }) => id))
  const deleted = await historicCopies(
    context,
    wanted.filter((id) => !known.has(id)),
  )
  return restoreRecords(context, [...kept, ...deleted])
}
