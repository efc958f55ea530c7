import type { OpId } from '@kitty/record'

/** The Ops that would be lost, or would lose their state. */
export type Needed = {
  /** Open, or closed and not committed, in any work tree. */
  readonly unsettled: readonly OpId[]
  /** No branch and no work tree has the record: only a ledger that this clone writes, or has written. */
  readonly onlyInLedger: readonly OpId[]
}

const findUnsettled = async (
  root: string,
  folders: readonly string[],
): Promise<readonly OpId[]> => {
  const { knownWorkTrees, listIntents, listStartNotes } = await import('@kitty/writer/internals')
  const roots = (await knownWorkTrees(root)).flatMap((tree) => tree.roots)
  const states = [...roots.map(({ dir }) => dir), ...folders]
  const found = await Promise.all(
    states.flatMap((state) => [listStartNotes(state), listIntents(state)]),
  )
  return [...new Set(found.flat())].toSorted()
}

const findOnlyInLedger = async (
  root: string,
  roots: readonly string[],
): Promise<readonly OpId[]> => {
  const { findCommits, listLedgers, readLedgers } = await import('@kitty/git-commit/inspect')
  const { archivedPath, readRecord, recordPath } = await import('@kitty/writer/internals')
  const local = (await listLedgers(root)).filter(({ remote }) => remote === undefined)
  const { copies } = await readLedgers(root, local)
  let left = [...copies.values()].flat()
  for (const place of roots) {
    const records = left.map(({ id, bytes }) => ({
      bytes,
      paths: [recordPath(id), archivedPath(id)],
    }))
    const commits = await findCommits(place, records)
    const onDisk = await Promise.all(
      left.map(({ id }) => readRecord(place, id).catch(() => undefined)),
    )
    left = left.filter(
      ({ bytes }, at) => commits[at] === undefined && onDisk[at]?.bytes.equals(bytes) !== true,
    )
  }
  return [...new Set(left.map(({ id }) => id))].toSorted()
}

/**
 * Finds what is still needed of the state and the refs. `folders` are the state folders below the roots. Throws
 * `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const findNeeded = async (
  root: string,
  roots: readonly string[],
  folders: readonly string[],
): Promise<Needed> => ({
  unsettled: await findUnsettled(root, folders),
  onlyInLedger: await findOnlyInLedger(root, roots),
})
