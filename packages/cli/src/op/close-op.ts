import { KittyError, type OpId, type Outcome } from '@kitty/record'
import type { Closing, Ops } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import type { Io } from '../command/io.js'
import { inProject, type Program } from '../command/program.js'
import type { CommandResult, Note } from '../command/result.js'
import type { ClosedJson } from '../json/work.js'
import { openProject } from '../project/project.js'
import { idRequired, type OpenOpChoice, openButHeld, resolveOp, severalOpen } from './candidates.js'
import { closedJson, closedNotes, closedText, commitStatus } from './closed.js'
import { linkedArtifact, linkedCommit, located } from './closing-links.js'
import { listOpenOps } from './open-ops.js'
import { type Closer, holderOf } from './session-ops.js'

/** The flags of a close. */
export type ClosingFlags = {
  readonly root?: string | undefined
  readonly outcome: Outcome
  readonly evidence?: string | undefined
  readonly artifact?: readonly string[] | undefined
  readonly commit?: readonly string[] | undefined
  readonly reason?: string | undefined
  readonly 'require-commit': boolean
  readonly 'no-redact': boolean
}

type ClosingInput = { readonly closing: Closing; readonly warnings: readonly string[] }

const closingOf = async (flags: ClosingFlags, cwd: string, root: string): Promise<ClosingInput> => {
  const artifacts = flags.artifact?.map((artifact) => linkedArtifact(artifact, cwd))
  const typed = flags.commit?.map((commit) => linkedCommit(commit, root))
  const commits = typed && (await Promise.all(typed))
  const values = definedFields({
    evidence: flags.evidence === undefined ? undefined : located(flags.evidence, cwd),
    artifacts: artifacts?.map(({ value }) => value),
    commits: commits?.map(({ value }) => value),
    reason: flags.reason,
    redact: flags['no-redact'] ? false : undefined,
  })
  const links = [...(artifacts ?? []), ...(commits ?? [])]
  const warnings = links.flatMap(({ warning }) => warning ?? [])
  return { closing: { outcome: flags.outcome, ...values }, warnings }
}

const nothingOpen = (): KittyError => new KittyError('NOTHING_OPEN', 'No Op is open here.')

/** The id of the only open Op that a person opened here. Throws if the caller is not a person at a terminal. */
const onlyOpen = async (ops: Ops, closer: Closer): Promise<OpId> => {
  const open: OpenOpChoice[] = []
  for (const op of await listOpenOps(ops)) {
    open.push({ op, held: await holderOf(ops, op.invocation_id, closer) })
  }
  if (open.length === 0) throw nothingOpen()
  if (closer.caller !== 'person') throw idRequired(closer.caller, open)
  const [only, second] = open.filter(({ held }) => held === undefined)
  if (only === undefined) throw openButHeld(open)
  if (second !== undefined) throw severalOpen(open)
  return only.op.invocation_id
}

/** A prefix of this length has the time of the Op to the second. A shorter one can be a mistake, such as `$?`. */
const ENOUGH = 8

/** Resolves an id or a prefix. Only a person can use a short prefix. */
const named = async (ops: Ops, typed: string, { caller }: Closer): Promise<OpId> => {
  const id = await resolveOp(ops, typed)
  if (caller === 'person' || typed.trim().length >= ENOUGH) return id
  throw idRequired(
    caller,
    (await listOpenOps(ops)).map((op) => ({ op })),
  )
}

const STILL_RUNS = 'The Op was closed, but its command might still be running.'

const REPEATED = 'The Op was already closed in the same way. Nothing was changed.'

/**
 * Closes the Op with an id or a unique prefix. Without an id, and for a person at a terminal, closes the only open Op
 * that a person opened here and whose command is not running.
 */
export const closeOp = async (
  typed: string | undefined,
  flags: ClosingFlags,
  { io, program: given }: { readonly io: Io; readonly program: Program },
): Promise<CommandResult<ClosedJson>> => {
  const project = await openProject(io, flags)
  const program = inProject(given, project.root, io.cwd)
  const ops = await project.open('closing')
  const { caller, environment } = project
  const closer = { caller, session: environment.session }
  const id = await (typed === undefined ? onlyOpen(ops, closer) : named(ops, typed, closer))
  const runs = (await holderOf(ops, id, closer)) === 'running'
  const { closing, warnings } = await closingOf(flags, io.cwd, project.root)
  const completion = await ops.complete(id, closing)
  const repeated = completion.already ? [REPEATED] : []
  const closed = { ...completion, notes: [...repeated, ...completion.notes] }
  const warned = [...(runs ? [STILL_RUNS] : []), ...warnings]
  return {
    json: closedJson({ ...closed, notes: [...warned, ...closed.notes] }, program),
    text: (style) => closedText(closed, style),
    notes: [
      ...warned.map((message): Note => ({ kind: 'warning', message })),
      ...closedNotes(closed, program),
    ],
    exitStatus: commitStatus(closed.commit, flags['require-commit']),
  }
}
