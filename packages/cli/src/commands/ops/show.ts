import type { CommitOnBranch } from '@kitty/git-commit/inspect'
import { eventFields, isOpId, KittyError } from '@kitty/record'
import type { IdPart, OpFile, OpSummary, Ops } from '@kitty/writer'
import { string } from '@oclif/core/args'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import { isMissing } from '../../command/errors.js'
import type { Io } from '../../command/io.js'
import type { Places } from '../../command/listed-op.js'
import { ownCommand, type Program } from '../../command/program.js'
import type { CommandResult, Note } from '../../command/result.js'
import { resolveOp } from '../../find/candidates.js'
import type { FoundElsewhere, OpElsewhere } from '../../find/elsewhere.js'
import type { InLedgers } from '../../find/in-ledgers.js'
import { ID_DESCRIPTION, typedId } from '../../find/last-op.js'
import type { Known } from '../../find/places.js'
import type { ShowJson } from '../../json/records.js'
import type { WorkTreeJson } from '../../json/shared.js'
import { type CommitOfRecord, opShowText } from '../../list/op-show.js'
import { readOrFromGit } from '../../list/record-in-git.js'
import { openProject } from '../../project/project.js'

type Found = { readonly commit: CommitOfRecord; readonly notes: readonly Note[] }

/** The commit of a record; `unknown` with a warning if git fails, so that the record is shown in any case. */
const commitOf = async (root: string | undefined, path: string): Promise<Found> => {
  if (root === undefined) return { commit: { kind: 'none' }, notes: [] }
  const { commitOfRecord } = await import('@kitty/git-commit/inspect')
  try {
    const commit = await commitOfRecord(root, path)
    return { commit: commit ? { kind: 'commit', ...commit } : { kind: 'none' }, notes: [] }
  } catch (error) {
    if (!(error instanceof KittyError)) throw error
    const { message, hint } = error
    return { commit: { kind: 'unknown' }, notes: [{ kind: 'warning', message, hint }] }
  }
}

const commitJson = ({ sha, subject, branch }: CommitOnBranch): ShowJson['commit'] => ({
  sha,
  subject,
  ...definedFields({ branch }),
})

const notOnDisk = (program: Program): Note => ({
  kind: 'note',
  message: 'The record is in git, but not on disk here.',
  hint: `A sparse checkout excludes it, or it was deleted. To find out which: ${ownCommand(program, 'doctor ops')}`,
})

const withLeft = (op: OpSummary | undefined, left: boolean): OpSummary | undefined =>
  op?.status === 'open' && left ? { ...op, left } : op

/** An Op to show, wherever it was found. */
type FoundOp = {
  readonly file: OpFile
  readonly left: boolean
  /** The project root whose git can have its commit; `undefined` if it is not here. */
  readonly root: string | undefined
  readonly workTree?: WorkTreeJson
  readonly known: Known
  /** What the ledgers have of it, if they were read. */
  readonly ledgers?: InLedgers
  readonly notes: readonly Note[]
}

const AWAY = { present: 'has no record', unreachable: 'is out of reach', gone: 'is gone' } as const
const KEPT = { intent: 'close intent', note: 'start note' } as const

const notRecorded = ({ status }: WorkTreeJson, from: OpElsewhere['from']): readonly Note[] => {
  if (from === 'record') return []
  const message = `The work tree of the Op ${AWAY[status]}. This is its ${KEPT[from]}.`
  return [{ kind: 'note', message }]
}

const shownElsewhere = ({ file, left, place, from }: OpElsewhere): FoundOp => {
  const { root, workTree } = place
  const isHere = from === 'record'
  return {
    file,
    left,
    root: isHere ? root : undefined,
    workTree,
    known: isHere ? { disk: file.bytes } : { state: file.bytes },
    notes: notRecorded(workTree, from),
  }
}

const onlyInLedger = (id: string, program: Program): Note => ({
  kind: 'note',
  message: 'The record is in the ledger, but not on disk here.',
  hint: `To write it to kitty-ops/ here: ${ownCommand(program, 'ops restore', { operand: id })}`,
})

const shownFound = ({ op, ledgers }: FoundElsewhere, program: Program): FoundOp | undefined => {
  if (op === undefined) return undefined
  if (op.from !== 'ledger') return { ...shownElsewhere(op), ledgers }
  const { id, file } = op
  const notes = [onlyInLedger(id, program)]
  return { file, left: false, root: undefined, known: {}, ledgers, notes }
}

