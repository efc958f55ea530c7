import type { Group } from '../transaction/commit-set.js'
import { type GitObject, gitObject } from './object.js'

/** A commit without its id. */
export type CommitContent = {
  readonly tree: string
  readonly parent: string | undefined
  readonly message: string
}

export const commitObject = ({ at: { facts } }: Group, content: CommitContent): GitObject => {
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
