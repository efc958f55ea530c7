import { HookCommand } from '../../hooks/hook-command.js'

export class HooksSessionEnd extends HookCommand {
  static override description = `\
An agent runs this command, with the session on standard input. The end of a session is not an outcome, since the
session can be resumed. The Ops that it and its sub-agents opened stay open and are marked as left, in every work
tree of the repository. Ops of other sessions, and Ops whose command is running, are unchanged. It prints nothing
if there is nothing to mark, and always exits with 0. Use --debug to see errors.`
  protected override readonly event = 'session-end'
}
