import type { MissingRecord } from '@kitty/writer/internals'
import { toTopPath } from '../git/paths.js'
import { gitText } from '../git/query.js'
import { blobId, formatOf } from '../objects/object.js'
import { readTip } from './head.js'
import { lastCommitOfRecord } from './last-commit.js'
import { readWorkTree } from './work-tree.js'

const LIST = ['for-each-ref', '--format=%(objectname)', 'refs/heads', 'refs/remotes']

/** Returns the commits at the tips of branches, including remote-tracking ones. */
const tipsOf = async (top: string): Promise<readonly string[]> => {
  const list = await gitText(top, LIST, { what: 'list the branches' })
  return list.split('\n').filter((id) => id !== '')
}

/** A path in a commit, and the blob that it must hold. */
type Place = { readonly tip: string; readonly path: string; readonly blob: string }

/** Returns the places that hold their blob. */
const holding = async (top: string, places: readonly Place[]): Promise<readonly Place[]> => {
  const answer = await gitText(top, ['cat-file', '--batch-check=%(objectname)'], {
    what: 'read the branches',
    input: places.map(({ tip, path }) => `${tip}:${path}\n`).join(''),
  })
  const blobs = answer.split('\n')
  return places.filter(({ blob }, number) => blobs[number] === blob)
}

/**
 * Implements `findCommits` of the port. Looks for the files at the tips of branches, not for commits in their
 * histories: a record that was committed and then deleted is not found.
 *
 * @throws KittyError `GIT_FAILED`, `GIT_NOT_STARTED`.
 */
export const findCommits = async (
  root: string,
  records: readonly MissingRecord[],
): Promise<readonly (string | undefined)[]> => {
  const nothing = records.map(() => undefined)
  const workTree = await readWorkTree(root)
  // Git reads one place per line, so a folder with a line feed in its name cannot be queried.
  if (workTree === undefined || workTree.prefix.includes('\n')) return nothing
  const { top, prefix } = workTree
  const here = await readTip(workTree, workTree.head)
  const tips = [...new Set([...(here === undefined ? [] : [here]), ...(await tipsOf(top))])]
  const [first] = tips
  if (first === undefined) return nothing
  const wanted = records.map(({ paths, bytes }) => {
    const blob = blobId(bytes, formatOf(first))
    return paths.flatMap((path) =>
      tips.map((tip) => ({ tip, path: toTopPath(prefix, path), blob })),
    )
  })
  const held = new Set(await holding(top, wanted.flat()))
  return Promise.all(
    wanted.map(async (places) => {
      // HEAD's own place comes first: during a switch of branches, files that HEAD holds can be missing from disk.
      const place = places.find((each) => held.has(each))
      return place && ((await lastCommitOfRecord(top, place.path, place.tip)) ?? place.tip)
    }),
  )
}
