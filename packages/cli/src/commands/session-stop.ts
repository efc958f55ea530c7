import { BaseCommand } from '../command/base-command.js'
import type { Io } from '../command/io.js'
import type { CommandResult } from '../command/result.js'
import type { NothingJson } from '../json/setup.js'
import { runOtherHook, withInput } from '../upstream/other-hook.js'

const NAME = 'session-stop'

export class SessionStop extends BaseCommand {
  static override description = `\
For the hooks of the Python spec-kitty. It does nothing itself, and runs the same command of that program, if it is
on the PATH too. It always exits with 0, so that it holds no turn; "hooks stop" asks an agent to close its Ops.`
  static override usage = '<%= command.id %>'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  protected override async execute(): Promise<CommandResult<NothingJson>> {
    return { json: {}, text: () => '' }
  }

  override async launch(given: Io): Promise<number> {
    const isPlain = this.argv.length === 0
    if (!isPlain) return super.launch(given)
    const { io, input } = await withInput(given)
    await runOtherHook([NAME], io, input)
    return 0
  }
}
