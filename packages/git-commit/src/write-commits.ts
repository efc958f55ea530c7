import type { CommitResult } from '@kitty/writer'
import { type GitObject, gitObject } from './git-object.js'
import { type Group, plannedCommits } from './group.js'
import { signedCommit } from './signed-commit.js'
import { snapshotFrom } from './snapshot.js'
import { storeObjects } from './store-objects.js'

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

/** Writes the commits of a group as objects, one on the other. */
export const writeCommits = async (group: Group): Promise<Written | CommitResult> => {
  const { state, head, facts } = group.at
  const objects = new Map<string, GitObject>()
  const snapshot = snapshotFrom(head.trees, facts.objectFormat, (object) =>
    objects.set(object.id, object),
  )
  const trees = plannedCommits(group).map(({ changes }) => snapshot.change(changes))
  const commits = group.sign ? [] : chain(group, trees)
  const failed = await storeObjects(state, [...objects.values(), ...commits], group)
  if (failed !== undefined) return failed
  return group.sign ? signedChain(group, trees) : { ids: commits.map(({ id }) => id) }
}
