import { readBlobs } from '@kitty/git-commit/inspect'
import { KittyError, type OpId } from '@kitty/record'
import type { CloseIntent } from '@kitty/writer'
import { hasLiveOwner, recordPath, shellWord } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import type { RestoredOp } from '../check/wire.js'
import type { InHead } from '../facts/head.js'
import { droppedVersions, firstClosedOf, versionsById } from '../facts/history.js'
import { intentsOf } from '../facts/intents.js'
import { headById } from '../facts/missing-on-disk.js'
import { readLedgerCopies } from './ledger-copies.js'

/** The complete record of an Op, and where a copy was found. */
export type Source = {
  readonly ok: true
  readonly id: OpId
  /** Where it belongs, relative to the root, with `/`. */
  readonly path: string
  readonly bytes: Buffer
  readonly from: RestoredOp['from']
  /** What to do if the file on disk differs; by default, compare it with HEAD. */
  readonly ifDifferent?: string
}

/** A record that cannot be restored now, and why. */
export type MissingSource = {
  readonly ok: false
  readonly id: OpId
  readonly path: string
  readonly error: KittyError
}

const closeInProgress = (id: OpId): MissingSource => ({
  ok: false,
  id,
  path: recordPath(id),
  error: new KittyError('CLOSE_IN_PROGRESS', `Another process is closing Op ${id} right now.`, {
    hint: 'Try again in a moment.',
  }),
})

const notInClone = (id: OpId, path: string): MissingSource => ({
  ok: false,
  id,
  path,
  error: new KittyError('OBJECTS_MISSING', `This clone does not have git's version of ${path}.`, {
    hint: `Let git fetch it: git checkout HEAD -- ${shellWord(path)}`,
  }),
})

/** The answer for an Op that a ledger says was erased on purpose. */
export const erasedSource = (id: OpId, path: string): MissingSource => ({
  ok: false,
  id,
  path,
  error: new KittyError('OP_ERASED', `Op ${id} was erased on purpose and is not restored.`, {
    hint: 'Nothing to do. If it was erased by mistake, ask the person who erased it.',
  }),
})

const fromIntent = (intent: CloseIntent, place: InHead | undefined): Source | MissingSource => {
  const id = intent.id
  if (hasLiveOwner(intent)) return closeInProgress(id)
  const path = place?.path ?? recordPath(id)
  return { ok: true, id, path, bytes: intent.bytes, from: 'intent' }
}

/** Returns the copies of these Ops in an intent or in HEAD; Ops without a copy are left out. */
export const storedCopies = async (
  context: CheckContext,
  ids: readonly OpId[],
): Promise<readonly (Source | MissingSource)[]> => {
  const [head, intents] = await Promise.all([headById(context), intentsOf(context)])
  const wanted = ids.flatMap((id) => head.get(id)?.blob ?? [])
  const blobs = await readBlobs(context.ops.root, wanted)
  return ids.flatMap((id): readonly (Source | MissingSource)[] => {
    const [intent, place] = [intents.get(id), head.get(id)]
    if (intent !== undefined) return [fromIntent(intent, place)]
    if (place === undefined) return []
    const bytes = blobs.get(place.blob)
    const { path } = place
    return [bytes ? { ok: true, id, path, bytes, from: 'head' } : notInClone(id, path)]
  })
}

/**
 * Returns the first closed versions of records that HEAD no longer has, from its history or else from commits
 * that no branch contains; Ops without such a version are left out.
 */
export const historicCopies = async (
  context: CheckContext,
  ids: readonly OpId[],
): Promise<readonly Source[]> => {
  if (ids.length === 0) return []
  const deleted = await firstClosedOf(context, await versionsById(context), ids)
  const rest = ids.filter((id) => !deleted.has(id))
  const dropped =
    rest.length === 0 ? [] : await firstClosedOf(context, await droppedVersions(context), rest)
  return [...deleted, ...dropped].map(([id, { path, bytes }]) => {
    return { ok: true, id, path, bytes, from: 'history' }
  })
}

/**
 * Returns the copies of these Ops in the ledgers, for the paths that their ids say. Ops without a copy are left out;
 * for those that were erased, says so.
 */
export const ledgerCopiesOf = async (
  context: CheckContext,
  ids: readonly OpId[],
): Promise<readonly (Source | MissingSource)[]> => {
  const { copies, erased } = await readLedgerCopies(context, ids)
  return ids.flatMap((id): readonly (Source | MissingSource)[] => {
    const [copy] = copies.get(id) ?? []
    const path = recordPath(id)
    if (erased.has(id)) return [erasedSource(id, path)]
    if (copy === undefined) return []
    const { bytes, ledger } = copy
    const ifDifferent = `Compare it with: git show ${shellWord(`${ledger.ref}:${copy.path}`)}. Move it away, then try again.`
    return [{ ok: true, id, path, bytes, from: 'ledger', ifDifferent }]
  })
}
