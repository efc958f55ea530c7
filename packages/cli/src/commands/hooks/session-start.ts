import { HookCommand } from '../../hooks/hook-command.js'

export class HooksSessionStart extends HookCommand {
  static override description = `\
An agent runs this command and learns from its output: which Ops are open here, which of them the session
opened, which an ended session has left, and how to close them. In a project without Ops, it prints the
instructions. It always exits with 0. Use --debug to see errors.`
  protected override readonly event = 'session-start'
}
