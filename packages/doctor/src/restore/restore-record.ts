import { KittyError, type KittyErrorCode, type OpId } from '@kitty/record'
import { readRecord, restoreFile, shellWord } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import { mapConcurrent } from '../check/concurrency.js'
import type { MissingSource, Source } from './sources.js'

/** A record that was restored, byte for byte. */
export type RestoredOp = {
  readonly invocation_id: OpId
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly from: Source['from']
  /** `created`: it was gone. `finished`: its beginning was on disk, and the rest was added. */
  readonly how: 'created' | 'finished'
}

/** A record that was left unchanged, and why. */
export type SkippedOp = {
  readonly invocation_id: OpId
  readonly path: string
  readonly code: KittyErrorCode
  readonly message: string
  readonly hint: string
}

const CONCURRENCY = 32

const skipped = (invocation_id: OpId, path: string, error: KittyError): SkippedOp => {
  const { code, message, hint } = error
  return { invocation_id, path, code, message, hint }
}

const presentAlready = (path: string): KittyError =>
  new KittyError('PRESENT', `${path} is already on disk, unchanged.`, { hint: '' })

const differs = (path: string): KittyError =>
  new KittyError(
    'RECORD_DIFFERS',
    `${path} is on disk with different content; it was left unchanged.`,
    {
      hint: `See how it differs: git diff HEAD -- ${shellWord(path)}. Move it away, then try again.`,
    },
  )

const restoreRecord = async (
  context: CheckContext,
  source: Source,
): Promise<RestoredOp | SkippedOp> => {
  const { id, bytes, from } = source
  // It may have been archived in the meantime: then it must not get a second file.
  const path = (await readRecord(context.ops.root, id))?.path ?? source.path
  const how = await restoreFile({ root: context.ops.root, path, bytes })
  if (how === 'same') return skipped(id, path, presentAlready(path))
  if (how === 'different') return skipped(id, path, differs(path))
  return { invocation_id: id, path, from, how }
}

const restoreOrSkip = async (
  context: CheckContext,
  source: Source | MissingSource,
): Promise<RestoredOp | SkippedOp> => {
  if ('error' in source) return skipped(source.id, source.path, source.error)
  try {
    return await restoreRecord(context, source)
  } catch (error) {
    // An error with one file must not keep the others from being restored.
    if (error instanceof KittyError) return skipped(source.id, source.path, error)
    throw error
  }
}

/** Writes records that are gone from disk; overwrites none. */
export const restoreRecords = (
  context: CheckContext,
  sources: readonly (Source | MissingSource)[],
): Promise<readonly (RestoredOp | SkippedOp)[]> =>
  mapConcurrent(sources, CONCURRENCY, (source) => restoreOrSkip(context, source))

/** Whether a record was restored. */
export const isRestored = (op: RestoredOp | SkippedOp): op is RestoredOp => 'how' in op

/** Whether a record was left unchanged. */
export const isSkipped = (op: RestoredOp | SkippedOp): op is SkippedOp => !isRestored(op)
