import { readBlobs } from '@kitty/git-commit'
import { KittyError, type OpId } from '@kitty/record'
import { type CloseIntent, hasLiveOwner, recordPath, shellWord } from '@kitty/writer'
import type { CheckContext } from '../check/check.js'
import type { InHead } from '../facts/head.js'
import { droppedVersions, firstClosedOf, versionsById } from '../facts/history.js'
import { intentsOf } from '../facts/intents.js'
import { headById } from '../facts/missing-on-disk.js'

/** The whole record of an Op, and where it was kept. */
export type Source = {
  readonly id: OpId
  /** Where it belongs, relative to the root, with `/`. */
  readonly path: string
  readonly bytes: Buffer
  /** `head`: the commit at HEAD. `intent`: the state folder. `history`: an earlier commit. */
  readonly from: 'head' | 'mark' | 'history'
}

/** A record that cannot be brought back now, and why. */
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
  error: new KittyError('OBJECTS_MISSING', `What git has of ${path} is not in this clone.`, {
    hint: `Let git fetch it: git checkout HEAD -- ${shellWord(path)}`,
  }),
})

const fromIntent = (intent: CloseIntent, place: InHead | undefined): Source | MissingSource => {
  const id = intent.invocation_id
  if (hasLiveOwner(intent)) return closeInProgress(id)
  return { id, path: place?.path ?? recordPath(id), bytes: intent.bytes, from: 'mark' }
}

/** What is kept of these Ops, in a mark or in HEAD; those of which nothing is are left out. */
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
 * The first closed versions of records that HEAD no longer has, from its history or else from commits that no
 * branch leads to any more; those that neither has are left out.
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
