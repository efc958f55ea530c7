import { readBlobs } from '@kitty/git-commit/inspect'
import { KittyError, type OpId } from '@kitty/record'
import type { CloseIntent } from '@kitty/writer'
import { hasLiveOwner, recordPath, shellWord } from '@kitty/writer/internals'
import type { CheckContext } from '../check/check.js'
import type { InHead } from '../facts/head.js'
import { droppedVersions, firstClosedOf, versionsById } from '../facts/history.js'
import { intentsOf } from '../facts/intents.js'
import { headById } from '../facts/missing-on-disk.js'

/** The complete record of an Op, and where a copy was found. */
export type Source = {
  readonly id: OpId
  /** Where it belongs, relative to the root, with `/`. */
  readonly path: string
  readonly bytes: Buffer
  /** `head`: the commit at HEAD. `intent`: an intent to close. `history`: an earlier commit. */
  readonly from: 'head' | 'intent' | 'history'
}

/** A record that cannot be restored now, and why. */
export type MissingSource = { readonly id: OpId; readonly path: string; readonly error: KittyError }

const closeInProgress = (id: OpId): MissingSource => ({
  id,
  path: recordPath(id),
  error: new KittyError('CLOSE_IN_PROGRESS', `Another process is closing Op ${id} right now.`, {
    hint: 'Try again in a moment.',
  }),
})

const notInClone = (id: OpId, path: string): MissingSource => ({
  id,
  path,
  error: new KittyError('OBJECTS_MISSING', `This clone does not have git's version of ${path}.`, {
    hint: `Let git fetch it: git checkout HEAD -- ${shellWord(path)}`,
  }),
})

const fromIntent = (intent: CloseIntent, place: InHead | undefined): Source | MissingSource => {
  const id = intent.invocation_id
  if (hasLiveOwner(intent)) return closeInProgress(id)
  return { id, path: place?.path ?? recordPath(id), bytes: intent.bytes, from: 'intent' }
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
    return [bytes ? { id, path: place.path, bytes, from: 'head' } : notInClone(id, place.path)]
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
    return { id, path, bytes, from: 'history' }
  })
}
