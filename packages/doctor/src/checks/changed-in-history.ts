import { readBlobs } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { Check, CheckContext, Finding } from '../check/check.js'
import type { InHead } from '../facts/head.js'
import { type FirstClosed, firstClosedOf, lastKeptOf, versionsById } from '../facts/history.js'
import { headById } from '../facts/missing-on-disk.js'

const findingOf = (id: OpId, first: FirstClosed, { path, blob }: InHead): Finding => ({
  id: changedInHistory.id,
  severity: 'error',
  invocation_id: id,
  path,
  message: `The record differs from its first closed version, which ${first.sha.slice(0, 10)} committed; a closed record must not change.`,
  fixable: false,
  next: [
    { verb: 'git-diff-blobs', sha: first.blob.slice(0, 10), to: blob.slice(0, 10) },
    { verb: 'git-log', path },
    { verb: 'git-show', sha: first.sha.slice(0, 10), path: first.path },
  ],
})

const run = async (context: CheckContext): Promise<readonly Finding[]> => {
  const [head, versions] = await Promise.all([headById(context), versionsById(context)])
  const differs = [...head].filter(([id, { blob }]) =>
    versions.get(id)?.some((version) => version.blob !== undefined && version.blob !== blob),
  )
  const first = await firstClosedOf(
    context,
    versions,
    differs.map(([id]) => id),
  )
  const blobs = await readBlobs(
    context.ops.root,
    differs.flatMap(([id]) => (versions.get(id) ?? []).flatMap(({ blob }) => blob ?? [])),
  )
  return differs.flatMap(([id, place]) => {
    const was = first.get(id)
    if (was === undefined || !blobs.has(place.blob) || was.blob === place.blob) return []
    const kept = lastKeptOf(was, versions.get(id) ?? [], blobs)
    return kept === place.blob ? [] : [findingOf(id, was, place)]
  })
}

/** Records in HEAD that differ from their first closed version in history, merges included. */
export const changedInHistory: Check = { id: 'changed-in-history', deep: true, run }
