import { eventFields, KittyError } from '@kitty/record'
import type { OpSummary, Ops } from '@kitty/writer'
import { string } from '@oclif/core/args'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import { ownCommand, type Program } from '../../command/program.js'
import type { CommandResult, Note } from '../../command/result.js'
import type { ShowJson } from '../../json/records.js'
import { type CommitOfRecord, opShowText } from '../../list/op-show.js'
import { readOrFromGit } from '../../list/record-in-git.js'
import { resolveOp } from '../../op/candidates.js'
import { openProject } from '../../project/project.js'

type Found = { readonly commit: CommitOfRecord; readonly notes: readonly Note[] }

/** The commit of a record; `unknown` with a warning if git fails, so that the record is shown in any case. */
const commitOf = async (root: string, path: string): Promise<Found> => {
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

const notOnDisk = (program: Program): Note => ({
  kind: 'note',
  message: 'The record is in git, but not on disk here.',
  hint: `A sparse checkout excludes it, or it was deleted. To find out which: ${ownCommand(program, 'doctor ops')}`,
})

const withLeft = async (ops: Ops, op: OpSummary | undefined): Promise<OpSummary | undefined> => {
  if (op?.status !== 'open') return op
  return (await ops.startNote(op.invocation_id))?.left ? { ...op, left: true } : op
}

export class OpsShow extends BaseCommand {
  static override description = `\
The commit is the newest one that changed the record; moving it to the archive does not count. A record
that a sparse checkout excludes from disk is read from git.`
  static override usage = '<%= command.id %> ID [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 01K6ZP4W',
    '<%= config.bin %> <%= command.id %> 01K6ZP4W --json',
  ]
  static override args = {
    ID: string({ required: true, ignoreStdin: true, description: 'The id, or a unique prefix.' }),
  }

  protected override async execute(): Promise<CommandResult<ShowJson>> {
    const { args, flags } = await this.parse(OpsShow)
    const project = await openProject(this.io, flags)
    const ops = await project.open('reading')
    const { file, isInGitAlone } = await readOrFromGit(ops.root, args.ID, async () =>
      ops.read(await resolveOp(ops, args.ID)),
    )
    const { summaryOf } = await import('@kitty/writer/internals')
    const { record, path } = file
    const program = this.outputMode
    const summary = await withLeft(ops, summaryOf(file))
    const { commit, notes } = await commitOf(ops.root, path)
    const { invocation_id, events, problems } = record
    const damaged = record.status === 'closed' ? 'closed' : 'unreadable'
    return {
      json: {
        op: summary ?? { ...definedFields({ invocation_id }), status: damaged, path },
        events: events.map(eventFields),
        problems,
        commit: commit.kind === 'commit' ? { sha: commit.sha, subject: commit.subject } : null,
      },
      text: (style) => opShowText({ record, path, summary, commit, program }, style),
      notes: isInGitAlone ? [notOnDisk(program), ...notes] : notes,
    }
  }
}
