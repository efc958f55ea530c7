import { type Outcome, outcomeOf } from '@kitty/record'
import type { Closing, Completion } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import type { Io } from '../command/io.js'
import type { Program } from '../command/program.js'
import type { CommandResult, Note } from '../command/result.js'
import { holderOf } from '../find/session-ops.js'
import type { ClosedJson } from '../json/work.js'
import { openProject } from '../project/project.js'
import { adoptedNotes, closerOf, type Target, targetOf } from './close-target.js'
import {
  type Closed,
  closedJson,
  closedNotes,
  closedText,
  commitStatus,
  isLedgerAlone,
} from './closed.js'
import { linkedArtifact, linkedCommit, located } from './closing-links.js'
import { usageOfFlags } from './closing-usage.js'

/** The flags of a close. */
export type ClosingFlags = {
  readonly root?: string | undefined
  readonly outcome: Outcome
  readonly evidence?: string | undefined
  readonly artifact?: readonly string[] | undefined
  readonly commit?: readonly string[] | undefined
  readonly reason?: string | undefined
  readonly 'link-commits': boolean
  readonly usage?: readonly string[] | undefined
  readonly 'require-commit': boolean
  readonly 'no-redact': boolean
}

/** What a close says, and warnings about it. */
export type ClosingInput = { readonly closing: Closing; readonly warnings: readonly string[] }

/** Makes from flags what a close says. Throws `CLOSING_INVALID`, and what git throws. */
export const closingOf = async (
  flags: ClosingFlags,
  cwd: string,
  root: string,
): Promise<ClosingInput> => {
  const artifacts = flags.artifact?.map((artifact) => linkedArtifact(artifact, cwd))
  const typed = flags.commit?.map((commit) => linkedCommit(commit, root))
  const commits = typed && (await Promise.all(typed))
  const values = definedFields({
    evidence: flags.evidence === undefined ? undefined : located(flags.evidence, cwd),
    artifacts: artifacts?.map(({ value }) => value),
    commits: commits?.map(({ value }) => value),
    reason: flags.reason,
    link_commits: flags['link-commits'] ? true : undefined,
    usage: usageOfFlags(flags.usage),
    redact: flags['no-redact'] ? false : undefined,
  })
  const links = [...(artifacts ?? []), ...(commits ?? [])]
  const warnings = links.flatMap(({ warning }) => warning ?? [])
  return { closing: { outcome: flags.outcome, ...values }, warnings }
}

const STILL_RUNS = 'The Op was closed, but its command might still be running.'

const REPEATED = 'The Op was already closed in the same way. Nothing was changed.'

/** Closes an Op. If only the ledgers have it, a repeated call with nothing but the same outcome succeeds. */
const completeIn = async ({ ops, id, closed }: Target, closing: Closing): Promise<Completion> => {
  if (closed === undefined) return ops.complete(id, closing)
  const { commit, file } = closed
  const { record, path } = file
  const { outcome, redact: _, link_commits: __, ...more } = closing
  if (outcomeOf(record) !== outcome || Object.keys(more).length > 0) throw closed
  return { id, record, path, commit, already: true, notes: [] }
}

/** A close that was done. */
export type DoneClose = {
  readonly closed: Closed
  readonly warned: readonly string[]
  readonly program: Program
}

/** Closes the Op that `targetOf` finds, in its own work tree. */
export const closeWith = async (
  typed: string | undefined,
  flags: ClosingFlags,
  { io, program: given }: { readonly io: Io; readonly program: Program },
  readFlags: typeof closingOf,
): Promise<DoneClose> => {
  const project = await openProject(io, flags)
  const target = await targetOf(typed, project, { io, program: given })
  const { id, ops, program, workTree } = target
  const closer = closerOf(project)
  const runs = (await holderOf(ops, id, closer)) === 'running'
  const { closing, warnings } = await readFlags(flags, io.cwd, project.root)
  const completion = await completeIn(target, closing)
  const repeated = completion.already ? [REPEATED] : adoptedNotes(target)
  const notes = [...repeated, ...completion.notes]
  const isInLedger = target.isLedgerAlone ?? isLedgerAlone(ops)
  const closed = {
    ...completion,
    notes,
    ...definedFields({ workTree }),
    isLedgerAlone: isInLedger,
  }
  return { closed, warned: [...(runs ? [STILL_RUNS] : []), ...warnings], program }
}

/** The result of a close, for people and as JSON. */
export const closeResult = (
  { closed, warned, program }: DoneClose,
  flags: Pick<ClosingFlags, 'require-commit'>,
): CommandResult<ClosedJson> => ({
  json: closedJson({ ...closed, notes: [...warned, ...closed.notes] }, program),
  text: (style) => closedText(closed, style),
  notes: [
    ...warned.map((message): Note => ({ kind: 'warning', message })),
    ...closedNotes(closed, program),
  ],
  exitStatus: commitStatus(closed.commit, flags['require-commit']),
})

/** Closes an Op, as `closeWith` says. */
export const closeOp = async (
  typed: string | undefined,
  flags: ClosingFlags,
  where: { readonly io: Io; readonly program: Program },
): Promise<CommandResult<ClosedJson>> =>
  closeResult(await closeWith(typed, flags, where, closingOf), flags)
