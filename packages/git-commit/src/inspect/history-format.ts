/** A file that a commit changed. */
export type HistoryChange = {
  /** Relative to the top, with `/`. */
  readonly path: string
  /** The blobs before, one for each parent that has the file. */
  readonly before: readonly string[]
  /** The blob after; `undefined` if the commit removes the file. */
  readonly after: string | undefined
}

/** A commit of a history, with its changes. */
export type HistoryCommit = {
  readonly sha: string
  /** When it was committed, in milliseconds since 1970. */
  readonly at: number
  readonly isMerge: boolean
  /** Whether it has no parent, or none in a shallow clone. */
  readonly isRoot: boolean
  /** Whether the times of author and committer differ, because the commit was rewritten. */
  readonly isRewritten: boolean
  readonly message: string
  readonly changes: readonly HistoryChange[]
}

// A message contains no NUL, so NUL separates the fields. A raw entry begins with a colon, and a message can too,
// so the number of fields is fixed.
/** The format that `parseHistory` reads, together with `-z --raw`. */
export const WALK_FORMAT = '%x01%H%x00%P%x00%at%x00%ct%x00%B%x00'

const FIELDS = 5
const NOTHING = /^0+$/

const entryOf = (entry: string, path: string): HistoryChange => {
  const parents = entry.length - entry.replace(/^:+/, '').length
  const fields = entry.slice(parents).split(' ')
  // A colon for each parent; a mode for each parent and one after; an id for each parent and one after; the status.
  const ids = fields.slice(parents + 1, 2 * parents + 2)
  const after = ids.at(-1) ?? ''
  return {
    path,
    before: ids.slice(0, -1).filter((id) => !NOTHING.test(id)),
    after: NOTHING.test(after) ? undefined : after,
  }
}

const commitOf = (fields: readonly string[], changes: readonly HistoryChange[]): HistoryCommit => {
  const [head = '', parents = '', at, ct, message = ''] = fields
  return {
    sha: head.slice(head.indexOf('\x01') + 1),
    at: Number(ct) * 1000,
    isMerge: parents.includes(' '),
    isRoot: parents === '',
    isRewritten: at !== ct,
    message,
    changes,
  }
}

/** Parses the output of the walk. Pure. */
export const parseHistory = (output: Buffer): readonly HistoryCommit[] => {
  const parts = output.toString().split('\0')
  const commits: HistoryCommit[] = []
  let at = 0
  while (at < parts.length) {
    if (!parts[at]?.includes('\x01')) {
      at += 1
      continue
    }
    const fields = parts.slice(at, at + FIELDS)
    const changes: HistoryChange[] = []
    at += FIELDS
    while (at < parts.length && !parts[at]?.includes('\x01')) {
      const entry = parts[at]?.replace(/^\n+/, '') ?? ''
      if (entry.startsWith(':')) {
        changes.push(entryOf(entry, parts[at + 1] ?? ''))
        at += 1
      }
      at += 1
    }
    commits.push(commitOf(fields, changes))
  }
  return commits
}
