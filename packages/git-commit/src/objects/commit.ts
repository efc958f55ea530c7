import { type GitObject, gitObject, type ObjectFormat } from './object.js'

/** A commit without its id. */
export type CommitContent = {
  readonly tree: string
  readonly parent: string | undefined
  readonly message: string
}

/** Author and committer as in a commit, with the time, and the object format. */
export type Signature = {
  readonly author: string
  readonly committer: string
  readonly objectFormat: ObjectFormat
}

export const commitObject = (by: Signature, content: CommitContent): GitObject => {
  const lines = [
    `tree ${content.tree}`,
    ...(content.parent === undefined ? [] : [`parent ${content.parent}`]),
    `author ${by.author}`,
    `committer ${by.committer}`,
    '',
    content.message,
  ]
  return gitObject('commit', Buffer.from(lines.join('\n')), by.objectFormat)
}
