import type { CommitResult } from '@kitty/writer'
import { failureFromGit } from '../git/failures.js'
import { ok, type Result, stop } from '../git/result.js'
import { runGit } from '../git/run-git.js'
import { type CommitContent, commitObject } from '../objects/commit.js'
import type { GitObject } from '../objects/object.js'
import { storeMissingLoose, storeObjects } from '../objects/store.js'
import { treeEditor } from '../objects/tree-editor.js'
import { type CommitSet, contentsOf } from './commit-set.js'
import { isOwnPath } from './index-entries.js'

const notSigned = (result: CommitResult): CommitResult => {
  if (result.status !== 'failed') return result
  const code = result.code === 'GIT_TIMED_OUT' ? 'SIGNING_TIMED_OUT' : 'SIGNING_FAILED'
  const hint =
    'Make sure that git can sign here without asking for input, or turn off signing of Op commits.'
  return { ...result, code, hint }
}

/** Writes a commit that git signs as configured. Returns its id; no ref points to it. */
const signedCommit = async (
  { repo: { workTree }, config, options }: CommitSet,
  { tree, parent, message }: CommitContent,
): Promise<Result<string>> => {
  const parents = parent === undefined ? [] : ['-p', parent]
  const answer = await runGit(workTree.top, ['commit-tree', '-S', ...parents, tree], {
    input: message,
    // The message is UTF-8, whatever encoding the user has configured.
    config: [...config, 'i18n.commitEncoding=UTF-8'],
    timeoutMs: options.signTimeoutMs,
    // The signing program must not prompt at the terminal (`GPG_TTY`), nor outlive the time limit.
    detached: true,
    env: { GPG_TTY: undefined },
  })
  return answer.ok ? ok(answer.stdout.toString().trim()) : stop(notSigned(failureFromGit(answer)))
}

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
    const signed = await signedCommit(set, { ...link, parent })
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
