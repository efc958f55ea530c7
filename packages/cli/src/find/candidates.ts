import { type KittyError, type KittyErrorCode, type OpId, parseTimestamp } from '@kitty/record'
import type { IdPart, OpSummary, Ops } from '@kitty/writer'
import type { Caller } from '../command/caller.js'
import { DetailedError } from '../command/errors.js'
import type { ListedOp } from '../command/listed-op.js'
import type { CandidateJson } from '../json/shared.js'
import { paintedId, uniquePrefixLengths } from '../terminal/id-prefix.js'
import { outcomePaint } from '../terminal/outcome.js'
import type { Style } from '../terminal/style.js'
import { type Cell, table } from '../terminal/table.js'
import { momentText } from '../terminal/time.js'
import { workTreeName } from '../terminal/work-tree.js'
import type { Holder } from './session-ops.js'

const MOST = 10

/** An open Op, and, if it can be closed only by its id, why. */
export type OpenOpChoice = { readonly op: ListedOp; readonly held?: Holder | undefined }

const candidateOf = ({ op, held }: OpenOpChoice): CandidateJson => {
  const { invocation_id, status, outcome, profile_id, action, started_at, request_excerpt } = op
  return {
    invocation_id,
    ...(op.work_tree && { work_tree: op.work_tree }),
    status,
    ...(outcome !== undefined && { outcome }),
    profile_id,
    action,
    started_at,
    ...(request_excerpt !== undefined && { request_excerpt }),
    ...(held !== undefined && { held_by: held }),
  }
}

/** The error if several Ops could be meant: `AMBIGUOUS_ID`, `SEVERAL_OPEN`, `OPEN_BUT_HELD`, `ID_REQUIRED`. */
export class AmbiguousOpError extends DetailedError {
  /** At most ten, newest first. */
  readonly candidates: readonly CandidateJson[]
  readonly #known: readonly OpId[] | undefined

  /** `known` are all ids among which a prefix must be unique; without them, none is highlighted. */
  constructor(
    code: KittyErrorCode,
    message: string,
    ops: readonly OpenOpChoice[],
    known?: readonly OpId[],
    prefix = 'any unique prefix',
  ) {
    const more = ops.length > MOST ? `; these are the newest ${MOST}` : ''
    super(code, message, {
      hint: `Use one of these ids (${prefix} works)${more}.`,
    })
    this.candidates = ops.slice(0, MOST).map(candidateOf)
    this.#known = known
  }

  get ids(): readonly string[] {
    return this.candidates.map(({ invocation_id }) => invocation_id)
  }

