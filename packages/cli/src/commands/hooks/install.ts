import { BaseCommand } from '../../command/base-command.js'
import type { CommandResult, Note } from '../../command/result.js'
import { AGENT_ARG } from '../../hooks/agent-arg.js'
import { changeSettings, withHooks } from '../../hooks/claude-settings.js'
import { isOnPath } from '../../hooks/on-path.js'
import { BIN } from '../../package-info.js'
import { openProject } from '../../project/project.js'

const NOT_ON_PATH: Note = {
  kind: 'warning',
  message: `The hooks run "${BIN}", which is not on the PATH here: until it is, they do nothing.`,
  hint: 'Put the command on the PATH that Claude Code starts with; then start a new session.',
}

export class HooksInstall extends BaseCommand {
  static override description = `\
Puts two hooks into .claude/settings.json of the project, and leaves all else there as it is: at its start
a session hears which Ops are open, and at its end those that it opened and left open are marked as
left. Doing it twice changes nothing.`
  static override usage = 'hooks install claude-code [--json]'
  static override examples = ['<%= config.bin %> hooks install claude-code']
  static override args = AGENT_ARG

  protected override async execute(): Promise<CommandResult> {
    const { flags } = await this.parse(HooksInstall)
    const { root, environment } = await openProject(this.io, flags)
    const { path, changed } = await changeSettings(root, withHooks)
    return {
      json: { result: 'success', path, changed },
      text: () =>
        changed
          ? `The hooks are in ${path} now. Sessions that begin from now on use them.\n`
          : `The hooks were in ${path} already.\n`,
      notes: isOnPath(BIN, environment.path) ? [] : [NOT_ON_PATH],
    }
  }
}
