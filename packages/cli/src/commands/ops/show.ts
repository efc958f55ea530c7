import { string } from '@oclif/core/args'
import { BaseCommand } from '../../base-command.js'
import { compose } from '../../compose.js'
import { opShowText } from '../../render/op-show.js'
import type { Report } from '../../report.js'

export class OpsShow extends BaseCommand {
  static override description = `\
The commit is the newest one that holds the record. An Op is found by any beginning of its id that no
other Op shares.`
  static override usage = 'ops show ID [--json]'
  static override examples = [
    '<%= config.bin %> ops show 01K6ZP4W',
    '<%= config.bin %> ops show 01K6ZP4W --json',
  ]
  static override args = {
    ID: string({ required: true, ignoreStdin: true, description: 'The id, or its beginning.' }),
  }

  protected override async report(): Promise<Report> {
    const { args, flags } = await this.parse(OpsShow)
    const project = await compose(this.io, flags)
    const ops = await project.open('reading')
    const { record, path, ...file } = await ops.read(await ops.resolveId(args.ID))
    const { summaryOf } = await import('@kitty/writer')
    const { commitOfRecord } = await import('@kitty/git-commit')
    const summary = summaryOf({ record, path, ...file })
    const commit = await commitOfRecord(ops.root, path)
    const { invocation_id, status, events, problems } = record
    return {
      json: {
        op: summary ?? { invocation_id, status, path },
        events,
        problems,
        commit: commit ?? null,
      },
      text: (style) => opShowText({ record, path, summary, commit }, style),
    }
  }
}
