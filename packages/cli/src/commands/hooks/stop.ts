import { HookCommand } from '../../hooks/hook-command.js'

export class HooksStop extends HookCommand {
  static override description = `\
An agent runs this command at the end of a turn. If an Op of the session is open, the turn is held once, and the
agent is asked to close it with its real outcome. An Op that was captured and is still open is then marked as left.
No outcome is ever recorded here. It always exits with 0. Use --debug to see errors.`
  protected override readonly event = 'stop'
}
