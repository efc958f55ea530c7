import { isOpId, type OpId } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import { byStartOrEnd, type IdPart, idMatcher, resolveOpId } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import type { RestoreReport } from '../check/wire.js'
import { waitForGit } from '../facts/git-at-work.js'
import { droppedVersions, versionsById } from '../facts/history.js'
import { intentsOf, interruptedCloses } from '../facts/intents.js'
import { headById, missingOnDisk } from '../facts/missing-on-disk.js'
import { readLedgerCopies } from './ledger-copies.js'
import { restoreRecords } from './restore-record.js'
import { historicCopies, ledgerCopiesOf, storedCopies } from './sources.js'

const allMissing = async (context: CheckContext): Promise<readonly OpId[]> => {
  const [gone, cutOff] = await Promise.all([missingOnDisk(context), interruptedCloses(context)])
  const inHead = gone.filter(({ skipWorktree }) => !skipWorktree).map(({ id }) => id)
  return [...new Set([...inHead, ...cutOff.map(({ intent }) => intent.id)])].sort()
}

const named = async (context: CheckContext, ids: readonly string[]): Promise<readonly OpId[]> => {
  const [head, intents] = await Promise.all([headById(context), intentsOf(context)])
  const known = [...new Set([...head.keys(), ...intents.keys()])]
  const resolve = async (id: string, part: IdPart): Promise<OpId> => {
    const [whole, root, matches] = [id.trim().toUpperCase(), context.ops.root, idMatcher(id, part)]
    const exact = known.find((each) => each === whole)
    if (exact !== undefined) return exact
    if (known.some(matches)) return resolveOpId(root, id, known, part)
    // Walking the history takes long: only for an Op that is nowhere else.
    const earlier = [await versionsById(context), await droppedVersions(context)]
    const past = [...new Set(earlier.flatMap((all) => [...all.keys()]))]
    if (past.some(matches)) return resolveOpId(root, id, past, part)
    const { copies, erased } = await readLedgerCopies(context, isOpId(whole) ? [whole] : undefined)
    return resolveOpId(root, id, [...new Set([...copies.keys(), ...erased])], part)
  }
  const found = await Promise.all(ids.map((id) => byStartOrEnd(id, (part) => resolve(id, part))))
  return [...new Set(found)]
}

const without = (
  ids: readonly OpId[],
  found: readonly { readonly id: OpId }[],
): readonly OpId[] => {
  const known = new Set(found.map(({ id }) => id))
  return ids.filter((id) => !known.has(id))
}

/**
 * Restores missing records byte for byte: from HEAD, and from the intents of closes that are not committed yet. A
 * record named in `ids` is also restored from history, if a later commit deleted it, and from commits that no
 * branch contains while a reflog has them, or else from the ledgers. Never overwrites a file; if only the end of a
 * record is missing, adds it. An Op that a ledger says was erased on purpose is never restored. Waits a moment while git is
 * at work.
 *
 * @throws KittyError `OP_NOT_FOUND`, `AMBIGUOUS_ID`, and the errors of reading the folder and git.
 */
export const restoreOps = async ({
  ops,
  ids,
}: {
  readonly ops: Ops
  /** Ids, or unique prefixes or endings of ids. Default: every missing record. */
  readonly ids?: readonly string[]
}): Promise<RestoreReport> => {
  await waitForGit(ops.root)
  const context = { ops, now: Date.now(), thresholdHours: 0 }
  const wanted = ids === undefined ? await allMissing(context) : await named(context, ids)
  const kept = await storedCopies(context, wanted)
  const deleted = await historicCopies(context, without(wanted, kept))
  const earlier = [...kept, ...deleted]
  const inLedgers = await ledgerCopiesOf(context, without(wanted, earlier))
  return restoreRecords(context, [...earlier, ...inLedgers])
}
