import { KittyError, type OpId } from '@kitty/record'
import type { AlreadyClosedError, IdPart, Ops } from '@kitty/writer'
import { isMissing } from '../command/errors.js'
import type { Io } from '../command/io.js'
import { inProject, type Program } from '../command/program.js'
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
import { openProject, type Project } from '../project/project.js'

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
    typed,
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

/** The caller of a command as the closer of an Op. */
export const closerOf = ({ caller, environment }: Project): Closer => ({
  caller,
  session: environment.session,
})

/**
 * Finds the Op to close by an id, or a unique prefix or ending of one. Without an id, and for a person at a terminal, finds the
 * only open Op that a person opened here and whose command is not running; with `@last`, the newest.
 */
export const targetOf = async (
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

const AWAY = { unreachable: 'is out of reach', gone: 'is gone' } as const

/** Says that an Op was closed here because its work tree is not. */
export const adoptedNotes = ({ workTree, isLedgerAlone }: Target): string[] => {
  // A close in the ledger says so itself.
  if (isLedgerAlone || workTree === undefined || workTree.status === 'present') return []
  const { path, status } = workTree
  const which = path === undefined ? 'Its work tree' : `Its work tree ${path}`
  return [`${which} ${AWAY[status]}, so the Op was closed into kitty-ops/ here.`]
}
