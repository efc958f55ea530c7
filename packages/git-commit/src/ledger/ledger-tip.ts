import type { CommitResult } from '@kitty/writer'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import { readRefTip } from '../repository/head.js'
import { blobAt, type HeadTree, NO_HEAD_TREE, readHeadTree } from '../repository/head-tree.js'
import { objectReader } from '../repository/object-reader.js'
import type { WorkTreeState } from '../repository/work-tree.js'
import type { Addition } from './addition.js'
import { ledgerPathOf } from './layout.js'
import type { LedgerPlace } from './ledger-place.js'
import { readNotedTip } from './own-writer.js'
import { readableAfter } from './readable-after.js'
import { isWhole, stepBack } from './repair-ledger.js'

/** Where a ledger is now, and what to build on. */
export type LedgerTip = {
  /** What the ref points to, if it exists. */
  readonly now: string | undefined
  /** The commit to build on: the same, or the newest whole one. */
  readonly base: string | undefined
  /** The trees of `base` on the way to the paths that were asked for. */
  readonly tree: HeadTree
  /** What is added again because it may have been lost with commits after `base`. */
  readonly restored: readonly Addition[]
}

const rewound = ({ ref }: LedgerPlace, noted: string): CommitResult => ({
  status: 'deferred',
  reason: 'ledger-rewound',
  message: `${ref} no longer contains ${noted.slice(0, 10)}, which it had: it was moved back or removed.`,
  hint: 'Find out why, and decide, with the check ledger-rewound of the doctor.',
})

const isContained = async (top: string, commit: string, tip: string): Promise<boolean> =>
  (await runGit(top, ['merge-base', '--is-ancestor', commit, tip])).ok

/** Reads the trees, and makes sure that the records at these paths can be read, if there are any. */
const readWholeTree = async (
  workTree: WorkTreeState,
  tip: string,
  paths: readonly string[],
): Promise<Result<HeadTree>> => {
  const tree = await readHeadTree(workTree, tip, paths)
  if (!tree.ok) return tree
  const blobs = paths.flatMap((path) => blobAt(tree.value, path) ?? [])
  const read = blobs.length === 0 ? ok(undefined) : await objectReader(workTree)(blobs)
  return read.ok ? tree : read
}

/** Steps back from a damaged tip, and reads what to add again: what can still be read there, and what this root holds. */
export const readRepaired = async (
  place: LedgerPlace,
  now: string,
  paths: readonly string[],
): Promise<Result<LedgerTip>> => {
  const { base, restored } = await stepBack(place)
  const salvaged = await readableAfter(place.workTree.top, now, base)
  const known = new Set(salvaged.map(({ id }) => id))
  const candidates = [...salvaged, ...restored.filter(({ id }) => !known.has(id))]
  const all = [...paths, ...candidates.flatMap(({ changes }) => changes.map(({ path }) => path))]
  const tree = await readHeadTree(place.workTree, base, all)
  if (!tree.ok) return tree
  const missing = candidates.filter(
    ({ id }) => known.has(id) || blobAt(tree.value, ledgerPathOf(id)) === undefined,
  )
  return ok({ now, base, tree: tree.value, restored: missing })
}

/** What the ref of a ledger leads to: something whole, or something that must be repaired first. */
type SeenTip = LedgerTip | { readonly damaged: string }

/**
 * Reads the tip of a ledger, and its trees on the way to these paths; changes nothing. Stops if the ref no longer
 * contains the tip that this clone noted.
 */
const seeTip = async (place: LedgerPlace, paths: readonly string[]): Promise<Result<SeenTip>> => {
  const { workTree, writer, ref } = place
  // In this order: an Op that is added meanwhile moves the ref before it notes the tip.
  const noted = readNotedTip(workTree.commonDir, writer)
  const now = await readRefTip(workTree, ref)
  if (now === undefined) {
    if (noted !== undefined) return stop(rewound(place, noted))
    return ok({ now, base: now, tree: NO_HEAD_TREE, restored: [] })
  }
  const tree = await readWholeTree(workTree, now, paths)
  if (!tree.ok) return (await isWhole(workTree.top, now)) ? tree : ok({ damaged: now })
  const isKept = noted === undefined || noted === now
  if (!isKept && !(await isContained(workTree.top, noted, now))) return stop(rewound(place, noted))
  return ok({ now, base: now, tree: tree.value, restored: [] })
}

/**
 * What keeps every Op out of a ledger now; `undefined` if nothing does: the next Op repairs what is damaged. Needs no
 * lock, and changes nothing.
 */
export const tipObstacle = async (place: LedgerPlace): Promise<CommitResult | undefined> => {
  const seen = await seeTip(place, [])
  return seen.ok ? undefined : seen.result
}

/**
 * Reads the tip of a ledger, and its trees on the way to these paths. Stops if the ref no longer contains the tip that
 * this clone noted. If objects are missing or damaged, steps back to the newest whole commit. Caller must hold the lock
 * of the ledger.
 */
export const readLedgerTip = async (
  place: LedgerPlace,
  paths: readonly string[],
): Promise<Result<LedgerTip>> => {
  const seen = await seeTip(place, paths)
  if (!seen.ok) return seen
  return 'damaged' in seen.value ? readRepaired(place, seen.value.damaged, paths) : ok(seen.value)
}
