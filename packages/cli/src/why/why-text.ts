import { definedFields } from '../command/defined.js'
import type { WhyJson } from '../json/why.js'
import { outcomeText } from '../terminal/outcome.js'
import { printableLine } from '../terminal/printable.js'
import type { Style } from '../terminal/style.js'
import { spanText } from '../terminal/time.js'
import type { AskedCommit, Because, OpBehind, WhyAnswer } from './answer.js'

const SHA = 10

const HOW: Readonly<Record<Because, string>> = {
  link: 'linked',
  'own-commit': 'its record',
  patch: 'likely: it made the same change, which was rebased, amended or squashed',
  record: 'likely: its record came with this commit, and its own commits are not in this clone',
}

const CUT_OFF =
  'The history of this shallow clone ends here, so it could be an older commit. To find out: git fetch --unshallow'

/** Git can read a commit that claims to be of a later year; it is shown as of the end of this one. */
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59)

const isoTime = (at: number): string => new Date(Math.min(at, LATEST_MS)).toISOString()

const ranges = (lines: AskedCommit['lines']): string =>
  lines.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ')

const countOf = (lines: AskedCommit['lines']): number =>
  lines.reduce((sum, [first, last]) => sum + last - first + 1, 0)

/** As many ranges as fit on a line; then how many lines there are. */
const LONGEST = 40

const linesText = (lines: AskedCommit['lines']): string => {
  const all = ranges(lines)
  if (all.length <= LONGEST) return countOf(lines) === 1 ? `line ${all}` : `lines ${all}`
  return `${countOf(lines)} lines`
}

const opText = ({ op, because, certainty }: OpBehind, style: Style): string => {
  const outcome = op.status === 'open' ? 'open' : (op.outcome ?? 'unknown')
  const took = op.duration_ms === undefined ? '' : ` after ${spanText(op.duration_ms)}`
  const actor = op.actor === undefined ? '' : `, by ${op.actor}`
  const how = because === 'link' && certainty === 'likely' ? 'likely' : HOW[because]
  const who = printableLine(`${op.action} by ${op.profile_id}${actor}`)
  return [
    `  ${style.bold(op.invocation_id)}  ${who}, ${outcomeText(outcome, style)}${took}  ${style.dim(`(${how})`)}\n`,
    ...(op.request_excerpt ? [`    ${printableLine(op.request_excerpt)}\n`] : []),
    ...(op.reason_excerpt
      ? [`    ${style.dim('Reason')} ${printableLine(op.reason_excerpt)}\n`]
      : []),
  ].join('')
}

const commitText = (
  { sha, subject, at, lines, isCutOff }: AskedCommit,
  ops: readonly OpBehind[],
  style: Style,
): string => {
  const day = isoTime(at).slice(0, 10)
  const where = lines.length === 0 ? '' : `${linesText(lines)}  `
  return [
    `${where}${style.bold(sha.slice(0, SHA))}  ${day}  ${printableLine(subject)}\n`,
    ...(isCutOff ? [`  ${CUT_OFF}\n`] : []),
    ...(ops.length === 0 ? [`  ${style.dim('No Op is linked to it.')}\n`] : []),
    ...ops.map((op) => opText(op, style)),
  ].join('')
}

const unexplained = (commits: readonly AskedCommit[]): string => {
  const lines = commits.reduce((sum, commit) => sum + countOf(commit.lines), 0)
  const some = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
  return `No Op is linked to ${some(commits.length, 'commit')}, with ${some(lines, 'line')}.\n`
}

/** The answer in lines: each commit with its Ops; of a whole file, only those with Ops, and how many have none. */
export const whyText = ({ commits, ops, uncommitted }: WhyAnswer, style: Style): string => {
  const of = (sha: string) => ops.filter(({ commit }) => commit === sha)
  const isShort = commits.length === 1
  const shown = isShort ? commits : commits.filter(({ sha }) => of(sha).length > 0)
  const rest = commits.filter((commit) => !shown.includes(commit))
  const empty = commits.length === 0 && uncommitted.length === 0
  return [
    ...shown.map((commit) => commitText(commit, of(commit.sha), style)),
    ...(rest.length > 0 ? [unexplained(rest)] : []),
    ...(uncommitted.length > 0 ? [`Not committed yet: ${linesText(uncommitted)}.\n`] : []),
    ...(empty ? ['The file is empty.\n'] : []),
  ].join('')
}

const lineJson = ([first, last]: AskedCommit['lines'][number]) => ({ first, last })

/** The answer as JSON. */
export const whyJson = (
  target: string,
  file: { readonly path: string; readonly line?: number } | undefined,
  { commits, ops, uncommitted }: WhyAnswer,
): WhyJson => ({
  target,
  ...definedFields({ path: file?.path, line: file?.line }),
  ops: ops.map(({ op, commit, certainty, because }) => ({
    invocation_id: op.invocation_id,
    commit,
    certainty,
    because,
    op,
  })),
  commits: commits.map(({ sha, subject, at, lines, isCutOff }) => ({
    sha,
    subject,
    at: isoTime(at),
    ...(lines.length > 0 && { lines: lines.map(lineJson) }),
    ...(isCutOff && { cut_off: true as const }),
  })),
  ...(uncommitted.length > 0 && { uncommitted: uncommitted.map(lineJson) }),
})
