import { BaseCommand } from '../../command/base-command.js'
import type { Program } from '../../command/program.js'
import type { CommandResult, Note } from '../../command/result.js'
import { AGENT_ARG } from '../../hooks/agent-arg.js'
import { changeSettings, withHooks } from '../../hooks/claude-settings.js'
import { isOnPath } from '../../hooks/on-path.js'
import type { HooksChangedJson } from '../../json/setup.js'
import { openProject } from '../../project/project.js'

const notOnPath = ({ bin }: Program): Note => ({
  kind: 'warning',
  message: `The hooks run "${bin}", which is not on the PATH here. They do nothing until it is.`,
  hint: 'Put the program on the PATH that Claude Code starts with, then start a new session.',
})

export class HooksInstall extends BaseCommand {
  static override description = `\
Adds two hooks to .claude/settings.json of the project. At the start of a session, the agent learns
which Ops are open; at the end, the Ops that it opened and left open are marked as left. The rest of
the file is unchanged. Installing again changes nothing.`
  static override usage = '<%= command.id %> claude-code [--json]'
  static override examples = ['<%= config.bin %> <%= command.id %> claude-code']
  static override args = AGENT_ARG

  protected override async execute(): Promise<CommandResult<HooksChangedJson>> {
    const { flags } = await this.parse(HooksInstall)
    const { root, environment } = await openProject(this.io, flags)
    const program = this.outputMode
    const { path, changed } = await changeSettings(root, (settings) => withHooks(settings, program))
    return {
      json: { result: 'success', path, changed },
      text: () =>
        changed
          ? `Added the hooks to ${path}. New sessions use them.\n`
          : `${path} already has the hooks.\n`,
      notes: isOnPath(program.bin, environment.path) ? [] : [notOnPath(program)],
    }
  }
}
