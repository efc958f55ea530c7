/** A file as a commit is to hold it, or its removal. Paths are relative to the top, with `/`. */
export type FileChange =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly remove: true }

type ImportCommit = {
  readonly message: string
  readonly changes: readonly FileChange[]
}

export type ImportPlan = {
  /** A private ref, gone again when the stream ends. */
  readonly ref: string
  /** The commit to build on; undefined for the first commit of a repository. */
  readonly parent: string | undefined
  /** `Name <email> seconds zone`, as `git var` prints it. */
  readonly author: string
  readonly committer: string
  readonly commits: readonly ImportCommit[]
  /** Paths whose content in the parent is told first, a line each. */
  readonly lookUp: readonly string[]
  /** The id that stands for no object: as many zeros as an id of this repository has digits. */
  readonly nullId: string
}

const quote = (path: string): string => `"${path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`

const data = (bytes: Uint8Array): Buffer[] => [
  Buffer.from(`data ${bytes.length}\n`),
  Buffer.from(bytes),
  Buffer.from('\n'),
]

const change = (entry: FileChange): Buffer[] =>
  'remove' in entry
    ? [Buffer.from(`D ${quote(entry.path)}\n`)]
    : [Buffer.from(`M 100644 inline ${quote(entry.path)}\n`), ...data(entry.bytes)]

const commit = (plan: ImportPlan, entry: ImportCommit, number: number): Buffer[] => {
  const from = number === 1 ? plan.parent : `:${number - 1}`
  return [
    Buffer.from(
      `commit ${plan.ref}\nmark :${number}\nauthor ${plan.author}\ncommitter ${plan.committer}\n`,
    ),
    ...data(Buffer.from(entry.message)),
    Buffer.from(from === undefined ? '' : `from ${from}\n`),
    ...entry.changes.flatMap(change),
    Buffer.from('\n'),
  ]
}

const lookUp = (plan: ImportPlan): Buffer[] =>
  plan.parent === undefined
    ? []
    : plan.lookUp.map((path) => Buffer.from(`ls ${plan.parent} ${quote(path)}\n`))

/**
 * The stream that makes git's importer write all commits of a plan, one on the other, print the id
 * of each on a line of its own, and leave no ref: the importer moves refs carelessly (it would undo
 * a reset made meanwhile), so moving the branch is left to `update-ref`.
 */
export const importStream = (plan: ImportPlan): Buffer => {
  const numbers = plan.commits.map((_, position) => position + 1)
  return Buffer.concat([
    Buffer.from('feature done\n'),
    ...lookUp(plan),
    ...plan.commits.flatMap((entry, position) => commit(plan, entry, position + 1)),
    ...numbers.map((number) => Buffer.from(`get-mark :${number}\n`)),
    Buffer.from(`reset ${plan.ref}\nfrom ${plan.nullId}\n\ndone\n`),
  ])
}
