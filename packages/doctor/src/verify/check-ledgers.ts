import {
  type HistoryChange,
  type HistoryCommit,
  type Ledger,
  type LedgerContents,
  type LedgerCopy,
  listLedgers,
  type OwnLedger,
  readLedgers,
  readOwnLedger,
  walkLedger,
} from '@kitty/git-commit/inspect'
import { isKittyError, isOpId, type OpId } from '@kitty/record'
import { findWorkTree } from '@kitty/writer/internals'
import type { Finding } from '../check/check.js'
import { singleLine } from '../check/wording.js'
import type { AtTip } from './check-tip.js'
import { commitName, note, shortId, violation } from './finding.js'
import type { ClosingCommit } from './first-closed.js'

/** What the ledgers of a repository say, and what they hold. */
export type LedgerCheck = {
  readonly findings: readonly Finding[]
  /** The Ops that were erased on purpose: a branch need not hold them any more. */
  readonly erased: ReadonlySet<OpId>
}

/** What the branch has of the records: their first closed versions, and the files at the tip. */
type OnBranch = {
  readonly firsts: ReadonlyMap<OpId, ClosingCommit>
  readonly files: readonly AtTip[]
}

const nameOf = ({ ref, remote }: Ledger): string =>
  remote === undefined ? `The ledger ${ref}` : `The ledger ${ref} of the remote "${remote}"`

/** The Op whose folder of evidence, or whose record, a path of a ledger belongs to. */
const opOf = (path: string): OpId | undefined => {
  const id = path.split('/')[2]?.slice(0, 26)
  return isOpId(id) ? id : undefined
}

const ERASED = 'erased/'

const isAllowed = (
  { path, before, after }: HistoryChange,
  erased: ReadonlySet<string>,
): boolean => {
  if (before.length === 0) return true
  const id = opOf(path)
  return after === undefined && id !== undefined && erased.has(id)
}

/** The Ops that a ledger itself says were erased: what another one says does not count for its own history. */
const erasedIn = (commits: readonly HistoryCommit[]): ReadonlySet<string> =>
  new Set(
    commits.flatMap(({ changes }) =>
      changes.flatMap(({ path, after }) =>
        after !== undefined && path.startsWith(ERASED) ? [path.slice(ERASED.length)] : [],
      ),
    ),
  )

/** A ledger only grows: each tree contains everything that its parent's has, except what was erased. */
const checkChain = (ledger: Ledger, commits: readonly HistoryCommit[]): readonly Finding[] => {
  const erased = erasedIn(commits)
  const merge = commits.find(({ isMerge }) => isMerge)
  const changed = commits.flatMap((commit) =>
    commit.changes
      .filter((change) => !isAllowed(change, erased))
      .map(({ path, after }) => ({ commit, path, after })),
  )
  const [first] = changed
  const findings: Finding[] = []
  if (merge !== undefined) {
    const message = `${nameOf(ledger)} contains the merge ${commitName(merge)}; only one clone writes a ledger, one commit after another.`
    findings.push(violation('ledger-changed', message, {}, [{ verb: 'git-show', sha: merge.sha }]))
  }
  if (first !== undefined) {
    const { commit, path, after } = first
    const more = changed.length === 1 ? '' : ` (${changed.length} such changes)`
    const what = after === undefined ? 'removes' : 'changes'
    const message = `${nameOf(ledger)} ${what} ${singleLine(path)} in commit ${commitName(commit)}${more}; a ledger only grows.`
    const id = opOf(path)
    findings.push(
      violation('ledger-changed', message, id && { invocation_id: id }, [
        { verb: 'git-show', sha: commit.sha },
      ]),
    )
  }
  return findings
}

/** The ledger of this clone still contains the last tip that the clone gave it. */
const checkRewound = (own: OwnLedger | undefined): readonly Finding[] => {
  if (own?.rewoundFrom === undefined) return []
  const message = `The ledger ${own.ref} no longer contains the commit ${shortId(own.rewoundFrom)}, which this clone gave it; a ledger only grows.`
  return [violation('ledger-changed', message, {}, [{ verb: 'fix-check', path: 'ledger-rewound' }])]
}

const unreadable = (ledger: Ledger, message: string): Finding =>
  violation('ledger-unreadable', `${nameOf(ledger)} cannot be read: ${message}`, {}, [
    { verb: 'fix' },
  ])

const checkLedger = async (
  root: string,
  ledger: Ledger,
  contents: LedgerContents,
): Promise<readonly Finding[]> => {
  const broken = contents.broken.find((each) => each.ledger.ref === ledger.ref)
  if (broken !== undefined) return [unreadable(ledger, broken.message)]
  try {
    return checkChain(ledger, await walkLedger(root, ledger))
  } catch (error) {
    if (!isKittyError(error) || error.code !== 'GIT_FAILED') throw error
    return [unreadable(ledger, error.message)]
  }
}

/** The ledgers and the branch hold the same closed record of an Op, or only one of them holds it. */
const checkAgreement = (
  copies: readonly LedgerCopy[],
  { firsts, files }: OnBranch,
): readonly Finding[] => {
  const [copy] = copies
  if (copy === undefined) return []
  const { id } = copy
  const first = firsts.get(id)
  const atTip = files.find(({ path }) => path === first?.path)
  const known = new Set([first?.blob, atTip?.blob].filter((blob) => blob !== undefined))
  const other = copies.find(({ blob }) =>
    first === undefined ? blob !== copy.blob : !known.has(blob),
  )
  if (other === undefined) return []
  const held = first?.blob ?? copy.blob
  const where = first === undefined ? nameOf(copy.ledger) : 'The branch'
  const message = `${where} and ${nameOf(other.ledger).replace('The', 'the')} hold different closed records of the Op; nothing decides which is right.`
  return [
    violation('ledger-conflict', message, { invocation_id: id }, [
      { verb: 'git-diff-blobs', sha: shortId(held), to: shortId(other.blob) },
    ]),
  ]
}

const NONE = 'This repository has no ledger, so only the branch was checked.'

const BARE = 'Ledgers are checked only in a work tree, so only the branch was checked.'

/** Checks each ledger of the repository, and that it agrees with the branch. Never demands that it holds an Op. */
export const checkLedgers = async (root: string, branch: OnBranch): Promise<LedgerCheck> => {
  if ((await findWorkTree(root)) === undefined)
    return { findings: [note('no-ledger', BARE)], erased: new Set() }
  const rewound = checkRewound(await readOwnLedger(root))
  const ledgers = await listLedgers(root)
  if (ledgers.length === 0) {
    return { findings: [...rewound, note('no-ledger', NONE)], erased: new Set() }
  }
  const contents = await readLedgers(root, ledgers)
  const findings: Finding[] = [...rewound]
  for (const ledger of ledgers) findings.push(...(await checkLedger(root, ledger, contents)))
  for (const copies of contents.copies.values()) findings.push(...checkAgreement(copies, branch))
  if (contents.foreign > 0) {
    const message = `The ledgers hold ${contents.foreign} files that are not closed records at their own path; they are ignored.`
    findings.push(note('ledger-foreign', message))
  }
  return { findings, erased: contents.erased }
}
