import type { VanishedRecord } from '@kitty/writer'
import { blobId, formatOf } from './git-object.js'
import { lastCommitOf } from './history.js'
import { belowTop } from './planned-request.js'
import { askGit } from './query.js'
import { lookAtWorkTree, type WorkTreeState } from './work-tree.js'

/** The commits at which branches end, those of remotes too, the one last worked on first; HEAD may be detached. */
const tipsOf = async ({ top, head }: WorkTreeState): Promise<readonly string[]> => {
  const list = await askGit(
    top,
    [
      'for-each-ref',
      '--sort=-committerdate',
      '--format=%(objectname)',
      'refs/heads',
      'refs/remotes',
    ],
    { what: 'list the branches' },
  )
  const ids = list.split('\n').filter((id) => id !== '')
  return [...new Set(head.kind === 'detached' ? [head.sha, ...ids] : ids)]
}

/** A file in a commit, and the record that is looked for there. */
type Place = { readonly tip: string; readonly path: string; readonly record: VanishedRecord }

/** Those of some places that hold their record. */
const holding = async (top: string, places: readonly Place[]): Promise<readonly Place[]> => {
  const answer = await askGit(top, ['cat-file', '--batch-check=%(objectname)'], {
    what: 'look into the branches',
    input: places.map(({ tip, path }) => `${tip}:${path}\n`).join(''),
  })
  const blobs = answer.split('\n')
  return places.filter(({ tip, record }, number) => {
    return blobs[number] === blobId(record.bytes, formatOf(tip))
  })
}

/**
 * What `findCommits` of the port asks for. The branches are asked for the files, and not their histories for
 * commits: a record that was committed and deleted again is held by nobody.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const findCommits = async (
  root: string,
  records: readonly VanishedRecord[],
): Promise<readonly (string | undefined)[]> => {
  const state = await lookAtWorkTree(root)
  // Git takes places line by line, so it cannot be asked for one in a folder with a line feed in its name.
  if (state === undefined || state.prefix.includes('\n')) return records.map(() => undefined)
  const { top, prefix } = state
  const tips = await tipsOf(state)
  const places = records.flatMap((record) =>
    record.paths.flatMap((path) =>
      tips.map((tip) => ({ tip, path: belowTop(prefix, path), record })),
    ),
  )
  const held = await holding(top, places)
  return Promise.all(
    records.map(async (record) => {
      const place = held.find((each) => each.record === record)
      return place && ((await lastCommitOf(top, place.path, place.tip)) ?? place.tip)
    }),
  )
}
