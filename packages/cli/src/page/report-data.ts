import { type OpEvent, type Problem, parseTimestamp, reasonOf } from '@kitty/record'
import type { OpFile, Ops } from '@kitty/writer'
import { readRecordAt } from '@kitty/writer/internals'
import { OUTCOME_TO_TYPE } from '../command/closing-words.js'
import { definedFields } from '../command/defined.js'
import type { ListedOp } from '../command/listed-op.js'
import { ownCommand, type Program } from '../command/program.js'
import type { ReportedLink, ReportedOp } from './reported.js'

/** In UTF-16 code units, so that a page with 10,000 Ops is not too large. The record has the full text. */
const LONGEST_REQUEST = 4_000

const linkOf = (event: OpEvent): ReportedLink | undefined => {
  if (event.event === 'artifact_link') return { what: event.kind, ref: event.ref }
  return event.event === 'commit_link' ? { what: 'commit', ref: event.sha } : undefined
}

const problemText = ({ line, message }: Problem): string => `line ${line}: ${message}`

const some = <T>(items: readonly T[]): readonly T[] | undefined =>
  items.length === 0 ? undefined : items

/** A value of a field that another version can have written with another type. */
const readableText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

const startedPart = ({ record }: OpFile) => {
  const { started } = record
  const request = started?.request_text ?? ''
  return {
    request: request.slice(0, LONGEST_REQUEST),
    ...definedFields({
      cut: request.length > LONGEST_REQUEST ? (true as const) : undefined,
      mode: started && readableText(started.mode_of_work),
      model: started?.model_id,
      governance: started?.governance_context_hash || undefined,
    }),
  }
}

const endedPart = ({ record }: OpFile) => {
  const { completed, events, problems } = record
  return definedFields({
    closedBy: completed?.closed_by,
    reason: reasonOf(record)?.slice(0, LONGEST_REQUEST),
    evidence: completed?.evidence_ref,
    links: some(events.flatMap((event) => linkOf(event) ?? [])),
    problems: some(problems.map(problemText)),
  })
}

/** The outcomes are in brackets, so that one of them must be chosen. */
const closeCommand = (program: Program, { invocation_id: operand }: ListedOp): string =>
  ownCommand(program, 'ops complete', { operand, flags: OUTCOME_TO_TYPE })

const reportedOp = (op: ListedOp, file: OpFile, program?: Program): ReportedOp => ({
  id: op.invocation_id,
  outcome: op.status === 'open' ? 'open' : (op.outcome ?? 'unknown'),
  profile: op.profile_id,
  action: op.action,
  ...startedPart(file),
  from: parseTimestamp(op.started_at) ?? 0,
  ...definedFields({
    actor: op.actor,
    usage: op.usage,
    close: program && op.status === 'open' ? closeCommand(program, op) : undefined,
    mission: op.mission_id,
    wp: op.wp_id,
    until: op.completed_at === undefined ? undefined : parseTimestamp(op.completed_at),
  }),
  ...endedPart(file),
  path: op.path,
  ...definedFields({ writer: op.writer }),
})

/** The records that a sparse checkout excludes from disk, by path. */
const keptInGit = async (root: string): Promise<ReadonlyMap<string, OpFile>> => {
  const { sparseRecords } = await import('@kitty/git-commit/inspect')
  const files = await sparseRecords(root)
  return new Map(files.map((file) => [file.path, file]))
}

/** The Ops of a page, and the records of those that have none on the disk here. */
export type ReportedList = {
  readonly listed: readonly ListedOp[]
  readonly records: ReadonlyMap<string, OpFile>
}

/**
 * The data of the page about some Ops. With a program, open Ops have the command that closes them. An Op whose record is
 * gone by now is left out.
 */
export const reportedOps = async (
  ops: Ops,
  { listed, records }: ReportedList,
  program?: Program,
): Promise<readonly ReportedOp[]> => {
  const found = listed.map((op) => {
    const file =
      records.get(op.invocation_id) ??
      readRecordAt(ops.root, { id: op.invocation_id, path: op.path })
    return { op, file }
  })
  const isIncomplete = found.some(({ file }) => file === undefined)
  const inGit = isIncomplete ? await keptInGit(ops.root) : new Map<string, OpFile>()
  return found.flatMap(({ op, file = inGit.get(op.path) }) =>
    file === undefined ? [] : [reportedOp(op, file, program)],
  )
}