/** Finds an Op: on disk here, in git, then in the other work trees and the ledgers of the repository. */
const findBy = async (
  part: IdPart,
  { io, ops, typed, program }: { io: Io; ops: Ops; typed: string; program: Program },
): Promise<FoundOp> => {
  const { root } = ops
  try {
    const { file, isInGitAlone } = await readOrFromGit(root, { typed, part }, async () =>
      ops.read(await resolveOp(ops, typed, part)),
    )
    const id = file.record.invocation_id
    const left = id !== undefined && (await ops.startNote(id))?.left !== undefined
    const known = isInGitAlone ? {} : { disk: file.bytes }
    return { file, left, root, known, notes: isInGitAlone ? [notOnDisk(program)] : [] }
  } catch (error) {
    if (!isMissing(error)) throw error
    const { findElsewhere } = await import('../../find/elsewhere.js')
    const found = shownFound(await findElsewhere(io, root, typed, part), program)
    if (found === undefined) throw error
    return found
  }
}

/** Finds an Op by what was typed for it. Throws `OP_NOT_FOUND`, `AMBIGUOUS_ID`. */
const findOp = async (io: Io, ops: Ops, given: string, program: Program): Promise<FoundOp> => {
  const { byStartOrEnd } = await import('@kitty/writer/internals')
  const typed = await typedId(ops, given)
  return byStartOrEnd(typed, (part) => findBy(part, { io, ops, typed, program }))
}

/** Where the record of an Op is. */
const placesIn = async (
  root: string,
  { file, known, ledgers }: FoundOp,
): Promise<{ readonly places: Places; readonly notes: readonly Note[] }> => {
  const { placesOf, readInHead } = await import('../../find/places.js')
  const { readInLedgers } = await import('../../find/in-ledgers.js')
  const id = file.record.invocation_id
  if (!isOpId(id)) return { places: { in: known.disk === undefined ? [] : ['disk'] }, notes: [] }
  const [head, inLedgers] = await Promise.all([
    readInHead(root),
    ledgers ?? readInLedgers(root, [id]),
  ])
  const places = (await placesOf(root, new Map([[id, known]]), head, inLedgers)).get(id)
  return { places: places ?? { in: [] }, notes: inLedgers.notes }
}

const conflictNote = ({ conflict }: Places): readonly Note[] =>
  conflict
    ? [
        {
          kind: 'warning',
          message: 'These places have different records for this Op. The first is shown.',
        },
      ]
    : []

export class OpsShow extends BaseCommand {
  static override description = `\
The commit is the newest one that changed the record, in HEAD or else on another branch; moving it to the archive does not
count. A record
that a sparse checkout excludes from disk is read from git. An Op that is not here is looked up in the
other work trees of the repository, also in removed ones, and in the ledgers. "in" says where the record is;
if these places differ, the first of disk, HEAD and ledger is shown, with a warning.`
  static override usage = '<%= command.id %> ID [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01K6ZP4W',
    '<%= config.bin %> <%= command.id %> 01K6ZP4W --json',
  ]
  static override args = {
    ID: string({ required: true, ignoreStdin: true, description: ID_DESCRIPTION }),
  }

  protected override async execute(): Promise<CommandResult<ShowJson>> {
    const { args, flags } = await this.parse(OpsShow)
    const project = await openProject(this.io, flags)
    const ops = await project.open('reading')
    const program = this.outputMode
    const shown = await findOp(this.io, ops, args.ID, program)
    const { file, workTree, left } = shown
    const { record, path } = file
    const { summaryOf } = await import('@kitty/writer/internals')
    const summary = withLeft(summaryOf(file), left)
    const isClosed = record.status !== 'open'
    const { commit, notes } = await commitOf(shown.root ?? (isClosed ? ops.root : undefined), path)
    const located = await placesIn(ops.root, shown)
    const { places } = located
    const { invocation_id, events, problems } = record
    const damaged = record.status === 'closed' ? 'closed' : 'unreadable'
    return {
      json: {
        op: summary ?? { ...definedFields({ invocation_id }), status: damaged, path },
        events: events.map(eventFields),
        ...definedFields({ work_tree: workTree }),
        ...places,
        problems,
        commit: commit.kind === 'commit' ? commitJson(commit) : null,
      },
      text: (style) =>
        opShowText({ record, path, summary, workTree, places, commit, program }, style),
      notes: [...shown.notes, ...notes, ...located.notes, ...conflictNote(places)],
    }
  }
}
