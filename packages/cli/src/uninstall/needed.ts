import { readdirSync } from 'node:fs'
import { isOpId, type OpId } from '@kitty/record'

/** The Ops that would be lost, or would lose their state. */
export type Needed = {
  /** Open, or closed and not committed, in any work tree; outside git, open. */
  readonly unsettled: readonly OpId[]
  /** No branch and no work tree has the record: only a ledger that this clone writes, or has written. */
  readonly onlyInLedger: readonly OpId[]
}

/** A start note or an intent, wherever the layout of the state has it. */
const NEEDED = /(?:^|[\\/])(?:started|pending)[\\/]([0-7][0-9A-HJKMNP-TV-Z]{25})(?![0-9A-Z])/

const findNoted = (folders: readonly string[]): readonly OpId[] => {
  const paths = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }),
  )
  return [...new Set(paths.map((path) => NEEDED.exec(path)?.[1]).filter(isOpId))].toSorted()
}

/** Outside git, a closed Op waits for nothing, and its record stays. */
const findUnsettled = async (
  root: string,
  folders: readonly string[],
): Promise<readonly OpId[]> => {
  const { findWorkTree, readRecord } = await import('@kitty/writer/internals')
  const noted = findNoted(folders)
  if ((await findWorkTree(root)) !== undefined) return noted
  const files = await Promise.all(noted.map((id) => readRecord(root, id).catch(() => undefined)))
  return noted.filter((_, at) => files[at]?.record.status !== 'closed')
}

const findOnlyInLedger = async (
  root: string,
  roots: readonly string[],
): Promise<readonly OpId[]> => {
  const { areOnBranches, listLedgers, readLedgers } = await import('@kitty/git-commit/inspect')
  const { archivedPath, readRecord, recordPath } = await import('@kitty/writer/internals')
  const local = (await listLedgers(root)).filter(({ remote }) => remote === undefined)
  const { copies } = await readLedgers(root, local)
  let left = [...copies.values()].flat()
  for (const place of roots) {
    const records = left.map(({ id, bytes }) => ({
      bytes,
      paths: [recordPath(id), archivedPath(id)],
    }))
    const onBranch = await areOnBranches(place, records)
    const onDisk = await Promise.all(
      left.map(({ id }) => readRecord(place, id).catch(() => undefined)),
    )
    left = left.filter(
      ({ bytes }, at) => onBranch[at] !== true && onDisk[at]?.bytes.equals(bytes) !== true,
    )
  }
  return [...new Set(left.map(({ id }) => id))].toSorted()
}

/**
 * Finds what is still needed of the state and the refs. `folders` hold the state. Throws
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
