import { ok, type Result, stop } from '../git/result.js'
import { type CommitContent, commitObject } from '../objects/commit.js'
import type { GitObject } from '../objects/object.js'
import { storeObjects } from '../objects/store.js'
import { treeEditor } from '../objects/tree-editor.js'
import { signedCommit } from '../repository/signed-commit.js'
import { type CommitSet, contentsOf } from './commit-set.js'

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
}

const buildObjects = (set: CommitSet): BuiltObjects => {
  const { head, repoConfig } = set.repo
  const objects = new Map<string, GitObject>()
  const editor = treeEditor(head.trees, repoConfig.objectFormat, (object) =>
    objects.set(object.id, object),
  )
  const links = contentsOf(set).map(({ message, changes }) => ({
    message,
    tree: editor.apply(changes),
  }))
  return { links, objects }
}

/** Writes the commits of a set as objects, each the parent of the next. */
export const writeCommits = async (set: CommitSet): Promise<Result<CommitIds>> => {
  const { links, objects } = buildObjects(set)
  const commits = set.sign ? [] : chain(set, links)
  const failed = await storeObjects(set.repo.workTree, [...objects.values(), ...commits], set)
  if (failed !== undefined) return stop(failed)
  return set.sign ? signedChain(set, links) : ok(commits.map(({ id }) => id))
}
