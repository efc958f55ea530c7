import type { CommitResult } from '@kitty/writer'
import { type GitObject, gitObject } from '../objects/object.js'
import { storeMissing, storeObjects } from '../objects/store.js'
import { snapshotFrom } from '../objects/tree-editor.js'
import { type Group, plannedCommits } from './commit-set.js'
import { isOurs } from './index-entries.js'
import { signedCommit } from './signed-commit.js'

/** A commit without its id. */
export type CommitContent = {
  readonly tree: string
  readonly parent: string | undefined
  readonly message: string
}

/** The ids of the commits of a group, in order; no ref leads to them. */
export type Written = { readonly ids: readonly string[] }

const commitObject = ({ at: { facts } }: Group, content: CommitContent): GitObject => {
  const lines = [
    `tree ${content.tree}`,
    ...(content.parent === undefined ? [] : [`parent ${content.parent}`]),
    `author ${facts.author}`,
    `committer ${facts.committer}`,
    '',
    content.message,
  ]
  return gitObject('commit', Buffer.from(lines.join('\n')), facts.objectFormat)
}

const chain = (group: Group, trees: readonly string[]): GitObject[] => {
  const commits: GitObject[] = []
  for (const [number, { message }] of plannedCommits(group).entries()) {
    const parent = commits.at(-1)?.id ?? group.at.tip
    commits.push(commitObject(group, { tree: trees[number] ?? '', parent, message }))
  }
  return commits
}

/** Signing is git's to do, with one process a commit. */
const signedChain = async (
  group: Group,
  trees: readonly string[],
): Promise<Written | CommitResult> => {
  const ids: string[] = []
  for (const [number, { message }] of plannedCommits(group).entries()) {
    const parent = ids.at(-1) ?? group.at.tip
    const signed = await signedCommit(group, { tree: trees[number] ?? '', parent, message })
    if (typeof signed !== 'string') return signed
    ids.push(signed)
  }
  return { ids }
}

type Built = {
  readonly trees: readonly string[]
  /** What is to be stored for them, by id; `ours` is what git stores when it changes the index. */
  readonly objects: ReadonlyMap<string, GitObject>
  readonly ours: ReadonlyMap<string, GitObject>
}

const build = (group: Group): Built => {
  const { state, head, facts } = group.at
  const objects = new Map<string, GitObject>()
  const ours = new Map<string, GitObject>()
  const snapshot = snapshotFrom(head.trees, facts.objectFormat, (object, path) => {
    const isGits = object.type === 'blob' && isOurs(path, state.prefix)
    ;(isGits ? ours : objects).set(object.id, object)
  })
  const trees = plannedCommits(group).map(({ changes }) => snapshot.change(changes))
  return { trees, objects, ours }
}

/**
 * Writes the commits of a group as objects, one on the other. What git stores itself when it changes the
 * index is left to it if that is going on (`indexChanged` ends with it), and looked after then: on disk
 * there may be something else by now.
 */
export const writeCommits = async (
  group: Group,
  indexChanged?: Promise<unknown>,
): Promise<Written | CommitResult> => {
  const { state } = group.at
  const { trees, objects, ours } = build(group)
  const commits = group.sign ? [] : chain(group, trees)
  const now = [...objects.values(), ...commits, ...(indexChanged ? [] : ours.values())]
  const failed = await storeObjects(state, now, group)
  if (failed !== undefined) return failed
  await indexChanged
  if (indexChanged) await storeMissing(state, [...ours.values()], group)
  return group.sign ? signedChain(group, trees) : { ids: commits.map(({ id }) => id) }
}