  override details() {
    const { candidates } = this
    const text = (style: Style) => candidatesText(candidates, style, this.#known)
    return { json: { candidates }, text }
  }
}

/** The ids that a typed prefix can mean here. */
export const knownIds = async ({ root }: Ops): Promise<readonly OpId[]> => {
  const { listRecords } = await import('@kitty/writer/internals')
  return (await listRecords(root)).map(({ id }) => id)
}

/** The error for a close without an id if several Ops are open. */
export const severalOpen = (
  open: readonly OpenOpChoice[],
  known: readonly OpId[],
): AmbiguousOpError =>
  new AmbiguousOpError('SEVERAL_OPEN', `${open.length} Ops are open here.`, open, known)

/** The error for a close without an id, or with `@last`, if every open Op could belong to someone else. */
export const openButHeld = (
  open: readonly OpenOpChoice[],
  known: readonly OpId[],
  lookedFor = '',
): AmbiguousOpError => {
  const held =
    open.length === 1
      ? "The only open Op here could be someone else's. Close it by its id."
      : `All ${open.length} open Ops here could be someone else's. Close one by its id.`
  return new AmbiguousOpError('OPEN_BUT_HELD', `${lookedFor}${held}`, open, known)
}

/** The error for a close without an id, or with too little of one, by a caller that is not a person at a terminal. */
export const idRequired = (
  caller: Exclude<Caller, 'person'>,
  open: readonly OpenOpChoice[],
  typed?: string,
): AmbiguousOpError => {
  const who = caller === 'agent' ? 'an agent' : 'a script'
  const message =
    typed === undefined
      ? `Here ${who} can close an Op only by its id.`
      : `${JSON.stringify(typed)} is too short for ${who} to close an Op by it.`
  const prefix = 'a unique prefix of at least eight characters'
  return new AmbiguousOpError('ID_REQUIRED', message, open, undefined, prefix)
}

/** The error if several ids in other work trees match what was typed. */
export const ambiguousElsewhere = async (
  { typed, part }: { readonly typed: string; readonly part: IdPart },
  ids: readonly OpId[],
  ops: readonly ListedOp[],
): Promise<KittyError> => {
  const { AmbiguousIdError } = await import('@kitty/writer')
  const { code, message } = new AmbiguousIdError(typed, ids, part)
  return new AmbiguousOpError(
    code,
    message,
    ops.map((op) => ({ op })),
    ids,
  )
}

const summariesOf = async (ops: Ops, ids: readonly OpId[]): Promise<OpSummary[]> => {
  const { summaryOf } = await import('@kitty/writer/internals')
  const found = await Promise.all(ids.map((id) => ops.read(id).catch(() => undefined)))
  return found.flatMap((file) => (file && summaryOf(file)) ?? [])
}

/** Resolves the start or the end of an id. Throws `OP_NOT_FOUND`, or `AMBIGUOUS_ID` with the candidates. */
export const resolveOp = async (ops: Ops, typed: string, part: IdPart): Promise<OpId> => {
  const { AmbiguousIdError } = await import('@kitty/writer')
  try {
    return await ops.resolveId(typed, part)
  } catch (error) {
    if (!(error instanceof AmbiguousIdError)) throw error
    const summaries = await summariesOf(ops, error.ids.slice(0, MOST + 1))
    // If no record can be read, the original error names the ids.
    if (summaries.length === 0) throw error
    const meant = summaries.map((op) => ({ op }))
    throw new AmbiguousOpError(error.code, error.message, meant, await knownIds(ops))
  }
}

const HELD = {
  running: 'its command is running',
  'other-session': 'another session',
  person: 'opened by a person',
  agent: 'opened by an agent',
  unknown: 'opened elsewhere',
} as const

const heldText = ({ held_by }: CandidateJson): string =>
  held_by === undefined ? '' : ` (${HELD[held_by]})`

/** The time when it was opened; `-` if it is invalid. */
const startText = (time: string): string => {
  const moment = parseTimestamp(time)
  return moment === undefined ? '-' : momentText(new Date(moment))
}

const idCell = (id: string, prefix: number | undefined, style: Style): Cell => {
  const text = `  ${id}`
  if (prefix === undefined) return { text }
  return { text, paint: (padded) => `  ${paintedId(padded.slice(2), prefix, style)}` }
}

/** Candidates, one on each line, indented, with the prefixes highlighted that are unique among them and `known`, if given. */
export const candidatesText = (
  candidates: readonly CandidateJson[],
  style: Style,
  known?: readonly OpId[],
): string => {
  const ids = candidates.map(({ invocation_id }) => invocation_id)
  const prefixes = known && uniquePrefixLengths(ids, known)
  const isElsewhere = candidates.some(({ work_tree }) => work_tree !== undefined)
  return table(
    candidates.map((op) => {
      const outcome = op.status === 'open' ? 'open' : (op.outcome ?? 'unknown')
      return [
        idCell(op.invocation_id, prefixes?.get(op.invocation_id), style),
        { text: `${outcome}${heldText(op)}`, paint: outcomePaint(outcome, style) },
        { text: startText(op.started_at) },
        { text: `${op.action} by ${op.profile_id}` },
        ...(isElsewhere ? [{ text: op.work_tree ? workTreeName(op.work_tree) : '' }] : []),
        { text: op.request_excerpt ?? '' },
      ]
    }),
  )
}
