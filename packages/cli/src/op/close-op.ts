import { KittyError, type OpId, type Outcome, outcomeOf } from '@kitty/record'
import type { AlreadyClosedError, Closing, Completion, IdPart, Ops } from '@kitty/writer'
import { definedFields } from '../command/defined.js'
import { isMissing } from '../command/errors.js'
import type { Io } from '../command/io.js'
import { inProject, type Program } from '../command/program.js'
import type { CommandResult, Note } from '../command/result.js'
import {
  idRequired,
  knownIds,
  type OpenOpChoice,
  openButHeld,
  resolveOp,
  severalOpen,
} from '../find/candidates.js'
import type { OpInLedgers } from '../find/elsewhere.js'
import type { InLedgers } from '../find/in-ledgers.js'
import { isLast } from '../find/last-op.js'
import { listOpenOps } from '../find/open-ops.js'
import { type Closer, holderOf } from '../find/session-ops.js'
import type { WorkTreeJson } from '../json/shared.js'
import type { ClosedJson } from '../json/work.js'
import { openProject, type Project } from '../project/project.js'
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

/** What a close without an id looks for. */
type WhichOp = 'only' | 'last'

const LOOKED_FOR: Readonly<Record<WhichOp, string>> = {
  only: '',
  last: '@last is the newest open Op that you opened here, and there is none. ',
}

/**
 * The id of the only or the newest open Op that a person opened here. Throws if the caller is not a person at a terminal.
 */
const ownOpen = async (ops: Ops, closer: Closer, wanted: WhichOp): Promise<OpId> => {
  const open: OpenOpChoice[] = []
  for (const op of await listOpenOps(ops)) {
    open.push({ op, held: await holderOf(ops, op.invocation_id, closer) })
  }
  const lookedFor = LOOKED_FOR[wanted]
  if (open.length === 0) throw new KittyError('NOTHING_OPEN', `${lookedFor}No Op is open here.`)
  if (closer.caller !== 'person') throw idRequired(closer.caller, open)
  const known = await knownIds(ops)
  const [newest, second] = open.filter(({ held }) => held === undefined)
  if (newest === undefined) throw openButHeld(open, known, lookedFor)
  if (second !== undefined && wanted === 'only') throw severalOpen(open, known)
  return newest.op.invocation_id
}

/**
 * A prefix of this length has the time of the Op to the second, and an ending 40 random bits. A shorter one can be a mistake,
 * such as `$?`.
 */
const ENOUGH = 8

/** Throws `ID_REQUIRED` for a short prefix or ending, unless a person typed it. */
const checkLength = async (ops: Ops, typed: string, { caller }: Closer): Promise<void> => {
  if (caller === 'person' || typed.trim().length >= ENOUGH) return
  throw idRequired(
    caller,
    (await listOpenOps(ops)).map((op) => ({ op })),
  )
}

/** An Op to close, and the store that closes it. */
export type Target = {
  readonly id: OpId
  readonly ops: Ops
  readonly program: Program
  /** The work tree that it was opened in, if it is another one. */
  readonly workTree?: WorkTreeJson
  /** Whether it is closed in the ledger and in no branch, because its work tree is gone. */
  readonly isLedgerAlone?: boolean
  /** The error if only the ledgers have it: it is closed. */
  readonly closed?: AlreadyClosedError
}

type Here = Omit<Target, 'id' | 'workTree'> & { readonly io: Io; readonly closer: Closer }

const busy = (id: OpId): KittyError =>
  new KittyError('CLOSE_IN_PROGRESS', `Another process is closing Op ${id}.`, {
    hint: 'Try again in a moment.',
    about: { id },
  })

/** The error for an Op that the ledgers have and no work tree: it is closed. */
const closedInLedger = async (
  { id, file: { record, ...file } }: OpInLedgers,
  { copies }: InLedgers,
): Promise<AlreadyClosedError> => {
  const { AlreadyClosedError } = await import('@kitty/writer')
  const [copy] = copies.get(id) ?? []
  if (record.status !== 'closed' || copy === undefined) throw busy(id)
  const sha = copy.ledger.tip
  return new AlreadyClosedError({ ...file, record }, { status: 'committed', sha, earlier: true })
}

/** Finds an Op in another work tree, or takes it over from one that is not here. Throws `notHere` if there is none. */
export const findTargetElsewhere = async (
  { typed, part }: { readonly typed: string; readonly part: IdPart },
  { io, ops, program, closer }: Here,
  notHere: unknown,
): Promise<Target> => {
  const { findElsewhere } = await import('../find/elsewhere.js')
  const { op: found, ledgers } = await findElsewhere(io, ops.root, typed, part)
  if (found === undefined) throw notHere
  await checkLength(ops, typed, closer)
  if (found.from === 'ledger') {
    const closed = await closedInLedger(found, ledgers)
    return { id: found.id, ops, program, isLedgerAlone: true, closed }
  }
  const { id, place } = found
  const { root, workTree } = place
  if (workTree.status === 'present') {
    const store = await (await openProject(io, { root })).open('closing')
    return { id, ops: store, program: { ...program, root }, workTree }
  }
  const { ledgerOf } = await import('@kitty/writer/internals')
  if (workTree.status === 'gone' && ledgerOf(ops.strategy) !== undefined) {
    return { id, ops, program, workTree, isLedgerAlone: true }
  }
  // Another process can have taken it over to here.
  if (!(await ops.adopt(id)) && (await ops.startNote(id)) === undefined) throw busy(id)
  return { id, ops, program, workTree }
}

/** Resolves the start or the end of an id: here first, then in the other work trees of the repository. */
const namedBy = async (part: IdPart, typed: string, here: Here): Promise<Target> => {
  const { ops, program, closer } = here
  try {
    const id = await resolveOp(ops, typed, part)
    await checkLength(ops, typed, closer)
    return { id, ops, program }
  } catch (error) {
    if (!isMissing(error)) throw error
    return findTargetElsewhere({ typed, part }, here, error)
  }
}

const named = async (typed: string, here: Here): Promise<Target> => {
  const { byStartOrEnd } = await import('@kitty/writer/internals')
  return byStartOrEnd(typed, (part) => namedBy(part, typed, here))
}

const AWAY = { unreachable: 'is out of reach', gone: 'is gone' } as const

/** Says that an Op was closed here because its work tree is not. */
export const adoptedNotes = ({ workTree, isLedgerAlone }: Target): string[] => {
  // A close in the ledger says so itself.
  if (isLedgerAlone || workTree === undefined || workTree.status === 'present') return []
  const { path, status } = workTree
  const which = path === undefined ? 'Its work tree' : `Its work tree ${path}`
  return [`${which} ${AWAY[status]}, so the Op was closed into kitty-ops/ here.`]
}

const closerOf = ({ caller, environment }: Project): Closer => ({
  caller,
  session: environment.session,
})

const targetOf = async (
  typed: string | undefined,
  project: Project,
  { io, program: given }: { readonly io: Io; readonly program: Program },
): Promise<Target> => {
  const program = inProject(given, project.root, io.cwd)
  const ops = await project.open('closing')
  const closer = closerOf(project)
  if (typed === undefined) return { id: await ownOpen(ops, closer, 'only'), ops, program }
  if (isLast(typed)) return { id: await ownOpen(ops, closer, 'last'), ops, program }
  return named(typed, { io, ops, program, closer })
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

/**
 * Closes the Op with an id, or a unique prefix or ending of one, in its own work tree. Without an id, and for a person at a
 * terminal, closes the only open Op that a person opened here and whose command is not running; with `@last`, the newest.
 */
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
