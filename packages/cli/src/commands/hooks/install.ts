import { AGENT_ARG } from '../../agent-arg.js'
import { BaseCommand } from '../../base-command.js'
import { withHooks } from '../../claude-settings.js'
import { compose } from '../../compose.js'
import type { Report } from '../../report.js'
import { changeSettings } from '../../settings-file.js'

export class HooksInstall extends BaseCommand {
  static override description = `\
Puts two hooks into .claude/settings.json of the project, and leaves all else there as it is: at its start
a session hears which Ops are open, and at its end those that it opened and left are closed as
abandoned. Doing it twice changes nothing.`
  static override usage = 'hooks install claude-code [--json]'
  static override examples = ['<%= config.bin %> hooks install claude-code']
  static override args = AGENT_ARG

  protected override async report(): Promise<Report> {
    const { flags } = await this.parse(HooksInstall)
    const { root } = await compose(this.io, flags)
    const { path, changed } = await changeSettings(root, withHooks)
    return {
      json: { result: 'success', path, changed },
      text: () =>
        changed
          ? `The hooks are in ${path} now. Sessions that begin from now on use them.\n`
          : `The hooks were in ${path} already.\n`,
    }
  }
}
