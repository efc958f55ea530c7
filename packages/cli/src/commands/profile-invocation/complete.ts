import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult } from '../../command/result.js'
import { ID_DESCRIPTION } from '../../find/last-op.js'
import type { ClosedJson } from '../../json/work.js'
import { closeOp } from '../../op/close-op.js'
import { CLOSING_DESCRIPTION, CLOSING_FLAGS } from '../../op/closing-flags.js'

export class ProfileInvocationComplete extends BaseCommand {
  static override description = CLOSING_DESCRIPTION
  static override usage = '<%= command.id %> --outcome OUTCOME [flags]'
  static override examples = ['<%= config.bin %> <%= command.id %> --outcome done']
  static override flags = {
    'invocation-id': string({
      summary: `${ID_DESCRIPTION} Default: your only open Op.`,
      helpValue: 'ID',
    }),
    ...CLOSING_FLAGS,
  }

  protected override async execute(): Promise<CommandResult<ClosedJson>> {
    const { flags } = await this.parse(ProfileInvocationComplete)
    return closeOp(flags['invocation-id'], flags, { io: this.io, program: this.outputMode })
  }
}
