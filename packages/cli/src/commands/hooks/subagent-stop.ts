import { HookCommand } from '../../hooks/hook-command.js'

export class HooksSubagentStop extends HookCommand {
  static override description = `\
An agent runs this command when a sub-agent ends. If an Op of the sub-agent is open, the sub-agent is held once
and asked to close it; then the Op is marked as left. It always exits with 0. Use --debug to see errors.`
  protected override readonly event = 'subagent-stop'
}
