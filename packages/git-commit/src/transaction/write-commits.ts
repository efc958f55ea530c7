import { ok, type Result, stop } from '../git/result.js'
import { type CommitContent, commitObject } from '../objects/commit.js'
import type { GitObject } from '../objects/object.js'
import { storeMissingLoose, storeObjects } from '../objects/store.js'
import { treeEditor } from '../objects/tree-editor.js'
import { signedCommit } from '../repository/signed-commit.js'
import { type CommitSet, contentsOf } from './commit-set.js'
import { isOwnPath } from './index-entries.js'

/** The ids of commits that are written, in order; no ref points to them. */
export type CommitIds = readonly string[]

/** A commit without its parent, which is the one before. */
type Link = Omit<CommitContent, 'parent'>

const chain = (set: CommitSet, links: readonly Link[]): GitObject[] => {
  const commits: GitObject[] = []
  for (const link of links) {
    const parent = commits.at(-1)?.id ?? set.repo.tip
    commits.push(commitObject(set.repo.repoConfig, { ...link, parent }))
  }
  return commits
}

/** Signs with git, one process for each commit. */
const signedChain = async (set: CommitSet, links: readonly Link[]): Promise<Result<CommitIds>> => {
  const ids: string[] = []
  for (const link of links) {
    const parent = ids.at(-1) ?? set.repo.tip
    const signed = await signedCommit(
      set.repo.workTree.top,
      { ...link, parent },
      { config: set.config, timeoutMs: set.options.signTimeoutMs },
    )
    if (!signed.ok) return signed
    ids.push(signed.value)
  }
  return ok(ids)
}

type BuiltObjects = {
  readonly links: readonly Link[]
  /** The objects to store, by id. */
  readonly objects: ReadonlyMap<string, GitObject>
  /** The blobs that git stores itself when it changes the index, by id. */
  readonly indexedBlobs: ReadonlyMap<string, GitObject>
}

const buildObjects = (set: CommitSet): BuiltObjects => {
  const { workTree, head, repoConfig } = set.repo
  const objects = new Map<string, GitObject>()
  const indexedBlobs = new Map<string, GitObject>()
  const editor = treeEditor(head.trees, repoConfig.objectFormat, (object, path) => {
    const isGits = object.type === 'blob' && isOwnPath(path, workTree.prefix)
    ;(isGits ? indexedBlobs : objects).set(object.id, object)
  })
  const links = contentsOf(set).map(({ message, changes }) => ({
    message,
    tree: editor.apply(changes),
  }))
  return { links, objects, indexedBlobs }
}

/**
 * Writes the commits of a set as objects, each the parent of the next. Blobs that git stores itself are left to git
 * if it is changing the index (`indexChanged` settles with that). Those that are then missing are written
 * afterwards, because the files on disk can have changed.
 */
export const writeCommits = async (
  set: CommitSet,
  indexChanged?: Promise<unknown>,
): Promise<Result<CommitIds>> => {
  const { workTree } = set.repo
  const { links, objects, indexedBlobs } = buildObjects(set)
  const commits = set.sign ? [] : chain(set, links)
  const now = [...objects.values(), ...commits, ...(indexChanged ? [] : indexedBlobs.values())]
  const failed = await storeObjects(workTree, now, set)
  if (failed !== undefined) return stop(failed)
  await indexChanged
  if (indexChanged) await storeMissingLoose(workTree, [...indexedBlobs.values()], set)
  return set.sign ? signedChain(set, links) : ok(commits.map(({ id }) => id))
}
