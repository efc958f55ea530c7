import type { BlamedCommit, CommitWithRecords, Unreached } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import type { OpSummary, Ops } from '@kitty/writer'
import type { Io } from '../command/io.js'
import type { Note } from '../command/result.js'
import { type OpLinks, readOpLinks } from './op-links.js'
import type { WhyTarget } from './target.js'

/**
 * What leads from a commit to an Op: a link of the Op; the Op's own commit, which holds its record; the patch of a
 * linked commit that the commit replaces; or the record that came with the commit, where the linked commits are not in
 * this clone.
 */
export type Because = 'link' | 'own-commit' | 'patch' | 'record'

/** How a commit leads to an Op. */
type Lead = {
  readonly id: OpId
  readonly commit: string
  readonly certainty: 'linked' | 'likely'
  readonly because: Because
}

/** An Op behind a commit. */
export type OpBehind = Lead & { readonly op: OpSummary }

/** A commit that was asked about, or that a line comes from. */
export type AskedCommit = {
  readonly sha: string
  readonly subject: string
  /** In milliseconds since 1970. */
  readonly at: number
  readonly committedAt: number
  /** Its lines of the file, each as first and last; none if a commit was asked about. */
  readonly lines: BlamedCommit['lines']
  /** Whether the history of this shallow clone ends there, so that an older commit can be meant. */
  readonly isCutOff: boolean
}

/** The answer: commits in the order of their lines, and the Ops behind them. */
export type WhyAnswer = {
  readonly commits: readonly AskedCommit[]
  readonly ops: readonly OpBehind[]
  /** Lines that are not committed, each as first and last. */
  readonly uncommitted: BlamedCommit['lines']
  readonly notes: readonly Note[]
}

/** The commits that an answer is about. */
type Asked = Omit<WhyAnswer, 'ops' | 'notes'> & {
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

const askBlame = async (
  top: string,
  target: Extract<WhyTarget, { kind: 'file' }>,
): Promise<Asked> => {
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
      committedAt: at,
      lines: [],
      isCutOff: false,
    })),
    uncommitted: [],
    paths: [],
  }
}

const linkedTo = ({ of }: OpLinks, { sha, isCutOff }: AskedCommit): readonly Lead[] =>
  of(sha).map((id) => ({
    id,
    commit: sha,
    certainty: isCutOff ? 'likely' : 'linked',
    because: 'link',
  }))

const likely = (id: OpId, commit: string, because: Because): Lead => ({
  id,
  commit,
  certainty: 'likely',
  because,
})

/** The Ops whose records came with a commit, as with a squashed branch, and whose commits are not in this clone. */
const broughtBy = (
  { sha, added, op: own }: CommitWithRecords,
  commits: ReadonlyMap<OpId, readonly string[]>,
  missing: ReadonlySet<string>,
): readonly Lead[] =>
  added
    .filter((id) => id !== own && commits.get(id)?.some((commit) => missing.has(commit)))
    .map((id) => likely(id, sha, 'record'))

const keyOf = ({ id, commit }: Lead): string => `${commit} ${id}`

/** The linked commits that are not in HEAD's history. */
const unreachedIn = async (top: string, links: OpLinks): Promise<Unreached> => {
  const { findUnreached } = await import('@kitty/git-commit/inspect')
  return findUnreached(top, [...new Set([...links.commits().values()].flat())])
}

/** The Ops behind commits that no link names: by patch id, and by the records that came with them. */
const likelyOps = async (
  top: string,
  { paths }: Asked,
  unlinked: readonly string[],
  links: OpLinks,
): Promise<readonly Lead[]> => {
  const { here, missing } = await unreachedIn(top, links)
  const { commitsWithRecords, findReplaced } = await import('@kitty/git-commit/inspect')
  const [replaced, withRecords] = await Promise.all([
    findReplaced(top, { commits: unlinked, paths, here }),
    missing.size === 0 ? [] : commitsWithRecords(top, unlinked),
  ])
  const byPatch = [...replaced].flatMap(([sha, commits]) =>
    [...new Set(commits.flatMap(links.of))].map((id) => likely(id, sha, 'patch')),
  )
  const known = new Set(byPatch.map(keyOf))
  const ofOps = links.commits()
  const byRecord = withRecords.flatMap((commit) => broughtBy(commit, ofOps, missing))
  return [...byPatch, ...byRecord.filter((lead) => !known.has(keyOf(lead)))]
}

/** The Op whose own commit was asked about. */
const ownOp = async (
  top: string,
  { kind }: WhyTarget,
  { commits }: Asked,
): Promise<readonly Lead[]> => {
  const [commit] = commits
  if (kind === 'file' || commit === undefined) return []
  const { opIdsOfCommit } = await import('@kitty/git-commit/inspect')
  const ids = await opIdsOfCommit(top, commit.sha)
  return ids.map((id) => ({
    id,
    commit: commit.sha,
    certainty: 'linked',
    because: 'own-commit',
  }))
}

/** A commit has the time in seconds, and clocks differ. */
const TOLERANCE_MS = 60_000

/** The commits that can replace a linked one: those without a link that are not older than all Ops. */
const candidatesIn = ({ commits }: Asked, links: OpLinks, leads: readonly Lead[]) => {
  const named = new Set(leads.map(({ commit }) => commit))
  // No older commit replaces one of an Op.
  const first = links.firstStart - TOLERANCE_MS
  const left = commits.filter(({ sha, committedAt }) => !named.has(sha) && committedAt >= first)
  return left.map(({ sha }) => sha)
}

/** The Ops behind a file, a line or a commit. */
export const answerTo = async (
  io: Io,
  opening: Promise<Ops>,
  { top, target }: { readonly top: string; readonly target: WhyTarget },
): Promise<WhyAnswer> => {
  const asking = target.kind === 'file' ? askBlame(top, target) : askCommit(top, target.sha)
  const reading = opening.then((store) => readOpLinks(io, store))
  // What git says of the file is the error to show, not one of reading the links beside it.
  reading.catch(() => undefined)
  const asked = await asking
  const links = await reading
  const linked = asked.commits.flatMap((commit) => linkedTo(links, commit))
  const own = linked.length === 0 ? await ownOp(top, target, asked) : []
  const left = candidatesIn(asked, links, [...linked, ...own])
  const rest = left.length === 0 ? [] : await likelyOps(top, asked, left, links)
  const leads = [...linked, ...own, ...rest]
  const ops = await links.read(leads.map(({ id }) => id))
  const { commits, uncommitted } = asked
  return {
    commits,
    uncommitted,
    ops: leads.flatMap((lead) => {
      const op = ops.get(lead.id)
      return op === undefined ? [] : [{ ...lead, op }]
    }),
    notes: links.notes,
  }
}
