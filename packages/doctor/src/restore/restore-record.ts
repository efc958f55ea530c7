import { KittyError, type OpId } from '@kitty/record'
import { readRecord, restoreFile, shellWord } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import type { RestoreReport } from '../check/wire.js'
import type { MissingSource, Source } from './sources.js'

const CONCURRENCY = 32

const skipped = (invocation_id: OpId, path: string, error: KittyError): RestoreReport => {
  const { code, message, hint } = error
  return { restored: [], left: [{ invocation_id, path, code, message, hint }] }
}

const presentAlready = (path: string): KittyError =>
  new KittyError('PRESENT', `${path} is already on disk, unchanged.`)

const differs = (path: string): KittyError =>
  new KittyError(
    'RECORD_DIFFERS',
    `${path} is on disk with different content; it was left unchanged.`,
    {
      hint: `See how it differs: git diff HEAD -- ${shellWord(path)}. Move it away, then try again.`,
    },
  )

const restoreRecord = async (context: CheckContext, source: Source): Promise<RestoreReport> => {
  const { id, bytes, from } = source
  // It may have been archived in the meantime: then it must not get a second file.
  const path = (await readRecord(context.ops.root, id))?.path ?? source.path
  const how = await restoreFile({ root: context.ops.root, path, bytes })
  if (how === 'same') return skipped(id, path, presentAlready(path))
  if (how === 'different') return skipped(id, path, differs(path))
  return { restored: [{ invocation_id: id, path, from, how }], left: [] }
}

const restoreOrSkip = async (
  context: CheckContext,
  source: Source | MissingSource,
): Promise<RestoreReport> => {
  if (!source.ok) return skipped(source.id, source.path, source.error)
  try {
    return await restoreRecord(context, source)
  } catch (error) {
    // An error with one file must not keep the others from being restored.
    if (error instanceof KittyError) return skipped(source.id, source.path, error)
    throw error
  }
}

/** Writes records that are gone from disk; overwrites none. */
export const restoreRecords = async (
  context: CheckContext,
  sources: readonly (Source | MissingSource)[],
): Promise<RestoreReport> => {
  const reports = await mapConcurrent(sources, CONCURRENCY, (each) => restoreOrSkip(context, each))
  return {
    restored: reports.flatMap(({ restored }) => restored),
    left: reports.flatMap(({ left }) => left),
  }
}
