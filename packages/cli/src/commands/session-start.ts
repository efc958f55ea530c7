import type { Io } from '../command/io.js'
import { HookCommand } from '../hooks/hook-command.js'
import { runOtherHook, withInput } from '../upstream/other-hook.js'

const NAME = 'session-start'

export class SessionStart extends HookCommand {
  static override description = `\
For the hooks of the Python spec-kitty. It lists the open Ops and how to close them, like "hooks session-start",
then runs the same command of that program, if it is on the PATH too. It always exits with 0.`
  static override usage = '<%= command.id %>'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  protected override readonly event = 'session-start'

  override async launch(given: Io): Promise<number> {
    const { io, input } = await withInput(given)
    await super.launch(io)
    if (this.argv.length === 0) await runOtherHook([NAME], io, input)
    return 0
  }
}
