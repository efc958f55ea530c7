import { KittyError } from '@kitty/record'
import { readRecord, restoreFile, shellWord } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import type { RestoreReport } from '../check/wire.js'
import { readLedgerCopies } from './ledger-copies.js'
import { erasedSource, type MissingSource, type Source } from './sources.js'

const CONCURRENCY = 32

const skipped = (
  source: Source | MissingSource,
  error: KittyError,
  path = source.path,
): RestoreReport => {
  const { code, message, hint } = error
  const from = source.ok ? { from: source.from } : {}
  return { restored: [], left: [{ invocation_id: source.id, path, ...from, code, message, hint }] }
}

const presentAlready = (path: string): KittyError =>
  new KittyError('PRESENT', `${path} is already on disk, unchanged.`)

const differs = ({ ifDifferent }: Source, path: string): KittyError =>
  new KittyError(
    'RECORD_DIFFERS',
    `${path} is on disk with different content; it was left unchanged.`,
    {
      hint:
        ifDifferent ??
        `See how it differs: git diff HEAD -- ${shellWord(path)}. Move it away, then try again.`,
    },
  )

const restoreRecord = async (context: CheckContext, source: Source): Promise<RestoreReport> => {
  const { id, bytes, from } = source
  // It may have been archived in the meantime: then it must not get a second file.
  const path = (await readRecord(context.ops.root, id))?.path ?? source.path
  const how = await restoreFile({ root: context.ops.root, path, bytes })
  if (how === 'same') return skipped(source, presentAlready(path), path)
  if (how === 'different') return skipped(source, differs(source, path), path)
  return { restored: [{ invocation_id: id, path, from, how }], left: [] }
}

const restoreOrSkip = async (
  context: CheckContext,
  source: Source | MissingSource,
): Promise<RestoreReport> => {
  if (!source.ok) return skipped(source, source.error)
  try {
    return await restoreRecord(context, source)
  } catch (error) {
    // An error with one file must not keep the others from being restored.
    if (error instanceof KittyError) return skipped(source, error)
    throw error
  }
}

/** Writes records that are gone from disk; overwrites none, and none of an Op that was erased on purpose. */
export const restoreRecords = async (
  context: CheckContext,
  sources: readonly (Source | MissingSource)[],
): Promise<RestoreReport> => {
  const ids = sources.flatMap(({ ok, id }) => (ok ? [id] : []))
  const { erased } = await readLedgerCopies(context, ids)
  const allowed = sources.map((each) =>
    each.ok && erased.has(each.id) ? erasedSource(each.id, each.path) : each,
  )
  const reports = await mapConcurrent(allowed, CONCURRENCY, (each) => restoreOrSkip(context, each))
  return {
    restored: reports.flatMap(({ restored }) => restored),
    left: reports.flatMap(({ left }) => left),
  }
}
