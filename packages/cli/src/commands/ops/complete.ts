import { string } from '@oclif/core/args'
import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import { ID_DESCRIPTION } from '../../find/last-op.js'
import type { ClosedJson } from '../../json/work.js'
import { closeOp } from '../../op/close-op.js'
import { CLOSING_DESCRIPTION, CLOSING_FLAGS } from '../../op/closing-flags.js'

export class OpsComplete extends BaseCommand {
  static override description = CLOSING_DESCRIPTION
  static override usage = '<%= command.id %> [ID] --outcome OUTCOME [flags]'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --outcome done',
    '<%= config.bin %> <%= command.id %> 01K6ZP4W --outcome done',
    '<%= config.bin %> <%= command.id %> 01K6ZP4W --outcome done --evidence report.md',
    '<%= config.bin %> <%= command.id %> 01K6ZP4W --outcome done --artifact src/app.ts',
    '<%= config.bin %> <%= command.id %> 01K6ZP4W --outcome failed --commit 4f2a9c1 --json',
  ]
  static override args = {
    ID: string({
      ignoreStdin: true,
      description: `${ID_DESCRIPTION} Default: your only open Op.`,
    }),
  }
  static override flags = CLOSING_FLAGS

  protected override async execute(): Promise<CommandResult<ClosedJson>> {
    const { args, flags } = await this.parse(OpsComplete)
    return closeOp(args.ID, flags, { io: this.io, program: this.outputMode })
  }
}
