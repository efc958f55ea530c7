import type { BlamedCommit, CommitWithRecords } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import { type LinkedOp, type OpLinks, readOpLinks } from './op-links.js'
import type { Target } from './target.js'

/**
 * What leads from a commit to an Op: a link of the Op; the Op's own commit, which holds its record; the patch of a
 * linked commit that the commit replaces; or the record that came with the commit, where the linked commits are not in
 * this clone.
 */
export type Because = 'link' | 'own-commit' | 'patch' | 'record'

/** An Op behind a commit. */
export type Found = LinkedOp & {
  readonly commit: string
  readonly certainty: 'linked' | 'likely'
  readonly because: Because
}

/** A commit that was asked about, or that a line comes from. */
export type AskedCommit = {
  readonly sha: string
  readonly subject: string
  /** In milliseconds since 1970. */
  readonly at: number
  /** Its lines of the file, each as first and last; none if a commit was asked about. */
  readonly lines: BlamedCommit['lines']
  /** Whether the history of this shallow clone ends there, so that an older commit can be meant. */
  readonly isCutOff: boolean
}

/** The answer: commits in the order of their lines, and the Ops behind them. */
export type Answer = {
  readonly commits: readonly AskedCommit[]
  readonly ops: readonly Found[]
  /** Lines that are not committed, each as first and last. */
  readonly uncommitted: BlamedCommit['lines']
}

/** The commits that an answer is about. */
type Asked = Omit<Answer, 'ops'> & {
  /** The paths of the file in these commits; none if a commit was asked about. */
  readonly paths: readonly string[]
}

const byCommit = (blamed: readonly BlamedCommit[]): readonly BlamedCommit[] => {
  const found = new Map<string, BlamedCommit>()
  for (const commit of blamed) {
    const { sha, lines } = found.get(commit.sha) ?? { ...commit, lines: [] }
    found.set(sha, { ...commit, lines: [...lines, ...commit.lines] })
  }
  return [...found.values()]
}

const askBlame = async (top: string, target: Extract<Target, { kind: 'file' }>): Promise<Asked> => {
  const { blame, findHistory, isUncommitted, readShallowBoundary } = await import(
    '@kitty/git-commit/inspect'
  )
  const blamed = await blame({ top, ...target })
  const isAtEnd = blamed.some(({ isBoundary }) => isBoundary)
  const history = isAtEnd ? await findHistory(top) : undefined
  const ends = new Set(history?.isShallow ? await readShallowBoundary(history) : [])
  const committed = blamed.filter((commit) => !isUncommitted(commit))
  return {
    commits: byCommit(committed).map((commit) => ({ ...commit, isCutOff: ends.has(commit.sha) })),
    uncommitted: blamed.filter(isUncommitted).flatMap(({ lines }) => lines),
    paths: [...new Set(committed.map(({ path }) => path))],
  }
}

const askCommit = async (top: string, id: string): Promise<Asked> => {
  const { commitsWithRecords } = await import('@kitty/git-commit/inspect')
  const commits = await commitsWithRecords(top, [id])
  return {
    commits: commits.map(({ sha, subject, at }) => ({
      sha,
      subject,
      at,
      lines: [],
      isCutOff: false,
    })),
    uncommitted: [],
    paths: [],
  }
}

const linkedTo = ({ ops, of }: OpLinks, { sha, isCutOff }: AskedCommit): readonly Found[] =>
  of(sha).flatMap((id) => {
    const op = ops.get(id)
    if (op === undefined) return []
    return [{ ...op, commit: sha, certainty: isCutOff ? 'likely' : 'linked', because: 'link' }]
  })

const likely = (op: LinkedOp | undefined, commit: string, because: Because): readonly Found[] =>
  op === undefined ? [] : [{ ...op, commit, certainty: 'likely', because }]

/** The Ops whose records came with a commit, as with a squashed branch, and whose commits are not in this clone. */
const broughtBy = (
  { sha, added, op: own }: CommitWithRecords,
  { ops }: OpLinks,
  missing: ReadonlySet<string>,
): readonly Found[] =>
  added
    .filter((id) => id !== own)
    .map((id) => ops.get(id))
    .filter((op) => op?.commits.some((commit) => missing.has(commit)))
    .flatMap((op) => likely(op, sha, 'record'))

/** The Ops behind commits that no link names: by patch id, and by the records that came with them. */
const likelyOps = async (
  top: string,
  { paths }: Asked,
  unlinked: readonly string[],
  links: OpLinks,
): Promise<readonly Found[]> => {
  const linked = [...new Set([...links.ops.values()].flatMap(({ commits }) => commits))]
  if (unlinked.length === 0 || linked.length === 0) return []
  const { commitsWithRecords, findReplaced, findUnreached } = await import(
    '@kitty/git-commit/inspect'
  )
  const { here, missing } = await findUnreached(top, linked)
  const [replaced, withRecords] = await Promise.all([
    findReplaced(top, { commits: unlinked, paths, here }),
    missing.size === 0 ? [] : commitsWithRecords(top, unlinked),
  ])
  const byPatch = [...replaced].flatMap(([sha, commits]) =>
    [...new Set(commits.flatMap(links.of))].flatMap((id) =>
      likely(links.ops.get(id), sha, 'patch'),
    ),
  )
  const known = new Set(byPatch.map(({ commit, op }) => `${commit} ${op.invocation_id}`))
  const byRecord = withRecords
    .flatMap((commit) => broughtBy(commit, links, missing))
    .filter(({ commit, op }) => !known.has(`${commit} ${op.invocation_id}`))
  return [...byPatch, ...byRecord]
}

/** The Op whose own commit was asked about. */
const ownOp = async (
  store: Ops,
  top: string,
  { kind }: Target,
  { commits }: Asked,
): Promise<readonly Found[]> => {
  const [commit] = commits
  if (kind === 'file' || commit === undefined) return []
  const { opIdsOfCommit } = await import('@kitty/git-commit/inspect')
  const { readRecord, summaryOf } = await import('@kitty/writer/internals')
  const found = await Promise.all(
    (await opIdsOfCommit(top, commit.sha)).map(async (id: OpId) => {
      const file = await readRecord(store.root, id).catch(() => undefined)
      const op = file && summaryOf(file)
      return op && { op, commits: [] }
    }),
  )
  return found.flatMap((op): readonly Found[] =>
    op === undefined
      ? []
      : [{ ...op, commit: commit.sha, certainty: 'linked', because: 'own-commit' }],
  )
}

/** The Ops behind a file, a line or a commit. */
export const answerTo = async (
  io: Io,
  store: Ops,
  { top, target }: { readonly top: string; readonly target: Target },
): Promise<Answer> => {
  const asking = target.kind === 'file' ? askBlame(top, target) : askCommit(top, target.sha)
  // The answer about the file is the error to show, not that reading the links failed beside it.
  const reading = readOpLinks(io, store)
  reading.catch(() => undefined)
  const asked = await asking
  const links = await reading
  const linked = asked.commits.flatMap((commit) => linkedTo(links, commit))
  const own = linked.length === 0 ? await ownOp(store, top, target, asked) : []
  const named = new Set([...linked, ...own].map(({ commit }) => commit))
  const unlinked = asked.commits.map(({ sha }) => sha).filter((sha) => !named.has(sha))
  const rest = await likelyOps(top, asked, unlinked, links)
  const { commits, uncommitted } = asked
  return { commits, uncommitted, ops: [...linked, ...own, ...rest] }
}
