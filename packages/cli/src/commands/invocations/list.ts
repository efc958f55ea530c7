import type { OpSummary, Ops } from '@kitty/writer'
import { integer, string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import { definedFields } from '../../command/defined.js'
import type { CommandResult } from '../../command/result.js'
import type { InvocationsJson } from '../../json/upstream.js'
import { opListText } from '../../list/op-list.js'
import { openProject } from '../../project/project.js'

/** As many as the Python spec-kitty lists. */
const USUAL = 20

/** What a list of ours does not have. `undefined` if the record is gone, or only git has it. */
const completionOf = async ({ root }: Ops, { invocation_id: id, path }: OpSummary) => {
  const { readRecordAt } = await import('@kitty/writer/internals')
  return readRecordAt(root, { id, path })?.record.completed
}

const rowOf = async (ops: Ops, op: OpSummary): Promise<InvocationsJson[number]> => {
  const { invocation_id, profile_id, started_at, action, status, outcome, path } = op
  const completed = status === 'closed' ? await completionOf(ops, op) : undefined
  return {
    invocation_id,
    profile_id,
    started_at,
    action,
    event: status === 'closed' ? 'completed' : 'started',
    status,
    outcome: outcome === undefined || outcome === 'unknown' ? null : outcome,
    closed_by: completed?.closed_by ?? null,
    evidence_ref: completed?.evidence_ref ?? null,
    completed_at: op.completed_at ?? null,
    path,
  }
}

export class InvocationsList extends BaseCommand {
  static override description = `\
The same as "ops list" in the form of the Python spec-kitty: --json prints an array. It reads the records, and no
index.`
  static override usage = '<%= command.id %> [-p PROFILE] [-n N] [--json]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --profile reviewer-renata --json',
  ]
  static override flags = {
    profile: string({
      char: 'p',
      summary: 'Only Ops of this agent profile.',
      helpValue: 'PROFILE',
    }),
    limit: integer({
      char: 'n',
      min: 1,
      summary: `Show at most the newest N. Default: ${USUAL}.`,
      helpValue: 'N',
    }),
  }

  protected override async execute(): Promise<CommandResult<InvocationsJson>> {
    const { flags } = await this.parse(InvocationsList)
    const { profile: profile_id, limit = USUAL } = flags
    const ops = await (await openProject(this.io, flags)).open('reading')
    const listed = await ops.list({ limit, ...definedFields({ profile_id }) })
    const { io, outputMode: program } = this
    const now = io.clock()
    const { columns: width } = io.stdout
    const isFiltered = profile_id !== undefined
    return {
      json: await Promise.all(listed.map((op) => rowOf(ops, op))),
      text: (style) => opListText({ ops: listed, now, width, isFiltered, program }, style),
    }
  }
}
